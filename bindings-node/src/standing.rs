//! Reports, schedules and backfills, as plain objects.

use amc_fleet::model::ScheduleHistory;
use amc_fleet::scheduler::describe;
use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::Value;

use crate::record::Host;
use crate::report::Skipped;
use crate::schedules::Segment;

/// A query on instances over a window that moves with the day, by name.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Report {
    /// Our id (`rpt_…`).
    pub id: String,
    /// Its name, unique for the owner.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its workflow (`wf_…`), unless it has a query of its own.
    pub workflow_id: Option<String>,
    /// Its own query.
    pub sql: Option<String>,
    /// What it runs on, worked out anew at each run: `"all"`, or `{"ids": […]}`.
    #[napi(ts_type = "'all' | { ids: string[] } | Record<string, unknown>")]
    pub instances: Value,
    /// Parameter values for all instances.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Value,
    /// Parameter values by instance id.
    #[napi(ts_type = "Record<string, unknown>")]
    pub instance_parameters: Value,
    /// The window, as an expression.
    pub window: String,
    /// The zone of the window; `instance` for each instance's own.
    pub timezone: String,
    /// Whether it may run.
    pub is_active: bool,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Host<Report> for amc_fleet::Report {
    fn host(self) -> Report {
        let Self {
            id,
            owner_id: _,
            created_by: _,
            name,
            description,
            workflow,
            sql,
            instances,
            parameters,
            instance_parameters,
            window,
            timezone,
            is_active,
            created_at,
            updated_at,
        } = self;
        Report {
            id: id.public(),
            name,
            description,
            workflow_id: workflow.map(|workflow| workflow.public()),
            sql,
            instances,
            parameters: parameters.into(),
            instance_parameters: instance_parameters.into(),
            window,
            timezone,
            is_active,
            created_at,
            updated_at,
        }
    }
}

/// A report and what became of its runs.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct ReportOverview {
    /// The report.
    pub report: Report,
    /// How often it ran.
    pub run_count: i64,
    /// Runs of which every instance completed.
    pub completed_count: i64,
    /// Runs of which some instance, or all, did not complete.
    pub failed_count: i64,
    /// The share of ended runs that completed.
    pub success_rate: Option<f64>,
    /// When its last run was written.
    pub last_run_at: Option<DateTime<Utc>>,
    /// Where its last run stands.
    pub last_status: Option<String>,
    /// The next nominal time of its schedules.
    pub next_run_at: Option<DateTime<Utc>>,
}

impl Host<ReportOverview> for amc_fleet::ReportOverview {
    fn host(self) -> ReportOverview {
        let success_rate = self.success_rate();
        let Self { report, run_count, completed_count, failed_count, last_run_at, last_status, next_run_at } =
            self;
        ReportOverview {
            report: report.host(),
            run_count,
            completed_count,
            failed_count,
            success_rate,
            last_run_at,
            last_status: last_status.map(|status| status.as_str().to_owned()),
            next_run_at,
        }
    }
}

