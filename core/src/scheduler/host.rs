//! Ticks at the times a host asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::source::record;
use super::{Outcome, Recorded, Scheduler};
use crate::error::Result;
use crate::model::{CatchUp, Due, IdRef, Schedule, ScheduleId, ScheduleOptions, Scope};
use crate::store::Store;

/// A tick: its nominal time and its schedule.
type Asked = (DateTime<Utc>, ScheduleId);

/// Ticks at the times a host asks for: Airflow, a Lambda, a queue. What is asked for fires however late it is.
#[derive(Debug)]
pub struct HostScheduler {
    store: Arc<dyn Store>,
    scope: Scope,
    /// When each tick that was asked for comes.
    asked: Mutex<BTreeMap<Asked, DateTime<Utc>>>,
}

impl HostScheduler {
    /// A scheduler for the schedules of a scope, without any tick.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, scope: Scope) -> Self {
        Self { store, scope, asked: Mutex::default() }
    }

    /// Asks for a tick. Asking again for the same changes nothing.
    pub fn ask(&self, schedule: ScheduleId, nominal_at: DateTime<Utc>) {
        self.asked.lock().entry((nominal_at, schedule)).or_insert(nominal_at);
    }

    async fn tick(
        &self,
        schedule: ScheduleId,
        nominal_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Due>> {
        let found = self.store.schedule(&self.scope, &schedule.into()).await?;
        let Some(schedule) = found.filter(|schedule| schedule.paused_at.is_none()) else { return Ok(None) };
        let report = self.store.report(&self.scope, &IdRef::from(schedule.report)).await?;
        let options = ScheduleOptions { catch_up: CatchUp::All, ..schedule.options };
        let schedule = Schedule { due_at: Some(now), options, ..schedule };
        Ok(report.map(|report| Due { schedule, report, nominal_at }))
    }
}

#[async_trait]
impl Scheduler for HostScheduler {
    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>> {
        let asked = self.asked.lock().clone();
        let come = asked.into_iter().filter(|(_, due_at)| *due_at <= now).map(|(tick, _)| tick);
        let mut due = Vec::new();
        for (nominal_at, schedule) in come.take(usize::try_from(limit).unwrap_or(usize::MAX)) {
            due.extend(self.tick(schedule, nominal_at, now).await?);
        }
        Ok(due)
    }

    async fn record(&self, tick: &Due, outcome: &Outcome, now: DateTime<Utc>) -> Result<Recorded> {
        let asked = (tick.nominal_at, tick.schedule.id);
        if let Outcome::Waiting(until) = outcome {
            self.asked.lock().entry(asked).and_modify(|due_at| *due_at = *until);
            return Ok(Recorded::PutOff);
        }
        let recorded = record(self.store.as_ref(), tick, outcome, now).await?;
        if recorded != Recorded::PutOff {
            self.asked.lock().remove(&asked);
        }
        Ok(recorded)
    }
}
