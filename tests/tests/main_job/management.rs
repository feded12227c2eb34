//! Looking through what ran, letting go of it, and definitions as one document.

use std::time::Duration;

use amc_fleet::{
    Definitions, ExecutionFilter, ExecutionSort, ExecutionStatus, Fleet, FleetOptions, PageRequest,
    ReportRunSpec, ReportSpec, ScheduleSpec, WorkflowSpec,
};
use amc_fleet_tests::clock::EmulatorClock;
use serde_json::json;

use super::fleet::{SQL, Scene, everything, run};

async fn monday(fleet: &Fleet) -> String {
    let spec = ReportSpec {
        window: Some("last 7 days".into()),
        ..ReportSpec::of_workflow("Monday", "Impressions by campaign")
    };
    fleet.save_report(spec).await.unwrap();
    fleet.schedule_report("Monday", ScheduleSpec::new("weekly on Monday at 06:00")).await.unwrap().id.public()
}

#[tokio::test]
async fn executions_are_found_sorted_and_paged() {
    let scene = Scene::with_instances(3).await;
    let fleet = scene.synced().await;
    let (batch, _) = run(&fleet).await;
    fleet.run_batch(everything()).await.unwrap().wait(None).await.unwrap();
    let instance = fleet.instances().await.unwrap()[1].clone();
    let count = async |filter: ExecutionFilter| {
        fleet.executions(&filter, PageRequest::default()).await.unwrap().total
    };
    let all = ExecutionFilter::default;
    assert_eq!(count(all()).await, 6);
    assert_eq!(count(ExecutionFilter { text: Some("IMPRESSIONS BY".into()), ..all() }).await, 3);
    assert_eq!(count(ExecutionFilter { text: Some("100 %".into()), ..all() }).await, 0);
    assert_eq!(count(ExecutionFilter { instance: Some(instance.instance_id.clone()), ..all() }).await, 2);
    assert_eq!(count(ExecutionFilter { status: Some(ExecutionStatus::Failed), ..all() }).await, 0);
    let told = batch.status().await.unwrap();
    let first: Vec<&str> = told.executions.iter().map(|it| it.execution_id.as_str()).collect();
    let newest = fleet.executions(&all(), PageRequest { limit: 1, offset: 0 }).await.unwrap().items.remove(0);
    assert!(!first.contains(&newest.execution_id.as_str()));
    let oldest = ExecutionFilter { sort: ExecutionSort::Oldest, ..all() };
    let found = fleet.executions(&oldest, PageRequest { limit: 2, offset: 2 }).await.unwrap();
    assert_eq!((found.items.len(), found.total), (2, 6));
    assert!(first.contains(&found.items[0].execution_id.as_str()));
    let by_instance = ExecutionFilter { sort: ExecutionSort::Instance, ..all() };
    let found = fleet.executions(&by_instance, PageRequest::default()).await.unwrap().items;
    assert!(found.is_sorted_by_key(|it| it.instance_name.clone()));
    fleet.close().await;
}

#[tokio::test]
async fn history_tells_rates_and_durations() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    run(&fleet).await;
    monday(&fleet).await;
    fleet.run_report("Monday", ReportRunSpec::default()).await.unwrap().wait(None).await.unwrap();
    let of_workflow = fleet.workflow_history("Impressions by campaign", None).await.unwrap();
    assert_eq!((of_workflow.run_count, of_workflow.completed_count, of_workflow.failed_count), (2, 2, 0));
    assert_eq!((of_workflow.success_rate, of_workflow.timeline.len()), (Some(1.0), 1));
    assert!(
        of_workflow.p95_seconds >= of_workflow.average_seconds && of_workflow.average_seconds > Some(0.0)
    );
    let of_report = fleet.report_history("Monday", None).await.unwrap();
    assert_eq!((of_report.run_count, of_report.timeline[0].run_count), (1, 1));
    let later = fleet.report_history("Monday", Some(scene.emulator.now() + chrono::TimeDelta::days(1))).await;
    assert_eq!((later.as_ref().unwrap().run_count, later.unwrap().success_rate), (0, None));
    assert_eq!(fleet.report_history("none", None).await.unwrap_err().code(), "unknown_report");
    fleet.close().await;
}

