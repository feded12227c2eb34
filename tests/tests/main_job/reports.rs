//! Standing work: reports, schedules and backfills over real HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::clock::{RandomIds, Surroundings};
use amc_fleet::model::Freshness;
use amc_fleet::params::{Declaration, ParameterType};
use amc_fleet::scheduler::SegmentType;
use amc_fleet::testing::ManualClock;
use amc_fleet::{
    BackfillSpec, BatchStatus, Fleet, FleetOptions, Instances, PageRequest, Report, ReportFilter,
    ReportRunSpec, ReportSpec, ScheduleOptions, ScheduleSpec, SegmentRow, WorkerChoice, WorkflowSpec,
};
use amc_fleet_emulator::{Fault, FaultKind, Options};
use amc_fleet_tests::year::{Stretch, live};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::KIND;
use super::fleet::{SQL, Scene};

async fn monday(fleet: &Fleet, instances: Instances) -> Report {
    let spec = ReportSpec {
        name: "Monday".into(),
        sql: Some(SQL.into()),
        instances,
        window: Some("last 7 days".into()),
        timezone: "Europe/Berlin".into(),
        ..ReportSpec::default()
    };
    fleet.save_report(spec).await.unwrap()
}

#[tokio::test]
async fn a_report_runs_without_the_client_that_left() {
    let scene = Scene::with_instances(3).await;
    let fleet = scene.synced().await;
    let mut ids: Vec<String> =
        fleet.instances().await.unwrap().into_iter().map(|instance| instance.instance_id).collect();
    ids.push("amcgone".into());
    let report = monday(&fleet, Instances::ids(ids)).await;
    let run = fleet.run_report("Monday", ReportRunSpec::default()).await.unwrap();
    assert_eq!(run.skipped().iter().map(|it| it.instance_id.as_str()).collect::<Vec<_>>(), ["amcgone"]);
    let told = run.wait(None).await.unwrap();
    assert_eq!((told.status, told.completed_instances), (BatchStatus::Completed, 3), "{told}");
    let listed = fleet.reports(&ReportFilter::default(), PageRequest::default()).await.unwrap().items;
    assert_eq!((listed[0].run_count, listed[0].success_rate()), (1, Some(1.0)));
    let runs = fleet.report_runs(&report.id.public(), PageRequest::default()).await.unwrap();
    assert_eq!(runs.items[0].id(), run.id());
    fleet.activate_report("Monday", false).await.unwrap();
    let refused = fleet.run_report("Monday", ReportRunSpec::default()).await.unwrap_err();
    assert_eq!(refused.code(), "report_inactive");
    fleet.close().await;
}

#[tokio::test]
async fn a_report_that_matches_no_instance_is_refused() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    monday(&fleet, Instances::ids(["amcgone"])).await;
    let refused = fleet.run_report("Monday", ReportRunSpec::default()).await.unwrap_err();
    assert_eq!(refused.code(), "no_instances");
    assert_eq!(scene.witness().runs(), 0);
    fleet.close().await;
}

#[tokio::test]
async fn a_schedule_pauses_resumes_and_is_put_away() {
    let scene = Scene::of(Options {
        instances: 2,
        rows: 20,
        latency_ms: 50,
        now: Some("2025-10-15T00:00:00Z".parse().unwrap()),
        ..Options::default()
    })
    .await;
    let fleet = Fleet::open(&scene.kept.database, FleetOptions { schedules: false, ..scene.options() })
        .await
        .unwrap();
    fleet.sync_instances().await.unwrap();
    monday(&fleet, Instances::All).await;
    let spec = ScheduleSpec::new("weekly on Monday at 06:00");
    let schedule = fleet.schedule_report("Monday", spec).await.unwrap();
    assert_eq!(fleet.run_schedules_once().await.unwrap(), 0);
    let id = schedule.id.public();
    fleet.pause(&id, Some("holidays".into())).await.unwrap();
    assert_eq!(fleet.schedule(&id).await.unwrap().pause_note.as_deref(), Some("holidays"));
    fleet.resume(&id).await.unwrap();
    let next = fleet.next_runs(&id, 1).await.unwrap()[0];
    assert_eq!(schedule.next_run_at, Some(next));
    // The data of the seven days before Monday are complete two days after its midnight.
    assert!(schedule.due_at > schedule.next_run_at);
    assert!(fleet.ticks(&id, 10).await.unwrap().is_empty() && fleet.overdue().await.unwrap().is_empty());
    fleet.archive_schedule(&id).await.unwrap();
    assert_eq!(fleet.schedule(&id).await.unwrap_err().code(), "unknown_schedule");
    fleet.close().await;
}

