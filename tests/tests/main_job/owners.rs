//! Owners apart: every public call, tried by one of them on the things of another.

use std::path::{Path, PathBuf};
use std::time::Duration;

use amc_fleet::client::AmcWorkflow;
use amc_fleet::model::ProfileChange;
use amc_fleet::scheduler::SegmentType;
use amc_fleet::templates::{Template, starter};
use amc_fleet::{
    AccountSpec, BackfillSpec, BatchFilter, BatchHandle, BatchSpec, BatchStatus, Database, ExecutionFilter,
    Fleet, Instances, LintSpec, Missing, PageRequest, ReportFilter, ReportRunSpec, ReportSpec, Result,
    ScheduleSpec, TemplateFilter, TemplateHead, WorkflowFilter, WorkflowSpec,
};
use chrono::NaiveDate;
use serde_json::Value;

use super::fleet::{Scene, everything};

const SECRET: &str = "Adas secret";

/// What an owner has, by every name it has.
struct Things {
    names: Vec<String>,
    instance: String,
    workflow: String,
    template: String,
    batch: BatchHandle,
    execution: String,
    file: PathBuf,
    report: String,
    schedule: String,
    backfill: String,
}

fn report_spec(name: &str) -> ReportSpec {
    ReportSpec {
        sql: Some("SELECT campaign FROM dsp_impressions".into()),
        window: Some("yesterday".into()),
        name: name.into(),
        ..ReportSpec::default()
    }
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, day).unwrap()
}

/// A week of long ago.
fn backfill_spec() -> BackfillSpec {
    let whole = BackfillSpec::new(day(1), SegmentType::Weekly);
    BackfillSpec { end: Some(day(8)), max_days: 10_000, ..whole }
}

async fn things(ada: &Fleet, folder: &Path) -> Things {
    let workflow =
        ada.save_workflow(WorkflowSpec::new(SECRET, "SELECT campaign FROM dsp_impressions")).await.unwrap();
    let known = ada.instances().await.unwrap();
    let instance = known[0].instance_id.clone();
    let label = ProfileChange { label: Some(SECRET.into()), ..ProfileChange::default() };
    ada.update_instance(&instance, label).await.unwrap();
    let template = Template { name: SECRET.into(), ..starter()[0].clone() };
    let template = ada.save_template(template, None).await.unwrap().id.public();
    let spec = BatchSpec {
        window: Some("last 30 days".into()),
        key: Some("adas key".into()),
        ..BatchSpec::of_workflow(SECRET)
    };
    let batch = ada.run_batch(spec).await.unwrap();
    let report = batch.wait(None).await.unwrap();
    assert_eq!(report.status, BatchStatus::Completed);
    let execution = report.executions[0].execution_id.clone();
    let results = batch.results(Missing::Raise).await.unwrap();
    let file = results.write_csv(folder.join("adas.csv")).await.unwrap().path;
    let report = ada.save_report(report_spec(SECRET)).await.unwrap().id.public();
    let schedule = ada.schedule_report(&report, ScheduleSpec::new("@yearly")).await.unwrap().id.public();
    let backfill = ada.backfill(&report, &backfill_spec()).await.unwrap().collection.id.public();
    ada.wait_backfill(&backfill, None).await.unwrap();
    let mut names = vec![SECRET.into(), workflow.id.public(), workflow.id.0.to_string(), "adas key".into()];
    names.extend([
        batch.id().public(),
        batch.id().0.to_string(),
        instance.clone(),
        known[0].id.0.to_string(),
        report.clone(),
        schedule.clone(),
        backfill.clone(),
        template.clone(),
    ]);
    let workflow = workflow.id.public();
    Things { names, instance, workflow, template, batch, execution, file, report, schedule, backfill }
}