#[tokio::test]
async fn what_is_old_goes_and_what_it_was_for_says_so() {
    let scene = Scene::with_instances(2).await;
    let clock = EmulatorClock::of(&scene.emulator);
    let options = FleetOptions { surroundings: Some(clock.surroundings()), ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, options).await.unwrap();
    fleet.sync_instances().await.unwrap();
    let (batch, report) = run(&fleet).await;
    let schedule = monday(&fleet).await;
    let nominal = scene.emulator.now() - chrono::TimeDelta::days(9);
    let tick = fleet.fire(&schedule, nominal).await.unwrap();
    fleet.batch(&tick.batch.unwrap().public()).await.unwrap().wait(None).await.unwrap();
    assert_eq!(fleet.apply_retention(30).await.unwrap(), 0);
    clock.advance(Duration::from_secs(31 * 24 * 3600)).await;
    let id = batch.id().public();
    assert_eq!(fleet.delete_batches(&["batch_none"]).await.unwrap_err().code(), "unknown_batch");
    assert_eq!(fleet.delete_batches(&[&id]).await.unwrap(), 1);
    assert_eq!(fleet.batch(&id).await.unwrap_err().code(), "unknown_batch");
    let trace = fleet.trace(&report.executions[0].execution_id).await.unwrap_err();
    assert_eq!(trace.code(), "unknown_execution");
    assert_eq!((fleet.apply_retention(30).await.unwrap(), fleet.apply_retention(30).await.unwrap()), (1, 0));
    let left = fleet.ticks(&schedule, 9).await.unwrap();
    assert_eq!((left[0].batch, left[0].reason.as_deref()), (None, Some("its run was deleted")));
    assert_eq!(fleet.verify().await.unwrap(), []);
    let again = fleet.fire(&schedule, nominal).await.unwrap();
    assert_eq!(again.batch, None, "a tick whose run was deleted fires no second time");
    let begun = fleet.run_batch(everything()).await.unwrap();
    begun.wait(None).await.unwrap();
    fleet.close().await;
}

#[tokio::test]
async fn definitions_go_from_one_fleet_to_another() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    fleet.save_workflow(WorkflowSpec::new("Impressions by campaign", SQL)).await.unwrap();
    monday(&fleet).await;
    let document = fleet.export_definitions().await.unwrap().to_json().unwrap();
    assert_eq!(document["reports"][0]["workflow"], "Impressions by campaign");
    let other = Fleet::open(&scene.kept.database, FleetOptions { owner: "other".into(), ..scene.options() })
        .await
        .unwrap();
    let read = || Definitions::from_json(document.clone()).unwrap();
    let first = other.import_definitions(read()).await.unwrap();
    assert_eq!((first.workflows, first.reports, first.schedules), (1, 1, 1));
    let second = other.import_definitions(read()).await.unwrap();
    assert_eq!((second.workflows, second.reports, second.schedules), (1, 1, 0), "what is there is no other");
    assert_eq!(other.export_definitions().await.unwrap().to_json().unwrap(), document);
    for (path, value, code) in [
        ("/format", json!("amc-fleet/2"), "definitions_unreadable"),
        ("/reports/0/extra", json!(1), "definitions_unreadable"),
        ("/reports/0/window", json!("last week or so"), "window_invalid"),
        ("/reports/0/schedules/0/expression", json!("0 25 * * *"), "cron_invalid"),
        ("/workflows/0/sql", json!("SELECT 'a"), "sql_unreadable"),
    ] {
        let mut wrong = document.clone();
        let (at, name) = path.rsplit_once('/').unwrap();
        wrong.pointer_mut(at).unwrap()[name] = value;
        assert_eq!(Definitions::from_json(wrong).unwrap_err().code(), code, "{path}");
    }
    let copy = fleet.duplicate_report("Monday", "Tuesday").await.unwrap();
    assert_eq!((copy.name.as_str(), copy.window.as_str()), ("Tuesday", "last 7 days"));
    assert_eq!(fleet.duplicate_report("Monday", "Tuesday").await.unwrap_err().code(), "name_taken");
    let copy = fleet.duplicate_workflow("Impressions by campaign", "Again").await.unwrap();
    assert_eq!(copy.sql, SQL);
    other.close().await;
    fleet.close().await;
}
