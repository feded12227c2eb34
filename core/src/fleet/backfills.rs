//! Backfills: the history of a report, segment by segment.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::batch::POLL;
use super::plan::hash_of;
use super::report_run::{batch_spec, leave_out_gone, refuse_inactive};
use super::reports::zone;
use super::selection::select;
use super::{Fleet, Instances, OnUnavailable};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    BackfillOptions, Collection, CollectionStatus, IdRef, Instance, Page, PageRequest, Priority, Report,
    SegmentRow, SegmentStatus, Skipped, Zone,
};
use crate::scheduler::{DATA_COMPLETE_AFTER, Partial, Segment, SegmentType, segments};
use crate::store::SegmentStep;

/// The most days of a backfill, unless it says otherwise.
const MOST_DAYS: u32 = 365;

/// A backfill to run.
#[derive(Debug, Clone, PartialEq)]
pub struct BackfillSpec {
    /// The first day.
    pub start: NaiveDate,
    /// The day after the last; today where absent.
    pub end: Option<NaiveDate>,
    /// How long a segment is.
    pub segment_type: SegmentType,
    /// What it runs on; what the report says where absent.
    pub instances: Option<Instances>,
    /// The zone whose days they are: a name, or `instance`; the report's where absent.
    pub timezone: Option<String>,
    /// What becomes of a first or last segment that the range cuts.
    pub partial: Partial,
    /// How it goes about its work.
    pub options: BackfillOptions,
    /// The most days it may have; AMC keeps about 13 months.
    pub max_days: u32,
}

impl BackfillSpec {
    /// A backfill from a day up to today, of these segments.
    #[must_use]
    pub fn new(start: NaiveDate, segment_type: SegmentType) -> Self {
        Self {
            start,
            end: None,
            segment_type,
            instances: None,
            timezone: None,
            partial: Partial::default(),
            options: BackfillOptions::default(),
            max_days: MOST_DAYS,
        }
    }
}

/// What a backfill would do.
#[derive(Debug, Clone, PartialEq)]
pub struct BackfillPlan {
    /// Its segments, oldest first; in the zone of the first instance where each has its own.
    pub segments: Vec<Segment>,
    /// The AMC ids of the instances it runs on.
    pub instance_ids: Vec<String>,
    /// What was asked for and is left out.
    pub skipped: Vec<Skipped>,
    /// Runs at AMC in all, without those that are tried again.
    pub runs: usize,
    /// How long it takes by the last runs of this report; nothing where it never ran.
    pub estimated_seconds: Option<f64>,
}

/// Where a backfill stands.
#[derive(Debug, Clone, PartialEq)]
pub struct BackfillReport {
    /// The backfill.
    pub collection: Collection,
    /// `active`, `paused`, `cancelled`; `completed`, `partial` or `failed` once nothing is left to do.
    pub status: &'static str,
    /// Segments of instances in all.
    pub total: usize,
    /// Those that wait.
    pub pending: usize,
    /// Those whose run has not ended.
    pub running: usize,
    /// Those whose rows are here.
    pub completed: usize,
    /// Those that failed as often as they may.
    pub failed: usize,
    /// Those that were cancelled.
    pub cancelled: usize,
    /// Those that ran before their data were complete, and run once more.
    pub provisional: usize,
    /// Rows of all completed segments.
    pub record_count: i64,
    /// How long the rest takes at the pace so far.
    pub eta_seconds: Option<f64>,
}

impl BackfillReport {
    fn new(collection: Collection, segments: &[SegmentRow], now: DateTime<Utc>) -> Self {
        let count = |status| segments.iter().filter(|segment| segment.status == status).count();
        let (pending, running) = (count(SegmentStatus::Pending), count(SegmentStatus::Running));
        let (completed, failed) = (count(SegmentStatus::Completed), count(SegmentStatus::Failed));
        let status = match collection.status {
            CollectionStatus::Active if pending + running > 0 => CollectionStatus::Active.as_str(),
            CollectionStatus::Active if completed == segments.len() => "completed",
            CollectionStatus::Active if completed > 0 => "partial",
            CollectionStatus::Active => "failed",
            other => other.as_str(),
        };
        Self {
            status,
            total: segments.len(),
            pending,
            running,
            completed,
            failed,
            cancelled: count(SegmentStatus::Cancelled),
            provisional: segments.iter().filter(|segment| segment.is_provisional).count(),
            record_count: segments.iter().filter_map(|segment| segment.record_count).sum(),
            eta_seconds: eta(&collection, segments, pending + running, now),
            collection,
        }
    }

