//! The dataset of a report: one series over its ticks and backfills.

use std::collections::BTreeSet;

use amc_fleet::model::{BackfillOptions, Freshness, Overlap, ScheduleOptions};
use amc_fleet::results::{Role, RollUp};
use amc_fleet::scheduler::SegmentType;
use amc_fleet::{BackfillSpec, Fleet, Missing, ReportRunSpec, ReportSpec, Results, ScheduleSpec};
use amc_fleet_emulator::{BadEnd, Fault, FaultKind};
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use futures::TryStreamExt;

use super::fleet::{SQL, Scene};

const ROWS: usize = 20;

type Row = (String, DateTime<Utc>, bool);

/// Each row's instance, first instant of its window and whether it is provisional.
async fn rows(series: &Results) -> Vec<Row> {
    let batches: Vec<_> = series.stream().try_collect().await.unwrap();
    let mut rows = Vec::new();
    for batch in batches {
        let column = |name: &str| batch.column_by_name(name).unwrap();
        let (instances, starts) = (column("_instance_id"), column("_segment_start"));
        let (instances, starts) =
            (instances.as_string::<i32>(), starts.as_primitive::<TimestampMicrosecondType>());
        let provisional = column("_provisional").as_boolean();
        rows.extend((0..batch.num_rows()).map(|row| {
            let start = DateTime::from_timestamp_micros(starts.value(row)).unwrap();
            (instances.value(row).to_owned(), start, provisional.value(row))
        }));
    }
    rows
}

async fn fill(fleet: &Fleet, segment_type: SegmentType, start: NaiveDate, end: NaiveDate) {
    let spec = BackfillSpec { end: Some(end), ..BackfillSpec::new(start, segment_type) };
    let begun = fleet.backfill("Weekly", &spec).await.unwrap();
    let told = fleet.wait_backfill(&begun.collection.id.public(), None).await.unwrap();
    assert_eq!(told.status, "completed");
}

/// The days of a test: six weeks, and the last three days.
struct Calendar {
    start: NaiveDate,
    monday: NaiveDate,
    recent: NaiveDate,
    today: NaiveDate,
}

impl Calendar {
    fn of(today: NaiveDate) -> Self {
        let recent = today - Days::new(3);
        let monday = recent - Days::new(recent.weekday().num_days_from_monday().into());
        Self { start: monday - Days::new(42), monday, recent, today }
    }

    fn after(&self, days: u64) -> NaiveDate {
        self.start + Days::new(days)
    }
}

async fn weekly(fleet: &Fleet) -> String {
    let spec = ReportSpec {
        name: "Weekly".into(),
        sql: Some(SQL.into()),
        window: Some("last 7 days".into()),
        ..ReportSpec::default()
    };
    fleet.save_report(spec).await.unwrap();
    let options = ScheduleOptions {
        overlap: Overlap::Allow,
        freshness: Freshness::Immediate,
        ..ScheduleOptions::default()
    };
    let spec = ScheduleSpec { options, ..ScheduleSpec::new("weekly on Monday at 06:00") };
    fleet.schedule_report("Weekly", spec).await.unwrap().id.public()
}

/// Four weeks by a backfill, the last of them and two more by ticks, three days by another backfill.
async fn collect(fleet: &Fleet, schedule: &str, days: &Calendar) {
    fill(fleet, SegmentType::Weekly, days.start, days.after(28)).await;
    for after in [28, 35, 42] {
        let nominal = days.after(after).and_time(NaiveTime::MIN).and_utc();
        let tick = fleet.fire(schedule, nominal).await.unwrap();
        let batch = fleet.batch(&tick.batch.unwrap().public()).await.unwrap();
        batch.wait(None).await.unwrap();
    }
    fill(fleet, SegmentType::Daily, days.recent, days.today).await;
}

