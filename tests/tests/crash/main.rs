//! Workers are killed with -9 and started again: no run is lost, none is submitted twice.

#![cfg(test)]

mod limits;

use std::time::Duration;

use amc_fleet::{Database, Fleet, FleetOptions};
use amc_fleet_tests::database::{Kept, Kind};
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

async fn completed(database: &Database) -> i64 {
    let fleet = Fleet::open(database, FleetOptions::default()).await.unwrap();
    let report = fleet.batch("crash-1").await.unwrap().status().await.unwrap();
    fleet.close().await;
    report.completed_instances
}

#[tokio::test(flavor = "multi_thread")]
async fn no_run_lost_and_none_submitted_twice_on_sqlite() {
    no_run_lost_and_none_submitted_twice(Kind::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_run_lost_and_none_submitted_twice_on_postgres() {
    no_run_lost_and_none_submitted_twice(Kind::Postgres, 1).await;
}

/// Three workers race for everything from the first sync to the last row, and two of them are killed.
#[tokio::test(flavor = "multi_thread")]
async fn workers_that_race_lose_and_repeat_nothing_on_postgres() {
    no_run_lost_and_none_submitted_twice(Kind::Postgres, 3).await;
}

async fn no_run_lost_and_none_submitted_twice(kind: Kind, at_once: usize) {
    // Another test of this process may have been first; either provider will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kept = Kept::new(kind).await;
    let count = INSTANCES.to_string();
    let emulator =
        EmulatorProcess::start(&["--instances", &count, "--rows", "20", "--latency-ms", "400"]).unwrap();
    let start = || emulator.worker(&kept.address(), "crash", &[]).unwrap();

    let mut workers: Vec<_> = (1..at_once).map(|_| start()).collect();
    for enough in [1, INSTANCES / 2] {
        workers.push(start());
        until("submits at AMC", async || witness(&emulator).await.runs() >= enough).await;
        workers.remove(0).kill().unwrap();
    }
    workers.push(start());
    for mut worker in workers {
        until("the batch to end", async || worker.ended().unwrap().is_some()).await;
        assert_eq!(worker.ended().unwrap(), Some(true), "every worker left saw every execution complete");
    }

    let witness = witness(&emulator).await;
    assert_eq!(
        (witness.runs(), witness.by_instance().len(), witness.duplicates()),
        (INSTANCES, INSTANCES, 0)
    );
    assert_eq!(completed(&kept.database).await, i64::try_from(INSTANCES).unwrap());
}
