//! Schedules of reports, and their ticks.

use amc_fleet::model::ScheduleHistory;
use amc_fleet::scheduler::describe;
use chrono::{DateTime, Utc};

use super::record;
use crate::json::Json;

record! {
    /// When a report runs by itself.
    Schedule {
        /// Our id (``sch_…``).
        id: String,
        /// What it runs (``rpt_…``).
        report_id: String,
        /// When it fires, in five fields of cron.
        expression: String,
        /// The same in words.
        says: String,
        /// The zone in whose local time it fires.
        timezone: String,
        /// The zone of the windows; the report's own where absent.
        window_timezone: Option<String>,
        /// Parameter values over those of the report.
        parameters: Json,
        /// What becomes of ticks that nobody was there to fire: ``none``, ``last`` or ``all``.
        catch_up: String,
        /// What a tick does while the run before it has not ended: ``skip``, ``queue`` or ``allow``.
        overlap: String,
        /// Whether a tick waits for complete data: ``wait`` or ``immediate``.
        freshness: String,
        /// Ticks fire up to so many seconds late.
        jitter_seconds: u32,
        /// After so many failures in a row it pauses itself.
        pause_after_failures: Option<u32>,
        /// Whether its runs may take results of runs that ask AMC the same.
        reuse: bool,
        /// Since when it is paused.
        paused_at: Option<DateTime<Utc>>,
        /// Why it is paused.
        pause_note: Option<String>,
        /// The nominal time of its next tick.
        next_run_at: Option<DateTime<Utc>>,
        /// When that tick fires: its nominal time, or later for jitter and complete data.
        due_at: Option<DateTime<Utc>>,
        /// How often it fired.
        run_count: i64,
        /// Ticks of which no batch could be made, or whose batch failed.
        failed_count: i64,
        /// When it fired last.
        last_run_at: Option<DateTime<Utc>>,
        /// What its last tick came to: the status of its batch, or ``skipped`` or ``failed``.
        last_status: Option<String>,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> schedule.to_dict()["timezone"]
    /// 'Europe/Berlin'
}

impl From<amc_fleet::Schedule> for Schedule {
    #[expect(clippy::too_many_lines, reason = "one field a line")]
    fn from(it: amc_fleet::Schedule) -> Self {
        let amc_fleet::Schedule {
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
        } = it;
        Self {
            id: id.public(),
            report_id: report.public(),
            says: describe(&expression).unwrap_or_default(),
            expression,
            timezone,
            window_timezone: options.window_timezone,
            parameters: Json(options.parameters.into()),
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

impl Schedule {
    fn shown(&self) -> String {
        format!("<Schedule {} {}>", self.id, self.says)
    }
}

record! {
    /// A nominal time of a schedule, and what became of it.
    Tick {
        /// The time it stands for: its windows are worked out at this moment.
        nominal_at: DateTime<Utc>,
        /// When it was written.
        fired_at: DateTime<Utc>,
        /// ``fired``, ``skipped`` or ``failed``.
        outcome: String,
        /// Why, where it did not fire.
        reason: Option<String>,
        /// Its batch (``batch_…``).
        batch_id: Option<String>,
        /// Where its batch stands.
        batch_status: Option<String>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> [tick.to_dict()["outcome"] for tick in fleet.ticks(schedule)]
    /// []
}

impl From<amc_fleet::TickRecord> for Tick {
    fn from(it: amc_fleet::TickRecord) -> Self {
        let amc_fleet::TickRecord { nominal_at, fired_at, outcome, reason, batch, batch_status } = it;
        Self {
            nominal_at,
            fired_at,
            outcome: outcome.to_string(),
            reason,
            batch_id: batch.map(|batch| batch.public()),
            batch_status: batch_status.map(|status| status.as_str().to_owned()),
        }
    }
}

impl Tick {
    fn shown(&self) -> String {
        format!("<Tick {} {}>", self.nominal_at.format("%Y-%m-%dT%H:%M:%SZ"), self.outcome)
    }
}

record! {
    /// A tick that should have fired and did not.
    Overdue {
        /// Its schedule.
        schedule: Schedule,
        /// The name of its report.
        report_name: String,
        /// The time it stands for.
        nominal_at: DateTime<Utc>,
        /// When it should have fired.
        due_at: DateTime<Utc>,
        /// How many seconds ago that is.
        late_seconds: i64,
    }
    /// >>> [overdue.to_dict()["report_name"] for overdue in fleet.overdue()]
    /// []
}

impl From<amc_fleet::Overdue> for Overdue {
    fn from(it: amc_fleet::Overdue) -> Self {
        let amc_fleet::Overdue { schedule, report_name, nominal_at, due_at, late_seconds } = it;
        Self { schedule: schedule.into(), report_name, nominal_at, due_at, late_seconds }
    }
}

impl Overdue {
    fn shown(&self) -> String {
        format!("<Overdue '{}' {} s late>", self.report_name, self.late_seconds)
    }
}
