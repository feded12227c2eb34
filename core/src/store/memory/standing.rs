//! Reports, schedules and ticks in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::State;
use crate::error::Result;
use crate::model::{
    Batch, BatchId, BatchStatus, Due, Execution, IdRef, NewBatch, NewTick, NextTick, Origin, Page,
    PageRequest, Report, ReportChange, ReportId, ReportOverview, Schedule, ScheduleChange, ScheduleHistory,
    ScheduleId, Scope, TickOutcome, TickRecord,
};
use crate::store::{CreatedBatch, ReportFilter, ReportStore, ScheduleStore, WrittenTick};

/// The standing work of a memory store.
#[derive(Debug, Default)]
pub(super) struct Standing {
    reports: BTreeMap<ReportId, Report>,
    schedules: BTreeMap<ScheduleId, Schedule>,
    archived_reports: BTreeSet<ReportId>,
    archived_schedules: BTreeSet<ScheduleId>,
    runs: BTreeMap<BatchId, Origin>,
    ticks: BTreeMap<(ScheduleId, DateTime<Utc>), TickRecord>,
}

impl Standing {
    fn reports<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s Report> {
        let open = self.reports.values().filter(|report| !self.archived_reports.contains(&report.id));
        open.filter(|report| scope.admits(&report.owner_id))
    }

    fn schedules<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s Schedule> {
        let open = self.schedules.values().filter(|it| !self.archived_schedules.contains(&it.id));
        open.filter(|schedule| scope.admits(&schedule.owner_id))
    }

    /// Of which report a batch is a run.
    pub(super) fn origin(&self, batch: BatchId) -> Option<Origin> {
        self.runs.get(&batch).copied()
    }

    /// The tick whose batch it is.
    pub(super) fn tick_of(&self, batch: BatchId) -> Option<(ScheduleId, DateTime<Utc>)> {
        self.ticks.iter().find(|(_, tick)| tick.batch == Some(batch)).map(|(key, _)| *key)
    }

    /// A batch is gone: its tick says why it has none.
    pub(super) fn forget(&mut self, batch: BatchId, why: &str) {
        self.runs.remove(&batch);
        for tick in self.ticks.values_mut().filter(|tick| tick.batch == Some(batch)) {
            (tick.batch, tick.reason) = (None, Some(why.to_owned()));
        }
    }

    fn advance(&mut self, schedule: ScheduleId, from: Option<DateTime<Utc>>, next: NextTick) {
        let at_this_tick = self.schedules.get_mut(&schedule).filter(|schedule| schedule.next_run_at == from);
        if let Some(schedule) = at_this_tick {
            (schedule.next_run_at, schedule.due_at) = (next.next_run_at, next.due_at);
        }
    }
}

impl State {
    /// Writes a batch as a run of a report.
    pub(super) fn create_run(
        &mut self,
        batch: &NewBatch,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Result<CreatedBatch> {
        let created = self.create(batch, now)?;
        if created.is_new {
            self.standing.runs.insert(batch.id, origin);
        }
        Ok(created)
    }

    fn runs(&self, scope: &Scope, report: ReportId) -> Vec<Batch> {
        let own = self.standing.runs.iter().filter(|(_, origin)| origin.report == report);
        let mut runs: Vec<Batch> = own.filter_map(|(id, _)| self.batches.get(id)).cloned().collect();
        runs.retain(|batch| scope.admits(&batch.owner_id));
        runs.sort_by_key(|batch| std::cmp::Reverse((batch.created_at, batch.id)));
        runs
    }

    /// The ticks of a schedule, newest first.
    fn ticks(&self, scope: &Scope, schedule: ScheduleId) -> Vec<TickRecord> {
        let owner = self.standing.schedules.get(&schedule).map(|schedule| &schedule.owner_id);
        let is_visible = owner.is_some_and(|owner| scope.admits(owner));
        let own = self.standing.ticks.iter().rev().filter(|((of, _), _)| *of == schedule && is_visible);
        let told = own.map(|(_, tick)| TickRecord {
            batch_status: tick.batch.and_then(|id| self.batches.get(&id)).map(|batch| batch.status),
            ..tick.clone()
        });
        told.collect()
    }

    /// A schedule with what became of its ticks.
    fn told(&self, schedule: &Schedule) -> Schedule {
        let ticks = self.ticks(&Scope::System, schedule.id);
        let count = |wanted: fn(&TickRecord) -> bool| {
            i64::try_from(ticks.iter().filter(|tick| wanted(tick)).count()).unwrap_or(i64::MAX)
        };
        let fired = |tick: &TickRecord| tick.outcome == TickOutcome::Fired;
        let word =
            |tick: &TickRecord| tick.batch_status.map_or(tick.outcome.as_str(), |status| status.as_str());
        let history = ScheduleHistory {
            run_count: count(fired),
            failed_count: count(TickRecord::has_failed),
            last_run_at: ticks.iter().filter(|tick| fired(tick)).map(|tick| tick.fired_at).max(),
            last_status: ticks.first().map(|tick| word(tick).to_owned()),
        };
        Schedule { history, ..schedule.clone() }
    }

    fn overview(&self, report: &Report) -> ReportOverview {
        let runs = self.runs(&Scope::System, report.id);
        let count = |statuses: &[BatchStatus]| {
            let counted = runs.iter().filter(|batch| statuses.contains(&batch.status)).count();
            i64::try_from(counted).unwrap_or(i64::MAX)
        };
        let firing = self.standing.schedules(&Scope::System).filter(|it| it.report == report.id);
        ReportOverview {
            report: report.clone(),
            run_count: count(&BatchStatus::ALL),
            completed_count: count(&[BatchStatus::Completed]),
            failed_count: count(&[BatchStatus::Failed, BatchStatus::Partial]),
            last_run_at: runs.first().map(|batch| batch.created_at),
            last_status: runs.first().map(|batch| batch.status),
            next_run_at: firing.filter(|it| it.paused_at.is_none()).filter_map(|it| it.next_run_at).min(),
        }
    }
}

#[async_trait]
impl ReportStore for MemoryStore {
    async fn save_report(&self, new: &Report) -> Result<Report> {
        let mut state = self.state.lock();
        let mut all = state.standing.reports.values();
        let known = all.find(|known| known.owner_id == new.owner_id && known.name == new.name);
        let report = match known {
            None => new.clone(),
            Some(known) => Report {
                id: known.id,
                created_by: known.created_by.clone(),
                created_at: known.created_at,
                ..new.clone()
            },
        };
        state.standing.archived_reports.remove(&report.id);
        state.standing.reports.insert(report.id, report.clone());
        Ok(report)
    }

