//! What the memory store holds, and how one change runs through it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Map;

use crate::error::Result;
use crate::model::{
    Attempt, AttemptNote, Batch, BatchId, Change, Collection, CollectionId, Counts, DataSourceSet, Event,
    EventKind, Execution, ExecutionId, Fence, Instance, InstanceUuid, Profile, SegmentId, SegmentRow,
    SlotEffect, TemplateVersion, Transition, Worker, WorkerId, Workflow, WorkflowId,
};
use crate::store::{Claim, ForeignRuns, Step};

/// How much the newest run counts in how long runs take.
const FRESHNESS: f64 = 0.3;

/// The claim on an instance's listing.
#[derive(Debug)]
pub(super) struct WatchRow {
    pub(super) next_poll_at: DateTime<Utc>,
    pub(super) worker: Option<WorkerId>,
    pub(super) token: i64,
    pub(super) foreign: ForeignRuns,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) settings: BTreeMap<String, String>,
    pub(super) instances: BTreeMap<InstanceUuid, Instance>,
    pub(super) grants: BTreeSet<(InstanceUuid, String)>,
    pub(super) catalogues: BTreeMap<InstanceUuid, (DataSourceSet, DateTime<Utc>)>,
    pub(super) profiles: BTreeMap<(InstanceUuid, String), Profile>,
    pub(super) workflows: BTreeMap<WorkflowId, Workflow>,
    pub(super) archived: BTreeSet<WorkflowId>,
    /// Every version, in the order they were saved.
    pub(super) templates: Vec<TemplateVersion>,
    pub(super) batches: BTreeMap<BatchId, Batch>,
    pub(super) executions: BTreeMap<ExecutionId, Execution>,
    pub(super) priorities: HashMap<ExecutionId, i64>,
    pub(super) sql: HashMap<(String, String), String>,
    pub(super) slots: BTreeSet<ExecutionId>,
    pub(super) workers: HashMap<WorkerId, Worker>,
    pub(super) watches: HashMap<InstanceUuid, WatchRow>,
    pub(super) events: HashMap<BatchId, Vec<Event>>,
    pub(super) attempts: HashMap<ExecutionId, Vec<Attempt>>,
    /// By instance and workflow.
    pub(super) durations: HashMap<(InstanceUuid, Option<WorkflowId>), f64>,
    pub(super) standing: super::standing::Standing,
    pub(super) collections: BTreeMap<CollectionId, Collection>,
    pub(super) segments: BTreeMap<SegmentId, SegmentRow>,
}

impl State {
    /// Applies one step. `None` means that its lease was replaced and nothing was written.
    pub(super) fn apply(&mut self, step: &Step, now: DateTime<Utc>) -> Result<Option<Execution>> {
        let Some(before) = self.fenced(step.fence) else { return Ok(None) };
        let change = step.transition(before, now)?;
        self.write(&change, now);
        Ok(Some(change.after))
    }

    fn fenced(&self, fence: Fence) -> Option<&Execution> {
        if let Some((instance, token)) = fence.watch {
            self.watches.get(&instance).filter(|watch| watch.token == token)?;
        }
        self.executions
            .get(&fence.lease.execution)
            .filter(|execution| execution.lease_token == fence.lease.token)
    }

    fn write(&mut self, change: &Transition, now: DateTime<Utc>) {
        let after = change.after.clone();
        match change.slots {
            SlotEffect::Take => drop(self.slots.insert(after.id)),
            SlotEffect::Free => drop(self.slots.remove(&after.id)),
            SlotEffect::Keep => {}
        }
        if let Some(at) = change.watch_at {
            let fresh =
                WatchRow { next_poll_at: at, worker: None, token: 0, foreign: ForeignRuns::default() };
            let watch = self.watches.entry(after.instance).or_insert(fresh);
            watch.next_poll_at = watch.next_poll_at.min(at);
        }
        if let Some(ran) = change.ran {
            let mean = self.durations.entry((after.instance, after.workflow)).or_insert(ran.as_seconds_f64());
            *mean += (ran.as_seconds_f64() - *mean) * FRESHNESS;
        }
        if let Some(note) = &change.attempt {
            self.note(after.id, note);
        }
        self.executions.insert(after.id, after.clone());
        self.roll_up(after.batch, now);
        if let Some(kind) = change.event {
            let detail = change.detail.clone();
            let event = Event {
                sequence: 0,
                batch: after.batch,
                execution: Some(after.id),
                instance_id: Some(after.instance_id.clone()),
                kind,
                detail,
                at: now,
            };
            self.append(event);
        }
    }

