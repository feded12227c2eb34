//! The scenarios every language runs, in Rust.

#![cfg(test)]

mod functions;
mod management;
mod path;
mod runner;
mod schedules;
mod standing;
mod templates;

use std::path::Path;

use amc_fleet_tests::database::Kind;
use serde_json::Value;

#[tokio::test]
async fn every_scenario_holds_on_sqlite() {
    every_scenario_holds(Kind::Sqlite).await;
}

#[tokio::test]
async fn every_scenario_holds_on_postgres() {
    every_scenario_holds(Kind::Postgres).await;
}

async fn every_scenario_holds(kind: Kind) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    files.sort();
    assert!(files.len() >= 10, "the scenarios are gone");
    for file in files {
        let scenario: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        println!("{}: {}", scenario["name"], scenario["about"]);
        runner::run(&scenario, kind).await;
    }
}
