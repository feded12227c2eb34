//! What a batch, a result and a sync tell about themselves.

use amc_fleet::Position;
use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::attempt::CallCounts;
use crate::record::Host;

record! {
    /// An instance that was asked for and left out.
    Skipped of amc_fleet::Skipped {
        /// AMC's id of the instance.
        instance_id: String,
        /// Why, in words.
        reason: String,
    }
}

record! {
    /// One execution of a batch: the query on one instance.
    ExecutionReport of amc_fleet::ExecutionReport {
        /// Our id (`exec_…`).
        execution_id: String,
        /// Its batch (`batch_…`).
        batch_id: String,
        /// Our id of the execution that took its place, where it was retried.
        superseded_by: Option<String>,
        /// AMC's id of the instance.
        instance_id: String,
        /// The instance's name.
        instance_name: String,
        /// The region of the instance's account.
        region: String,
        /// Where it stands.
        #[napi(ts_type = "'pending' | 'submitting' | 'running' | 'collecting' | 'completed' | 'failed' | 'cancelled'")]
        status: String,
        /// AMC's last word on the run.
        amc_status: Option<String>,
        /// AMC's id of the run.
        amc_execution_id: Option<String>,
        /// What it waits for, if not for AMC: the code of what put it off last.
        blocked_reason: Option<String>,
        /// Rows of its result.
        row_count: Option<i64>,
        /// Seconds from its first submit to its end.
        duration_seconds: Option<f64>,
        /// A stable code of why it failed.
        error_code: Option<String>,
        /// Why it failed.
        error_message: Option<String>,
        /// The number of its current attempt, from 1.
        attempt: i64,
        /// The requests to AMC that were made for it. A list of an instance is one for all that runs there.
        calls: CallCounts,
        /// The exact first instant of its window.
        window_start: DateTime<Utc>,
        /// The exact first instant after its window.
        window_end: DateTime<Utc>,
        /// Whose result it takes or took instead of running (`exec_…`).
        reuse_of: Option<String>,
        /// How old the data of that result were when it was asked for, in seconds.
        age_seconds: Option<f64>,
        /// When it first left `pending`.
        started_at: Option<DateTime<Utc>>,
        /// When AMC took it.
        submitted_at: Option<DateTime<Utc>>,
        /// When it ended.
        completed_at: Option<DateTime<Utc>>,
    }
}

record! {
    /// A batch and all its executions at one moment.
    BatchReport of amc_fleet::BatchReport {
        /// Our id (`batch_…`).
        batch_id: String,
        /// Its name.
        name: String,
        /// Where it stands.
        #[napi(ts_type = "'pending' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled'")]
        status: String,
        /// Executions in all.
        total_instances: i64,
        /// Not at AMC yet.
        pending_instances: i64,
        /// At AMC, or being fetched.
        running_instances: i64,
        /// With all rows here.
        completed_instances: i64,
        /// Failed for good.
        failed_instances: i64,
        /// Cancelled.
        cancelled_instances: i64,
        /// What was asked for and left out.
        skipped: Vec<Skipped>,
        /// Rows of all completed executions.
        row_count: i64,
        /// The requests to AMC that were made for all its executions.
        calls: CallCounts,
        /// The window in words.
        window_label: String,
        /// What selected its instances, where they were not named one by one.
        #[napi(ts_type = "Record<string, string[]>")]
        selector: Option<Map<String, Value>>,
        /// Whether something is left to do and no live worker holds the credential for it.
        nobody_works: bool,
        /// When it was written.
        created_at: DateTime<Utc>,
        /// When the first execution left `pending`.
        started_at: Option<DateTime<Utc>>,
        /// When the last one ended.
        completed_at: Option<DateTime<Utc>>,
        /// Its executions, by instance name.
        executions: Vec<ExecutionReport>,
        /// Executions that ended and were retried, by instance name, the oldest first.
        superseded: Vec<ExecutionReport>,
        /// Why executions did not complete, instances of the same cause together, the most frequent cause first.
        causes: Vec<Cause>,
        /// What was said about its windows and values as it was planned.
        findings: Vec<crate::query::Finding>,
    }
    /// The whole in one line.
    summary
}

/// Why some instances did not complete: instances of the same cause together.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Cause {
    /// A stable code.
    pub code: String,
    /// Why, in words; AMC's own where AMC said it.
    pub message: String,
    /// The AMC ids of the instances concerned.
    pub instances: Vec<String>,
    /// The line of the user's own query that AMC's words mean; from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
    /// That line and, below it, a caret under the column.
    pub excerpt: Option<String>,
    /// Who and why in one line.
    pub summary: String,
}

impl Host<Cause> for amc_fleet::fleet::Cause {
    fn host(self) -> Cause {
        let summary = self.to_string();
        let Self { code, message, instances, position, excerpt } = self;
        let (line, column) = position.map(|Position { line, column }| (line, column)).unzip();
        Cause { code, message, instances, line, column, excerpt, summary }
    }
}

