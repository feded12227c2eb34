//! What was broken by hand is found and named.

use amc_fleet::model::{Freshness, Overlap, ScheduleOptions};
use amc_fleet::scheduler::SegmentType;
use amc_fleet::{BackfillSpec, Fleet, FleetOptions, Instances, PageRequest, ReportSpec, ScheduleSpec};
use amc_fleet_tests::database::Kind;
use chrono::{Days, NaiveTime};

use super::KIND;
use super::fleet::{SQL, Scene};

/// What somebody may do to the file, and what `verify` says of it.
const CORRUPTIONS: [(&str, &str); 20] = [
    (
        "batch_counts_wrong",
        "UPDATE batch_executions SET completed_instances = completed_instances + 1, total_instances = total_instances + 1",
    ),
    ("batch_status_wrong", "UPDATE batch_executions SET status = 'running'"),
    ("events_missing", "DELETE FROM events WHERE sequence = 2"),
    ("sql_missing", "DELETE FROM execution_sql"),
    ("row_count_missing", "UPDATE executions SET row_count = NULL"),
    ("amc_execution_id_missing", "UPDATE executions SET amc_execution_id = NULL"),
    ("amc_execution_id_shared", "UPDATE executions SET amc_execution_id = 'one'"),
    ("end_missing", "UPDATE executions SET completed_at = NULL"),
    ("window_reversed", "UPDATE executions SET time_window_end = time_window_start"),
    ("run_of_another_owner", "UPDATE report_definitions SET owner_id = 'bob'"),
    ("schedule_without_tick", "UPDATE report_schedules SET next_run_at = NULL"),
    ("segment_unexplained", "UPDATE report_data_segments SET execution = NULL"),
    ("segment_count_wrong", "UPDATE report_data_segments SET record_count = 19"),
    ("result_count_wrong", "UPDATE executions SET row_count = 21"),
    (
        "result_missing",
        "UPDATE executions SET id = (SELECT id FROM report_definitions)
        WHERE id = (SELECT id FROM executions LIMIT 1)",
    ),
    ("failure_unexplained", "UPDATE executions SET status = 'failed', error_code = NULL"),
    ("tick_without_batch", "UPDATE schedule_ticks SET batch = NULL"),
    (
        "slot_held",
        "INSERT INTO execution_slots (scope, scope_id, slot, execution)
        SELECT 'instance', instance, 1, id FROM executions LIMIT 1",
    ),
    ("population_low", "UPDATE report_data_segments SET amc_execution_id = NULL"),
    ("population_low", "UPDATE report_data_segments SET started_at = NULL"),
];

/// No key and no trigger stops whoever breaks things.
fn unhindered() -> &'static str {
    match KIND {
        Kind::Sqlite => "PRAGMA foreign_keys = OFF;",
        Kind::Postgres => "SET session_replication_role = replica;",
    }
}

#[tokio::test]
async fn every_corruption_is_named() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    let execution = lived_in(&fleet, &scene).await;
    assert_eq!(fleet.verify().await.unwrap(), []);
    let trace = fleet.trace(&execution).await.unwrap();
    assert_eq!((trace.triggered_by.as_str(), trace.row_count), ("backfill", Some(20)));
    assert!(trace.report_id.is_some() && trace.backfill_id.is_some() && trace.sql.as_deref() == Some(SQL));
    assert_eq!((trace.attempts.len(), trace.warnings.len()), (1, 0));
    assert_eq!(trace.attempts[0].amc_execution_id, trace.amc_execution_id);
    assert_eq!(fleet.trace("exec_unknown").await.unwrap_err().code(), "unknown_execution");
    fleet.close().await;
    for (code, sql) in CORRUPTIONS {
        let copy = scene.kept.copy().await;
        copy.run(&format!("{} {sql}", unhindered())).await;
        let fleet = Fleet::open(&copy.database, FleetOptions::default()).await.unwrap();
        let found = fleet.verify().await.unwrap();
        assert!(found.iter().any(|broken| broken.code == code), "{code}: {found:?}");
        fleet.close().await;
    }
}

/// A report with a schedule and a history; an execution of that.
async fn lived_in(fleet: &Fleet, scene: &Scene) -> String {
    let report = ReportSpec {
        name: "Daily".into(),
        sql: Some(SQL.into()),
        instances: Instances::All,
        window: Some("yesterday".into()),
        ..ReportSpec::default()
    };
    fleet.save_report(report).await.unwrap();
    let options = ScheduleOptions {
        overlap: Overlap::Allow,
        freshness: Freshness::Immediate,
        ..ScheduleOptions::default()
    };
    let daily = ScheduleSpec { options, ..ScheduleSpec::new("daily") };
    let schedule = fleet.schedule_report("Daily", daily).await.unwrap().id.public();
    let end = scene.emulator.now().date_naive() - Days::new(5);
    let tick = fleet.fire(&schedule, end.and_time(NaiveTime::MIN).and_utc()).await.unwrap();
    fleet.batch(&tick.batch.unwrap().public()).await.unwrap().wait(None).await.unwrap();
    let spec = BackfillSpec { end: Some(end), ..BackfillSpec::new(end - Days::new(2), SegmentType::Daily) };
    let id = fleet.backfill("Daily", &spec).await.unwrap().collection.id.public();
    fleet.wait_backfill(&id, None).await.unwrap();
    assert_eq!(fleet.report_runs("Daily", PageRequest::default()).await.unwrap().total, 3);
    fleet.backfill_segments(&id).await.unwrap()[0].execution.unwrap().public()
}
