//! Runs of virtual hours: the fleet's workers read the emulator's clock.

use std::time::Duration;

use amc_fleet::engine::EngineSettings;
use amc_fleet::{BatchStatus, Fleet, FleetOptions};
use amc_fleet_emulator::{Fault, FaultKind, Options};
use amc_fleet_tests::clock::EmulatorClock;
use chrono::{DateTime, TimeDelta, Utc};

use super::fleet::{Scene, unchecked};

const INSTANCES: usize = 4;

const RUN: Duration = Duration::from_secs(3 * 3600);

#[tokio::test]
async fn runs_of_virtual_hours_complete_by_the_emulators_clock() {
    let start: DateTime<Utc> = "2025-10-15T00:00:00Z".parse().unwrap();
    let scene = Scene::of(Options {
        instances: INSTANCES,
        rows: 20,
        frozen: true,
        now: Some(start),
        ..Options::default()
    })
    .await;
    let takes = FaultKind::RunTakes { seconds: RUN.as_secs() };
    scene.emulator.fail(Fault::new(takes).method("POST").path("*/workflowExecutions").times(0));
    let clock = EmulatorClock::of(&scene.emulator);
    // Virtual time outruns the machine, so the lease is longer than the test.
    let engine = EngineSettings { lease: 10 * RUN, ..EngineSettings::default() };
    let options = FleetOptions { surroundings: Some(clock.surroundings()), engine, ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, options).await.unwrap();
    fleet.sync_instances().await.unwrap();
    let batch = fleet.run_batch(unchecked()).await.unwrap();
    let report = loop {
        let report = batch.status().await.unwrap();
        if report.status.is_terminal() {
            break report;
        }
        // Only while runs compute is the clock moved fast: tokens and URLs end by it too.
        clock.advance(Duration::from_secs(if all_compute(&scene) { 30 } else { 1 })).await;
    };
    assert_eq!((report.status, report.completed_instances), (BatchStatus::Completed, 4), "{report}");
    assert_eq!(scene.witness().runs(), INSTANCES);
    for execution in &report.executions {
        let (started, completed) = (execution.started_at.unwrap(), execution.completed_at.unwrap());
        assert!(started >= start && completed - started >= TimeDelta::hours(3), "{execution:?}");
    }
    fleet.close().await;
}

fn all_compute(scene: &Scene) -> bool {
    let witness = scene.emulator.executions();
    let runs = witness["executions"].as_array().unwrap();
    runs.len() == INSTANCES && runs.iter().all(|run| run["status"] == "RUNNING")
}