record! {
    /// What a cancel came to.
    CancelReport of amc_fleet::CancelReport {
        /// Executions that are cancelled now.
        cancelled: i64,
        /// Executions that had ended before.
        already_finished: i64,
        /// Executions that may still live at AMC; they are watched until they end.
        not_cancelled: i64,
    }
}

record! {
    /// The part of one instance in a merged result.
    InstanceResult of amc_fleet::InstanceResult {
        /// AMC's id of the instance.
        instance_id: String,
        /// Its name.
        instance_name: String,
        /// The region of its account.
        region: String,
        /// Our id of the execution.
        execution_id: String,
        /// AMC's id of the run.
        amc_execution_id: Option<String>,
        /// Its rows.
        row_count: i64,
        /// `rows`; `suppressed` when some are under AMC's thresholds; without rows `empty`, `no_data_yet` when AMC may lack
        /// events of the window, or `unknown`: AMC was not asked to keep what is under its thresholds.
        verdict: String,
        /// How many of its rows AMC marked as suppressed; null where it was not asked to mark them.
        marked_rows: Option<i64>,
        /// Seconds from its first submit to its end.
        duration_seconds: Option<f64>,
        /// Whose result this is (`exec_…`), where it was not run for this batch.
        reuse_of: Option<String>,
        /// How old its data were when the batch was asked for, in seconds, where it was not run for it.
        age_seconds: Option<f64>,
        /// When its rows were complete.
        completed_at: DateTime<Utc>,
    }
}

record! {
    /// A column whose type differed between instances, and what became of it.
    Widening of amc_fleet::results::Widening {
        /// The column.
        column: String,
        /// Its type, in AMC's words, in the results of `instances`.
        from: String,
        /// Its type in the merged result.
        to: String,
        /// The AMC ids of the instances concerned.
        instances: Vec<String>,
    }
}

record! {
    /// What a merged result is made of and what it lacks: goes with every export.
    ResultSummary of amc_fleet::ResultSummary {
        /// The batch.
        batch_id: String,
        /// Its name.
        name: String,
        /// `118 of 120`: instances with rows here, of all that were asked for.
        complete: String,
        /// Instances without a result, by AMC id.
        missing: Vec<String>,
        /// Rows in all.
        total_rows: i64,
        /// The window in words.
        window: String,
        /// The instances with a result.
        instances: Vec<InstanceResult>,
        /// Columns whose type differed between instances.
        widenings: Vec<Widening>,
        /// What to know before numbers of several instances are put together.
        notes: Vec<String>,
    }
    /// The whole in one line.
    summary
}

/// A file that was written.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Export {
    /// The file.
    pub path: String,
    /// The file beside it that says what it is made of.
    pub manifest_path: String,
    /// Its rows.
    pub rows: i64,
    /// Its size in bytes.
    pub bytes: i64,
    /// The SHA-256 of its bytes, by which `fleet.traceFile` knows it again.
    pub sha256: String,
}

impl Host<Export> for amc_fleet::Export {
    fn host(self) -> Export {
        let Self { path, manifest_path, rows, bytes, sha256 } = self;
        let [path, manifest_path] = [path, manifest_path].map(|path| path.display().to_string());
        Export { path, manifest_path, rows: rows.host(), bytes: bytes.host(), sha256 }
    }
}

record! {
    /// An account whose instances AMC refused to list.
    UnreachableAccount of amc_fleet::UnreachableAccount {
        /// The entity id.
        account_id: String,
        /// The marketplace.
        marketplace_id: String,
        /// Why, in AMC's words.
        reason: String,
        /// The instances of it that were in reach before.
        instances: Vec<String>,
    }
}

record! {
    /// What a sync found, by AMC's instance ids.
    SyncReport of amc_fleet::SyncReport {
        /// Accounts seen.
        accounts: i64,
        /// Instances this owner did not have before.
        added: Vec<String>,
        /// Instances of which AMC says something else than before, or which are in reach again.
        changed: Vec<String>,
        /// How many instances are as they were.
        unchanged: i64,
        /// Instances that AMC listed before and does not list any more. They stay known.
        gone: Vec<String>,
        /// Accounts whose instances AMC refused to list.
        unreachable: Vec<UnreachableAccount>,
    }
}

/// One change of a batch or of one of its executions.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct BatchEvent {
    /// Its place among the batch's events, from 1 without gaps.
    pub sequence: i64,
    /// The batch.
    pub batch_id: String,
    /// The execution it is about; null when it is about the batch itself.
    pub execution_id: Option<String>,
    /// AMC's id of the execution's instance.
    pub instance_id: Option<String>,
    /// What happened, for example `submitted`, `completed` or `batch_finished`.
    pub kind: String,
    /// The fields that changed, by the names they are stored under.
    #[napi(ts_type = "Record<string, unknown>")]
    pub detail: Map<String, Value>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Host<BatchEvent> for amc_fleet::Event {
    fn host(self) -> BatchEvent {
        let Self { sequence, batch, execution, instance_id, kind, detail, at } = self;
        let [batch_id, kind] = [batch.public(), kind.to_string()];
        let execution_id = execution.map(|execution| execution.public());
        BatchEvent { sequence, batch_id, execution_id, instance_id, kind, detail, at }
    }
}