    async fn report(&self, scope: &Scope, id: &IdRef) -> Result<Option<Report>> {
        let state = self.state.lock();
        let visible = || state.standing.reports(scope);
        let found = match id {
            IdRef::Uuid(uuid) => visible().find(|report| report.id.0 == *uuid),
            IdRef::Public(name) => visible()
                .find(|report| report.id.public() == *name)
                .or_else(|| visible().find(|report| report.name == *name)),
        };
        Ok(found.cloned())
    }

    async fn reports(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        page: PageRequest,
    ) -> Result<Page<ReportOverview>> {
        let state = self.state.lock();
        let mut all: Vec<&Report> =
            state.standing.reports(scope).filter(|report| filter.admits(report)).collect();
        all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(page.of(all.into_iter().map(|report| state.overview(report)).collect()))
    }

    async fn change_report(
        &self,
        scope: &Scope,
        id: ReportId,
        change: ReportChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut state = self.state.lock();
        if !state.standing.reports(scope).any(|report| report.id == id) {
            return Ok(false);
        }
        match change {
            ReportChange::Archived => drop(state.standing.archived_reports.insert(id)),
            ReportChange::Active(is_active) => {
                if let Some(report) = state.standing.reports.get_mut(&id) {
                    (report.is_active, report.updated_at) = (is_active, now);
                }
            }
        }
        Ok(true)
    }

    async fn create_report_run(
        &self,
        batch: &NewBatch,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Result<CreatedBatch> {
        self.state.lock().create_run(batch, origin, now)
    }

    async fn report_runs(&self, scope: &Scope, report: ReportId, page: PageRequest) -> Result<Page<Batch>> {
        Ok(page.of(self.state.lock().runs(scope, report)))
    }

    async fn series_executions(
        &self,
        scope: &Scope,
        report: ReportId,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        let state = self.state.lock();
        let in_series = |it: &&Execution| {
            let origin = state.standing.origin(it.batch).filter(|origin| origin.report == report);
            scope.admits(&it.owner_id)
                && origin.is_some_and(|origin| origin.triggered_by.is_standing())
                && it.window_end > from
                && it.window_start < before
        };
        let mut found: Vec<Execution> = state.executions.values().filter(in_series).cloned().collect();
        found.sort_by(|a, b| {
            let key = |it: &'_ Execution| {
                (it.instance_name.clone(), it.instance_id.clone(), it.window_start, it.id)
            };
            key(a).cmp(&key(b))
        });
        Ok(found)
    }
}

#[async_trait]
impl ScheduleStore for MemoryStore {
    async fn save_schedule(&self, schedule: &Schedule) -> Result<()> {
        let mut state = self.state.lock();
        let known = state.standing.schedules.get(&schedule.id).cloned();
        let kept = known.map_or_else(
            || schedule.clone(),
            |known| Schedule {
                paused_at: known.paused_at,
                pause_note: known.pause_note,
                created_at: known.created_at,
                ..schedule.clone()
            },
        );
        state.standing.schedules.insert(schedule.id, kept);
        Ok(())
    }

