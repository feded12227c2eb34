//! Where a number comes from, and whether what is kept can be true.

use amc_fleet::fleet::Trace as CoreTrace;
use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::attempt::Attempt;
use crate::error::host;
use crate::fleet::Fleet;
use crate::record::Host;

record! {
    /// Something that is kept and cannot be true.
    Broken of amc_fleet::Broken {
        /// A stable code of what is broken.
        code: String,
        /// The public id of the thing.
        id: String,
        /// What is wrong with it, in words.
        message: String,
    }
}

record! {
    /// The way back from a result: execution, attempts, AMC's run, query, parameters, tick or segment, report.
    Trace of CoreTrace {
        /// The execution (`exec_…`).
        execution_id: String,
        /// AMC's id of the instance.
        instance_id: String,
        /// Where it stands.
        status: String,
        /// The rows of its result.
        row_count: Option<i64>,
        /// AMC's id of the run the rows are of.
        amc_execution_id: Option<String>,
        /// The execution whose result was taken (`exec_…`), where it did not run itself: the attempts are there.
        reuse_of: Option<String>,
        /// Its tries at AMC, first first.
        attempts: Vec<Attempt>,
        /// The query as it was sent.
        sql: Option<String>,
        /// The hash of that query.
        sql_hash: String,
        /// The parameter values it was made with.
        parameters: Map<String, Value>,
        /// The first instant of its window.
        window_start: DateTime<Utc>,
        /// The first instant after it.
        window_end: DateTime<Utc>,
        /// The zone of its window.
        timezone: String,
        /// Its batch (`batch_…`).
        batch_id: String,
        /// Its workflow (`wf_…`).
        workflow_id: Option<String>,
        /// `manual`, `schedule`, `backfill` or `api`.
        triggered_by: String,
        /// The report of which the batch is a run (`rpt_…`).
        report_id: Option<String>,
        /// The schedule that fired it (`sch_…`).
        schedule_id: Option<String>,
        /// The nominal time it fired for.
        nominal_at: Option<DateTime<Utc>>,
        /// The backfill it is of (`col_…`).
        backfill_id: Option<String>,
        /// When it began.
        started_at: Option<DateTime<Utc>>,
        /// When it ended.
        completed_at: Option<DateTime<Utc>>,
        /// What is missing on the way.
        warnings: Vec<String>,
    }
}

#[napi]
impl Fleet {
    /// Walks from an execution back to what asked for it. What is missing on the way is a warning, no error.
    ///
    /// Rejects with `unknown_execution`.
    ///
    /// ```js
    /// const [execution] = (await batch.status()).executions;
    /// console.log((await fleet.trace(execution.executionId)).triggeredBy); // manual
    /// ```
    #[napi]
    pub async fn trace(&self, execution_id: String) -> napi::Result<Trace> {
        self.core()?.trace(&execution_id).await.map(Host::host).map_err(host)
    }

    /// Lists what is kept and cannot be true, by code: counts, references, results. It reads everything of this owner.
    ///
    /// ```js
    /// console.log((await fleet.verify()).length); // 0
    /// ```
    #[napi]
    pub async fn verify(&self) -> napi::Result<Vec<Broken>> {
        self.core()?.verify().await.map(Host::host).map_err(host)
    }
}
