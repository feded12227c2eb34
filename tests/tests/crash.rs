//! Workers are killed with -9 and started again: no run is lost, none is submitted twice.

#![cfg(test)]

use std::path::Path;
use std::time::Duration;

use amc_fleet::{Database, Fleet, FleetOptions};
use amc_fleet_tests::process::EmulatorProcess;
use amc_fleet_tests::witness::Witness;
use serde_json::Value;

const INSTANCES: usize = 20;
/// How long anything may take before the test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(120);

async fn witness(emulator: &EmulatorProcess) -> Witness {
    let answer = reqwest::get(format!("{}/_emulator/executions", emulator.url())).await.unwrap();
    Witness::new(&answer.json::<Value>().await.unwrap())
}

/// Looks again until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited for {what}");
}

async fn completed(database: &Path) -> i64 {
    let fleet = Fleet::open(&Database::from(database), FleetOptions::default()).await.unwrap();
    let report = fleet.batch("crash").await.unwrap().status().await.unwrap();
    fleet.close().await;
    report.completed_instances
}

#[tokio::test(flavor = "multi_thread")]
async fn no_run_lost_and_none_submitted_twice() {
    // Another test of this process may have been first; either provider will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("fleet.db");
    let count = INSTANCES.to_string();
    let emulator =
        EmulatorProcess::start(&["--instances", &count, "--rows", "20", "--latency-ms", "400"]).unwrap();

    for enough in [1, INSTANCES / 2] {
        let mut worker = emulator.worker(&database, "crash").unwrap();
        until("submits at AMC", async || witness(&emulator).await.runs() >= enough).await;
        worker.kill().unwrap();
    }
    let mut last = emulator.worker(&database, "crash").unwrap();
    until("the batch to end", async || last.ended().unwrap().is_some()).await;

    assert_eq!(last.ended().unwrap(), Some(true), "the last worker saw every execution complete");
    let witness = witness(&emulator).await;
    assert_eq!(
        (witness.runs(), witness.by_instance().len(), witness.duplicates()),
        (INSTANCES, INSTANCES, 0)
    );
    assert_eq!(completed(&database).await, i64::try_from(INSTANCES).unwrap());
}
