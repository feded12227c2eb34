//! Manners over real HTTP: what AMC hears of a fleet, and how often.

use std::collections::BTreeSet;
use std::time::Duration;

use amc_fleet::fleet::Migrate;
use amc_fleet::{BatchStatus, Fleet, FleetOptions, ReportRunSpec, ReportSpec, WorkerChoice};
use amc_fleet_emulator::{Fault, FaultKind, Options};
use amc_fleet_tests::database::Kind;

use super::KIND;
use super::fleet::{Scene, unchecked};

/// What takes a database back to the schema that had no profiles.
const WITHOUT_PROFILES: &str = "
    ALTER TABLE instance_grants DROP COLUMN label;
    ALTER TABLE instance_grants DROP COLUMN tags;
    ALTER TABLE instance_grants DROP COLUMN brands;
    ALTER TABLE instance_grants DROP COLUMN timezone;
    ALTER TABLE instance_grants DROP COLUMN currency;
    ALTER TABLE instance_grants DROP COLUMN parameters;
    ALTER TABLE data_source_sets DROP COLUMN ids;
    DROP INDEX executions_by_days;
    DROP INDEX executions_by_end;";

/// An account out of reach hears one POST, however many runs wait for it; the others fail unsent.
#[tokio::test]
async fn an_account_out_of_reach_is_asked_once() {
    let scene = Scene::with_instances(12).await;
    let fleet = scene.synced().await;
    let known = fleet.instances().await.unwrap();
    let accounts: BTreeSet<_> = known.iter().map(|it| it.account.key.account_id.clone()).collect();
    let forbidden = || Fault::new(FaultKind::status(403)).times(0);
    scene.emulator.fail(forbidden().method("POST").path("*/workflowExecutions"));
    scene.emulator.fail(forbidden().method("GET").path("*/instances"));
    let report = fleet.run_batch(unchecked()).await.unwrap().wait(None).await.unwrap();
    assert_eq!((report.status, report.failed_instances), (BatchStatus::Failed, 12));
    let posts = scene.emulator.faults()[0].fired;
    assert_eq!(posts, accounts.len() as u64, "one POST an account");
    assert!(fleet.instances().await.unwrap().is_empty(), "they are out of reach until a sync finds them");
    fleet.close().await;
}

/// Whoever runs a report by hand is told at once what AMC thinks of its query, and nothing is written.
#[tokio::test]
async fn a_report_run_by_hand_is_checked_first() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    let spec = ReportSpec {
        name: "Monday".into(),
        sql: Some("SELECT campaign,\nFROM dsp_impressions".into()),
        window: Some("last 7 days".into()),
        ..ReportSpec::default()
    };
    fleet.save_report(spec).await.unwrap();
    let refused = fleet.run_report("Monday", ReportRunSpec::default()).await.unwrap_err();
    assert_eq!(refused.code(), "amc_rejected", "{refused}");
    assert_eq!(refused.position().map(|it| it.line), Some(2));
    assert_eq!((fleet.unfinished().await.unwrap(), scene.witness().runs()), (0, 0));
    fleet.close().await;
}

/// A database that an older version made, with runs at AMC, is refused by its name, upgraded, and its runs go on.
#[tokio::test]
async fn an_upgrade_loses_no_run_in_flight() {
    let slow = Options { instances: 3, rows: 20, latency_ms: 3_000, ..Options::default() };
    let scene = Scene::of(slow).await;
    let idle = FleetOptions { worker: WorkerChoice::Never, ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, idle).await.unwrap();
    fleet.sync_instances().await.unwrap();
    let batch = fleet.run_batch(unchecked()).await.unwrap().id().public();
    assert!(fleet.drive(Duration::from_secs(1)).await.unwrap().more_work);
    assert_eq!(scene.witness().runs(), 3, "they are at AMC");
    fleet.close().await;

    let table = if KIND == Kind::Postgres { "amc_fleet_migrations" } else { "_sqlx_migrations" };
    scene.kept.run(&format!("{WITHOUT_PROFILES} DELETE FROM {table} WHERE version = 60;")).await;
    let never = FleetOptions { migrate: Migrate::Never, ..scene.options() };
    assert_eq!(Fleet::open(&scene.kept.database, never).await.unwrap_err().code(), "schema_too_old");
    Fleet::migrate(&scene.kept.database).await.unwrap();
    let fleet = scene.open().await;
    let report = fleet.batch(&batch).await.unwrap().wait(None).await.unwrap();
    assert_eq!((report.status, scene.witness().runs()), (BatchStatus::Completed, 3));
    fleet.close().await;
}
