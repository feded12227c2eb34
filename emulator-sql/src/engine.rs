//! The engine: from a query as AMC received it to an answer.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use amc_fleet_emulator::query::{
    Answer, DataSource, DataSourceColumn, LoadedTable, OutputColumn, Query, QueryEngine, Refusal,
};
use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::execution::SessionState;
use parking_lot::Mutex;

use crate::catalogue::{Catalogue, Column, Kind, Table, catalogue};
use crate::load;
use crate::refusal;
use crate::run::Run;
use crate::session::{self, Loaded};
use crate::window::Windows;
use crate::worker::Workers;
use crate::world::World;

/// How the engine behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Seeds the synthetic data.
    pub seed: u64,
    /// Rows of a base table in any 30 days.
    pub rows: u64,
    /// Whether rows of too few users are filtered from results.
    pub thresholds: bool,
    /// Whether the documents decide where they and practice differ.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 7, rows: 5_000, thresholds: true, strict: false }
    }
}

/// Executes AMC SQL with DataFusion over synthetic data.
pub struct SqlEngine {
    options: Options,
    state: SessionState,
    workers: Workers,
    loaded: Mutex<HashMap<String, Loaded>>,
}

impl fmt::Debug for SqlEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlEngine").field("options", &self.options).finish_non_exhaustive()
    }
}

impl SqlEngine {
    /// An engine without loaded rows.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, state: session::state(), workers: Workers::new(), loaded: Mutex::default() }
    }

    fn prepare(&self, query: &Query) -> Result<Run, Refusal> {
        Ok(Run {
            options: self.options,
            state: self.state.clone(),
            catalogue: sources()?,
            world: Arc::new(World::new(self.options.seed, &query.instance_id, self.options.rows)),
            windows: Windows::of(query),
            loaded: self.loaded.lock().get(&query.instance_id).cloned().unwrap_or_default(),
            query: query.clone(),
        })
    }
}

fn sources() -> Result<&'static Catalogue, Refusal> {
    catalogue().map_err(Refusal::Failed)
}

#[async_trait]
impl QueryEngine for SqlEngine {
    async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal> {
        let run = self.prepare(query)?;
        let compiled = self.workers.run(move |runtime| runtime.block_on(run.compile())).await;
        ended(compiled, &query.sql)
    }

    async fn execute(&self, query: &Query) -> Result<Answer, Refusal> {
        let run = self.prepare(query)?;
        let answered = self.workers.run(move |runtime| runtime.block_on(run.execute())).await;
        ended(answered, &query.sql)
    }

    fn data_sources(&self, _instance_id: &str) -> Vec<DataSource> {
        catalogue().map(|tables| tables.values().map(|table| source(table)).collect()).unwrap_or_default()
    }

    fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String> {
        let described = catalogue()?.get(table).ok_or_else(|| format!("there is no data source {table}"))?;
        let batch: RecordBatch = load::batch(described, &rows)?;
        self.loaded.lock().entry(instance_id.to_owned()).or_default().insert(table.to_owned(), batch);
        Ok(())
    }
}

/// How a worker's query ended.
fn ended<T>(worked: io::Result<Result<T, Refusal>>, sql: &str) -> Result<T, Refusal> {
    let result = worked.map_err(|error| Refusal::Failed(format!("The query's thread ended: {error}")))?;
    result.map_err(|refusal| refusal::placed(refusal, sql))
}

fn source(table: &Table) -> DataSource {
    DataSource {
        id: table.name.clone(),
        description: table.about.clone(),
        is_premium: table.paid,
        columns: table.columns.iter().map(described).collect(),
    }
}

fn described(column: &Column) -> DataSourceColumn {
    let data_type = match &column.kind {
        simple @ (Kind::Decimal(_, _) | Kind::Array(_)) => simple.to_string(),
        simple => simple.name().to_owned(),
    };
    DataSourceColumn {
        name: column.name.clone(),
        data_type,
        column_type: role(column.metric).to_owned(),
        sensitivity: column.class.name().to_owned(),
    }
}

/// `METRIC` or `DIMENSION`.
pub(crate) fn role(metric: bool) -> &'static str {
    if metric { "METRIC" } else { "DIMENSION" }
}
