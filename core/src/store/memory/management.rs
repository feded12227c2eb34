//! Looking through what ran, and letting go of it, in memory.

use std::cmp::Reverse;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::State;
use crate::error::Result;
use crate::model::{Batch, BatchId, Execution, ExecutionId, Page, PageRequest, Scope, SegmentStatus};
use crate::store::{ExecutionFilter, ExecutionSort, ManagementStore};

/// What a tick or a segment says whose batch is gone.
const DELETED: &str = "its run was deleted";

impl State {
    fn ended<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s Batch> {
        self.batches.values().filter(|it| scope.admits(&it.owner_id) && it.status.is_terminal())
    }

    fn forget(&mut self, batch: BatchId) -> Vec<ExecutionId> {
        let own = self.executions.values().filter(|execution| execution.batch == batch);
        let gone: Vec<ExecutionId> = own.map(|execution| execution.id).collect();
        self.batches.remove(&batch);
        self.events.remove(&batch);
        for execution in &gone {
            self.executions.remove(execution);
            self.attempts.remove(execution);
            self.priorities.remove(execution);
        }
        let segments = self.segments.values_mut().filter(|segment| segment.batch == Some(batch));
        for segment in segments.filter(|segment| segment.status != SegmentStatus::Running) {
            (segment.batch, segment.execution) = (None, None);
            segment.reason = Some(DELETED.to_owned());
        }
        self.standing.forget(batch, DELETED);
        gone
    }
}

#[async_trait]
impl ManagementStore for MemoryStore {
    async fn find_executions(
        &self,
        scope: &Scope,
        filter: &ExecutionFilter,
        page: PageRequest,
    ) -> Result<Page<Execution>> {
        let state = self.state.lock();
        let name = |it: &Execution| {
            state.batches.get(&it.batch).map(|batch| batch.name.as_str()).unwrap_or_default()
        };
        let own = state.executions.values().filter(|it| scope.admits(&it.owner_id));
        let mut found: Vec<Execution> = own.filter(|it| filter.admits(it, name(it))).cloned().collect();
        found.sort_by_key(|it| Reverse((it.created_at, it.id)));
        match filter.sort {
            ExecutionSort::Newest => {}
            ExecutionSort::Oldest => found.reverse(),
            ExecutionSort::Instance => found
                .sort_by(|a, b| (&a.instance_name, &a.instance_id).cmp(&(&b.instance_name, &b.instance_id))),
        }
        Ok(page.of(found))
    }

    async fn ended_before(&self, scope: &Scope, before: DateTime<Utc>, limit: u32) -> Result<Vec<BatchId>> {
        let state = self.state.lock();
        let mut ended: Vec<_> = state
            .ended(scope)
            .filter_map(|batch| Some((batch.completed_at.filter(|at| *at < before)?, batch.id)))
            .collect();
        ended.sort();
        Ok(ended.into_iter().map(|(_, id)| id).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    async fn delete_batches(
        &self,
        scope: &Scope,
        batches: &[BatchId],
        _now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        let mut state = self.state.lock();
        let ended: Vec<BatchId> =
            state.ended(scope).map(|batch| batch.id).filter(|id| batches.contains(id)).collect();
        Ok(ended.into_iter().flat_map(|batch| state.forget(batch)).collect())
    }
}
