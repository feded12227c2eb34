//! Runs of virtual hours: the fleet's workers read the emulator's clock.

use std::sync::Arc;
use std::time::Duration;

use amc_fleet::clock::{Clock, RandomIds, Surroundings};
use amc_fleet::engine::EngineSettings;
use amc_fleet::{BatchStatus, Fleet, FleetOptions};
use amc_fleet_emulator::{Emulator, Fault, FaultKind, Options};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::fleet::{Scene, unchecked};

const INSTANCES: usize = 4;

const RUN: Duration = Duration::from_secs(3 * 3600);

/// The clock of an emulator, moved by the test.
#[derive(Debug)]
struct EmulatorClock {
    emulator: Arc<Emulator>,
    moved: watch::Sender<()>,
}

impl EmulatorClock {
    async fn advance(&self, by: Duration) {
        self.emulator.advance(by).await;
        self.moved.send_replace(());
    }
}

#[async_trait]
impl Clock for EmulatorClock {
    fn now(&self) -> DateTime<Utc> {
        self.emulator.now()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        // The sender is `self`, so waiting cannot fail.
        let _ = self.moved.subscribe().wait_for(|()| self.now() >= until).await;
    }
}

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
    let clock =
        Arc::new(EmulatorClock { emulator: Arc::clone(&scene.emulator), moved: watch::Sender::new(()) });
    let surroundings = Surroundings { clock: Arc::<EmulatorClock>::clone(&clock), ids: Arc::new(RandomIds) };
    // Virtual time outruns the machine, so the lease is longer than the test.
    let engine = EngineSettings { lease: 10 * RUN, ..EngineSettings::default() };
    let options = FleetOptions { surroundings: Some(surroundings), engine, ..scene.options() };
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