/// Declared default < workflow < report < instance < tick, down to the query that AMC would get.
#[tokio::test]
async fn the_last_layer_of_parameters_counts() {
    let scene = Scene::with_instances(2).await;
    let clock = Arc::new(ManualClock::at("2025-10-13T05:00:00Z".parse().unwrap()));
    let surroundings = Surroundings { clock: Arc::<ManualClock>::clone(&clock), ids: Arc::new(RandomIds) };
    let (worker, schedules) = (WorkerChoice::Never, false);
    let options = FleetOptions { surroundings: Some(surroundings), worker, schedules, ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, options).await.unwrap();
    fleet.sync_instances().await.unwrap();
    let first = fleet.instances().await.unwrap()[0].instance_id.clone();
    schedule_in_layers(&fleet, &first).await;
    clock.advance(Duration::from_secs(2 * 3600));
    assert_eq!(fleet.run_schedules_once().await.unwrap(), 1);
    let run = fleet.report_runs("Layers", PageRequest::default()).await.unwrap().items.remove(0);
    for execution in run.status().await.unwrap().executions {
        let told = fleet.trace(&execution.execution_id).await.unwrap();
        let own = if execution.instance_id == first { "instance" } else { "report" };
        let expected = json!({"a": "declared", "b": "workflow", "c": "report", "d": own, "e": "tick"});
        assert_eq!(Value::Object(told.parameters), expected);
        let written = format!("x IN ('declared', 'workflow', 'report', '{own}', 'tick')");
        assert!(told.sql.unwrap().contains(&written), "{written}");
    }
    fleet.close().await;
}

/// A schedule whose parameters come one from each layer, and from all below it.
async fn schedule_in_layers(fleet: &Fleet, first: &str) {
    let declared: Vec<Declaration> = ["a", "b", "c", "d", "e"].map(layered).into();
    let sql = "SELECT COUNT(*) AS n FROM dsp_impressions WHERE x IN ({{a}}, {{b}}, {{c}}, {{d}}, {{e}})";
    let values = |names: &[&str], layer: &str| -> Map<String, Value> {
        names.iter().map(|name| ((*name).to_owned(), json!(layer))).collect()
    };
    let workflow = WorkflowSpec {
        declarations: declared,
        parameters: values(&["b", "c", "d", "e"], "workflow"),
        ..WorkflowSpec::new("Layers", sql)
    };
    fleet.save_workflow(workflow).await.unwrap();
    let report = ReportSpec {
        window: Some("last 7 days".into()),
        parameters: values(&["c", "d", "e"], "report"),
        instance_parameters: Map::from_iter([(first.to_owned(), json!(values(&["d", "e"], "instance")))]),
        ..ReportSpec::of_workflow("Layers", "Layers")
    };
    fleet.save_report(report).await.unwrap();
    let options = ScheduleOptions {
        parameters: values(&["e"], "tick"),
        freshness: Freshness::Immediate,
        ..ScheduleOptions::default()
    };
    let schedule = ScheduleSpec { options, ..ScheduleSpec::new("daily at 06:00") };
    fleet.schedule_report("Layers", schedule).await.unwrap();
}

fn layered(name: &str) -> Declaration {
    Declaration { default: Some(json!("declared")), ..Declaration::new(name, ParameterType::String) }
}

/// Every nominal tick once, its window right to the second, whoever is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tick_fires_once_over_weeks_of_kills() {
    let told = live(Stretch { clients: 6, days: 60, seed: 7, kind: KIND }).await;
    assert_eq!((&told.missing, &told.surplus), (&Vec::new(), &Vec::new()), "{told:?}");
    assert!(told.runs >= 6 * 10 && told.kills > 0, "{told:?}");
}

fn history(from: NaiveDate, days: u64, segment_type: SegmentType) -> BackfillSpec {
    BackfillSpec { end: from.checked_add_days(Days::new(days)), ..BackfillSpec::new(from, segment_type) }
}

