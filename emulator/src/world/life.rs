//! The life of an execution: created, checked, queued, run, ended.

use chrono::{DateTime, Utc};

use super::execution::{Execution, Key, Order, Script, Status};
use super::flaw::flaw;
use super::instance::Instance;
use super::timeline::Event;
use super::{Job, World};
use crate::clock::later;
use crate::output::Output;
use crate::query::{OutputColumn, Refusal};
use crate::switches::TimeoutStatus;

impl World {
    /// Creates an execution as PENDING.
    pub(crate) fn create(&mut self, instance: &str, order: Order, script: Script, now: DateTime<Utc>) -> Key {
        let key = self.executions.len();
        let id = self.ids.uuid().to_string();
        let mut execution = Execution::pending(key, id.clone(), order, script, now);
        self.by_id.insert(id, key);
        let usual = self.engine.duration(instance, execution.order.workflow.sql());
        execution.script.duration = execution.script.duration.or(usual);
        if let Some(instance) = self.instances.get_mut(instance) {
            execution.instance.clone_from(&instance.id);
            execution.account = instance.account;
            let flaw = flaw(instance, &execution.order);
            execution.script.refusal = execution.script.refusal.or(flaw);
            instance.runs.push(key, &execution.order.workflow.id, now);
            if !execution.order.dry_run && execution.script.stuck != Some(Status::Pending) {
                instance.queue.insert(key);
            }
        }
        if self.options.switches.similar_runs > 0 && !execution.order.dry_run {
            let refusal = self.compare(&execution);
            execution.script.refusal = execution.script.refusal.or(refusal);
        }
        self.executions.push(execution);
        self.timeline.plan(later(now, self.options.validation()), Event::Validated(key));
        self.jobs.push(Job::Compile(key));
        key
    }

    /// Ends an execution on a caller's word; `false` if it is too late for that.
    pub(crate) fn cancel(&mut self, key: Key, now: DateTime<Utc>) -> bool {
        let open = self.executions[key].status.is_cancellable();
        if open {
            self.end(key, Status::Cancelled, None, now);
        }
        open
    }

    /// Takes in what the engine found before the run.
    pub(crate) fn record_compiled(
        &mut self,
        key: Key,
        found: Result<Vec<OutputColumn>, Refusal>,
        now: DateTime<Utc>,
    ) {
        self.executions[key].compiled = Some(found);
        if std::mem::take(&mut self.executions[key].overdue) {
            self.validated(key, now);
        }
    }

    /// Takes in what the engine computed.
    pub(crate) fn record_outcome(&mut self, key: Key, outcome: Result<Output, Refusal>, now: DateTime<Utc>) {
        self.executions[key].outcome = Some(outcome);
        if std::mem::take(&mut self.executions[key].overdue) {
            self.finished(key, now);
        }
    }

    /// Tells whether an event cannot be applied before the engine is done.
    pub(super) fn awaits_engine(&self, event: &Event) -> bool {
        match event {
            Event::Validated(key) => {
                let execution = &self.executions[*key];
                execution.status == Status::Pending && execution.compiled.is_none()
            }
            Event::Finished(key) => {
                let execution = &self.executions[*key];
                execution.status == Status::Running && execution.outcome.is_none()
            }
            _ => false,
        }
    }

    /// Rejects a run, or lets it wait for its turn.
    pub(super) fn validated(&mut self, key: Key, at: DateTime<Utc>) {
        let execution = &mut self.executions[key];
        if execution.status != Status::Pending {
            return;
        }
        let Some(found) = &execution.compiled else {
            execution.overdue = true;
            return;
        };
        let refusal = match (&execution.script.refusal, found) {
            (Some(refusal @ Refusal::Rejected(_)), _) | (_, Err(refusal)) => Some(refusal.clone()),
            _ => None,
        };
        match refusal {
            Some(refusal) => self.refuse(key, refusal, at),
            None => self.accept(key, at),
        }
    }

    fn accept(&mut self, key: Key, at: DateTime<Utc>) {
        let execution = &mut self.executions[key];
        execution.validated = Some(at);
        execution.updated = at;
        if execution.order.dry_run {
            self.end(key, Status::Succeeded, None, at);
        } else {
            self.dispatch(self.executions[key].account, at);
        }
    }

