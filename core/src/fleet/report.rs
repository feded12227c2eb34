//! What a person wants to know about a batch.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Cause;
use crate::Finding;
use crate::error::{Error, ErrorKind};
use crate::model::{
    Batch, BatchStatus, CallCounts, Counts, Execution, ExecutionId, ExecutionStatus, Failure, Skipped,
};

/// One execution of a batch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExecutionReport {
    /// Our id (`exec_…`).
    pub execution_id: String,
    /// Its batch (`batch_…`).
    pub batch_id: String,
    /// Our id of the execution that took its place, where it was retried.
    pub superseded_by: Option<String>,
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The instance's name.
    pub instance_name: String,
    /// The region of the instance's account.
    pub region: String,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// AMC's last word on the run.
    pub amc_status: Option<String>,
    /// AMC's id of the run.
    pub amc_execution_id: Option<String>,
    /// What it waits for, if not for AMC: the code of what put it off last.
    pub blocked_reason: Option<String>,
    /// Rows of its result.
    pub row_count: Option<i64>,
    /// Seconds from its first submit to its end.
    pub duration_seconds: Option<f64>,
    /// A stable code of why it failed.
    pub error_code: Option<String>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// The number of its current attempt, from 1: what [`Fleet::attempts`](super::Fleet::attempts) tells about.
    pub attempt: i64,
    /// The requests to AMC that were made for it, as far as their answers were written. A list of an instance is one
    /// for all that runs there, and counts for one of them.
    pub calls: CallCounts,
    /// The exact first instant of its window.
    pub window_start: DateTime<Utc>,
    /// The exact first instant after its window.
    pub window_end: DateTime<Utc>,
    /// Whose result it takes or took instead of running (`exec_…`).
    pub reuse_of: Option<String>,
    /// How old the data of that result were when it was asked for, in seconds.
    pub age_seconds: Option<f64>,
    /// When it first left `pending`.
    pub started_at: Option<DateTime<Utc>>,
    /// When AMC took it, or the run whose result it took.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
}

impl From<Execution> for ExecutionReport {
    fn from(execution: Execution) -> Self {
        let (duration_seconds, age_seconds) = (execution.duration_seconds(), execution.age_seconds());
        let failed = execution.status == ExecutionStatus::Failed;
        let failure = execution.failure.filter(|_| failed);
        let (error_code, error_message) =
            failure.map(|Failure { code, message, .. }| (code, message)).unzip();
        Self {
            execution_id: execution.id.public(),
            batch_id: execution.batch.public(),
            superseded_by: execution.superseded_by.map(ExecutionId::public),
            instance_id: execution.instance_id,
            instance_name: execution.instance_name,
            region: execution.region,
            status: execution.status,
            amc_status: execution.amc_status,
            amc_execution_id: execution.amc_execution_id,
            blocked_reason: execution.blocked_reason,
            row_count: execution.row_count,
            duration_seconds,
            error_code,
            error_message,
            attempt: execution.attempt,
            calls: execution.calls,
            window_start: execution.window_start,
            window_end: execution.window_end,
            reuse_of: execution.reuse_of.map(|source| source.public()),
            age_seconds,
            started_at: execution.started_at,
            submitted_at: execution.submitted_at,
            completed_at: execution.completed_at,
        }
    }
}

/// A batch and all its executions at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchReport {
    /// Our id (`batch_…`).
    pub batch_id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: BatchStatus,
    /// Executions in all.
    pub total_instances: i64,
    /// Not at AMC yet.
    pub pending_instances: i64,
    /// At AMC, or being fetched.
    pub running_instances: i64,
    /// With all rows here.
    pub completed_instances: i64,
    /// Failed for good.
    pub failed_instances: i64,
    /// Cancelled.
    pub cancelled_instances: i64,
    /// What was asked for and left out.
    pub skipped: Vec<Skipped>,
    /// Rows of all completed executions.
    pub row_count: i64,
    /// The requests to AMC that were made for all its executions.
    pub calls: CallCounts,
    /// The window in words.
    pub window_label: String,
    /// What selected its instances, where they were not named one by one.
    pub selector: Option<Map<String, Value>>,
    /// Whether something is left to do and no live worker holds the credential for it.
    pub nobody_works: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the first execution left `pending`.
    pub started_at: Option<DateTime<Utc>>,
    /// When the last one ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// Its executions, by instance name.
    pub executions: Vec<ExecutionReport>,
    /// Executions that ended and were retried, by instance name, the oldest first.
    pub superseded: Vec<ExecutionReport>,
    /// Why executions did not complete, instances of the same cause together, the most frequent cause first.
    pub causes: Vec<Cause>,
    /// What was said about its windows and values as it was planned.
    pub findings: Vec<Finding>,
}

