//! Everything the emulated service knows, changed only under one lock and only at an instant of the emulator's clock.
//!
//! [`World::step`] and [`World::settle`] apply what is due; every other change is a caller's request.

pub(crate) mod advertiser;
pub(crate) mod execution;
mod flaw;
mod fleet;
pub(crate) mod instance;
mod life;
pub(crate) mod references;
mod runs;
pub(crate) mod schedule;
pub(crate) mod scheduling;
mod similar;
pub(crate) mod timeline;
pub(crate) mod workflow;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::execution::{Execution, Key};
use self::instance::{Account, Instance};
use self::timeline::{Event, Timeline};
use crate::clock::later;
use crate::ids::Ids;
use crate::options::Options;
use crate::scripted::ScriptedEngine;

/// What the engine is to do for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Check its query.
    Compile(Key),
    /// Compute its result.
    Execute(Key),
}

/// How far [`World::step`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing is due.
    Done,
    /// The event due at this instant was applied.
    Took(DateTime<Utc>),
    /// The next event needs what the engine has not computed yet.
    Waits,
}

/// The state of the service.
#[derive(Debug)]
pub(crate) struct World {
    options: Options,
    engine: Arc<ScriptedEngine>,
    ids: Ids,
    pub(crate) accounts: Vec<Account>,
    pub(crate) instances: BTreeMap<String, Instance>,
    pub(crate) executions: Vec<Execution>,
    by_id: HashMap<String, Key>,
    /// Instances by the account and the idempotency token they were created with, and when.
    created_with: HashMap<(usize, String), (String, DateTime<Utc>)>,
    timeline: Timeline,
    jobs: Vec<Job>,
}

impl World {
    pub(crate) fn new(options: &Options, engine: Arc<ScriptedEngine>, now: DateTime<Utc>) -> Self {
        let accounts = fleet::accounts(options);
        let instances = fleet::instances(options, &accounts, now);
        Self {
            options: options.clone(),
            engine,
            ids: Ids::new(options.seed),
            instances: instances.into_iter().map(|instance| (instance.id.clone(), instance)).collect(),
            accounts,
            executions: Vec::new(),
            by_id: HashMap::new(),
            created_with: HashMap::new(),
            timeline: Timeline::default(),
            jobs: Vec::new(),
        }
    }

    /// Finds the account that a pair of headers names.
    pub(crate) fn account(&self, id: &str, marketplace_id: &str) -> Option<usize> {
        self.accounts.iter().position(|account| account.id == id && account.marketplace_id == marketplace_id)
    }

    /// Finds an execution of an instance.
    pub(crate) fn execution(&self, instance: &str, id: &str) -> Option<&Execution> {
        let execution = &self.executions[*self.by_id.get(id)?];
        (execution.instance == instance).then_some(execution)
    }

    /// Gives when the next event is due.
    pub(crate) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.timeline.next().map(|(at, _)| at)
    }

    /// Takes what the engine is to do since the last call.
    pub(crate) fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Applies everything due by `now`; a run that waits for the engine goes on late, when the engine is done.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        while let Some((at, event)) = self.timeline.take_due(now) {
            self.apply(event, at);
        }
    }

    /// Applies what is due by `now` up to the first event that waits for the engine.
    pub(crate) fn settle_in_order(&mut self, now: DateTime<Utc>) {
        while let Step::Took(_) = self.step(now) {}
    }

    /// Applies the next event due by `until`, unless the engine must be waited for first.
    pub(crate) fn step(&mut self, until: DateTime<Utc>) -> Step {
        match self.timeline.next().filter(|(at, _)| *at <= until) {
            None => Step::Done,
            Some((_, event)) if self.awaits_engine(event) => Step::Waits,
            Some(_) => self.take(until),
        }
    }

    fn take(&mut self, until: DateTime<Utc>) -> Step {
        let Some((at, event)) = self.timeline.take_due(until) else { return Step::Done };
        self.apply(event, at);
        Step::Took(at)
    }

    fn apply(&mut self, event: Event, at: DateTime<Utc>) {
        match event {
            Event::Validated(key) => self.validated(key, at),
            Event::Finished(key) => self.finished(key, at),
            Event::Published(key) => self.published(key, at),
            Event::TimedOut(key) => self.timed_out(key, at),
            Event::InstanceReady(id) => self.instance_ready(&id),
            Event::AdvertisersUpdated { instance, update } => self.proceed_update(instance, update, at),
            Event::ScheduleDue { instance, schedule } => self.schedule_due(&instance, &schedule, at),
        }
    }

    /// Creates an instance; one with a known idempotency token is answered again.
    pub(crate) fn create_instance(
        &mut self,
        account: usize,
        draft: InstanceDraft,
        now: DateTime<Utc>,
    ) -> &Instance {
        let token = draft.idempotency_token.map(|token| (account, token));
        let known = token.as_ref().and_then(|token| self.instance_created_with(token, now));
        let id = known.unwrap_or_else(|| self.ids.instance_id());
        if let Some(token) = token {
            self.created_with.entry(token).or_insert_with(|| (id.clone(), now));
        }
        if !self.instances.contains_key(&id) {
            let ready = later(now, self.options.latency());
            self.timeline.plan(ready, Event::InstanceReady(id.clone()));
        }
        self.instances.entry(id.clone()).or_insert_with(|| Instance {
            s3_bucket: draft.s3_bucket,
            aws_account: draft.aws_account,
            ..fleet::empty(id, draft.name, draft.advertiser_name, account, now)
        })
    }

    fn instance_created_with(&mut self, token: &(usize, String), now: DateTime<Utc>) -> Option<String> {
        let (id, created) = self.created_with.get(token)?;
        let valid = now - *created < IDEMPOTENCY && self.instances.contains_key(id);
        if valid {
            return Some(id.clone());
        }
        self.created_with.remove(token);
        None
    }

    /// Deletes an instance; its runs end, their records stay.
    pub(crate) fn delete_instance(&mut self, id: &str, now: DateTime<Utc>) {
        let runs = self.instances.get(id).map(|instance| instance.runs.all().to_vec());
        for key in runs.unwrap_or_default() {
            self.cancel(key, now);
        }
        self.instances.remove(id);
    }

    fn instance_ready(&mut self, id: &str) {
        if let Some(instance) = self.instances.get_mut(id) {
            instance.creation_status = "COMPLETED";
        }
    }

    /// Begins a change of an instance's advertisers.
    pub(crate) fn plan_update(&mut self, instance: &str, update: usize, now: DateTime<Utc>) {
        let event = Event::AdvertisersUpdated { instance: instance.to_owned(), update };
        self.timeline.plan(later(now, self.options.latency()), event);
    }

    fn proceed_update(&mut self, instance: String, update: usize, at: DateTime<Utc>) {
        let Some(Instance { updates, advertisers, .. }) = self.instances.get_mut(&instance) else { return };
        let Some(change) = updates.get_mut(update) else { return };
        change.proceed(advertisers);
        if change.is_open() {
            self.plan_update(&instance, update, at);
        }
    }
}

/// How long an idempotency token is known.
const IDEMPOTENCY: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// What an instance is created from.
#[derive(Debug, Clone, Default)]
pub(crate) struct InstanceDraft {
    pub(crate) name: String,
    pub(crate) advertiser_name: String,
    pub(crate) aws_account: String,
    pub(crate) s3_bucket: String,
    pub(crate) idempotency_token: Option<String>,
}