/// Everything an owner can read, as text.
async fn all_of(owner: &Fleet) -> String {
    let mut seen = format!(
        "{:?}{:?}",
        owner.all_instances().await,
        owner.workflows(&WorkflowFilter::default(), PageRequest::default()).await
    );
    let page = PageRequest::default();
    seen.push_str(&format!("{:?}", owner.reports(&ReportFilter::default(), page).await));
    seen.push_str(&format!("{:?}{:?}", owner.schedules(None, page).await, owner.backfills(None, page).await));
    seen.push_str(&format!("{:?}", owner.templates(&TemplateFilter::default()).await));
    for batch in owner.batches(&BatchFilter::default(), page).await.unwrap().items {
        seen.push_str(&format!("{:?}", batch.status().await));
    }
    seen
}

/// One call, by a stranger, on what is not its own. A call that the surface gains fails here until somebody says how it is
/// tried.
async fn attempt(call: &str, bob: &Fleet, things: &Things) -> String {
    let tried = [
        of_the_fleet(call, bob, things).await,
        of_instances(call, bob, things).await,
        of_queries(call, bob, things).await,
        of_templates(call, bob, things).await,
        of_batches(call, bob, things).await,
        of_reports(call, bob, things).await,
        of_schedules(call, bob, things).await,
        of_backfills(call, bob, things).await,
        of_management(call, bob, things).await,
    ];
    tried.into_iter().flatten().next().unwrap_or_else(|| panic!("nobody has said how '{call}' is tried"))
}

async fn of_the_fleet(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let instances = [things.instance.clone()];
    Some(match call {
        "migrate" | "database" | "owner" | "actor" | "is_working" => format!("{bob:?}"),
        "unfinished" => said(bob.unfinished().await),
        "as_owner" => bob.as_owner("bob", None).owner().to_owned(),
        "grant_instances" => said(bob.grant_instances("bob", &instances).await),
        "revoke_instances" => said(bob.revoke_instances("ada", &instances).await),
        "drive" => said(bob.drive(Duration::from_millis(1)).await),
        "verify" => said(bob.verify().await),
        "close" => {
            bob.close().await;
            String::new()
        }
        _ => return None,
    })
}

async fn of_instances(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let instance = things.instance.as_str();
    let change = || ProfileChange { label: Some("Bobs".into()), ..ProfileChange::default() };
    Some(match call {
        "sync_instances" => said(bob.sync_instances().await),
        "add_account" => said(bob.add_account(AccountSpec::new("ENTITYX", "ATVPDKIKX0DER")).await),
        "instances" => said(bob.instances().await),
        "all_instances" => said(bob.all_instances().await),
        "update_instance" => said(bob.update_instance(instance, change()).await),
        "import_profiles" => {
            said(bob.import_profiles(&format!("instance_id,label\n{instance},Bobs\n")).await)
        }
        _ => return None,
    })
}

async fn of_queries(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let (instance, workflow) = (things.instance.as_str(), things.workflow.as_str());
    let saved = AmcWorkflow::new("w", "SELECT 1");
    Some(match call {
        "save_workflow" => said(bob.save_workflow(WorkflowSpec::new("Bobs", "SELECT 1")).await),
        "workflow" => said(bob.workflow(workflow).await),
        "archive_workflow" => said(bob.archive_workflow(workflow).await),
        "workflows" => said(bob.workflows(&WorkflowFilter::default(), PageRequest::default()).await),
        "amc_workflows" => said(bob.amc_workflows(instance).await),
        "amc_workflow" => said(bob.amc_workflow(instance, "w").await),
        "create_amc_workflow" => said(bob.create_amc_workflow(instance, &saved).await),
        "update_amc_workflow" => said(bob.update_amc_workflow(instance, &saved).await),
        "delete_amc_workflow" => said(bob.delete_amc_workflow(instance, "w").await),
        "lint" => {
            let spec = LintSpec { instance: Some(instance.to_owned()), ..LintSpec::default() };
            said(bob.lint("SELECT 1", spec).await)
        }
        _ => return None,
    })
}

