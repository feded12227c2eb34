//! Where a number comes from, and whether what is kept can be true.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{AttemptReport, Fleet};
use crate::error::{Error, Result};
use crate::model::{Execution, ExecutionStatus, IdRef, PageRequest};
use crate::store::{BatchFilter, Broken, Lineage};

/// The batches looked at together.
const AT_ONCE: u32 = 100;

/// The way back from a result: execution, attempts, AMC's run, query, parameters, tick or segment, report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// The execution (`exec_…`).
    pub execution_id: String,
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Where it stands.
    pub status: String,
    /// The rows of its result.
    pub row_count: Option<i64>,
    /// AMC's id of the run the rows are of.
    pub amc_execution_id: Option<String>,
    /// The execution whose result was taken (`exec_…`), where it did not run itself: the attempts are there.
    pub reuse_of: Option<String>,
    /// Its tries at AMC, first first.
    pub attempts: Vec<AttemptReport>,
    /// The query as it was sent.
    pub sql: Option<String>,
    /// The hash of that query.
    pub sql_hash: String,
    /// The parameter values it was made with.
    pub parameters: Map<String, Value>,
    /// The first instant of its window.
    pub window_start: DateTime<Utc>,
    /// The first instant after it.
    pub window_end: DateTime<Utc>,
    /// The zone of its window.
    pub timezone: String,
    /// Its batch (`batch_…`).
    pub batch_id: String,
    /// Its workflow (`wf_…`).
    pub workflow_id: Option<String>,
    /// `manual`, `schedule`, `backfill` or `api`.
    pub triggered_by: String,
    /// The report of which the batch is a run (`rpt_…`).
    pub report_id: Option<String>,
    /// The schedule that fired it (`sch_…`).
    pub schedule_id: Option<String>,
    /// The nominal time it fired for.
    pub nominal_at: Option<DateTime<Utc>>,
    /// The backfill it is of (`col_…`).
    pub backfill_id: Option<String>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// What is missing on the way.
    pub warnings: Vec<String>,
}

impl Trace {
    fn new(lineage: Lineage, attempts: Vec<AttemptReport>, sql: Option<String>) -> Self {
        let Lineage { execution, batch, report, tick, segment } = lineage;
        Self {
            warnings: warnings(&execution, attempts.is_empty(), sql.is_none()),
            execution_id: execution.id.public(),
            instance_id: execution.instance_id,
            status: execution.status.to_string(),
            row_count: execution.row_count,
            amc_execution_id: execution.amc_execution_id,
            reuse_of: execution.reuse_of.map(|source| source.public()),
            attempts,
            sql,
            sql_hash: execution.sql_hash,
            parameters: execution.parameters,
            window_start: execution.window_start,
            window_end: execution.window_end,
            timezone: execution.timezone,
            batch_id: batch.id.public(),
            workflow_id: batch.workflow.map(|workflow| workflow.public()),
            triggered_by: execution.triggered_by.as_str().to_owned(),
            report_id: report.map(|(report, _)| report.public()),
            schedule_id: tick.map(|(schedule, _)| schedule.public()),
            nominal_at: tick.map(|(_, nominal_at)| nominal_at),
            backfill_id: segment.map(|(collection, _)| collection.public()),
            started_at: execution.started_at,
            completed_at: execution.completed_at,
        }
    }
}

fn warnings(execution: &Execution, has_no_attempt: bool, has_no_sql: bool) -> Vec<String> {
    let has_ended = execution.status == ExecutionStatus::Completed;
    let lacks = [
        (has_ended && execution.amc_execution_id.is_none(), "AMC told no id of the run"),
        (has_ended && execution.row_count.is_none(), "the number of rows is not known"),
        (
            execution.started_at.is_some() && execution.reuse_of.is_none() && has_no_attempt,
            "no attempt is recorded",
        ),
        (has_no_sql, "the query it was made with is gone"),
    ];
    lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what.to_owned()).collect()
}

impl Fleet {
    /// Walks from an execution back to what asked for it. What is missing on the way is a warning, no error.
    ///
    /// # Errors
    /// `NotFound` (`unknown_execution`).
    pub async fn trace(&self, execution: &str) -> Result<Trace> {
        let found = self.0.store.lineage(&self.scope(), &execution.parse::<IdRef>()?).await?;
        let lineage = found.ok_or_else(|| {
            Error::not_found("unknown_execution", format!("no execution '{execution}'"))
                .hint("give its id (exec_…) or its UUID; a batch's status lists them")
        })?;
        let sql = self.0.store.sent_sql(&self.scope(), &lineage.execution.sql_hash).await?;
        let attempts = match self.attempts(execution).await {
            Err(error) if error.is_retryable() => return Err(error),
            found => found.unwrap_or_default(),
        };
        Ok(Trace::new(lineage, attempts, sql))
    }

    /// Lists what is kept and cannot be true, by code: counts, references, results, and what too many segments of backfills
    /// do not say. It reads everything of this owner.
    ///
    /// # Errors
    /// Only the stores' own.
    pub async fn verify(&self) -> Result<Vec<Broken>> {
        let mut broken = self.0.store.verify(&self.scope()).await?;
        broken.extend(self.verify_population().await?);
        let mut page = PageRequest { limit: AT_ONCE, offset: 0 };
        loop {
            let batches = self.0.store.batches(&self.scope(), &BatchFilter::default(), page).await?;
            for batch in &batches.items {
                for execution in self.0.store.executions(&self.scope(), batch.id).await? {
                    broken.extend(self.verify_result(&execution).await?);
                }
            }
            page.offset += page.limit;
            if batches.items.len() < usize::try_from(page.limit).unwrap_or(usize::MAX) {
                break;
            }
        }
        broken.sort();
        Ok(broken)
    }

    async fn verify_result(&self, execution: &Execution) -> Result<Option<Broken>> {
        if execution.status != ExecutionStatus::Completed {
            return Ok(None);
        }
        let manifest = self.0.results.manifest(execution.id).await?;
        let counted = execution.row_count.and_then(|count| u64::try_from(count).ok());
        let wrong = match manifest {
            None => Some(("result_missing", "it completed and its result is gone".to_owned())),
            Some(manifest) if Some(manifest.row_count) != counted => {
                let message = format!("its result has {} rows and it counts {counted:?}", manifest.row_count);
                Some(("result_count_wrong", message))
            }
            Some(_) => None,
        };
        Ok(wrong.map(|(code, message)| Broken { code: code.to_owned(), id: execution.id.public(), message }))
    }
}