    fn note(&mut self, execution: ExecutionId, note: &AttemptNote) {
        let attempts = self.attempts.entry(execution).or_default();
        match attempts.iter_mut().find(|attempt| attempt.number == note.first().number) {
            Some(attempt) => *attempt = note.clone().after(attempt.clone()),
            None => attempts.push(note.first().clone()),
        }
    }

    /// What the databases' triggers do.
    pub(super) fn roll_up(&mut self, id: BatchId, now: DateTime<Utc>) {
        let is_current = |it: &&Execution| it.batch == id && it.superseded_by.is_none();
        let of_batch = || self.executions.values().filter(is_current);
        let counts = Counts::of(of_batch().map(|execution| execution.status));
        let started_at = of_batch().filter_map(|execution| execution.started_at).min();
        if let Some(batch) = self.batches.get_mut(&id) {
            let was = batch.status;
            batch.counts = counts;
            batch.status = counts.roll_up(batch.cancel_requested_at.is_some());
            batch.started_at = batch.started_at.or(started_at);
            if was != batch.status {
                batch.completed_at = batch.status.is_terminal().then_some(now);
            }
        }
    }

    /// Appends an event under the batch's next sequence, and the batch's last event where this one ended it.
    pub(super) fn append(&mut self, event: Event) {
        let ends = matches!(event.kind, EventKind::Completed | EventKind::Failed | EventKind::Cancelled);
        let (id, at) = (event.batch, event.at);
        self.append_one(event);
        let status =
            self.batches.get(&id).map(|batch| batch.status).filter(|status| ends && status.is_terminal());
        if let Some(status) = status {
            let mut detail = Map::new();
            detail.insert("status".into(), status.as_str().into());
            self.append_one(batch_event(id, EventKind::BatchFinished, detail, at));
        }
    }

    fn append_one(&mut self, mut event: Event) {
        let Some(batch) = self.batches.get_mut(&event.batch) else { return };
        batch.event_sequence += 1;
        event.sequence = batch.event_sequence;
        self.events.entry(event.batch).or_default().push(event);
    }

    /// Whether a worker's lease still runs.
    pub(super) fn is_alive(&self, worker: Option<WorkerId>, now: DateTime<Utc>) -> bool {
        worker.and_then(|id| self.workers.get(&id)).is_some_and(|worker| worker.lease_expires_at > now)
    }

    /// How many slots an instance and its account have taken.
    pub(super) fn slots_taken(&self, instance: InstanceUuid) -> (u32, u32) {
        let account = |id: InstanceUuid| self.instances.get(&id).map(|instance| instance.account.id);
        let own = account(instance);
        let mut taken = (0, 0);
        for (watched, row) in &self.watches {
            taken.0 += if *watched == instance { row.foreign.count } else { 0 };
            taken.1 += if account(*watched) == own { row.foreign.count } else { 0 };
        }
        for holder in self.slots.iter().filter_map(|id| self.executions.get(id)) {
            taken.0 += u32::from(holder.instance == instance);
            taken.1 += u32::from(account(holder.instance) == own);
        }
        taken
    }

    /// An execution with all a worker needs.
    pub(super) fn claim(&self, execution: Execution) -> Option<Claim> {
        let target = self.instances.get(&execution.instance)?.target();
        let sql = self.sql.get(&(execution.owner_id.clone(), execution.sql_hash.clone()))?.clone();
        Some(Claim { execution, target, sql })
    }

    /// Applies a change as the holder of the current token.
    pub(super) fn take(
        &mut self,
        execution: &Execution,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Option<Claim>> {
        let lease = crate::model::Lease { execution: execution.id, token: execution.lease_token };
        let after = self.apply(&Step::new(lease, change.clone()), now)?;
        Ok(after.and_then(|after| self.claim(after)))
    }
}

/// An event about a batch itself. Its sequence is given when it is appended.
pub(super) fn batch_event(
    batch: BatchId,
    kind: EventKind,
    detail: Map<String, serde_json::Value>,
    at: DateTime<Utc>,
) -> Event {
    Event { sequence: 0, batch, execution: None, instance_id: None, kind, detail, at }
}