async fn of_templates(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let template = things.template.as_str();
    let folder = things.file.with_file_name("bobs");
    Some(match call {
        "use_template" => said(bob.use_template(&starter()[0], None).await),
        "save_template" => said(bob.save_template(starter()[0].clone(), None).await),
        "template" => said(bob.template(template).await),
        "template_versions" => said(bob.template_versions(template).await),
        "templates" => said(bob.templates(&TemplateFilter::default()).await),
        "deprecate_template" => said(bob.deprecate_template(template, None).await),
        "restore_template" => said(bob.restore_template(template).await),
        "template_usage" => said(bob.template_usage(template).await),
        "save_as_template" => said(bob.save_as_template(&things.workflow, TemplateHead::default()).await),
        "export_templates" => said(bob.export_templates(&folder).await),
        "import_templates" => said(bob.import_templates(&folder).await),
        _ => return None,
    })
}

async fn of_batches(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let spec = BatchSpec { instances: Instances::ids([things.instance.as_str()]), ..everything() };
    Some(match call {
        "preview" => said(bob.preview(spec).await),
        "plan" => said(bob.plan(spec).await),
        "run_batch" => said(bob.run_batch(spec).await.map(|batch| batch.id())),
        "batches" => {
            said(bob.batches(&BatchFilter::default(), PageRequest::default()).await.map(|it| it.total))
        }
        "cancel_execution" => said(bob.cancel_execution(&things.execution).await),
        "cancel_all" => said(bob.cancel_all().await),
        "attempts" => said(bob.attempts(&things.execution).await),
        "trace" => said(bob.trace(&things.execution).await),
        "trace_file" => said(bob.trace_file(&things.file).await),
        "batch" => handle(bob, things).await,
        _ => return None,
    })
}

async fn of_reports(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let report = things.report.as_str();
    let page = PageRequest::default();
    Some(match call {
        "save_report" => said(bob.save_report(report_spec("Bobs")).await),
        "report" => said(bob.report(report).await),
        "reports" => said(bob.reports(&ReportFilter::default(), page).await),
        "activate_report" => said(bob.activate_report(report, true).await),
        "deactivate_report" => said(bob.activate_report(report, false).await),
        "archive_report" => said(bob.archive_report(report).await),
        "run_report" => said(bob.run_report(report, ReportRunSpec::default()).await.map(|it| it.id())),
        "dataset" => {
            let (start, end) = (day(1), day(8));
            said(bob.dataset(report, start, end, Missing::Include).await.map(drop))
        }
        "report_runs" => said(bob.report_runs(report, page).await.map(|it| it.total)),
        _ => return None,
    })
}

async fn of_schedules(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let (report, schedule) = (things.report.as_str(), things.schedule.as_str());
    Some(match call {
        "schedule" => said(bob.schedule_report(report, ScheduleSpec::new("@daily")).await),
        "schedules" => said(bob.schedules(None, PageRequest::default()).await),
        "pause" => said(bob.pause(schedule, None).await),
        "resume" => said(bob.resume(schedule).await),
        "archive_schedule" => said(bob.archive_schedule(schedule).await),
        "ticks" => said(bob.ticks(schedule, 10).await),
        "next_runs" => said(bob.next_runs(schedule, 3).await),
        "overdue" => said(bob.overdue().await),
        "fire" => said(bob.fire(schedule, "2025-09-01T00:00:00Z".parse().unwrap()).await),
        "run_schedules" => said(bob.run_schedules_once().await),
        _ => return None,
    })
}

async fn of_backfills(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let (report, backfill) = (things.report.as_str(), things.backfill.as_str());
    Some(match call {
        "plan_backfill" => said(bob.plan_backfill(report, &backfill_spec()).await),
        "backfill" => said(bob.backfill(report, &backfill_spec()).await),
        "backfill_status" => said(bob.backfill_report(backfill).await),
        "wait_backfill" => said(bob.wait_backfill(backfill, Some(Duration::from_millis(1))).await),
        "backfills" => said(bob.backfills(None, PageRequest::default()).await),
        "backfill_segments" => said(bob.backfill_segments(backfill).await),
        "pause_backfill" => said(bob.pause_backfill(backfill).await),
        "resume_backfill" => said(bob.resume_backfill(backfill).await),
        "retry_backfill" => said(bob.retry_backfill(backfill).await),
        "cancel_backfill" => said(bob.cancel_backfill(backfill).await),
        _ => return None,
    })
}