    /// Whether nothing is left to do, but for provisional segments.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.pending + self.running == 0
    }
}

fn eta(collection: &Collection, segments: &[SegmentRow], left: usize, now: DateTime<Utc>) -> Option<f64> {
    let ended = segments.iter().filter(|segment| segment.completed_at.is_some()).count();
    let passed = u32::try_from((now - collection.created_at).num_seconds()).ok()?;
    let [left, ended] = [left, ended].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    (ended > 0).then(|| f64::from(passed) / f64::from(ended) * f64::from(left))
}

impl Fleet {
    /// Says what a backfill would do, and writes nothing.
    ///
    /// # Errors
    /// As for [`backfill`](Self::backfill).
    pub async fn plan_backfill(&self, report: &str, spec: &BackfillSpec) -> Result<BackfillPlan> {
        let report = self.report(report).await?;
        refuse_inactive(&report)?;
        let (instances, skipped) = self.backfill_instances(&report, spec).await?;
        let first = self.cut(&report, spec, &instances[0])?;
        Ok(BackfillPlan {
            runs: first.len() * instances.len(),
            estimated_seconds: self.estimate(&report, first.len(), spec).await?,
            instance_ids: instances.into_iter().map(|instance| instance.instance_id).collect(),
            segments: first,
            skipped,
        })
    }

    /// Runs the history of a report: each segment once for each instance, behind all other work. Asked for again with the
    /// same content it is the same backfill, and goes on where it was.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`), `Conflict` (`report_inactive`), `InvalidInput` (`range_empty`, `range_in_future`,
    /// `zone_unknown`, `no_instances`), `TooLarge` (`range_too_long`).
    pub async fn backfill(&self, report: &str, spec: &BackfillSpec) -> Result<BackfillReport> {
        let report = self.report(report).await?;
        refuse_inactive(&report)?;
        let (instances, _) = self.backfill_instances(&report, spec).await?;
        let now = self.0.surroundings.clock.now();
        let collection = self.collection(&report, spec, &instances, now)?;
        let mut rows = Vec::new();
        for instance in &instances {
            let own = self.cut(&report, spec, instance)?;
            rows.extend(own.iter().map(|segment| self.segment_row(&collection, instance, segment, now)));
        }
        let (collection, _) = self.0.store.create_backfill(&collection, &rows, now).await?;
        self.0.signals.raise();
        self.tell(collection).await
    }

    /// Says where a backfill stands.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`).
    pub async fn backfill_report(&self, id: &str) -> Result<BackfillReport> {
        let collection = self.collection_of(id).await?;
        self.tell(collection).await
    }

    /// Waits until nothing of a backfill is left to do, but for provisional segments, or until `timeout`. It goes on either
    /// way, as long as somebody works.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`); `Timeout` (`wait_timed_out`) when the time is over first.
    pub async fn wait_backfill(&self, id: &str, timeout: Option<Duration>) -> Result<BackfillReport> {
        let clock = &self.0.surroundings.clock;
        let until = timeout.map(|timeout| clock.now() + timeout);
        let mut changes = self.0.signals.listen();
        loop {
            let told = self.backfill_report(id).await?;
            if told.has_ended() {
                return Ok(told);
            }
            if until.is_some_and(|until| clock.now() >= until) {
                let left = told.pending + told.running;
                let message = format!("{} has {left} of {} segments to go", told.collection.id, told.total);
                return Err(Error::new(ErrorKind::Timeout, "wait_timed_out", message)
                    .hint("the backfill goes on: wait again, or look at its status"));
            }
            tokio::select! {
                _ = changes.changed() => {}
                () = clock.sleep(POLL) => {}
            }
        }
    }

