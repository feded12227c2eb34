//! Where a fleet keeps its backfills.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::model::{
    Collection, CollectionId, CollectionStatus, ExecutionId, IdRef, NewBatch, Origin, Page, PageRequest,
    ReportId, Scope, SegmentId, SegmentRow, SegmentStatus,
};

/// What a segment becomes, as long as it stands where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentStep {
    /// Where it stood.
    pub from: SegmentStatus,
    /// Its execution then.
    pub execution: Option<ExecutionId>,
    /// What it becomes.
    pub to: SegmentRow,
}

/// Backfills and their segments.
///
/// # Contract
/// - Once: a segment is started by one worker at a time, in the transaction that writes its batch.
#[async_trait]
pub trait BackfillStore {
    /// Writes a backfill with all its segments; or returns the one that was asked for before with the same content and not
    /// cancelled since. Whether it is new.
    async fn create_backfill(
        &self,
        collection: &Collection,
        segments: &[SegmentRow],
        now: DateTime<Utc>,
    ) -> Result<(Collection, bool)>;

    /// Reads a backfill by either id.
    async fn backfill(&self, scope: &Scope, id: &IdRef) -> Result<Option<Collection>>;

    /// Lists backfills, newest first, of one report or of all.
    async fn backfills(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Collection>>;

    /// Lists the segments of a backfill, oldest first, by AMC's instance id within a segment.
    async fn segments(&self, scope: &Scope, collection: CollectionId) -> Result<Vec<SegmentRow>>;

    /// Lists active backfills with something to do: segments that wait, run, or are provisional and mature by now.
    async fn open_backfills(&self, now: DateTime<Utc>) -> Result<Vec<Collection>>;

    /// Pauses, resumes or cancels a backfill; what is cancelled stays so. A cancel ends its waiting segments. Whether
    /// there was one to change.
    async fn change_backfill(
        &self,
        scope: &Scope,
        id: CollectionId,
        status: CollectionStatus,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Writes a batch for pending segments and starts them; nothing where one of them is pending no more, or their
    /// backfill not active. Whether it was written.
    async fn start_segments(
        &self,
        batch: &NewBatch,
        origin: Origin,
        segments: &[(SegmentId, ExecutionId)],
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Changes segments that still stand where they stood. How many did.
    async fn settle_segments(&self, steps: &[SegmentStep], now: DateTime<Utc>) -> Result<usize>;
}