async fn of_management(call: &str, bob: &Fleet, things: &Things) -> Option<String> {
    let (workflow, report, batch) = (&things.workflow, &things.report, things.batch.id().public());
    Some(match call {
        "executions" => said(bob.executions(&ExecutionFilter::default(), PageRequest::default()).await),
        "delete_batches" => said(bob.delete_batches(&[batch]).await),
        "apply_retention" => said(bob.apply_retention(0).await),
        "duplicate_workflow" => said(bob.duplicate_workflow(workflow, "Bobs copy").await),
        "duplicate_report" => said(bob.duplicate_report(report, "Bobs copy").await),
        "export_definitions" => said(bob.export_definitions().await),
        "import_definitions" => {
            let own = bob.export_definitions().await.unwrap();
            said(bob.import_definitions(own).await)
        }
        "workflow_history" => said(bob.workflow_history(workflow, None).await),
        "report_history" => said(bob.report_history(report, None).await),
        _ => return None,
    })
}

/// A batch and its results are reached by a handle alone, and nothing that names one gives it to a stranger.
async fn handle(bob: &Fleet, things: &Things) -> String {
    let mut seen = String::new();
    for name in &things.names {
        seen.push_str(&said(bob.batch(name).await.map(|batch| batch.name().to_owned())));
    }
    seen
}

/// What a call told. An error says the name that it was asked for, which the stranger knew.
fn said<T: std::fmt::Debug>(answer: Result<T>) -> String {
    answer.map_or_else(|error| error.code().to_owned(), |answer| format!("{answer:?}"))
}

fn calls(class: &str) -> Vec<String> {
    let surface: Value = serde_json::from_str(include_str!("../../surface.json")).unwrap();
    surface[class].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

async fn apart(scene: &Scene, database: &Database) {
    let host = Fleet::open(database, scene.options()).await.unwrap();
    host.sync_instances().await.unwrap();
    let ids: Vec<String> = host.instances().await.unwrap().into_iter().map(|it| it.instance_id).collect();
    assert_eq!(host.grant_instances("ada", &ids).await.unwrap(), 2);
    let (ada, bob) = (host.as_owner("ada", Some("ada@example".into())), host.as_owner("bob", None));
    let things = things(&ada, &scene.path("")).await;
    let before = all_of(&ada).await;
    for call in calls("Fleet") {
        let seen = attempt(&call, &bob, &things).await;
        let told = things.names.iter().find(|name| seen.contains(name.as_str()));
        assert_eq!(told, None, "{call} told bob: {seen}");
    }
    for call in calls("Batch").into_iter().chain(calls("Results")) {
        let seen = handle(&bob, &things).await;
        assert!(seen.split("unknown_batch").all(str::is_empty), "{call}: {seen}");
    }
    assert_eq!(all_of(&ada).await, before, "what is ada's is as it was");
    assert_eq!(ada.batch(&things.batch.id().public()).await.unwrap().name(), SECRET);
    assert_eq!(host.revoke_instances("ada", &ids).await.unwrap(), 2);
    assert!(ada.instances().await.unwrap().is_empty());
    host.close().await;
}

/// No call of one owner reads or changes what is another's.
#[tokio::test]
async fn owner_sees_own() {
    let scene = Scene::with_instances(2).await;
    apart(&scene, &scene.kept.database).await;
}

#[tokio::test]
async fn owner_sees_own_in_memory() {
    let scene = Scene::with_instances(2).await;
    apart(&scene, &Database::Memory).await;
}