    async fn schedule(&self, scope: &Scope, id: &IdRef) -> Result<Option<Schedule>> {
        let state = self.state.lock();
        let mut visible = state.standing.schedules(scope);
        let found = match id {
            IdRef::Uuid(uuid) => visible.find(|schedule| schedule.id.0 == *uuid),
            IdRef::Public(name) => visible.find(|schedule| schedule.id.public() == *name),
        };
        Ok(found.map(|schedule| state.told(schedule)))
    }

    async fn schedules(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Schedule>> {
        let state = self.state.lock();
        let archived = &state.standing.archived_reports;
        let open = state.standing.schedules(scope).filter(|it| !archived.contains(&it.report));
        let wanted = open.filter(|it| report.is_none_or(|id| it.report == id));
        let mut all: Vec<Schedule> = wanted.map(|schedule| state.told(schedule)).collect();
        all.sort_by_key(|schedule| (schedule.created_at, schedule.id));
        Ok(page.of(all))
    }

    async fn change_schedule(
        &self,
        scope: &Scope,
        id: ScheduleId,
        change: &ScheduleChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut state = self.state.lock();
        if !state.standing.schedules(scope).any(|schedule| schedule.id == id) {
            return Ok(false);
        }
        if *change == ScheduleChange::Archived {
            state.standing.archived_schedules.insert(id);
        }
        let Some(schedule) = state.standing.schedules.get_mut(&id) else { return Ok(false) };
        schedule.updated_at = now;
        match change {
            ScheduleChange::Paused(note) => {
                (schedule.paused_at, schedule.pause_note) = (Some(now), note.clone());
            }
            ScheduleChange::Resumed(next) => {
                (schedule.paused_at, schedule.pause_note) = (None, None);
                (schedule.next_run_at, schedule.due_at) = (next.next_run_at, next.due_at);
            }
            ScheduleChange::Archived => {}
        }
        Ok(true)
    }

    async fn due_schedules(&self, scope: &Scope, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>> {
        let state = self.state.lock();
        let open: BTreeMap<ReportId, &Report> =
            state.standing.reports(&Scope::System).map(|report| (report.id, report)).collect();
        let firing = state.standing.schedules(scope).filter(|it| it.paused_at.is_none());
        let mut due: Vec<(DateTime<Utc>, Due)> = firing
            .filter_map(|schedule| {
                let due_at = schedule.due_at.filter(|due_at| *due_at <= now)?;
                let report = (*open.get(&schedule.report)?).clone();
                let nominal_at = schedule.next_run_at?;
                Some((due_at, Due { schedule: schedule.clone(), report, nominal_at }))
            })
            .collect();
        due.sort_by_key(|(due_at, due)| (*due_at, due.schedule.id));
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(due.into_iter().map(|(_, due)| due).collect())
    }

    async fn write_tick(
        &self,
        tick: &NewTick,
        batch: Option<(&NewBatch, Origin)>,
        now: DateTime<Utc>,
    ) -> Result<WrittenTick> {
        let mut state = self.state.lock();
        let key = (tick.schedule, tick.nominal_at);
        let is_new = !state.standing.ticks.contains_key(&key);
        let mut written = None;
        if let Some((batch, origin)) = batch.filter(|_| is_new) {
            written = Some(Box::new(state.create_run(batch, origin, now)?.batch));
        }
        state.standing.advance(tick.schedule, Some(tick.nominal_at), tick.next);
        if !is_new {
            return Ok(WrittenTick::Taken);
        }
        let record = TickRecord {
            nominal_at: tick.nominal_at,
            fired_at: now,
            outcome: tick.outcome,
            reason: tick.reason.clone(),
            batch: written.as_ref().map(|batch| batch.id),
            batch_status: None,
        };
        state.standing.ticks.insert(key, record);
        Ok(WrittenTick::Written(written))
    }

    async fn put_off_tick(&self, schedule: ScheduleId, tick: NextTick) -> Result<()> {
        self.state.lock().standing.advance(schedule, tick.next_run_at, tick);
        Ok(())
    }

    async fn tick(
        &self,
        scope: &Scope,
        schedule: ScheduleId,
        nominal_at: DateTime<Utc>,
    ) -> Result<Option<TickRecord>> {
        let ticks = self.state.lock().ticks(scope, schedule);
        Ok(ticks.into_iter().find(|tick| tick.nominal_at == nominal_at))
    }

    async fn ticks(&self, scope: &Scope, schedule: ScheduleId, limit: u32) -> Result<Vec<TickRecord>> {
        let mut ticks = self.state.lock().ticks(scope, schedule);
        ticks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(ticks)
    }
}
