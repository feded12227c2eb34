//! Firing what is due: each tick becomes a batch, once, whoever tries.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::report_run::{Asked, tick_spec};
use super::{Fleet, Inner, Working};
use crate::clock::Clock;
use crate::error::Result;
use crate::model::{Due, Origin, Scope, TriggeredBy};
use crate::scheduler::{self, CronScheduler, Decision, Outcome, Recorded, Scheduler, decide};

/// How many ticks are taken at once.
const AT_ONCE: u32 = 100;
/// How many earlier ticks a decision looks at, at least.
const LOOK_BACK: u32 = 10;
/// How often the loop looks for ticks.
const EVERY: Duration = Duration::from_secs(10);

impl Fleet {
    /// Fires every tick that is due at this moment, of every owner, and returns how many were written.
    ///
    /// # Errors
    /// Only the store's own: what is wrong with a report is written with its tick.
    pub async fn run_schedules_once(&self) -> Result<usize> {
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

    /// Fires what is due from now on, until the fleet is closed or dropped.
    pub(super) fn keep_schedules(&self) {
        let shutdown = CancellationToken::new();
        let (fleet, clock) = (Arc::downgrade(&self.0), Arc::clone(&self.0.surroundings.clock));
        let task = tokio::spawn(keep(fleet, clock, shutdown.clone()));
        *self.0.scheduling.lock() = Some(Working { shutdown, task });
    }

    async fn outcome(&self, tick: &Due, now: DateTime<Utc>) -> Result<Outcome> {
        let look_back = tick.schedule.options.pause_after_failures.unwrap_or_default().max(LOOK_BACK);
        let before = self.0.store.ticks(&Scope::System, tick.schedule.id, look_back).await?;
        let next = scheduler::following(self.0.store.as_ref(), tick).await?;
        match decide(tick, &before, next, now) {
            Decision::Fire => self.fire(tick).await,
            Decision::Skip(reason) => Ok(Outcome::Skipped(reason)),
            Decision::Wait(until) => Ok(Outcome::Waiting(until)),
            Decision::Pause(reason) => Ok(Outcome::Paused(reason)),
        }
    }

    async fn fire(&self, tick: &Due) -> Result<Outcome> {
        let asked = Asked {
            owner: tick.schedule.owner_id.clone(),
            actor: tick.schedule.created_by.clone(),
            triggered_by: TriggeredBy::Schedule,
            windows_at: Some(tick.nominal_at),
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

/// The loop holds no fleet while it waits: whoever drops the last handle ends it.
async fn keep(fleet: Weak<Inner>, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    while let Some(inner) = fleet.upgrade().filter(|_| !shutdown.is_cancelled()) {
        if let Err(error) = Fleet(inner).run_schedules_once().await {
            tracing::warn!(%error, "the schedules could not be looked at; looking again");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = clock.sleep(EVERY) => {}
        }
    }
}
