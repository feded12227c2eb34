//! Backfills in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::State;
use crate::error::Result;
use crate::model::{
    Collection, CollectionId, CollectionStatus, ExecutionId, IdRef, NewBatch, Origin, Page, PageRequest,
    ReportId, Scope, SegmentId, SegmentRow, SegmentStatus,
};
use crate::store::{BackfillStore, SegmentStep};

impl State {
    fn collections<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s Collection> {
        self.collections.values().filter(|collection| scope.admits(&collection.owner_id))
    }

    fn segments_of(&self, collection: CollectionId) -> Vec<SegmentRow> {
        let own = self.segments.values().filter(|segment| segment.collection == collection);
        let mut found: Vec<SegmentRow> = own.cloned().collect();
        found.sort_by(|a, b| {
            (a.segment_start, &a.instance_id, a.id).cmp(&(b.segment_start, &b.instance_id, b.id))
        });
        found
    }

    fn may_start(&self, segment: SegmentId) -> bool {
        self.segments.get(&segment).is_some_and(|segment| {
            let collection = self.collections.get(&segment.collection);
            segment.status == SegmentStatus::Pending
                && collection.is_some_and(|it| it.status == CollectionStatus::Active)
        })
    }
}

#[async_trait]
impl BackfillStore for MemoryStore {
    async fn create_backfill(
        &self,
        collection: &Collection,
        segments: &[SegmentRow],
        _now: DateTime<Utc>,
    ) -> Result<(Collection, bool)> {
        let mut state = self.state.lock();
        let same = state.collections.values().find(|known| {
            known.owner_id == collection.owner_id
                && known.request_hash == collection.request_hash
                && known.status != CollectionStatus::Cancelled
        });
        if let Some(known) = same {
            return Ok((known.clone(), false));
        }
        state.collections.insert(collection.id, collection.clone());
        state.segments.extend(segments.iter().map(|segment| (segment.id, segment.clone())));
        Ok((collection.clone(), true))
    }

    async fn backfill(&self, scope: &Scope, id: &IdRef) -> Result<Option<Collection>> {
        let state = self.state.lock();
        let mut visible = state.collections(scope);
        let found = match id {
            IdRef::Uuid(uuid) => visible.find(|collection| collection.id.0 == *uuid),
            IdRef::Public(name) => visible.find(|collection| collection.id.public() == *name),
        };
        Ok(found.cloned())
    }

    async fn backfills(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Collection>> {
        let state = self.state.lock();
        let wanted = state.collections(scope).filter(|it| report.is_none_or(|report| it.report == report));
        let mut all: Vec<Collection> = wanted.cloned().collect();
        all.sort_by_key(|collection| std::cmp::Reverse((collection.created_at, collection.id)));
        Ok(page.of(all))
    }

    async fn segments(&self, scope: &Scope, collection: CollectionId) -> Result<Vec<SegmentRow>> {
        let state = self.state.lock();
        let is_visible = state.collections.get(&collection).is_some_and(|it| scope.admits(&it.owner_id));
        Ok(if is_visible { state.segments_of(collection) } else { Vec::new() })
    }

    async fn open_backfills(&self, now: DateTime<Utc>) -> Result<Vec<Collection>> {
        let state = self.state.lock();
        let is_open = |segment: &SegmentRow| {
            matches!(segment.status, SegmentStatus::Pending | SegmentStatus::Running)
                || segment.matured(now).is_some()
        };
        let active = state.collections.values().filter(|it| it.status == CollectionStatus::Active);
        let mut open: Vec<Collection> =
            active.filter(|it| state.segments_of(it.id).iter().any(is_open)).cloned().collect();
        open.sort_by_key(|collection| (collection.created_at, collection.id));
        Ok(open)
    }

    async fn change_backfill(
        &self,
        scope: &Scope,
        id: CollectionId,
        status: CollectionStatus,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut state = self.state.lock();
        let open =
            |it: &&mut Collection| scope.admits(&it.owner_id) && it.status != CollectionStatus::Cancelled;
        let Some(collection) = state.collections.get_mut(&id).filter(open) else { return Ok(false) };
        (collection.status, collection.updated_at) = (status, now);
        if status == CollectionStatus::Cancelled {
            let own = state.segments.values_mut().filter(|segment| segment.collection == id);
            for segment in own.filter(|segment| segment.status == SegmentStatus::Pending) {
                segment.status = SegmentStatus::Cancelled;
                segment.reason = Some("the backfill was cancelled".to_owned());
            }
        }
        Ok(true)
    }

    async fn start_segments(
        &self,
        batch: &NewBatch,
        origin: Origin,
        segments: &[(SegmentId, ExecutionId)],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut state = self.state.lock();
        if !segments.iter().all(|(segment, _)| state.may_start(*segment)) {
            return Ok(false);
        }
        state.create_run(batch, origin, now)?;
        for (id, execution) in segments {
            if let Some(segment) = state.segments.get_mut(id) {
                segment.status = SegmentStatus::Running;
                segment.attempt += 1;
                (segment.batch, segment.execution) = (Some(batch.id), Some(*execution));
            }
        }
        Ok(true)
    }

    async fn settle_segments(&self, steps: &[SegmentStep], _now: DateTime<Utc>) -> Result<usize> {
        let mut state = self.state.lock();
        let mut settled = 0;
        for SegmentStep { from, execution, to } in steps {
            let stands = |it: &&mut SegmentRow| it.status == *from && it.execution == *execution;
            if let Some(segment) = state.segments.get_mut(&to.id).filter(stands) {
                *segment = SegmentRow { batch: segment.batch, execution: segment.execution, ..to.clone() };
                settled += 1;
            }
        }
        Ok(settled)
    }
}