/// When a report runs by itself.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Our id (`sch_…`).
    pub id: String,
    /// What it runs (`rpt_…`).
    pub report_id: String,
    /// When it fires, in five fields of cron.
    pub expression: String,
    /// The same in words.
    pub says: String,
    /// The zone in whose local time it fires.
    pub timezone: String,
    /// The zone of the windows; the report's own where absent.
    pub window_timezone: Option<String>,
    /// Parameter values over those of the report.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Value,
    /// What becomes of ticks that nobody was there to fire: `none`, `last` or `all`.
    pub catch_up: String,
    /// What a tick does while the run before it has not ended: `skip`, `queue` or `allow`.
    pub overlap: String,
    /// Whether a tick waits for complete data: `wait` or `immediate`.
    pub freshness: String,
    /// Ticks fire up to so many seconds late.
    pub jitter_seconds: u32,
    /// After so many failures in a row it pauses itself.
    pub pause_after_failures: Option<u32>,
    /// Whether its runs may take results of runs that ask AMC the same.
    pub reuse: bool,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Why it is paused.
    pub pause_note: Option<String>,
    /// The nominal time of its next tick.
    pub next_run_at: Option<DateTime<Utc>>,
    /// When that tick fires: its nominal time, or later for jitter and complete data.
    pub due_at: Option<DateTime<Utc>>,
    /// How often it fired.
    pub run_count: i64,
    /// Ticks of which no batch could be made, or whose batch failed.
    pub failed_count: i64,
    /// When it fired last.
    pub last_run_at: Option<DateTime<Utc>>,
    /// What its last tick came to: the status of its batch, or `skipped` or `failed`.
    pub last_status: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Host<Schedule> for amc_fleet::Schedule {
    #[expect(clippy::too_many_lines, reason = "one field a line")]
    fn host(self) -> Schedule {
        let Self {
            id,
            owner_id: _,
            created_by: _,
            report,
            expression,
            timezone,
            options,
            paused_at,
            pause_note,
            next_run_at,
            due_at,
            history: ScheduleHistory { run_count, failed_count, last_run_at, last_status },
            created_at,
            updated_at,
        } = self;
        Schedule {
            id: id.public(),
            report_id: report.public(),
            says: describe(&expression).unwrap_or_default(),
            expression,
            timezone,
            window_timezone: options.window_timezone,
            parameters: options.parameters.into(),
            catch_up: options.catch_up.to_string(),
            overlap: options.overlap.to_string(),
            freshness: options.freshness.to_string(),
            jitter_seconds: options.jitter_seconds,
            pause_after_failures: options.pause_after_failures,
            reuse: options.reuse,
            paused_at,
            pause_note,
            next_run_at,
            due_at,
            run_count,
            failed_count,
            last_run_at,
            last_status,
            created_at,
            updated_at,
        }
    }
}

/// A nominal time of a schedule, and what became of it.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Tick {
    /// The time it stands for: its windows are worked out at this moment.
    pub nominal_at: DateTime<Utc>,
    /// When it was written.
    pub fired_at: DateTime<Utc>,
    /// `fired`, `skipped` or `failed`.
    pub outcome: String,
    /// Why, where it did not fire.
    pub reason: Option<String>,
    /// Its batch (`batch_…`).
    pub batch_id: Option<String>,
    /// Where its batch stands.
    pub batch_status: Option<String>,
}

impl Host<Tick> for amc_fleet::TickRecord {
    fn host(self) -> Tick {
        let Self { nominal_at, fired_at, outcome, reason, batch, batch_status } = self;
        Tick {
            nominal_at,
            fired_at,
            outcome: outcome.to_string(),
            reason,
            batch_id: batch.map(|batch| batch.public()),
            batch_status: batch_status.map(|status| status.as_str().to_owned()),
        }
    }
}

/// A tick that should have fired and did not.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Overdue {
    /// Its schedule.
    pub schedule: Schedule,
    /// The name of its report.
    pub report_name: String,
    /// The time it stands for.
    pub nominal_at: DateTime<Utc>,
    /// When it should have fired.
    pub due_at: DateTime<Utc>,
    /// How many seconds ago that is.
    pub late_seconds: i64,
}

impl Host<Overdue> for amc_fleet::Overdue {
    fn host(self) -> Overdue {
        let Self { schedule, report_name, nominal_at, due_at, late_seconds } = self;
        Overdue { schedule: schedule.host(), report_name, nominal_at, due_at, late_seconds }
    }
}

/// What a backfill would do.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct BackfillPlan {
    /// Its segments, oldest first.
    pub segments: Vec<Segment>,
    /// The AMC ids of the instances it runs on.
    pub instance_ids: Vec<String>,
    /// What was asked for and is left out.
    pub skipped: Vec<Skipped>,
    /// Runs at AMC in all, without those that are tried again.
    pub runs: i64,
    /// How long it takes by the last runs of the report; nothing where it never ran.
    pub estimated_seconds: Option<f64>,
}

impl Host<BackfillPlan> for amc_fleet::BackfillPlan {
    fn host(self) -> BackfillPlan {
        let Self { segments, instance_ids, skipped, runs, estimated_seconds } = self;
        BackfillPlan {
            segments: segments.host(),
            instance_ids,
            skipped: skipped.host(),
            runs: runs.host(),
            estimated_seconds,
        }
    }
}

