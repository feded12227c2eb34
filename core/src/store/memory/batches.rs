//! Batches in memory.

use std::cmp::Reverse;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Map;

use super::MemoryStore;
use super::state::{State, batch_event};
use crate::clock::IdSource;
use crate::error::{Error, Result};
use crate::model::{
    Attempt, Batch, BatchId, Change, Counts, Event, EventKind, Execution, ExecutionId, ExecutionStatus,
    IdRef, Lease, NewBatch, NewExecution, Page, PageRequest, Scope,
};
use crate::store::{BatchFilter, BatchSort, BatchStore, CancelTarget, CreatedBatch, Step};

#[async_trait]
impl BatchStore for MemoryStore {
    async fn create_batch(&self, new: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch> {
        self.state.lock().create(new, now)
    }

    async fn batch(&self, scope: &Scope, id: &IdRef) -> Result<Option<Batch>> {
        let state = self.state.lock();
        let visible = || state.batches.values().filter(|batch| scope.admits(&batch.owner_id));
        let found = match id {
            IdRef::Uuid(uuid) => visible().find(|batch| batch.id.0 == *uuid),
            IdRef::Public(name) => visible()
                .find(|batch| batch.id.public() == *name)
                .or_else(|| visible().find(|batch| batch.idempotency_key.as_ref() == Some(name))),
        };
        Ok(found.cloned())
    }

    async fn batches(&self, scope: &Scope, filter: &BatchFilter, page: PageRequest) -> Result<Page<Batch>> {
        let state = self.state.lock();
        let visible =
            state.batches.values().filter(|batch| scope.admits(&batch.owner_id) && filter.admits(batch));
        let mut all: Vec<Batch> = visible.cloned().collect();
        all.sort_by_key(|batch| Reverse((batch.created_at, batch.id)));
        match filter.sort {
            BatchSort::Newest => {}
            BatchSort::Oldest => all.reverse(),
            BatchSort::Name => all.sort_by(|one, next| one.name.cmp(&next.name)),
        }
        Ok(page.of(all))
    }

    async fn executions(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        Ok(self.state.lock().executions_of(scope, batch))
    }

    async fn sent_sql(&self, scope: &Scope, sql_hash: &str) -> Result<Option<String>> {
        let state = self.state.lock();
        let mut own = state.sql.iter().filter(|((owner, hash), _)| scope.admits(owner) && hash == sql_hash);
        Ok(own.next().map(|(_, sql)| sql.clone()))
    }

    async fn events(&self, scope: &Scope, batch: BatchId, after: i64, limit: u32) -> Result<Vec<Event>> {
        let state = self.state.lock();
        let visible = state.batches.get(&batch).is_some_and(|batch| scope.admits(&batch.owner_id));
        let events = state.events.get(&batch).into_iter().flatten();
        let wanted = events.filter(|event| visible && event.sequence > after);
        Ok(wanted.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn execution(&self, scope: &Scope, id: &IdRef) -> Result<Option<Execution>> {
        let state = self.state.lock();
        let mut visible = state.executions.values().filter(|it| scope.admits(&it.owner_id));
        let found = visible.find(|it| match id {
            IdRef::Uuid(uuid) => it.id.0 == *uuid,
            IdRef::Public(name) => it.id.public() == *name,
        });
        Ok(found.cloned())
    }

    async fn attempts(&self, scope: &Scope, execution: ExecutionId) -> Result<Vec<Attempt>> {
        let state = self.state.lock();
        let visible = state.executions.get(&execution).is_some_and(|it| scope.admits(&it.owner_id));
        Ok(state.attempts.get(&execution).filter(|_| visible).cloned().unwrap_or_default())
    }

    async fn request_cancel(
        &self,
        scope: &Scope,
        target: CancelTarget,
        now: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        let mut state = self.state.lock();
        for id in state.open_batches(scope, target) {
            if let Some(batch) =
                state.batches.get_mut(&id).filter(|batch| batch.cancel_requested_at.is_none())
            {
                batch.cancel_requested_at = Some(now);
                state.append(batch_event(id, EventKind::CancelRequested, Map::new(), now));
            }
        }
        let mut concerned = Vec::new();
        for execution in state.to_cancel(scope, target) {
            let lease = Lease { execution: execution.id, token: execution.lease_token };
            concerned.extend(state.apply(&Step::new(lease, Change::CancelRequested), now)?);
        }
        Ok(concerned)
    }

    async fn retry(
        &self,
        scope: &Scope,
        batch: BatchId,
        only: &[ExecutionStatus],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        let mut state = self.state.lock();
        let ended = state.executions_of(scope, batch).into_iter().filter(|it| only.contains(&it.status));
        let ended: Vec<Execution> = ended.collect();
        Ok(ended.iter().map(|old| state.replace(old, ids.next(now).into(), now)).collect())
    }

    async fn superseded(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        let state = self.state.lock();
        Ok(state.listed(|it| it.batch == batch && scope.admits(&it.owner_id) && it.superseded_by.is_some()))
    }

    async fn unfinished(&self, scope: &Scope) -> Result<u64> {
        let state = self.state.lock();
        let open =
            state.executions.values().filter(|it| scope.admits(&it.owner_id) && !it.status.is_terminal());
        Ok(u64::try_from(open.count()).unwrap_or_default())
    }
}

impl State {
    /// The batches that a cancel closes as a whole.
    fn open_batches(&self, scope: &Scope, target: CancelTarget) -> Vec<BatchId> {
        let named = |batch: &Batch| match target {
            CancelTarget::Batch(id) => batch.id == id,
            CancelTarget::Execution(_) => false,
            CancelTarget::Everything => true,
        };
        let own = self.batches.values().filter(|batch| scope.admits(&batch.owner_id) && named(batch));
        own.filter(|batch| !batch.status.is_terminal()).map(|batch| batch.id).collect()
    }

    fn to_cancel(&self, scope: &Scope, target: CancelTarget) -> Vec<Execution> {
        let named = |it: &&Execution| match target {
            CancelTarget::Batch(id) => it.batch == id,
            CancelTarget::Execution(id) => it.id == id,
            CancelTarget::Everything => true,
        };
        let own = self.executions.values().filter(|it| scope.admits(&it.owner_id)).filter(named);
        own.filter(|it| it.can_be_cancelled()).cloned().collect()
    }

    /// Writes a batch with all it has, unless its key is taken.
    pub(super) fn create(&mut self, new: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch> {
        if let Some(existing) = self.same_key(new)? {
            return Ok(CreatedBatch { batch: existing, is_new: false });
        }
        let executions = new.executions.iter().map(|execution| self.execution(new, execution, now));
        let mut executions = executions.collect::<Result<Vec<Execution>>>()?;
        for (execution, written) in executions.iter_mut().zip(&new.executions) {
            execution.reuse_of = self.source(execution).filter(|_| written.may_reuse);
        }
        self.batches.insert(new.id, batch(new, now));
        for (hash, sql) in &new.sql {
            self.sql.insert((new.owner_id.clone(), hash.clone()), sql.clone());
        }
        for (execution, written) in executions.into_iter().zip(&new.executions) {
            self.priorities.insert(execution.id, written.priority.rank());
            self.executions.insert(execution.id, execution);
        }
        self.roll_up(new.id, now);
        self.append(batch_event(new.id, EventKind::BatchCreated, Map::new(), now));
        let batch = self.batches.get(&new.id).cloned();
        let batch = batch.ok_or_else(|| Error::unexpected("the batch just written is gone"))?;
        Ok(CreatedBatch { batch, is_new: true })
    }

    /// The newest execution whose result is as good as one that is about to be written, one that is there before others.
    fn source(&self, execution: &Execution) -> Option<ExecutionId> {
        let same = |it: &&Execution| it.owner_id == execution.owner_id && it.reuse_key == execution.reuse_key;
        let good = self.executions.values().filter(same).filter(|it| it.can_be_reused());
        good.max_by_key(|it| (it.status.is_terminal(), it.created_at, it.id)).map(|it| it.id)
    }

    fn same_key(&self, new: &NewBatch) -> Result<Option<Batch>> {
        let Some(key) = &new.idempotency_key else { return Ok(None) };
        let mut own = self.batches.values().filter(|batch| batch.owner_id == new.owner_id);
        let Some(existing) = own.find(|batch| batch.idempotency_key.as_ref() == Some(key)) else {
            return Ok(None);
        };
        existing.answers(&new.request_hash).map(|()| Some(existing.clone()))
    }

    fn executions_of(&self, scope: &Scope, batch: BatchId) -> Vec<Execution> {
        self.listed(|it| it.batch == batch && scope.admits(&it.owner_id) && it.superseded_by.is_none())
    }

    /// Executions by instance name, then by AMC id, then by age.
    fn listed(&self, wanted: impl Fn(&Execution) -> bool) -> Vec<Execution> {
        let mut found: Vec<Execution> = self.executions.values().filter(|it| wanted(it)).cloned().collect();
        let order = |it: &Execution| (it.instance_name.clone(), it.instance_id.clone(), it.created_at, it.id);
        found.sort_by_key(order);
        found
    }

    /// Puts a new execution in the place of one that ended.
    fn replace(&mut self, old: &Execution, new: ExecutionId, now: DateTime<Utc>) -> ExecutionId {
        let credential_key = self.instances.get(&old.instance).map(|it| it.account.credential_key.clone());
        let fresh = old.again(new, credential_key.unwrap_or_else(|| old.credential_key.clone()), now);
        let priority = self.priorities.get(&old.id).copied().unwrap_or_default();
        self.priorities.insert(new, priority);
        self.executions.insert(new, fresh);
        self.executions.entry(old.id).and_modify(|it| it.superseded_by = Some(new));
        self.batches.entry(old.batch).and_modify(|batch| batch.cancel_requested_at = None);
        self.roll_up(old.batch, now);
        let mut detail = Map::new();
        detail.insert("supersedes".into(), old.id.public().into());
        self.append(Event {
            execution: Some(new),
            instance_id: Some(old.instance_id.clone()),
            ..batch_event(old.batch, EventKind::Retried, detail, now)
        });
        new
    }

    fn execution(&self, batch: &NewBatch, new: &NewExecution, now: DateTime<Utc>) -> Result<Execution> {
        let instance = self.instances.get(&new.instance);
        let instance =
            instance.ok_or_else(|| Error::unexpected("an execution names an instance that is not stored"))?;
        Ok(Execution::pending(batch, new, instance, now))
    }
}

fn batch(new: &NewBatch, now: DateTime<Utc>) -> Batch {
    let counts = Counts::default();
    Batch {
        id: new.id,
        owner_id: new.owner_id.clone(),
        workflow: new.workflow,
        name: new.name.clone(),
        description: new.description.clone(),
        idempotency_key: new.idempotency_key.clone(),
        request_hash: new.request_hash.clone(),
        instance_ids: new.executions.iter().map(|execution| execution.instance_id.clone()).collect(),
        skipped: new.skipped.clone(),
        options: new.options.clone(),
        status: counts.roll_up(false),
        counts,
        event_sequence: 0,
        cancel_requested_at: None,
        created_at: now,
        started_at: None,
        completed_at: None,
    }
}