/// The runs AMC saw, by instance and first instant.
fn seen(scene: &Scene) -> BTreeMap<(String, DateTime<Utc>), String> {
    let answer = scene.emulator.executions();
    let runs = answer["executions"].as_array().unwrap().iter().map(|run| {
        let text = |name: &str| run[name].as_str().unwrap().to_owned();
        ((text("instanceId"), text("timeWindowStart").parse().unwrap()), text("workflowExecutionId"))
    });
    runs.collect()
}

fn has_its_lineage(row: &SegmentRow, seen: &BTreeMap<(String, DateTime<Utc>), String>) {
    let amc = seen.get(&(row.instance_id.clone(), row.segment_start));
    assert_eq!(row.amc_execution_id.as_ref(), amc, "{row:?}");
    assert!(row.execution.is_some() && row.batch.is_some() && row.reason.is_none(), "{row:?}");
    assert!(row.started_at <= row.completed_at && row.record_count == Some(20), "{row:?}");
}

#[tokio::test]
async fn a_backfill_goes_on_after_a_restart_and_tells_where_its_data_come_from() {
    let scene = Scene::with_instances(2).await;
    let fail = Fault::new(FaultKind::GatewayTimeout { after: false });
    scene.emulator.fail(fail.chance(0.1, 7).times(0));
    let fleet = scene.synced().await;
    let report = monday(&fleet, Instances::All).await;
    let from = scene.emulator.now().date_naive() - Days::new(40);
    let spec = history(from, 14, SegmentType::Daily);
    let plan = fleet.plan_backfill("Monday", &spec).await.unwrap();
    assert_eq!((plan.segments.len(), plan.runs, plan.instance_ids.len()), (14, 28, 2));
    let begun = fleet.backfill("Monday", &spec).await.unwrap();
    assert_eq!((begun.total, begun.status), (28, "active"));
    fleet.close().await;

    let fleet = scene.open().await;
    let again = fleet.backfill(&report.id.public(), &spec).await.unwrap();
    assert_eq!(again.collection.id, begun.collection.id);
    let id = begun.collection.id.public();
    let told = fleet.wait_backfill(&id, None).await.unwrap();
    assert_eq!(
        (told.status, told.completed, told.provisional, told.record_count),
        ("completed", 28, 0, 28 * 20)
    );
    let seen = seen(&scene);
    let rows = fleet.backfill_segments(&id).await.unwrap();
    rows.iter().for_each(|row| has_its_lineage(row, &seen));
    assert_eq!((seen.len(), scene.witness().runs()), (28, 28));
    let listed = fleet.backfills(Some("Monday"), PageRequest::default()).await.unwrap();
    assert_eq!((listed.total, &listed.items[0].collection), (1, &told.collection));
    fleet.close().await;
}

#[tokio::test]
async fn a_backfill_pauses_and_is_cancelled() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    monday(&fleet, Instances::All).await;
    let from = scene.emulator.now().date_naive() - Days::new(300);
    let begun = fleet.backfill("Monday", &history(from, 280, SegmentType::Weekly)).await.unwrap();
    let id = begun.collection.id.public();
    assert_eq!(fleet.pause_backfill(&id).await.unwrap().status, "paused");
    assert_eq!(fleet.resume_backfill(&id).await.unwrap().status, "active");
    let cancelled = fleet.cancel_backfill(&id).await.unwrap();
    assert_eq!((cancelled.status, cancelled.pending, cancelled.running), ("cancelled", 0, 0));
    assert_eq!(fleet.resume_backfill(&id).await.unwrap_err().code(), "backfill_cancelled");
    for (spec, code) in [
        (history(from, 366, SegmentType::Daily), "range_too_long"),
        (history(from, 0, SegmentType::Daily), "range_empty"),
        (
            BackfillSpec {
                end: None,
                ..history(scene.emulator.now().date_naive() + Days::new(9), 3, SegmentType::Daily)
            },
            "range_in_future",
        ),
        (
            BackfillSpec { timezone: Some("Berlin".into()), ..history(from, 3, SegmentType::Daily) },
            "zone_unknown",
        ),
    ] {
        assert_eq!(fleet.backfill("Monday", &spec).await.unwrap_err().code(), code);
    }
    fleet.close().await;
}
