//! Long queries in the manner of Amazon's instructional ones.

use std::fs;
use std::path::Path;

use amc_fleet_emulator::query::QueryEngine;
use amc_fleet_emulator_sql::{Options, SqlEngine};

use crate::support::{answer, query};

#[tokio::test]
async fn every_long_query_returns_rows_in_every_instance() {
    let engine = SqlEngine::new(Options { rows: 3_000, thresholds: false, ..Options::default() });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries");
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let sql = fs::read_to_string(&path).expect("a file");
        for instance in ["amcone", "amctwo", "amcthree", "amcfour"] {
            let mut asked = query(&sql);
            asked.instance_id = instance.to_owned();
            let compiled = engine.compile(&asked).await;
            match answer(&engine, &asked).await {
                Ok((columns, rows)) if !rows.is_empty() && compiled == Ok(columns.clone()) => {}
                other => failures.push(format!("{} in {instance}: {compiled:?} {other:?}", path.display())),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
