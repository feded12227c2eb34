//! Backfills: order, retries, provisional segments, cut ends, and what is refused.

use std::sync::Arc;
use std::time::Duration;

use amc_fleet::model::{BackfillOptions, SegmentOrder, SegmentStatus};
use amc_fleet::scheduler::{Partial, SegmentType};
use amc_fleet::{
    BackfillReport, BackfillSpec, Fleet, FleetOptions, Instances, ReportRunSpec, ReportSpec, SegmentRow,
};
use amc_fleet_emulator::{BadEnd, Fault, FaultKind};
use amc_fleet_tests::clock::EmulatorClock;
use chrono::{Days, NaiveDate};

use super::fleet::{SQL, Scene};

async fn daily(fleet: &Fleet) {
    let spec = ReportSpec {
        name: "Daily".into(),
        sql: Some(SQL.into()),
        window: Some("yesterday".into()),
        ..ReportSpec::default()
    };
    fleet.save_report(spec).await.unwrap();
}

/// So many days that ended so many days ago, one at a time.
fn days(scene: &Scene, count: u64, ago: u64, options: BackfillOptions) -> BackfillSpec {
    let end = scene.emulator.now().date_naive() - Days::new(ago);
    let options = BackfillOptions { parallelism: 1, ..options };
    BackfillSpec { end: Some(end), options, ..BackfillSpec::new(end - Days::new(count), SegmentType::Daily) }
}

async fn ended(fleet: &Fleet, spec: &BackfillSpec) -> (String, BackfillReport) {
    let id = fleet.backfill("Daily", spec).await.unwrap().collection.id.public();
    let told = fleet.wait_backfill(&id, None).await.unwrap();
    (id, told)
}

fn rejects(scene: &Scene, times: u64) {
    let fails = FaultKind::RunFails { status: BadEnd::Rejected, reason: "no access".into() };
    scene.emulator.fail(Fault::new(fails).times(times));
}

fn statuses(rows: &[SegmentRow]) -> Vec<(SegmentStatus, i64)> {
    rows.iter().map(|row| (row.status, row.attempt)).collect()
}

/// The first days of the runs AMC saw, in the order in which it saw them.
fn order(scene: &Scene) -> Vec<String> {
    let answer = scene.emulator.executions();
    let runs = answer["executions"].as_array().unwrap().clone();
    let mut runs: Vec<_> = runs
        .iter()
        .map(|run| (run["createTime"].to_string(), run["timeWindowStart"].as_str().unwrap()[..10].to_owned()))
        .collect();
    runs.sort();
    runs.into_iter().map(|(_, day)| day).collect()
}

#[tokio::test]
async fn only_what_failed_is_tried_again() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    daily(&fleet).await;
    rejects(&scene, 2);
    let once = BackfillOptions { retries: 0, ..BackfillOptions::default() };
    let (id, told) = ended(&fleet, &days(&scene, 3, 5, once)).await;
    assert_eq!((told.status, told.completed, told.failed), ("partial", 1, 2));
    let rows = fleet.backfill_segments(&id).await.unwrap();
    use SegmentStatus::{Completed, Failed};
    assert_eq!(statuses(&rows), [(Failed, 1), (Failed, 1), (Completed, 1)]);
    assert!(rows[0].reason.as_deref().unwrap().contains("no access"), "{:?}", rows[0]);
    assert!(rows[0].execution.is_some() && rows[0].completed_at.is_some());
    let again = fleet.retry_backfill(&id).await.unwrap();
    assert_eq!((again.pending + again.running, again.completed), (2, 1));
    let told = fleet.wait_backfill(&id, None).await.unwrap();
    assert_eq!((told.status, told.completed, told.record_count), ("completed", 3, 60));
    let rows = fleet.backfill_segments(&id).await.unwrap();
    assert!(rows.iter().all(|row| row.reason.is_none() && row.amc_execution_id.is_some()), "{rows:?}");
    assert_eq!(scene.witness().runs(), 5);
    let same = fleet.backfill("Daily", &days(&scene, 3, 5, BackfillOptions::default())).await.unwrap();
    assert_eq!((same.collection.id.public(), same.status), (id, "completed"));
    assert_eq!(scene.witness().runs(), 5);
    fleet.close().await;
}

#[tokio::test]
async fn a_segment_is_tried_again_by_itself_so_often_as_asked() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    daily(&fleet).await;
    rejects(&scene, 2);
    let (id, told) = ended(&fleet, &days(&scene, 1, 5, BackfillOptions::default())).await;
    assert_eq!(told.status, "completed", "two retries are the default");
    assert_eq!(fleet.backfill_segments(&id).await.unwrap()[0].attempt, 3);
    rejects(&scene, 2);
    let once = BackfillOptions { retries: 1, ..BackfillOptions::default() };
    let (id, told) = ended(&fleet, &days(&scene, 1, 9, once)).await;
    assert_eq!((told.status, told.failed), ("failed", 1));
    assert_eq!(fleet.backfill_segments(&id).await.unwrap()[0].attempt, 2);
    fleet.close().await;
}

#[tokio::test]
async fn segments_go_in_the_order_asked_for() {
    for (order_asked, newest_first) in [(SegmentOrder::OldestFirst, false), (SegmentOrder::NewestFirst, true)]
    {
        let scene = Scene::with_instances(1).await;
        let fleet = scene.synced().await;
        daily(&fleet).await;
        let options = BackfillOptions { order: order_asked, ..BackfillOptions::default() };
        ended(&fleet, &days(&scene, 4, 5, options)).await;
        let mut seen = order(&scene);
        if newest_first {
            seen.reverse();
        }
        assert!(seen.len() == 4 && seen.is_sorted(), "{order_asked}: {seen:?}");
        fleet.close().await;
    }
}

