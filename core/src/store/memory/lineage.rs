//! Lineage in memory.

use async_trait::async_trait;

use super::MemoryStore;
use super::state::State;
use crate::error::{Error, Result};
use crate::model::{Counts, IdRef, Scope, SegmentStatus};
use crate::store::{Broken, Lineage, LineageStore};

#[async_trait]
impl LineageStore for MemoryStore {
    async fn lineage(&self, scope: &Scope, id: &IdRef) -> Result<Option<Lineage>> {
        let state = self.state.lock();
        let mut visible = state.executions.values().filter(|it| scope.admits(&it.owner_id));
        let found = match id {
            IdRef::Uuid(uuid) => visible.find(|execution| execution.id.0 == *uuid),
            IdRef::Public(name) => visible.find(|execution| execution.id.public() == *name),
        };
        let Some(execution) = found else { return Ok(None) };
        let batch = state.batches.get(&execution.batch).cloned();
        let batch = batch.ok_or_else(|| Error::unexpected(format!("{} has no batch", execution.id)))?;
        let segment = state.segments.values().find(|segment| segment.execution == Some(execution.id));
        Ok(Some(Lineage {
            execution: execution.clone(),
            report: state.standing.origin(batch.id).map(|origin| (origin.report, origin.triggered_by)),
            tick: state.standing.tick_of(batch.id),
            segment: segment.map(|segment| (segment.collection, segment.id)),
            batch,
        }))
    }

    async fn verify(&self, scope: &Scope) -> Result<Vec<Broken>> {
        let state = self.state.lock();
        let mut broken: Vec<Broken> = state.false_counts(scope).chain(state.false_segments(scope)).collect();
        broken.sort();
        broken.dedup();
        Ok(broken)
    }
}

/// Foreign keys and one lock leave little that can be false here: what the databases' triggers and workers count.
impl State {
    fn false_counts(&self, scope: &Scope) -> impl Iterator<Item = Broken> {
        let own = self.batches.values().filter(move |batch| scope.admits(&batch.owner_id));
        let wrong = own.filter(|batch| {
            let executions = self.executions.values().filter(|execution| execution.batch == batch.id);
            Counts::of(executions.map(|execution| execution.status)) != batch.counts
        });
        wrong.map(|batch| Broken {
            code: "batch_counts_wrong".to_owned(),
            id: batch.id.public(),
            message: "its counts are not those of its executions".to_owned(),
        })
    }

    fn false_segments(&self, scope: &Scope) -> impl Iterator<Item = Broken> {
        let rows = self.segments.values().filter(|segment| segment.status == SegmentStatus::Completed);
        let wrong = rows.filter(|segment| {
            let execution = segment.execution.and_then(|id| self.executions.get(&id));
            execution.is_some_and(|it| it.row_count != segment.record_count && scope.admits(&it.owner_id))
        });
        wrong.map(|segment| Broken {
            code: "segment_count_wrong".to_owned(),
            id: segment.collection.public(),
            message: "a segment counts other rows than its execution".to_owned(),
        })
    }
}