    /// Starts what may start in an account, the oldest first.
    fn dispatch(&mut self, account: usize, at: DateTime<Utc>) {
        while self.accounts[account].running < self.options.account_limit {
            let Some(key) = self.next_ready(account) else { return };
            self.start(key, at);
        }
    }

    /// Gives the oldest checked run at the head of the queue of an instance with a free slot.
    fn next_ready(&self, account: usize) -> Option<Key> {
        let free = |instance: &&Instance| {
            instance.account == account && instance.running < self.options.instance_limit
        };
        let heads = self.instances.values().filter(free).filter_map(|instance| instance.queue.first());
        heads.copied().filter(|key| self.executions[*key].validated.is_some()).min()
    }

    fn start(&mut self, key: Key, at: DateTime<Utc>) {
        let usual = self.options.latency();
        let execution = &mut self.executions[key];
        execution.status = Status::Running;
        execution.started = Some(at);
        execution.updated = at;
        let duration = execution.script.duration.unwrap_or(usual);
        let timeout = execution.order.timeout;
        let stuck = execution.script.stuck == Some(Status::Running);
        if stuck || duration > timeout {
            self.timeline.plan(later(at, timeout), Event::TimedOut(key));
        } else {
            self.timeline.plan(later(at, duration), Event::Finished(key));
        }
        self.hold_slot(key);
        self.jobs.push(Job::Execute(key));
    }

    fn hold_slot(&mut self, key: Key) {
        let account = self.executions[key].account;
        self.accounts[account].running += 1;
        if let Some(instance) = self.instances.get_mut(&self.executions[key].instance) {
            instance.queue.remove(&key);
            instance.running += 1;
        }
    }

    /// Ends a run as its query did, or waits for the engine.
    pub(super) fn finished(&mut self, key: Key, at: DateTime<Utc>) {
        let execution = &mut self.executions[key];
        if execution.status != Status::Running {
            return;
        }
        match (&execution.script.refusal, &execution.outcome) {
            (_, None) => execution.overdue = true,
            (Some(refusal), _) | (None, Some(Err(refusal))) => {
                let refusal = refusal.clone();
                self.refuse(key, refusal, at);
            }
            (None, Some(Ok(_))) => self.publish(key, at),
        }
    }

    fn publish(&mut self, key: Key, at: DateTime<Utc>) {
        self.executions[key].status = Status::Publishing;
        let published = later(at, self.options.publishing());
        if published == at {
            return self.published(key, at);
        }
        self.executions[key].updated = at;
        self.timeline.plan(published, Event::Published(key));
    }

    pub(super) fn published(&mut self, key: Key, at: DateTime<Utc>) {
        self.end(key, Status::Succeeded, None, at);
    }

    pub(super) fn timed_out(&mut self, key: Key, at: DateTime<Utc>) {
        if self.executions[key].status == Status::Running {
            let status = match self.options.switches.timeout_status {
                TimeoutStatus::Failed => Status::Failed,
                TimeoutStatus::Cancelled => Status::Cancelled,
                TimeoutStatus::Rejected => Status::Rejected,
            };
            self.end(key, status, Some(self.options.switches.timeout_reason.clone()), at);
        }
    }

    fn refuse(&mut self, key: Key, refusal: Refusal, at: DateTime<Utc>) {
        match refusal {
            Refusal::Rejected(reason) => self.end(key, Status::Rejected, Some(reason), at),
            Refusal::Failed(reason) => self.end(key, Status::Failed, Some(reason), at),
        }
    }

    fn end(&mut self, key: Key, status: Status, reason: Option<String>, at: DateTime<Utc>) {
        let account = self.executions[key].account;
        let execution = &mut self.executions[key];
        let ran = execution.status.holds_slot();
        execution.status = status;
        execution.reason = reason;
        execution.ended = Some(at);
        execution.updated = at;
        if let Some(instance) = self.instances.get_mut(&execution.instance) {
            instance.queue.remove(&key);
            instance.running -= usize::from(ran);
        }
        self.accounts[account].running -= usize::from(ran);
        self.dispatch(account, at);
    }
}
