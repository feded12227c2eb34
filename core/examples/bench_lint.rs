//! How long lint takes over a query of 25 kB, against all of AMC's data sources. Prints one JSON line.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and stops where something is missing"
)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use amc_fleet::lint::{Catalogue, LintOptions, lint};
use serde_json::{Value, json};

const SIZE: usize = 25_000;
const RUNS: u32 = 300;

fn main() {
    let emulator = Path::new(env!("CARGO_MANIFEST_DIR")).join("../emulator-sql");
    let (catalogue, sql) =
        (catalogue(&emulator.join("catalogue")), long_query(&emulator.join("tests/queries")));
    let options = LintOptions { data_sources: Some(&catalogue), declarations: Some(&[]) };
    let findings = lint(&sql, options).len();
    let mut times: Vec<Duration> = (0..RUNS).map(|_| timed(|| lint(&sql, options).len())).collect();
    times.sort_unstable();
    let micros = |at: u32| times[usize::try_from(at).unwrap()].as_micros();
    let line = json!({
        "bench": "lint",
        "bytes": sql.len(),
        "findings": findings,
        "runs": RUNS,
        "min_us": u64::try_from(micros(0)).unwrap(),
        "median_us": u64::try_from(micros(RUNS / 2)).unwrap(),
        "p95_us": u64::try_from(micros(RUNS * 95 / 100)).unwrap(),
    });
    println!("{line}");
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// The long queries of the SQL emulator, one after the other in one WITH.
fn long_query(folder: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut sql = "WITH ".to_owned();
    for (number, file) in files.iter().enumerate().take_while({
        let mut size = 0;
        move |(_, file)| {
            size += fs::metadata(file).unwrap().len();
            size < u64::try_from(SIZE).unwrap()
        }
    }) {
        let query = fs::read_to_string(file).unwrap();
        sql.push_str(&format!("q{number} AS (\n{}\n),\n", query.trim().trim_end_matches(';')));
    }
    sql + "n AS (SELECT 1 AS n) SELECT n FROM n"
}

/// The catalogue of the SQL emulator, as AMC's `dataSources` would give it.
fn catalogue(folder: &Path) -> Catalogue {
    let mut sources: Vec<Value> = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        for block in fs::read_to_string(file.unwrap().path()).unwrap().split("\n\n") {
            let name = block.lines().find_map(|line| line.strip_prefix("table ")).unwrap_or_default();
            let columns: Vec<Value> = block.lines().filter_map(column).collect();
            sources.push(json!({"dataSourceId": name, "columns": columns}));
        }
    }
    Catalogue::read(&Value::from(sources)).unwrap()
}

fn column(line: &str) -> Option<Value> {
    let mut fields = line.split('|').map(str::trim);
    let (name, kind, class) = (fields.next()?, fields.next()?, fields.next()?);
    Some(json!({"name": name, "dataType": kind, "sensitivity": class}))
}