    /// Lists backfills, newest first, of one report or of all.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn backfills(&self, report: Option<&str>, page: PageRequest) -> Result<Page<BackfillReport>> {
        let report = match report {
            Some(id) => Some(self.report(id).await?.id),
            None => None,
        };
        let found = self.0.store.backfills(&self.scope(), report, page).await?;
        let mut items = Vec::new();
        for collection in found.items {
            items.push(self.tell(collection).await?);
        }
        Ok(Page { items, total: found.total })
    }

    /// Lists the segments of a backfill and where their data come from, oldest first.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`).
    pub async fn backfill_segments(&self, id: &str) -> Result<Vec<SegmentRow>> {
        let collection = self.collection_of(id).await?;
        self.0.store.segments(&self.scope(), collection.id).await
    }

    /// Pauses a backfill: what runs is finished, nothing more is started.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`), `Conflict` (`backfill_cancelled`).
    pub async fn pause_backfill(&self, id: &str) -> Result<BackfillReport> {
        self.change_backfill(id, CollectionStatus::Paused).await
    }

    /// Goes on with a paused backfill.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`), `Conflict` (`backfill_cancelled`).
    pub async fn resume_backfill(&self, id: &str) -> Result<BackfillReport> {
        self.change_backfill(id, CollectionStatus::Active).await
    }

    /// Cancels a backfill: nothing more is started, and what runs is cancelled too.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`), `Conflict` (`backfill_cancelled`).
    pub async fn cancel_backfill(&self, id: &str) -> Result<BackfillReport> {
        let report = self.change_backfill(id, CollectionStatus::Cancelled).await?;
        let segments = self.0.store.segments(&self.scope(), report.collection.id).await?;
        let running = segments.iter().filter(|segment| segment.status == SegmentStatus::Running);
        let batches: std::collections::BTreeSet<_> = running.filter_map(|segment| segment.batch).collect();
        for batch in batches {
            self.batch(&batch.0.to_string()).await?.cancel().await?;
        }
        self.settle_backfill(&report.collection).await?;
        self.tell(report.collection).await
    }

    /// Tries the segments of a backfill again that failed, and only those.
    ///
    /// # Errors
    /// `NotFound` (`unknown_backfill`).
    pub async fn retry_backfill(&self, id: &str) -> Result<BackfillReport> {
        let collection = self.collection_of(id).await?;
        let segments = self.0.store.segments(&self.scope(), collection.id).await?;
        let failed = segments.into_iter().filter(|segment| segment.status == SegmentStatus::Failed);
        let again = failed.map(|segment| SegmentStep {
            from: SegmentStatus::Failed,
            execution: segment.execution,
            to: SegmentRow { status: SegmentStatus::Pending, attempt: 0, ..segment },
        });
        let now = self.0.surroundings.clock.now();
        self.0.store.settle_segments(&again.collect::<Vec<_>>(), now).await?;
        self.0.signals.raise();
        self.tell(collection).await
    }

    async fn change_backfill(&self, id: &str, status: CollectionStatus) -> Result<BackfillReport> {
        let collection = self.collection_of(id).await?;
        let now = self.0.surroundings.clock.now();
        if !self.0.store.change_backfill(&self.scope(), collection.id, status, now).await? {
            let message = format!("the backfill {} was cancelled", collection.id);
            return Err(Error::new(ErrorKind::Conflict, "backfill_cancelled", message)
                .hint("ask for the same backfill again: it is a new one"));
        }
        self.0.signals.raise();
        self.tell(Collection { status, ..collection }).await
    }

    async fn collection_of(&self, id: &str) -> Result<Collection> {
        let found = self.0.store.backfill(&self.scope(), &id.parse::<IdRef>()?).await?;
        found.ok_or_else(|| {
            Error::not_found("unknown_backfill", format!("no backfill '{id}'"))
                .hint("give its id (col_…) or its UUID; list them with backfills()")
        })
    }

    async fn tell(&self, collection: Collection) -> Result<BackfillReport> {
        let segments = self.0.store.segments(&self.scope(), collection.id).await?;
        Ok(BackfillReport::new(collection, &segments, self.0.surroundings.clock.now()))
    }

    async fn backfill_instances(
        &self,
        report: &Report,
        spec: &BackfillSpec,
    ) -> Result<(Vec<Instance>, Vec<Skipped>)> {
        let known = self.0.store.instances(&self.scope()).await?;
        let mut wanted = match &spec.instances {
            Some(instances) => instances.clone(),
            None => batch_spec(report, Priority::Backfill)?.instances,
        };
        let gone = leave_out_gone(&mut wanted, &known);
        let mut selected = select(known, &wanted, OnUnavailable::Skip)?;
        selected.skipped.extend(gone);
        Ok((selected.instances, selected.skipped))
    }

    /// The segments of one instance, in its zone.
    fn cut(&self, report: &Report, spec: &BackfillSpec, instance: &Instance) -> Result<Vec<Segment>> {
        let named = spec.timezone.as_deref().unwrap_or(&report.timezone);
        let zone: Zone = if named == "instance" { instance.zone() } else { named }.parse()?;
        let today = zone.local(self.0.surroundings.clock.now()).date();
        let end = spec.end.unwrap_or(today);
        if (end - spec.start).num_days() > i64::from(spec.max_days) {
            let message = format!(
                "{} to {end} is longer than the {} days a backfill may have",
                spec.start, spec.max_days
            );
            return Err(Error::new(ErrorKind::TooLarge, "range_too_long", message).hint(
                "take a later start; AMC keeps about 13 months, and max_days says how much is asked for",
            ));
        }
        if spec.start > today {
            return Err(Error::invalid("range_in_future", format!("{} has not begun", spec.start))
                .hint("take days that are over"));
        }
        let found = segments(spec.start, end, spec.segment_type, &zone, spec.partial)?;
        if found.is_empty() {
            let message = format!("no whole segment lies between {} and {end}", spec.start);
            return Err(
                Error::invalid("range_empty", message).hint("keep partial segments, or take a longer range")
            );
        }
        Ok(found)
    }

    fn collection(
        &self,
        report: &Report,
        spec: &BackfillSpec,
        instances: &[Instance],
        now: DateTime<Utc>,
    ) -> Result<Collection> {
        let timezone = zone(spec.timezone.as_deref().unwrap_or(&report.timezone))?;
        let days = self.cut(report, spec, &instances[0])?;
        let [first, last] = [days.first(), days.last()];
        let start_date = first.map_or(spec.start, |segment| segment.window.start().date());
        let end_date = last.map_or(spec.start, |segment| segment.window.end().date());
        let mut ids: Vec<String> = instances.iter().map(|instance| instance.id.0.to_string()).collect();
        ids.sort_unstable();
        let content = json!({
            "report": report.id, "segment_type": spec.segment_type.as_str(), "timezone": timezone, "instances": ids,
            "start": start_date.to_string(), "end": end_date.to_string(),
        });
        Ok(Collection {
            id: self.0.surroundings.ids.next(now).into(),
            owner_id: self.0.owner.clone(),
            created_by: self.0.actor.clone(),
            report: report.id,
            request_hash: hash_of(&content),
            segment_type: spec.segment_type.as_str().to_owned(),
            start_date,
            end_date,
            timezone,
            options: spec.options.clone(),
            status: CollectionStatus::Active,
            created_at: now,
            updated_at: now,
        })
    }

    fn segment_row(
        &self,
        collection: &Collection,
        instance: &Instance,
        segment: &Segment,
        now: DateTime<Utc>,
    ) -> SegmentRow {
        let window = &segment.window;
        SegmentRow {
            id: self.0.surroundings.ids.next(now).into(),
            collection: collection.id,
            instance: instance.id,
            instance_id: instance.instance_id.clone(),
            first_day: window.start().date(),
            last_day: window.end().date(),
            segment_start: window.start_utc(),
            segment_end: window.end_utc(),
            mature_at: window.end_utc() + DATA_COMPLETE_AFTER,
            status: SegmentStatus::Pending,
            is_provisional: false,
            attempt: 0,
            batch: None,
            execution: None,
            amc_execution_id: None,
            record_count: None,
            reason: None,
            started_at: None,
            completed_at: None,
        }
    }

    /// By the average of the last runs of the report, so many segments at once as asked for.
    async fn estimate(&self, report: &Report, segments: usize, spec: &BackfillSpec) -> Result<Option<f64>> {
        let last = PageRequest { limit: 20, offset: 0 };
        let runs = self.0.store.report_runs(&self.scope(), report.id, last).await?;
        let took: Vec<TimeDelta> =
            runs.items.iter().filter_map(|run| Some(run.completed_at? - run.started_at?)).collect();
        let at_once = usize::try_from(spec.options.parallelism.max(1)).unwrap_or(usize::MAX);
        let rounds = u32::try_from(segments.div_ceil(at_once)).unwrap_or(u32::MAX);
        let count = u32::try_from(took.len()).unwrap_or(u32::MAX);
        let seconds: f64 = took.iter().map(|span| span.as_seconds_f64()).sum();
        Ok((count > 0).then(|| seconds / f64::from(count) * f64::from(rounds)))
    }
}
