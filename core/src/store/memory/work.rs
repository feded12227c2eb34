//! How workers take work in memory.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::{State, WatchRow};
use crate::error::Result;
use crate::model::{Change, Execution, ExecutionStatus, Failure, InstanceUuid, Limits, Worker, WorkerId};
use crate::store::{Claim, ClaimTerms, Step, StepOutcome, Watch, WatchRelease, WorkStore};

#[async_trait]
impl WorkStore for MemoryStore {
    async fn beat(&self, worker: &Worker, _now: DateTime<Utc>) -> Result<()> {
        self.state.lock().workers.insert(worker.id, worker.clone());
        Ok(())
    }

    async fn retire(&self, worker: WorkerId) -> Result<()> {
        self.state.lock().workers.remove(&worker);
        Ok(())
    }

    async fn somebody_works(&self, credential_key: &str, now: DateTime<Utc>) -> Result<bool> {
        let state = self.state.lock();
        let mut alive = state.workers.values().filter(|worker| worker.lease_expires_at > now);
        Ok(alive.any(|worker| worker.credential_keys.iter().any(|key| key == credential_key)))
    }

    async fn claim_submits(
        &self,
        terms: &ClaimTerms,
        limits: Limits,
        reconcile_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>> {
        let mut state = self.state.lock();
        let mut pending = state.due(terms, ExecutionStatus::Pending, now);
        pending.retain(|it| it.reuse_of.is_none());
        pending.sort_by_key(|it| (state.priorities.get(&it.id).copied(), it.created_at, it.id));
        let change = Change::Submitting { worker: terms.worker.id, reconcile_at };
        let mut claims = Vec::new();
        for execution in pending {
            let (of_instance, of_account) = state.slots_taken(execution.instance);
            let free = of_instance < limits.per_instance && of_account < limits.per_account;
            if free && claims.len() < terms.size() {
                claims.extend(state.take(&execution, &change, now)?);
            }
        }
        Ok(claims)
    }

    async fn expire(&self, credential_keys: &[String], now: DateTime<Utc>) -> Result<usize> {
        let mut state = self.state.lock();
        let pending = state
            .executions
            .values()
            .filter(|it| it.status == ExecutionStatus::Pending && it.is_overdue(now));
        let overdue: Vec<Execution> =
            pending.filter(|it| credential_keys.contains(&it.credential_key)).cloned().collect();
        for execution in &overdue {
            state.take(execution, &Change::Failed(Failure::overdue()), now)?;
        }
        Ok(overdue.len())
    }

    async fn claim_lookups(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        self.state.lock().claim_held(terms, ExecutionStatus::Submitting, now)
    }

    async fn claim_collects(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        let mut state = self.state.lock();
        let mut claims = state.claim_held(terms, ExecutionStatus::Collecting, now)?;
        let waiting = state.due(terms, ExecutionStatus::Pending, now).into_iter();
        let served: Vec<Execution> = waiting.filter(|it| state.source_has_ended(it)).collect();
        for execution in served {
            if claims.len() < terms.size() {
                claims.extend(state.take(&execution, &Change::Reusing { worker: terms.worker.id }, now)?);
            }
        }
        Ok(claims)
    }

    async fn claim_watches(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>> {
        let mut state = self.state.lock();
        let due = state.due_watches(terms, now);
        Ok(due.into_iter().filter_map(|instance| state.claim_watch(instance, terms.worker.id)).collect())
    }

    async fn release_watches(&self, releases: &[WatchRelease]) -> Result<Vec<StepOutcome>> {
        let mut state = self.state.lock();
        Ok(releases.iter().map(|release| state.release(release)).collect())
    }

    async fn apply(&self, steps: &[Step], now: DateTime<Utc>) -> Result<Vec<StepOutcome>> {
        let mut state = self.state.lock();
        let outcome = |after: Option<Execution>| match after {
            Some(_) => StepOutcome::Applied,
            None => StepOutcome::Stale,
        };
        steps.iter().map(|step| state.apply(step, now).map(outcome)).collect()
    }

    async fn next_due(
        &self,
        credential_keys: &[String],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        let state = self.state.lock();
        let waiting = state.executions.values().filter(|it| {
            !it.status.is_terminal()
                && it.status != ExecutionStatus::Running
                && credential_keys.contains(&it.credential_key)
        });
        let watched = state.watches.iter().filter(|(instance, row)| state.is_watched(**instance, row));
        let instants = waiting
            .flat_map(|it| [it.not_before, it.deadline_at.filter(|_| it.status == ExecutionStatus::Pending)])
            .flatten()
            .chain(watched.map(|(_, row)| row.next_poll_at));
        Ok(instants.filter(|at| *at > now).min())
    }
}

impl State {
    fn due(&self, terms: &ClaimTerms, status: ExecutionStatus, now: DateTime<Utc>) -> Vec<Execution> {
        let held = |execution: &Execution| terms.worker.credential_keys.contains(&execution.credential_key);
        let due = |execution: &Execution| execution.not_before.is_none_or(|at| at <= now);
        let found = self.executions.values().filter(|it| it.status == status && held(it) && due(it));
        found.cloned().collect()
    }

    fn claim_held(
        &mut self,
        terms: &ClaimTerms,
        status: ExecutionStatus,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>> {
        let change = Change::Claimed { worker: terms.worker.id };
        let mut claims = Vec::new();
        for execution in self.due(terms, status, now) {
            let alive = self.is_alive(execution.worker, now);
            if claims.len() < terms.size() && terms.may_take(execution.id.0, execution.worker, alive) {
                claims.extend(self.take(&execution, &change, now)?);
            }
        }
        Ok(claims)
    }

    /// Whether the run whose result an execution takes has ended, or is gone.
    fn source_has_ended(&self, execution: &Execution) -> bool {
        let Some(source) = execution.reuse_of else { return false };
        self.executions.get(&source).is_none_or(|source| source.status.is_terminal())
    }

    fn running(&self, instance: InstanceUuid) -> Vec<Execution> {
        let own = |it: &&Execution| it.instance == instance && it.status == ExecutionStatus::Running;
        let mut runs: Vec<Execution> = self.executions.values().filter(own).cloned().collect();
        runs.sort_by_key(|it| (it.submitted_at, it.id));
        runs
    }

    fn due_watches(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Vec<InstanceUuid> {
        let reached = |instance: InstanceUuid| {
            let key = self.instances.get(&instance).map(|instance| &instance.account.credential_key);
            key.is_some_and(|key| terms.worker.credential_keys.contains(key))
        };
        let mut due: Vec<_> = self
            .watches
            .iter()
            .filter(|(id, row)| row.next_poll_at <= now && self.is_watched(**id, row))
            .filter(|(id, row)| terms.may_take(id.0, row.worker, self.is_alive(row.worker, now)))
            .map(|(instance, row)| (row.next_poll_at, *instance))
            .filter(|(_, instance)| reached(*instance))
            .collect();
        due.sort_unstable();
        due.into_iter().take(terms.size()).map(|(_, instance)| instance).collect()
    }

    fn claim_watch(&mut self, instance: InstanceUuid, worker: WorkerId) -> Option<Watch> {
        let target = self.instances.get(&instance)?.target();
        let row = self.watches.get_mut(&instance)?;
        row.worker = Some(worker);
        row.token += 1;
        let (token, foreign) = (row.token, row.foreign);
        let runs = self.running(instance);
        let typical = runs.iter().filter_map(|run| {
            let seconds = self.durations.get(&(instance, run.workflow))?;
            Some((run.id, Duration::try_from_secs_f64(*seconds).ok()?))
        });
        let typical = typical.collect();
        let is_out = |it: &&Execution| {
            it.instance == instance
                && matches!(it.status, ExecutionStatus::Submitting | ExecutionStatus::Running)
        };
        let ours =
            self.executions.values().filter(is_out).filter_map(|it| it.amc_workflow_id.clone()).collect();
        Some(Watch { instance, target, token, runs, typical, ours, foreign })
    }

    /// Whether somebody has to look: ours run there, or wait for others' runs to end.
    fn is_watched(&self, instance: InstanceUuid, row: &WatchRow) -> bool {
        let waits = |it: &Execution| it.instance == instance && it.status == ExecutionStatus::Pending;
        !self.running(instance).is_empty() || (row.foreign.count > 0 && self.executions.values().any(waits))
    }

    fn release(&mut self, release: &WatchRelease) -> StepOutcome {
        let held = self.watches.get_mut(&release.instance).filter(|row| row.token == release.token);
        let Some(row) = held else { return StepOutcome::Stale };
        (row.worker, row.next_poll_at, row.foreign) = (None, release.next_poll_at, release.foreign);
        row.token += 1;
        StepOutcome::Applied
    }
}
