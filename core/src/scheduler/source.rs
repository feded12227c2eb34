//! Where ticks come from: [`Scheduler`], driven by the expressions of schedules or by a host.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::tick::next_tick;
use crate::error::{Error, Result};
use crate::model::{
    BatchId, Due, NewBatch, NewTick, NextTick, Origin, Report, Schedule, ScheduleChange, Scope, TickOutcome,
    Zone,
};
use crate::store::{Store, WrittenTick};

/// What somebody made of a tick.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A batch to write with it.
    Fired(Box<NewBatch>, Origin),
    /// It is passed over, for this reason.
    Skipped(String),
    /// No batch could be made of it, for this reason.
    Failed(String),
    /// It comes again at this time.
    Waiting(DateTime<Utc>),
    /// Its schedule pauses, for this reason.
    Paused(String),
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is written, with its batch where it fired.
    Written(Option<BatchId>),
    /// Somebody else recorded this tick before: nothing was written.
    Taken,
    /// The tick comes again, or its schedule is paused.
    PutOff,
}

/// Says which ticks are due and takes down what became of them.
///
/// # Contract
/// - `due` gives each tick until it is recorded, at most `limit` at once.
/// - `record` writes a tick at most once, whoever tries, and its batch in the same transaction.
#[async_trait]
pub trait Scheduler: fmt::Debug + Send + Sync + 'static {
    /// The ticks whose time has come, the longest due first.
    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>>;

    /// Writes what became of a tick.
    async fn record(&self, tick: &Due, outcome: &Outcome, now: DateTime<Utc>) -> Result<Recorded>;
}

/// Ticks at the times that schedules say.
#[derive(Debug)]
pub struct CronScheduler {
    store: Arc<dyn Store>,
    scope: Scope,
}

impl CronScheduler {
    /// A scheduler for the schedules of a scope.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, scope: Scope) -> Self {
        Self { store, scope }
    }
}

#[async_trait]
impl Scheduler for CronScheduler {
    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>> {
        self.store.due_schedules(&self.scope, now, limit).await
    }

    async fn record(&self, tick: &Due, outcome: &Outcome, now: DateTime<Utc>) -> Result<Recorded> {
        record(self.store.as_ref(), tick, outcome, now).await
    }
}

pub(super) async fn record(
    store: &dyn Store,
    tick: &Due,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<Recorded> {
    let (word, reason, batch) = match outcome {
        Outcome::Fired(batch, origin) => (TickOutcome::Fired, None, Some((batch.as_ref(), *origin))),
        Outcome::Skipped(reason) => (TickOutcome::Skipped, Some(reason.clone()), None),
        Outcome::Failed(reason) => (TickOutcome::Failed, Some(reason.clone()), None),
        Outcome::Waiting(until) => return put_off(store, tick, *until).await,
        Outcome::Paused(reason) => return pause(store, tick, reason, now).await,
    };
    let new = NewTick {
        schedule: tick.schedule.id,
        owner_id: tick.schedule.owner_id.clone(),
        nominal_at: tick.nominal_at,
        outcome: word,
        reason,
        next: following(store, tick).await?,
    };
    Ok(match store.write_tick(&new, batch, now).await? {
        WrittenTick::Written(batch) => Recorded::Written(batch.map(|batch| batch.id)),
        WrittenTick::Taken => Recorded::Taken,
    })
}

async fn put_off(store: &dyn Store, tick: &Due, until: DateTime<Utc>) -> Result<Recorded> {
    let again = NextTick { next_run_at: Some(tick.nominal_at), due_at: Some(until) };
    store.put_off_tick(tick.schedule.id, again).await?;
    Ok(Recorded::PutOff)
}

async fn pause(store: &dyn Store, tick: &Due, reason: &str, now: DateTime<Utc>) -> Result<Recorded> {
    let change = ScheduleChange::Paused(Some(reason.to_owned()));
    store.change_schedule(&Scope::System, tick.schedule.id, &change, now).await?;
    Ok(Recorded::PutOff)
}

/// The tick after one.
pub(crate) async fn following(store: &dyn Store, tick: &Due) -> Result<NextTick> {
    let zones = window_zones(store, &tick.schedule, &tick.report).await?;
    next_tick(&tick.schedule, &tick.report, &zones, tick.nominal_at)
}

/// The zones in which the windows of a schedule begin and end.
pub(crate) async fn window_zones(
    store: &dyn Store,
    schedule: &Schedule,
    report: &Report,
) -> Result<Vec<Zone>> {
    let name = schedule.options.window_timezone.as_deref().unwrap_or(&report.timezone);
    if name != "instance" {
        return Ok(vec![name.parse()?]);
    }
    let instances = store.instances(&Scope::Owner(schedule.owner_id.clone())).await?;
    let mut zones: Vec<Zone> = instances.iter().map(|it| it.zone().parse()).collect::<Result<_, Error>>()?;
    zones.sort_by(|a, b| a.name().cmp(b.name()));
    zones.dedup();
    Ok(zones)
}
