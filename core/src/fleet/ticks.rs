//! Firing what is due: each tick becomes a batch, once, whoever tries.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::report_run::{Asked, tick_spec};
use super::{Fleet, Inner, Working};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Due, Origin, Report, Schedule, Scope, TickRecord, TriggeredBy};
use crate::scheduler::{self, CronScheduler, Decision, HostScheduler, Outcome, Recorded, Scheduler, decide};

/// How many ticks are taken at once.
const AT_ONCE: u32 = 100;
/// How many earlier ticks a decision looks at, at least.
const LOOK_BACK: u32 = 10;
/// How often the loop looks for ticks.
const EVERY: Duration = Duration::from_secs(10);
/// How long it waits for more once something changed.
const SWARM: Duration = Duration::from_secs(1);

impl Fleet {
    /// Fires every tick that is due at this moment, of every owner, and returns how many were written.
    ///
    /// # Errors
    /// The store's own — what is wrong with a report is written with its tick — and `Forbidden` (`host_only`) from a fleet
    /// that [`as_owner`](Self::as_owner) gave.
    pub async fn run_schedules_once(&self) -> Result<usize> {
        self.ensure_host()?;
        let scheduler = CronScheduler::new(Arc::clone(&self.0.store), Scope::System);
        self.run_ticks_of(&scheduler).await
    }

    /// Fires every tick that a scheduler has due at this moment, and returns how many were written.
    ///
    /// # Errors
    /// Only the scheduler's and the store's own.
    pub async fn run_ticks_of(&self, scheduler: &dyn Scheduler) -> Result<usize> {
        let now = self.0.surroundings.clock.now();
        let mut written = 0;
        let mut goes_on = true;
        while goes_on {
            goes_on = false;
            for tick in scheduler.due(now, AT_ONCE).await? {
                let outcome = self.outcome(&tick, now).await?;
                let recorded = scheduler.record(&tick, &outcome, now).await?;
                goes_on |= recorded != Recorded::PutOff;
                written += usize::from(matches!(recorded, Recorded::Written(_)));
            }
        }
        if written > 0 {
            self.0.signals.raise();
        }
        Ok(written)
    }

    /// Fires a tick of a schedule now, for a nominal time, whoever keeps the time: Airflow, a Lambda, a queue. Its windows
    /// are those of the nominal time, however late it is. Fired again for the same time, nothing is written, and the tick
    /// that was is returned. What the schedule says of overlaps, failures in a row and complete data holds here too: a run
    /// whose data are not complete is written now and submitted when they are.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`, `unknown_report`); `InvalidInput` (`tick_in_future`); `Conflict`: `schedule_paused`,
    /// `tick_waits` while the run before it has not ended and overlaps queue.
    pub async fn fire(&self, schedule: &str, nominal_at: DateTime<Utc>) -> Result<TickRecord> {
        let schedule = self.schedule(schedule).await?;
        let report = self.report(&schedule.report.0.to_string()).await?;
        if nominal_at > self.0.surroundings.clock.now() {
            return Err(Error::invalid("tick_in_future", format!("{nominal_at} is not over yet"))
                .hint("fire a tick at its nominal time or later"));
        }
        let host = HostScheduler::new(Arc::clone(&self.0.store), self.scope());
        host.ask(schedule.id, nominal_at);
        self.run_ticks_of(&host).await?;
        match self.0.store.tick(&self.scope(), schedule.id, nominal_at).await? {
            Some(tick) => Ok(tick),
            None => Err(self.not_fired(&schedule, &report).await?),
        }
    }

    async fn not_fired(&self, schedule: &Schedule, report: &Report) -> Result<Error> {
        let schedule = self.schedule(&schedule.id.0.to_string()).await?;
        let (code, message, hint) = match (schedule.paused_at, schedule.pause_note) {
            (Some(_), note) => {
                let why = note.map(|note| format!(": {note}")).unwrap_or_default();
                ("schedule_paused", format!("the schedule {} is paused{why}", schedule.id), "resume it first")
            }
            (None, _) => (
                "tick_waits",
                format!("the run of '{}' before it has not ended", report.name),
                "fire it again later, or let overlaps be allowed",
            ),
        };
        Ok(Error::new(ErrorKind::Conflict, code, message).hint(hint))
    }

    /// Fires what is due and carries backfills on, from now on, until the fleet is closed or dropped.
    pub(super) fn keep_standing_work(&self, fires: bool, fills: bool) {
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(Standing { fires, fills }.keep(Arc::downgrade(&self.0), shutdown.clone()));
        *self.0.scheduling.lock() = Some(Working { shutdown, task });
    }

    async fn outcome(&self, tick: &Due, now: DateTime<Utc>) -> Result<Outcome> {
        let look_back = tick.schedule.options.pause_after_failures.unwrap_or_default().max(LOOK_BACK);
        let before = self.0.store.ticks(&Scope::System, tick.schedule.id, look_back).await?;
        let next = scheduler::following(self.0.store.as_ref(), tick).await?;
        match decide(tick, &before, next, now) {
            Decision::Fire => self.fired(tick).await,
            Decision::Skip(reason) => Ok(Outcome::Skipped(reason)),
            Decision::Wait(until) => Ok(Outcome::Waiting(until)),
            Decision::Pause(reason) => Ok(Outcome::Paused(reason)),
        }
    }

    async fn fired(&self, tick: &Due) -> Result<Outcome> {
        let asked = Asked {
            owner: tick.schedule.owner_id.clone(),
            actor: tick.schedule.created_by.clone(),
            triggered_by: TriggeredBy::Schedule,
            windows_at: Some(tick.nominal_at),
            tick: tick.schedule.options.parameters.clone(),
        };
        let spec = tick_spec(&tick.report, &tick.schedule)?;
        match self.report_batch(&tick.report, spec, &asked).await {
            Ok(batch) => {
                let origin = Origin { report: tick.report.id, triggered_by: TriggeredBy::Schedule };
                Ok(Outcome::Fired(Box::new(batch), origin))
            }
            Err(error) if error.is_retryable() => Err(error),
            Err(error) => Ok(Outcome::Failed(format!("{}: {}", error.code(), error.message()))),
        }
    }
}

/// What a process does about standing work.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// It fires the ticks of schedules.
    fires: bool,
    /// It carries backfills on.
    fills: bool,
}

impl Standing {
    /// The loop holds no fleet while it waits: whoever drops the last handle ends it.
    async fn keep(self, fleet: Weak<Inner>, shutdown: CancellationToken) {
        while let Some(inner) = fleet.upgrade().filter(|_| !shutdown.is_cancelled()) {
            let clock = Arc::clone(&inner.surroundings.clock);
            let mut changes = inner.signals.listen();
            if let Err(error) = self.run_once(&Fleet(inner)).await {
                tracing::warn!(%error, "the standing work could not be looked at; looking again");
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = clock.sleep(EVERY) => {}
                () = settled(&mut changes, clock.as_ref()) => {}
            }
        }
    }

    async fn run_once(self, fleet: &Fleet) -> Result<()> {
        if self.fires {
            fleet.run_schedules_once().await?;
        }
        if self.fills {
            fleet.run_backfills_once().await?;
        }
        Ok(())
    }
}

/// Waits until something changed in this process, and a little longer: changes come in swarms.
async fn settled(changes: &mut watch::Receiver<u64>, clock: &dyn Clock) {
    if changes.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
    clock.sleep(SWARM).await;
}