/// A range of days of a report, segment by segment, at one moment.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Backfill {
    /// Our id (`col_…`).
    pub id: String,
    /// What it runs (`rpt_…`).
    pub report_id: String,
    /// `active`, `paused` or `cancelled`; `completed`, `partial` or `failed` once nothing is left to do.
    pub status: String,
    /// `daily`, `weekly`, `monthly` or `quarterly`.
    pub segment_type: String,
    /// The first day.
    pub start_date: String,
    /// The day after the last.
    pub end_date: String,
    /// The zone whose days they are.
    pub timezone: String,
    /// Segments of instances in all.
    pub total: i64,
    /// Those that wait.
    pub pending: i64,
    /// Those whose run has not ended.
    pub running: i64,
    /// Those whose rows are here.
    pub completed: i64,
    /// Those that failed as often as they may.
    pub failed: i64,
    /// Those that were cancelled.
    pub cancelled: i64,
    /// Those that ran before their data were complete, and run once more.
    pub provisional: i64,
    /// Rows of all completed segments.
    pub record_count: i64,
    /// How long the rest takes at the pace so far.
    pub eta_seconds: Option<f64>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

impl Host<Backfill> for amc_fleet::BackfillReport {
    fn host(self) -> Backfill {
        let Self {
            collection,
            status,
            total,
            pending,
            running,
            completed,
            failed,
            cancelled,
            provisional,
            record_count,
            eta_seconds,
        } = self;
        Backfill {
            id: collection.id.public(),
            report_id: collection.report.public(),
            status: status.to_owned(),
            segment_type: collection.segment_type,
            start_date: collection.start_date.to_string(),
            end_date: collection.end_date.to_string(),
            timezone: collection.timezone,
            total: total.host(),
            pending: pending.host(),
            running: running.host(),
            completed: completed.host(),
            failed: failed.host(),
            cancelled: cancelled.host(),
            provisional: provisional.host(),
            record_count,
            eta_seconds,
            created_at: collection.created_at,
        }
    }
}

/// A segment of one instance, and where its data come from.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct BackfillSegment {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Its first day.
    pub first_day: String,
    /// The day after its last.
    pub end_day: String,
    /// The first instant.
    pub segment_start: DateTime<Utc>,
    /// The first instant after it.
    pub segment_end: DateTime<Utc>,
    /// When its data are complete at AMC.
    pub mature_at: DateTime<Utc>,
    /// `pending`, `running`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// Whether it ran before its data were complete.
    pub is_provisional: bool,
    /// How often it was run.
    pub attempt: i64,
    /// The batch of its last run.
    pub batch_id: Option<String>,
    /// Its last execution.
    pub execution_id: Option<String>,
    /// AMC's id of that run.
    pub amc_execution_id: Option<String>,
    /// The rows of its result.
    pub record_count: Option<i64>,
    /// Why it has no execution, no id of AMC or no result.
    pub reason: Option<String>,
    /// When its last run began.
    pub started_at: Option<DateTime<Utc>>,
    /// When its last run ended.
    pub completed_at: Option<DateTime<Utc>>,
}

impl Host<BackfillSegment> for amc_fleet::SegmentRow {
    fn host(self) -> BackfillSegment {
        let Self {
            id: _,
            collection: _,
            instance: _,
            instance_id,
            first_day,
            last_day,
            segment_start,
            segment_end,
            mature_at,
            status,
            is_provisional,
            attempt,
            batch,
            execution,
            amc_execution_id,
            record_count,
            reason,
            started_at,
            completed_at,
        } = self;
        BackfillSegment {
            instance_id,
            first_day: first_day.to_string(),
            end_day: last_day.to_string(),
            segment_start,
            segment_end,
            mature_at,
            status: status.to_string(),
            is_provisional,
            attempt,
            batch_id: batch.map(|batch| batch.public()),
            execution_id: execution.map(|execution| execution.public()),
            amc_execution_id,
            record_count,
            reason,
            started_at,
            completed_at,
        }
    }
}
