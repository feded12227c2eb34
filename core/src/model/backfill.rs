//! Backfills: a range of days of a report, cut into segments, each run once for each instance.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::words::words;
use super::{
    BatchId, CollectionId, Execution, ExecutionId, ExecutionStatus, InstanceUuid, ReportId, SegmentId,
};
use crate::error::{Error, Result};

words! {
    /// Which segments go first.
    SegmentOrder, "unknown_order", "order of segments" {
        /// The oldest: what AMC forgets next is fetched first.
        #[default]
        OldestFirst = "oldest_first",
        /// The newest.
        NewestFirst = "newest_first",
    }
}

words! {
    /// Whether a backfill goes on.
    CollectionStatus, "unknown_backfill_status", "status of a backfill" {
        /// It goes on, or has ended.
        #[default]
        Active = "active",
        /// It starts nothing more until it is resumed.
        Paused = "paused",
        /// It starts nothing more.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where a segment of an instance stands.
    SegmentStatus, "unknown_segment_status", "status of a segment" {
        /// It waits for its turn.
        #[default]
        Pending = "pending",
        /// Its execution has not ended.
        Running = "running",
        /// Its rows are here; provisional ones run once more when their data are complete.
        Completed = "completed",
        /// It failed as often as it may.
        Failed = "failed",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

/// How a backfill goes about its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackfillOptions {
    /// Which segments go first.
    pub order: SegmentOrder,
    /// How many segments have runs at once.
    pub parallelism: u32,
    /// How often a segment that failed is tried again by itself.
    pub retries: u32,
}

impl Default for BackfillOptions {
    fn default() -> Self {
        Self { order: SegmentOrder::default(), parallelism: 5, retries: 2 }
    }
}

/// A backfill.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Our id.
    pub id: CollectionId,
    /// Whose it is.
    pub owner_id: String,
    /// Who asked for it.
    pub created_by: Option<String>,
    /// What it runs.
    pub report: ReportId,
    /// What tells it from others: the same asked for again is the same backfill.
    pub request_hash: String,
    /// How long its segments are.
    pub segment_type: String,
    /// The first day.
    pub start_date: NaiveDate,
    /// The day after the last.
    pub end_date: NaiveDate,
    /// The zone whose days they are.
    pub timezone: String,
    /// How it goes about its work.
    pub options: BackfillOptions,
    /// Whether it goes on.
    pub status: CollectionStatus,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A segment of one instance, and where its data come from.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentRow {
    /// Our id.
    pub id: SegmentId,
    /// Its backfill.
    pub collection: CollectionId,
    /// Its instance, by our own id.
    pub instance: InstanceUuid,
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Its first day.
    pub first_day: NaiveDate,
    /// The day after its last.
    pub last_day: NaiveDate,
    /// The first instant.
    pub segment_start: DateTime<Utc>,
    /// The first instant after it.
    pub segment_end: DateTime<Utc>,
    /// When its data are complete at AMC.
    pub mature_at: DateTime<Utc>,
    /// Where it stands.
    pub status: SegmentStatus,
    /// Whether it ran before its data were complete.
    pub is_provisional: bool,
    /// How often it was run.
    pub attempt: i64,
    /// The batch of its last run.
    pub batch: Option<BatchId>,
    /// Its last execution.
    pub execution: Option<ExecutionId>,
    /// AMC's id of that run.
    pub amc_execution_id: Option<String>,
    /// The rows of its result.
    pub record_count: Option<i64>,
    /// Why it has no execution id, no AMC id or no result.
    pub reason: Option<String>,
    /// When its last run began.
    pub started_at: Option<DateTime<Utc>>,
    /// When its last run ended.
    pub completed_at: Option<DateTime<Utc>>,
}

impl SegmentRow {
    /// This segment after its execution ended; nothing while it has not. A failure is tried again up to `retries` times.
    #[must_use]
    pub fn settled(&self, execution: &Execution, retries: u32) -> Option<Self> {
        if !execution.status.is_terminal() {
            return None;
        }
        let lacks_id = execution.amc_execution_id.is_none().then(|| "AMC told no id of the run".to_owned());
        let failure =
            execution.failure.as_ref().map(|failure| format!("{}: {}", failure.code, failure.message));
        let (status, reason) = match execution.status {
            ExecutionStatus::Completed => (SegmentStatus::Completed, lacks_id),
            ExecutionStatus::Cancelled => {
                (SegmentStatus::Cancelled, Some("its run was cancelled".to_owned()))
            }
            _ if self.attempt <= i64::from(retries) => (SegmentStatus::Pending, failure.or(lacks_id)),
            _ => (SegmentStatus::Failed, failure.or(lacks_id)),
        };
        Some(Self {
            status,
            reason,
            is_provisional: status == SegmentStatus::Completed && execution.was_asked_before(self.mature_at),
            amc_execution_id: execution.amc_execution_id.clone(),
            record_count: execution.row_count,
            started_at: execution.started_at,
            completed_at: execution.completed_at,
            ..self.clone()
        })
    }

    /// This segment once more, where it ran before its data were complete and they are now.
    #[must_use]
    pub fn matured(&self, now: DateTime<Utc>) -> Option<Self> {
        let is_due = self.status == SegmentStatus::Completed && self.is_provisional && self.mature_at <= now;
        is_due.then(|| Self { status: SegmentStatus::Pending, attempt: 0, ..self.clone() })
    }
}