/// What ran before its data were complete runs once more when they are, and then no more.
#[tokio::test]
async fn provisional_segments_run_once_more_when_they_are_mature() {
    let scene = Scene::with_instances(1).await;
    let clock = EmulatorClock::of(&scene.emulator);
    let options = FleetOptions { surroundings: Some(clock.surroundings()), ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, options).await.unwrap();
    fleet.sync_instances().await.unwrap();
    daily(&fleet).await;
    let (id, told) = ended(&fleet, &days(&scene, 4, 0, BackfillOptions::default())).await;
    assert_eq!((told.status, told.completed, told.provisional), ("completed", 4, 2));
    assert_eq!(scene.witness().runs(), 4);
    for _ in 0..2 {
        clock.advance(Duration::from_secs(3 * 24 * 3600)).await;
        // Whoever waits sees an end, since rows are here; what is mature is waited for by looking.
        while fleet.backfill_report(&id).await.unwrap().provisional > 0
            || fleet.wait_backfill(&id, None).await.unwrap().status != "completed"
        {
            fleet.run_backfills_once().await.unwrap();
        }
        assert_eq!(scene.witness().runs(), 6, "two once more, and no more than that");
    }
    let (_, again) = ended(&fleet, &days(&scene, 1, 30, BackfillOptions::default())).await;
    assert_eq!((again.provisional, scene.witness().runs()), (0, 7));
    fleet.close().await;
}

fn monday(day: NaiveDate, partial: Partial) -> BackfillSpec {
    let end = day.checked_add_days(Days::new(19));
    BackfillSpec { end, partial, max_days: 10_000, ..BackfillSpec::new(day, SegmentType::Weekly) }
}

#[tokio::test]
async fn a_plan_says_segments_runs_and_how_long() {
    let scene = Scene::with_instances(3).await;
    let fleet = scene.synced().await;
    daily(&fleet).await;
    let wednesday = NaiveDate::from_ymd_opt(2025, 9, 3).unwrap();
    let kept = fleet.plan_backfill("Daily", &monday(wednesday, Partial::Keep)).await.unwrap();
    let told: Vec<_> = kept.segments.iter().map(|it| (it.window.label(), it.is_partial)).collect();
    let told: Vec<_> = told.iter().map(|(label, is_partial)| (label.as_str(), *is_partial)).collect();
    let weeks = [("3–7 Sep 2025", true), ("8–14 Sep 2025", false), ("15–21 Sep 2025", false)];
    assert_eq!((told.as_slice(), kept.runs, kept.estimated_seconds), (weeks.as_slice(), 9, None));
    let dropped = fleet.plan_backfill("Daily", &monday(wednesday, Partial::Drop)).await.unwrap();
    assert_eq!((dropped.segments.len(), dropped.runs), (2, 6));
    fleet.run_report("Daily", ReportRunSpec::default()).await.unwrap().wait(None).await.unwrap();
    let estimated = fleet.plan_backfill("Daily", &monday(wednesday, Partial::Keep)).await.unwrap();
    assert!(estimated.estimated_seconds.unwrap() > 0.0);
    assert_eq!(scene.witness().runs(), 3, "a plan runs nothing");
    fleet.close().await;
}

#[tokio::test]
async fn what_cannot_be_filled_is_refused() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    daily(&fleet).await;
    let spec = days(&scene, 2, 5, BackfillOptions::default());
    let nobody = BackfillSpec { instances: Some(Instances::ids(["amcgone"])), ..spec.clone() };
    let unknown = BackfillSpec { timezone: Some("Berlin".into()), ..spec.clone() };
    let long = BackfillSpec { max_days: 1, ..spec.clone() };
    for (spec, code) in [(nobody, "no_instances"), (unknown, "zone_unknown"), (long, "range_too_long")] {
        assert_eq!(fleet.plan_backfill("Daily", &spec).await.unwrap_err().code(), code);
        assert_eq!(fleet.backfill("Daily", &spec).await.unwrap_err().code(), code);
    }
    fleet.activate_report("Daily", false).await.unwrap();
    assert_eq!(fleet.plan_backfill("Daily", &spec).await.unwrap_err().code(), "report_inactive");
    assert_eq!(fleet.backfill("Daily", &spec).await.unwrap_err().code(), "report_inactive");
    assert_eq!(fleet.backfill("Weekly", &spec).await.unwrap_err().code(), "unknown_report");
    assert_eq!(scene.witness().runs(), 0);
    fleet.close().await;
}

/// A backfill of a client that left says of its segments why, and the others go on.
#[tokio::test]
async fn a_client_that_left_fails_its_own_segments_only() {
    let scene = Arc::new(Scene::with_instances(2).await);
    let fleet = scene.synced().await;
    daily(&fleet).await;
    let gone = fleet.instances().await.unwrap()[0].instance_id.clone();
    fleet.activate_report("Daily", true).await.unwrap();
    let begun = fleet.backfill("Daily", &days(&scene, 2, 5, BackfillOptions::default())).await.unwrap();
    let id = begun.collection.id.public();
    assert_eq!(begun.total, 4);
    assert_eq!(fleet.wait_backfill(&id, None).await.unwrap().status, "completed");
    scene.kept.run("UPDATE amc_instances SET access = 'unreachable' WHERE name = (SELECT min(name) FROM amc_instances)").await;
    let (id, told) = ended(&fleet, &days(&scene, 2, 15, BackfillOptions::default())).await;
    assert_eq!((told.total, told.status), (2, "completed"), "who is gone is left out from the beginning");
    let rows = fleet.backfill_segments(&id).await.unwrap();
    assert!(rows.iter().all(|row| row.instance_id != gone));
    fleet.close().await;
}
