//! A batch at one moment, what was left out of it and why parts of it failed.

use amc_fleet::Position;
use chrono::{DateTime, Utc};

use super::{CallCounts, ExecutionReport, Plain, mirrors, record};
use crate::json::Kept;

record! {
    /// An instance that was asked for and left out.
    Skipped {
        /// AMC's id of the instance.
        instance_id: String,
        /// Why, in words.
        reason: String,
    }
    /// >>> skipped.to_dict()["reason"]
    /// 'is a sandbox, ...'
}

mirrors!(Skipped of amc_fleet::Skipped { instance_id, reason });

impl Skipped {
    fn shown(&self) -> String {
        format!("<Skipped {} {}>", self.instance_id, self.reason)
    }
}

record! {
    /// Why some instances did not complete: instances of the same cause together.
    Cause {
        /// A stable code.
        code: String,
        /// Why, in words; AMC's own where AMC said it.
        message: String,
        /// The AMC ids of the instances concerned.
        instances: Vec<String>,
        /// The line of the user's own query that AMC's words mean; from 1.
        line: Option<u32>,
        /// The column in that line, from 1.
        column: Option<u32>,
        /// That line and, below it, a caret under the column.
        excerpt: Option<String>,
        /// Who and why in one line.
        summary: String,
    }
    /// >>> cause.to_dict()["code"]
    /// 'amc_rejected'
}

impl From<amc_fleet::fleet::Cause> for Cause {
    fn from(it: amc_fleet::fleet::Cause) -> Self {
        let summary = it.to_string();
        let amc_fleet::fleet::Cause { code, message, instances, position, excerpt } = it;
        let (line, column) = position.map(|Position { line, column }| (line, column)).unzip();
        Self { code, message, instances, line, column, excerpt, summary }
    }
}

impl Plain for amc_fleet::fleet::Cause {
    type Python = Cause;

    fn plain(self) -> Cause {
        self.into()
    }
}

impl Cause {
    fn shown(&self) -> String {
        format!("<Cause {}: {}>", self.code, self.summary)
    }
}

record! {
    /// What a cancel came to.
    CancelReport {
        /// Executions that are cancelled now.
        cancelled: i64,
        /// Executions that had ended before.
        already_finished: i64,
        /// Executions that may still live at AMC; they are watched until they end.
        not_cancelled: i64,
    }
    /// >>> batch.cancel().to_dict()["already_finished"]
    /// 3
}

mirrors!(CancelReport of amc_fleet::CancelReport { cancelled, already_finished, not_cancelled });

impl CancelReport {
    fn shown(&self) -> String {
        let Self { cancelled, already_finished, not_cancelled } = self;
        format!(
            "<CancelReport {cancelled} cancelled, {already_finished} finished before, {not_cancelled} not cancelled>"
        )
    }
}

record! {
    /// A batch and all its executions at one moment.
    BatchReport {
        /// Our id (``batch_…``).
        batch_id: String,
        /// Its name.
        name: String,
        /// ``pending``, ``running``, ``completed``, ``partial``, ``failed`` or ``cancelled``.
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
        selector: Option<Kept>,
        /// Whether something is left to do and no live worker holds the credential for it.
        nobody_works: bool,
        /// When it was written.
        created_at: DateTime<Utc>,
        /// When the first execution left ``pending``.
        started_at: Option<DateTime<Utc>>,
        /// When the last one ended.
        completed_at: Option<DateTime<Utc>>,
        /// What was said about its windows and values as it was planned.
        findings: Vec<super::Finding>,
        /// Its executions, by instance name.
        executions: Vec<ExecutionReport>,
        /// Executions that ended and were retried, by instance name, the oldest first.
        superseded: Vec<ExecutionReport>,
        /// Why executions did not complete, instances of the same cause together, the most frequent cause first.
        causes: Vec<Cause>,
        /// The whole in one line.
        summary: String,
    }
    /// >>> batch.status().to_dict()["total_instances"]
    /// 3
}

impl From<amc_fleet::BatchReport> for BatchReport {
    #[rustfmt::skip]
    fn from(it: amc_fleet::BatchReport) -> Self {
        let summary = it.to_string();
        let amc_fleet::BatchReport {
            batch_id, name, status, total_instances, pending_instances, running_instances, completed_instances,
            failed_instances, cancelled_instances, skipped, row_count, calls, window_label, selector, nobody_works,
            created_at, started_at, completed_at, executions, superseded, causes, findings,
        } = it;
        Self {
            batch_id, name, status: status.plain(), total_instances, pending_instances, running_instances,
            completed_instances, failed_instances, cancelled_instances, skipped: skipped.plain(), row_count,
            calls: calls.plain(), window_label, selector: selector.plain(), nobody_works, created_at, started_at,
            completed_at, executions: executions.plain(), superseded: superseded.plain(), causes: causes.plain(),
            findings: findings.plain(), summary,
        }
    }
}

impl BatchReport {
    fn shown(&self) -> String {
        format!("<BatchReport {}>", self.summary)
    }
}
