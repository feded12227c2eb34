//! Where a fleet keeps its standing work: reports, schedules and their ticks.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::CreatedBatch;
use crate::error::Result;
use crate::model::{
    Batch, Due, Execution, IdRef, NewBatch, NewTick, NextTick, Origin, Page, PageRequest, Report,
    ReportChange, ReportId, ReportOverview, Schedule, ScheduleChange, ScheduleId, Scope, TickRecord,
};

/// Which reports to list; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Whose name or description has this text, in any case.
    pub text: Option<String>,
    /// Which may run, or may not.
    pub is_active: Option<bool>,
}

impl ReportFilter {
    /// Whether a report is one of those asked for.
    #[must_use]
    pub fn admits(&self, report: &Report) -> bool {
        let described = report.description.as_deref().unwrap_or_default();
        let has = |text: &String| {
            let text = text.to_lowercase();
            report.name.to_lowercase().contains(&text) || described.to_lowercase().contains(&text)
        };
        self.text.as_ref().is_none_or(has)
            && self.is_active.is_none_or(|is_active| report.is_active == is_active)
    }
}

/// Reports and their runs.
#[async_trait]
pub trait ReportStore {
    /// Saves a report; one of the same owner and name is updated, keeps its id, and is no longer archived.
    async fn save_report(&self, report: &Report) -> Result<Report>;

    /// Reads a report by either id, or by name.
    async fn report(&self, scope: &Scope, id: &IdRef) -> Result<Option<Report>>;

    /// Lists reports by name, without archived ones, each with what became of its runs.
    async fn reports(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        page: PageRequest,
    ) -> Result<Page<ReportOverview>>;

    /// Changes a report. Whether there was one to change.
    async fn change_report(
        &self,
        scope: &Scope,
        id: ReportId,
        change: ReportChange,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Writes a batch as a run of a report, in one transaction; otherwise as `create_batch`.
    async fn create_report_run(
        &self,
        batch: &NewBatch,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Result<CreatedBatch>;

    /// Lists the runs of a report, newest first.
    async fn report_runs(&self, scope: &Scope, report: ReportId, page: PageRequest) -> Result<Page<Batch>>;

    /// Lists the executions of the ticks and backfills of a report whose windows lie, at least in part, between two
    /// instants: by instance name, by AMC's instance id, by the first instant of the window.
    async fn series_executions(
        &self,
        scope: &Scope,
        report: ReportId,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Vec<Execution>>;
}

/// What a write of a tick came to.
#[derive(Debug, Clone, PartialEq)]
pub enum WrittenTick {
    /// It was written, with its batch where it has one.
    Written(Option<Box<Batch>>),
    /// Somebody else wrote it before: nothing was written.
    Taken,
}

/// Schedules and their ticks.
///
/// # Contract
/// - Once: a tick is written at most once, whoever tries, and its batch in the same transaction.
/// - Only what is due is looked at: the cost of `due_schedules` follows the ticks that are due, not the schedules.
#[async_trait]
pub trait ScheduleStore {
    /// Writes a schedule, or what changed of one.
    async fn save_schedule(&self, schedule: &Schedule) -> Result<()>;

    /// Reads a schedule by either id, with what became of its ticks.
    async fn schedule(&self, scope: &Scope, id: &IdRef) -> Result<Option<Schedule>>;

    /// Lists schedules of reports that are not archived, oldest first, of one report or of all, each with what became of its ticks.
    async fn schedules(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Schedule>>;

    /// Changes a schedule. Whether there was one to change.
    async fn change_schedule(
        &self,
        scope: &Scope,
        id: ScheduleId,
        change: &ScheduleChange,
        now: DateTime<Utc>,
    ) -> Result<bool>;

    /// Lists ticks whose time has come, the longest due first: not of what is paused or archived.
    async fn due_schedules(&self, scope: &Scope, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>>;

    /// Writes a tick with its batch, and moves its schedule on to the next.
    async fn write_tick(
        &self,
        tick: &NewTick,
        batch: Option<(&NewBatch, Origin)>,
        now: DateTime<Utc>,
    ) -> Result<WrittenTick>;

    /// Puts the next tick of a schedule off, as long as it is still this one.
    async fn put_off_tick(&self, schedule: ScheduleId, tick: NextTick) -> Result<()>;

    /// Reads the tick of a nominal time, once it is written.
    async fn tick(
        &self,
        scope: &Scope,
        schedule: ScheduleId,
        nominal_at: DateTime<Utc>,
    ) -> Result<Option<TickRecord>>;

    /// Lists the ticks of a schedule, newest first.
    async fn ticks(&self, scope: &Scope, schedule: ScheduleId, limit: u32) -> Result<Vec<TickRecord>>;
}