impl BatchReport {
    pub(super) fn new(
        batch: Batch,
        executions: Vec<Execution>,
        superseded: Vec<Execution>,
        causes: Vec<Cause>,
        nobody_works: bool,
    ) -> Self {
        let Counts { total, pending, running, completed, failed, cancelled } = batch.counts;
        Self {
            batch_id: batch.id.public(),
            name: batch.name,
            status: batch.status,
            total_instances: total,
            pending_instances: pending,
            running_instances: running,
            completed_instances: completed,
            failed_instances: failed,
            cancelled_instances: cancelled,
            skipped: batch.skipped,
            row_count: executions.iter().filter_map(|execution| execution.row_count).sum(),
            calls: total_calls(&executions),
            window_label: batch.options.window_label,
            selector: batch.options.selector.map(|selector| selector.to_fields()),
            nobody_works,
            created_at: batch.created_at,
            started_at: batch.started_at,
            completed_at: batch.completed_at,
            executions: executions.into_iter().map(ExecutionReport::from).collect(),
            superseded: superseded.into_iter().map(ExecutionReport::from).collect(),
            causes,
            findings: batch.options.findings,
        }
    }

    /// What went wrong, instances of the same cause together; `None` when nothing did.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        let (worst, rest) = self.causes.split_first()?;
        let kind = if worst.code == "cancelled" { ErrorKind::Cancelled } else { ErrorKind::RemoteFailed };
        let more = match rest.len() {
            0 => String::new(),
            1 => "; and 1 other cause".to_owned(),
            others => format!("; and {others} other causes"),
        };
        let message = format!(
            "{} of {} executions of {} did not complete: {worst}{more}",
            self.failed_instances + self.cancelled_instances,
            self.total_instances,
            self.batch_id,
        );
        let instances = self.causes.iter().flat_map(|cause| cause.instances.iter().map(String::as_str));
        let error = Error::new(kind, "batch_failed", message).instances(instances);
        Some(error.raw(worst.message.as_str()).placed(worst.position, worst.excerpt.clone()))
    }
}

fn total_calls(executions: &[Execution]) -> CallCounts {
    let mut total = CallCounts::default();
    for execution in executions {
        total += execution.calls;
    }
    total
}

impl fmt::Display for BatchReport {
    /// One line, as a person wants it: what, where it stands, how much.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} '{}' {}: ", self.batch_id, self.name, self.status)?;
        let parts = [
            (self.completed_instances, "completed"),
            (self.failed_instances, "failed"),
            (self.cancelled_instances, "cancelled"),
            (self.running_instances, "running"),
            (self.pending_instances, "pending"),
            (i64::try_from(self.skipped.len()).unwrap_or_default(), "skipped"),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(count, word)| *count > 0 || *word == "completed")
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let asked = self.total_instances + i64::try_from(self.skipped.len()).unwrap_or_default();
        write!(
            f,
            "{} of {asked} · {} · {} rows",
            said.join(", "),
            self.window_label,
            grouped(self.row_count)
        )?;
        if let Some((start, end)) = self.started_at.zip(self.completed_at) {
            write!(f, " · {}", span((end - start).num_seconds()))?;
        }
        if self.nobody_works {
            f.write_str(" · nobody works on it: start `amc-fleet worker`")?;
        }
        Ok(())
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.abs().to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    format!("{}{}", if number < 0 { "-" } else { "" }, groups.join(","))
}

fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0, 999, 1000, 41_213, 1_234_567].map(grouped),
            ["0", "999", "1,000", "41,213", "1,234,567"]
        );
    }
}
