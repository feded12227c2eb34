//! Where a number comes from, and whether what is kept can be true.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::model::{
    Batch, CollectionId, Execution, IdRef, ReportId, ScheduleId, Scope, SegmentId, TriggeredBy,
};

/// An execution, and the way back to what asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lineage {
    /// The execution.
    pub execution: Execution,
    /// Its batch.
    pub batch: Batch,
    /// The report of which the batch is a run, and what triggered it.
    pub report: Option<(ReportId, TriggeredBy)>,
    /// The schedule and the nominal time it fired for.
    pub tick: Option<(ScheduleId, DateTime<Utc>)>,
    /// The backfill and its segment.
    pub segment: Option<(CollectionId, SegmentId)>,
}

/// Something that is kept and cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// A stable code of what is broken.
    pub code: String,
    /// The public id of the thing.
    pub id: String,
    /// What is wrong with it, in words.
    pub message: String,
}

/// Lineage.
#[async_trait]
pub trait LineageStore {
    /// Reads an execution by either id, with the way back to what asked for it.
    async fn lineage(&self, scope: &Scope, execution: &IdRef) -> Result<Option<Lineage>>;

    /// Lists what is kept and cannot be true, by code and by id. It reads everything of the scope.
    async fn verify(&self, scope: &Scope) -> Result<Vec<Broken>>;
}
