//! Backfills, and where the data of their segments come from.

use chrono::{DateTime, Utc};

use super::{Plain, Segment, Skipped, record};

record! {
    /// What a backfill would do.
    BackfillPlan {
        /// Its segments, oldest first.
        segments: Vec<Segment>,
        /// The AMC ids of the instances it runs on.
        instance_ids: Vec<String>,
        /// What was asked for and is left out.
        skipped: Vec<Skipped>,
        /// Runs at AMC in all, without those that are tried again.
        runs: usize,
        /// How long it takes by the last runs of the report; nothing where it never ran.
        estimated_seconds: Option<f64>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> plan = fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> len(plan.to_dict()["segments"])
    /// 2
}

impl From<amc_fleet::BackfillPlan> for BackfillPlan {
    fn from(it: amc_fleet::BackfillPlan) -> Self {
        let amc_fleet::BackfillPlan { segments, instance_ids, skipped, runs, estimated_seconds } = it;
        Self { segments: segments.plain(), instance_ids, skipped: skipped.plain(), runs, estimated_seconds }
    }
}

impl BackfillPlan {
    fn shown(&self) -> String {
        format!("<BackfillPlan {} segments, {} runs>", self.segments.len(), self.runs)
    }
}

record! {
    /// A range of days of a report, segment by segment, at one moment.
    Backfill {
        /// Our id (``col_…``).
        id: String,
        /// What it runs (``rpt_…``).
        report_id: String,
        /// ``active``, ``paused`` or ``cancelled``; ``completed``, ``partial`` or ``failed`` once nothing is left to do.
        status: String,
        /// ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        segment_type: String,
        /// The first day.
        start_date: String,
        /// The day after the last.
        end_date: String,
        /// The zone whose days they are.
        timezone: String,
        /// Segments of instances in all.
        total: usize,
        /// Those that wait.
        pending: usize,
        /// Those whose run has not ended.
        running: usize,
        /// Those whose rows are here.
        completed: usize,
        /// Those that failed as often as they may.
        failed: usize,
        /// Those that were cancelled.
        cancelled: usize,
        /// Those that ran before their data were complete, and run once more.
        provisional: usize,
        /// Rows of all completed segments.
        record_count: i64,
        /// How long the rest takes at the pace so far.
        eta_seconds: Option<f64>,
        /// When it was asked for.
        created_at: DateTime<Utc>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> history.to_dict()["segment_type"]
    /// 'weekly'
}

impl From<amc_fleet::BackfillReport> for Backfill {
    fn from(it: amc_fleet::BackfillReport) -> Self {
        let amc_fleet::BackfillReport {
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
        } = it;
        Self {
            id: collection.id.public(),
            report_id: collection.report.public(),
            status: status.to_owned(),
            segment_type: collection.segment_type,
            start_date: collection.start_date.to_string(),
            end_date: collection.end_date.to_string(),
            timezone: collection.timezone,
            total,
            pending,
            running,
            completed,
            failed,
            cancelled,
            provisional,
            record_count,
            eta_seconds,
            created_at: collection.created_at,
        }
    }
}

impl Backfill {
    fn shown(&self) -> String {
        format!("<Backfill {} {}: {} of {}>", self.id, self.status, self.completed, self.total)
    }
}

record! {
    /// A segment of one instance, and where its data come from.
    BackfillSegment {
        /// AMC's id of the instance.
        instance_id: String,
        /// Its first day.
        first_day: String,
        /// The day after its last.
        end_day: String,
        /// The first instant.
        segment_start: DateTime<Utc>,
        /// The first instant after it.
        segment_end: DateTime<Utc>,
        /// When its data are complete at AMC.
        mature_at: DateTime<Utc>,
        /// ``pending``, ``running``, ``completed``, ``failed`` or ``cancelled``.
        status: String,
        /// Whether it ran before its data were complete.
        is_provisional: bool,
        /// How often it was run.
        attempt: i64,
        /// The batch of its last run.
        batch_id: Option<String>,
        /// Its last execution.
        execution_id: Option<String>,
        /// AMC's id of that run.
        amc_execution_id: Option<String>,
        /// The rows of its result.
        record_count: Option<i64>,
        /// Why it has no execution, no id of AMC or no result.
        reason: Option<String>,
        /// When its last run began.
        started_at: Option<DateTime<Utc>>,
        /// When its last run ended.
        completed_at: Option<DateTime<Utc>>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.backfill_segments(history)[0].to_dict()["first_day"]
    /// '2025-09-01'
}

impl From<amc_fleet::SegmentRow> for BackfillSegment {
    fn from(it: amc_fleet::SegmentRow) -> Self {
        let amc_fleet::SegmentRow {
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
        } = it;
        Self {
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

impl BackfillSegment {
    fn shown(&self) -> String {
        format!("<BackfillSegment {} {} {}>", self.instance_id, self.first_day, self.status)
    }
}
