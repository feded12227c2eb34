//! One execution of a batch.

use chrono::{DateTime, Utc};

use super::{CallCounts, mirrors, record};

record! {
    /// One execution of a batch: its query on one instance.
    ExecutionReport {
        /// Our id (``exec_…``).
        execution_id: String,
        /// Its batch (``batch_…``).
        batch_id: String,
        /// Our id of the execution that took its place, where it was retried.
        superseded_by: Option<String>,
        /// AMC's id of the instance.
        instance_id: String,
        /// The instance's name.
        instance_name: String,
        /// The region of the instance's account.
        region: String,
        /// ``pending``, ``submitting``, ``running``, ``collecting``, ``completed``, ``failed`` or ``cancelled``.
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
        /// Whose result it takes or took instead of running (``exec_…``).
        reuse_of: Option<String>,
        /// How old the data of that result were when it was asked for, in seconds.
        age_seconds: Option<f64>,
        /// When it first left ``pending``.
        started_at: Option<DateTime<Utc>>,
        /// When AMC took it, or the run whose result it took.
        submitted_at: Option<DateTime<Utc>>,
        /// When it ended.
        completed_at: Option<DateTime<Utc>>,
    }
    /// >>> batch.status().executions[0].to_dict()["status"]
    /// 'completed'
}

mirrors!(ExecutionReport of amc_fleet::ExecutionReport {
    execution_id, batch_id, superseded_by, instance_id, instance_name, region, status, amc_status, amc_execution_id, blocked_reason, row_count,
    duration_seconds, error_code, error_message, attempt, calls, window_start, window_end, reuse_of,
    age_seconds, started_at, submitted_at, completed_at,
});

impl ExecutionReport {
    fn shown(&self) -> String {
        let end = self.error_message.clone().or_else(|| self.row_count.map(|rows| format!("{rows} rows")));
        let end = end.map(|end| format!(": {end}")).unwrap_or_default();
        format!("<ExecutionReport {} {} {}{end}>", self.execution_id, self.instance_id, self.status)
    }
}