#[tokio::test]
async fn a_dataset_is_one_series_over_ticks_and_backfills() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    let schedule = weekly(&fleet).await;
    let days = Calendar::of(scene.emulator.now().date_naive());
    collect(&fleet, &schedule, &days).await;
    // What a person asks for once is no part of the series.
    let window = Some(format!("{}..{}", days.start, days.today));
    let once = ReportRunSpec { window, ..ReportRunSpec::default() };
    fleet.run_report("Weekly", once).await.unwrap().wait(None).await.unwrap();

    let series = fleet.dataset("Weekly", days.start, days.today, Missing::Raise).await.unwrap();
    let rows = rows(&series).await;
    assert_eq!((rows.len(), series.total_rows()), (2 * 9 * ROWS, 2 * 9 * ROWS as u64));
    let in_order = |pair: &[Row]| pair[0].0 != pair[1].0 || pair[0].1 <= pair[1].1;
    assert!(rows.windows(2).all(in_order), "by instance and by time");
    let segments: BTreeSet<Row> = rows.into_iter().collect();
    assert_eq!(segments.len(), 2 * 9, "each once");
    assert_eq!(segments.iter().filter(|(.., is_provisional)| *is_provisional).count(), 2 * 2);
    let notes = &series.summary().notes;
    let provisional = "4 windows were asked for before their data were complete: _provisional";
    assert!(notes.iter().any(|note| note == provisional), "{notes:?}");
    let fourth = &series.summary().instances[3].execution_id;
    assert_eq!(fleet.trace(fourth).await.unwrap().triggered_by, "schedule", "the tick is the newer run");
    let asked = RollUp::by(["_segment_start", "_provisional"]).column("impressions", Role::additive());
    assert_eq!(series.roll_up(asked).await.unwrap().total_rows(), 9);
    let file = scene.path("series.csv");
    series.write_csv(&file).await.unwrap();
    let head = std::fs::read_to_string(file).unwrap();
    assert!(
        head.starts_with("_instance_id,_instance_name,_segment_start,_segment_end,_provisional,campaign,")
    );
    fleet.close().await;
}

#[tokio::test]
async fn a_dataset_says_what_it_lacks() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    weekly(&fleet).await;
    let days = Calendar::of(scene.emulator.now().date_naive());
    let dataset = async |start, end, missing: Missing| fleet.dataset("Weekly", start, end, missing).await;
    let (start, end) = (days.start, days.monday);
    assert_eq!(dataset(start, end, Missing::Raise).await.unwrap_err().code(), "results_incomplete");
    let empty = dataset(start, end, Missing::Include).await.unwrap();
    assert_eq!((empty.total_rows(), empty.summary().complete.as_str()), (0, "0 of 0"));
    fill(&fleet, SegmentType::Weekly, start, days.after(21)).await;
    let some = dataset(days.after(1), days.after(21), Missing::Raise).await.unwrap();
    assert_eq!(some.total_rows(), 2 * 2 * ROWS as u64, "the first week is cut and left out");
    assert!(some.summary().notes.iter().any(|note| note.contains("reach over an end")));
    let fails = Fault::new(FaultKind::RunFails { status: BadEnd::Rejected, reason: "no access".into() });
    scene.emulator.fail(fails.times(0));
    let spec = BackfillSpec {
        end: Some(days.after(28)),
        options: BackfillOptions { retries: 0, ..BackfillOptions::default() },
        ..BackfillSpec::new(days.after(21), SegmentType::Weekly)
    };
    let begun = fleet.backfill("Weekly", &spec).await.unwrap();
    let failed = fleet.wait_backfill(&begun.collection.id.public(), None).await.unwrap();
    assert_eq!((failed.status, failed.failed), ("failed", 2));
    let error = dataset(start, end, Missing::Raise).await.unwrap_err();
    assert_eq!((error.code(), error.concerned_instances().len()), ("results_incomplete", 2));
    let some = dataset(start, end, Missing::Include).await.unwrap();
    let week = format!(" {}/{}", days.after(21), days.after(28));
    assert_eq!(some.summary().complete, "6 of 8");
    assert!(some.summary().missing.iter().all(|missing| missing.ends_with(&week)), "{:?}", some.summary());
    assert_eq!(dataset(end, start, Missing::Raise).await.unwrap_err().code(), "range_empty");
    let unknown = fleet.dataset("none", start, end, Missing::Raise).await.unwrap_err();
    assert_eq!(unknown.code(), "unknown_report");
    fleet.close().await;
}
