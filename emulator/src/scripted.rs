//! Results scripted per query: an engine in front of the engine.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use parking_lot::Mutex;

use crate::query::{Answer, DataSource, LoadedTable, OutputColumn, Query, QueryEngine, Refusal, Row};

/// What a query is answered with instead of being executed.
#[derive(Debug, Clone)]
pub struct ScriptedResult {
    /// The query must contain this text; an empty one matches every query.
    pub contains: String,
    /// Only in this instance, if given.
    pub instance_id: Option<String>,
    /// The columns and rows, or why there are none.
    pub answer: Result<ScriptedRows, Refusal>,
    /// How long the run takes on the emulator's clock, if not the usual time.
    pub duration: Option<Duration>,
}

/// The rows of a scripted result.
#[derive(Debug, Clone)]
pub struct ScriptedRows {
    /// Its columns.
    pub columns: Vec<OutputColumn>,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl ScriptedResult {
    fn matches(&self, instance_id: &str, sql: &str) -> bool {
        sql.contains(&self.contains) && self.instance_id.as_deref().is_none_or(|id| id == instance_id)
    }
}

/// Answers what is scripted and leaves the rest to the engine behind.
#[derive(Debug)]
pub(crate) struct ScriptedEngine {
    engine: Arc<dyn QueryEngine>,
    scripts: Mutex<Vec<ScriptedResult>>,
}

impl ScriptedEngine {
    pub(crate) fn new(engine: Arc<dyn QueryEngine>) -> Self {
        Self { engine, scripts: Mutex::default() }
    }

    /// Adds a script; a later one wins.
    pub(crate) fn script(&self, result: ScriptedResult) {
        self.scripts.lock().push(result);
    }

    /// Takes away all scripts.
    pub(crate) fn clear(&self) {
        self.scripts.lock().clear();
    }

    /// Gives how long a run of a query takes, if scripted.
    pub(crate) fn duration(&self, instance_id: &str, sql: &str) -> Option<Duration> {
        self.find(instance_id, sql)?.duration
    }

    pub(crate) async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal> {
        match self.find(&query.instance_id, &query.sql).map(|script| script.answer) {
            Some(Err(refusal @ Refusal::Rejected(_))) => Err(refusal),
            Some(Err(Refusal::Failed(_))) => Ok(Vec::new()),
            Some(Ok(scripted)) => Ok(scripted.columns),
            None => self.engine.compile(query).await,
        }
    }

    pub(crate) async fn execute(&self, query: &Query) -> Result<Answer, Refusal> {
        match self.find(&query.instance_id, &query.sql).map(|script| script.answer) {
            Some(scripted) => {
                let ScriptedRows { columns, rows } = scripted?;
                Ok(Answer { columns, rows: stream::iter([Ok(rows)]).boxed() })
            }
            None => self.engine.execute(query).await,
        }
    }

    pub(crate) fn data_sources(&self, instance_id: &str) -> Vec<DataSource> {
        self.engine.data_sources(instance_id)
    }

    pub(crate) fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String> {
        self.engine.load(instance_id, table, rows)
    }

    fn find(&self, instance_id: &str, sql: &str) -> Option<ScriptedResult> {
        self.scripts.lock().iter().rev().find(|script| script.matches(instance_id, sql)).cloned()
    }
}
