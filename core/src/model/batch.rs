//! Batches: one query over many instances, and the status that follows from its executions.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};

use super::{BatchId, ExecutionStatus, NewExecution, Selector, WorkflowId};
use crate::Finding;
use crate::params::{Declaration, RenderOptions};

/// Where a batch stands: always the roll-up of its executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchStatus {
    /// No execution has reached AMC yet.
    Pending,
    /// At least one execution is not terminal and at least one has left `pending`.
    Running,
    /// Every execution completed.
    Completed,
    /// All terminal, some completed, some not.
    Partial,
    /// All terminal, none completed.
    Failed,
    /// All terminal after a cancel, at least one of them cancelled.
    Cancelled,
}

impl BatchStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Running, Self::Completed, Self::Partial, Self::Failed, Self::Cancelled];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether no execution will change any more.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }
}

impl fmt::Display for BatchStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BatchStatus {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| {
            Error::invalid("unknown_status", format!("unknown batch status '{word}'"))
                .hint(format!("one of {}", known()))
        })
    }
}

/// How many executions stand where. `submitting` counts as pending, `collecting` as running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub total: i64,
    /// Not at AMC yet.
    pub pending: i64,
    /// At AMC, or being fetched.
    pub running: i64,
    /// With all rows here.
    pub completed: i64,
    /// Failed for good.
    pub failed: i64,
    /// Cancelled.
    pub cancelled: i64,
}

impl Counts {
    /// Counts executions by status.
    pub fn of(statuses: impl IntoIterator<Item = ExecutionStatus>) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            counts.total += 1;
            *counts.place(status) += 1;
        }
        counts
    }

    fn place(&mut self, status: ExecutionStatus) -> &mut i64 {
        match status {
            ExecutionStatus::Pending | ExecutionStatus::Submitting => &mut self.pending,
            ExecutionStatus::Running | ExecutionStatus::Collecting => &mut self.running,
            ExecutionStatus::Completed => &mut self.completed,
            ExecutionStatus::Failed => &mut self.failed,
            ExecutionStatus::Cancelled => &mut self.cancelled,
        }
    }

    /// The status of a batch with these counts. The SQL triggers say the same; a test compares them.
    #[must_use]
    pub fn roll_up(&self, cancel_requested: bool) -> BatchStatus {
        if self.pending == self.total {
            BatchStatus::Pending
        } else if self.pending + self.running > 0 {
            BatchStatus::Running
        } else if self.completed == self.total {
            BatchStatus::Completed
        } else if cancel_requested && self.cancelled > 0 {
            BatchStatus::Cancelled
        } else if self.completed > 0 {
            BatchStatus::Partial
        } else {
            BatchStatus::Failed
        }
    }
}

/// An instance that was asked for and left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// AMC's instance id.
    pub instance_id: String,
    /// Why, in words.
    pub reason: String,
}

/// How a batch was asked for: kept for people and for forks, never read by the engine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchOptions {
    /// The window expression as written.
    pub window: String,
    /// The zone as written: a name, or `instance`.
    pub timezone: String,
    /// The earliest start over all instances.
    pub window_start: Option<DateTime<Utc>>,
    /// The latest end over all instances.
    pub window_end: Option<DateTime<Utc>>,
    /// The window in words.
    pub window_label: String,
    /// What selected the instances, where they were not named one by one; what it came to is the batch's `instance_ids`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// The hash of the query as the user wrote it.
    #[serde(default)]
    pub template: Option<String>,
    /// What its parameters were declared to be.
    #[serde(default)]
    pub declarations: Vec<Declaration>,
    /// How their values were written.
    #[serde(default)]
    pub render: RenderOptions,
    /// What was said about its windows and its values.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// A batch as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Our id.
    pub id: BatchId,
    /// Whose it is.
    pub owner_id: String,
    /// Its workflow, unless the query was given inline.
    pub workflow: Option<WorkflowId>,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
    /// The hash of what was asked for, compared when the key is used again.
    pub request_hash: String,
    /// The AMC ids it runs on.
    pub instance_ids: Vec<String>,
    /// The instances that were left out.
    pub skipped: Vec<Skipped>,
    /// How it was asked for.
    pub options: BatchOptions,
    /// Where it stands.
    pub status: BatchStatus,
    /// How many executions stand where.
    pub counts: Counts,
    /// The sequence of its newest event.
    pub event_sequence: i64,
    /// When somebody asked to cancel it.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the first execution left `pending`.
    pub started_at: Option<DateTime<Utc>>,
    /// When the last execution became terminal.
    pub completed_at: Option<DateTime<Utc>>,
}

impl Batch {
    /// Whether this batch is what a call with the same idempotency key asks for again.
    ///
    /// # Errors
    /// `Conflict` (`key_conflict`) when the content differs.
    pub fn answers(&self, request_hash: &str) -> Result<(), Error> {
        if self.request_hash == request_hash {
            return Ok(());
        }
        let key = self.idempotency_key.as_deref().unwrap_or_default();
        let message = format!("the key '{key}' already names {} with other content", self.id);
        Err(Error::new(ErrorKind::Conflict, "key_conflict", message)
            .hint("use another key, or ask for exactly the same batch"))
    }
}

/// A batch to write with all its executions, in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBatch {
    /// Our id.
    pub id: BatchId,
    /// Whose it is.
    pub owner_id: String,
    /// Who asked for it.
    pub created_by: Option<String>,
    /// Its workflow.
    pub workflow: Option<WorkflowId>,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
    /// The hash of what was asked for.
    pub request_hash: String,
    /// The instances that were left out.
    pub skipped: Vec<Skipped>,
    /// Parameters for all instances.
    pub base_parameters: Map<String, Value>,
    /// Parameters by instance id, over the shared ones.
    pub instance_parameters: Map<String, Value>,
    /// How it was asked for.
    pub options: BatchOptions,
    /// Its executions, one an instance.
    pub executions: Vec<NewExecution>,
    /// The texts its executions name by hash.
    pub sql: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::ExecutionStatus::{Cancelled, Collecting, Completed, Failed, Pending, Running, Submitting};
    use super::*;

    #[test]
    fn roll_up_follows_the_executions() {
        let cases = [
            (vec![Pending, Submitting], false, BatchStatus::Pending),
            (vec![Pending, Running], false, BatchStatus::Running),
            (vec![Completed, Collecting], false, BatchStatus::Running),
            (vec![Completed, Pending], false, BatchStatus::Running),
            (vec![Completed, Completed], false, BatchStatus::Completed),
            (vec![Completed, Failed], false, BatchStatus::Partial),
            (vec![Failed, Failed], false, BatchStatus::Failed),
            (vec![Completed, Cancelled], true, BatchStatus::Cancelled),
            (vec![Completed, Completed], true, BatchStatus::Completed),
            (vec![Failed, Cancelled], false, BatchStatus::Failed),
        ];
        for (statuses, cancel_requested, expected) in cases {
            assert_eq!(Counts::of(statuses.clone()).roll_up(cancel_requested), expected, "{statuses:?}");
        }
    }
}
