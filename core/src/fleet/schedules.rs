//! Schedules of reports: when they run by themselves.

use chrono::{DateTime, Utc};

use super::Fleet;
use super::reports::zone;
use crate::error::{Error, Result};
use crate::model::{
    CatchUp, IdRef, NextTick, Page, PageRequest, Report, Schedule, ScheduleChange, ScheduleHistory,
    ScheduleOptions, TickRecord, Zone,
};
use crate::scheduler::{self, CronExpression, GRACE};

/// A schedule to make.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScheduleSpec {
    /// When it fires: five fields of cron, or words such as `weekly on Monday at 06:00`.
    pub expression: String,
    /// The zone in whose local time it fires; where absent the report's, or UTC where each instance has its own.
    pub timezone: Option<String>,
    /// How it behaves.
    pub options: ScheduleOptions,
}

impl ScheduleSpec {
    /// A schedule that fires at these times and behaves as schedules do.
    pub fn new(expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), ..Self::default() }
    }
}

/// A tick that should have fired and did not.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdue {
    /// Its schedule.
    pub schedule: Schedule,
    /// The name of its report.
    pub report_name: String,
    /// The time it stands for.
    pub nominal_at: DateTime<Utc>,
    /// When it should have fired.
    pub due_at: DateTime<Utc>,
    /// How long ago that is.
    pub late_seconds: i64,
}

impl Fleet {
    /// Lets a report run by itself. Its first tick is the next one after now.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`); `InvalidInput`: `cron_invalid` with its column, `cron_never`, `zone_unknown`,
    /// `pause_after_failures_zero`.
    pub async fn schedule_report(&self, report: &str, spec: ScheduleSpec) -> Result<Schedule> {
        let report = self.report(report).await?;
        let now = self.0.surroundings.clock.now();
        let expression: CronExpression = spec.expression.parse()?;
        refuse_none(spec.options.pause_after_failures)?;
        let own = if report.timezone == "instance" { "UTC" } else { report.timezone.as_str() };
        let timezone: Zone = spec.timezone.as_deref().unwrap_or(own).parse()?;
        let window_timezone = spec.options.window_timezone.as_deref().map(zone).transpose()?;
        let schedule = Schedule {
            id: self.0.surroundings.ids.next(now).into(),
            owner_id: self.0.owner.clone(),
            created_by: self.0.actor.clone(),
            report: report.id,
            expression: expression.fields().to_owned(),
            timezone: timezone.name().to_owned(),
            options: ScheduleOptions { window_timezone, ..spec.options },
            paused_at: None,
            pause_note: None,
            next_run_at: None,
            due_at: None,
            history: ScheduleHistory::default(),
            created_at: now,
            updated_at: now,
        };
        let NextTick { next_run_at, due_at } = self.next_tick(&schedule, &report, now).await?;
        let schedule = Schedule { next_run_at, due_at, ..schedule };
        self.0.store.save_schedule(&schedule).await?;
        Ok(schedule)
    }

    /// Finds a schedule by either id.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`).
    pub async fn schedule(&self, id: &str) -> Result<Schedule> {
        let found = self.0.store.schedule(&self.scope(), &id.parse::<IdRef>()?).await?;
        found.ok_or_else(|| {
            Error::not_found("unknown_schedule", format!("no schedule '{id}'"))
                .hint("give its id (sch_…) or its UUID; list them with schedules()")
        })
    }

    /// Lists schedules, oldest first, of one report or of all that are not archived.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn schedules(&self, report: Option<&str>, page: PageRequest) -> Result<Page<Schedule>> {
        let report = match report {
            Some(id) => Some(self.report(id).await?.id),
            None => None,
        };
        self.0.store.schedules(&self.scope(), report, page).await
    }

    /// Pauses a schedule: it fires no more until it is resumed. Pausing again changes the note.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`).
    pub async fn pause(&self, id: &str, note: Option<String>) -> Result<()> {
        let schedule = self.schedule(id).await?;
        self.change_schedule(&schedule, &ScheduleChange::Paused(note)).await
    }

    /// Resumes a paused schedule. What it missed is made up as its catch-up policy says.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`).
    pub async fn resume(&self, id: &str) -> Result<()> {
        let schedule = self.schedule(id).await?;
        let now = self.0.surroundings.clock.now();
        let next = match schedule.options.catch_up {
            CatchUp::None => self.next_tick(&schedule, &self.report_of(&schedule).await?, now).await?,
            CatchUp::Last | CatchUp::All => {
                NextTick { next_run_at: schedule.next_run_at, due_at: schedule.due_at }
            }
        };
        self.change_schedule(&schedule, &ScheduleChange::Resumed(next)).await
    }

    /// Puts a schedule away: it is found and listed no more and fires no more; its runs stay.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`).
    pub async fn archive_schedule(&self, id: &str) -> Result<()> {
        let schedule = self.schedule(id).await?;
        self.change_schedule(&schedule, &ScheduleChange::Archived).await
    }

    /// Lists the ticks of a schedule that were, newest first.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`).
    pub async fn ticks(&self, id: &str, limit: u32) -> Result<Vec<TickRecord>> {
        let schedule = self.schedule(id).await?;
        self.0.store.ticks(&self.scope(), schedule.id, limit).await
    }

    /// Lists the next nominal times of a schedule.
    ///
    /// # Errors
    /// `NotFound` (`unknown_schedule`), `TooLarge` (`too_many_runs`).
    pub async fn next_runs(&self, id: &str, count: usize) -> Result<Vec<DateTime<Utc>>> {
        let schedule = self.schedule(id).await?;
        let now = self.0.surroundings.clock.now();
        scheduler::next_runs(&schedule.expression, &schedule.timezone.parse()?, now, count)
    }

    /// Lists what should have run by now and did not, the longest due first: nobody runs schedules, or a run before it
    /// has not ended.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn overdue(&self) -> Result<Vec<Overdue>> {
        let now = self.0.surroundings.clock.now();
        let due = self.0.store.due_schedules(&self.scope(), now - GRACE, u32::MAX >> 1).await?;
        let told = due.into_iter().map(|due| {
            let due_at = due.schedule.due_at.unwrap_or(due.nominal_at);
            let late_seconds = (now - due_at).num_seconds();
            let (schedule, report_name, nominal_at) = (due.schedule, due.report.name, due.nominal_at);
            Overdue { schedule, report_name, nominal_at, due_at, late_seconds }
        });
        Ok(told.collect())
    }

    async fn report_of(&self, schedule: &Schedule) -> Result<Report> {
        self.report(&schedule.report.0.to_string()).await
    }

    async fn next_tick(
        &self,
        schedule: &Schedule,
        report: &Report,
        after: DateTime<Utc>,
    ) -> Result<NextTick> {
        let zones = scheduler::window_zones(self.0.store.as_ref(), schedule, report).await?;
        scheduler::next_tick(schedule, report, &zones, after)
    }

    async fn change_schedule(&self, schedule: &Schedule, change: &ScheduleChange) -> Result<()> {
        let now = self.0.surroundings.clock.now();
        self.0.store.change_schedule(&self.scope(), schedule.id, change, now).await.map(drop)
    }
}

/// A schedule that pauses before anything failed would never run.
fn refuse_none(pause_after_failures: Option<u32>) -> Result<()> {
    if pause_after_failures != Some(0) {
        return Ok(());
    }
    let message = "a schedule cannot pause itself after no failure at all";
    Err(Error::invalid("pause_after_failures_zero", message).hint("give one or more, or leave it out"))
}
