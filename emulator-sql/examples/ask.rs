//! Runs SQL files over one synthetic instance and prints what AMC would answer.
//!
//! `cargo run -p amc-fleet-emulator-sql --example ask -- [--no-thresholds] [--rows N] [--quiet] query.sql…`

use std::process::ExitCode;

use amc_fleet_emulator::query::{Answer, Privacy, Query, QueryEngine, Refusal, Window};
use amc_fleet_emulator_sql::{Options, SqlEngine};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;

#[tokio::main]
async fn main() -> ExitCode {
    let mut options = Options::default();
    let (mut quiet, mut failures) = (false, 0_u8);
    let mut arguments = std::env::args().skip(1);
    let mut files = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-thresholds" => options.thresholds = false,
            "--strict" => options.strict = true,
            "--quiet" => quiet = true,
            "--rows" => {
                options.rows = arguments.next().and_then(|rows| rows.parse().ok()).unwrap_or(options.rows)
            }
            file => files.push(file.to_owned()),
        }
    }
    let engine = SqlEngine::new(options);
    for file in files {
        match ask(&engine, &file).await {
            Ok(lines) => println!("{file}: {} rows{}", lines.len() - 1, shown(&lines, quiet)),
            Err(reason) => {
                failures = failures.saturating_add(1);
                println!("{file}: {reason}");
            }
        }
    }
    ExitCode::from(failures)
}

fn shown(lines: &[String], quiet: bool) -> String {
    if quiet { String::new() } else { format!("\n{}", lines[..lines.len().min(21)].join("\n")) }
}

async fn ask(engine: &SqlEngine, file: &str) -> Result<Vec<String>, String> {
    let sql = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let query = query(sql)?;
    let described = engine.compile(&query).await.map_err(refused)?;
    let Answer { columns, rows } = engine.execute(&query).await.map_err(refused)?;
    assert_eq!(described, columns, "compile and execute describe the same columns");
    let rows: Vec<_> = rows.try_concat().await.map_err(refused)?;
    let head = columns
        .iter()
        .map(|column| format!("{}:{}:{}", column.name, column.data_type, &column.column_type[..3]));
    let field = |field: Option<String>| field.unwrap_or_else(|| "NULL".to_owned());
    let line = |row: Vec<Option<String>>| row.into_iter().map(field).collect::<Vec<_>>().join(" | ");
    Ok(std::iter::once(head.collect::<Vec<_>>().join(" | ")).chain(rows.into_iter().map(line)).collect())
}

fn refused(refusal: Refusal) -> String {
    match refusal {
        Refusal::Rejected(reason) => format!("REJECTED {reason}"),
        Refusal::Failed(reason) => format!("FAILED {reason}"),
    }
}

fn query(sql: String) -> Result<Query, String> {
    let at = |text: &str| text.parse::<DateTime<Utc>>().map_err(|error| error.to_string());
    Ok(Query {
        instance_id: "amcexample1".to_owned(),
        sql,
        window: Window {
            start: at("2025-09-13T00:00:00Z")?,
            end: at("2025-10-13T00:00:00Z")?,
            time_zone: "UTC".to_owned(),
        },
        parameters: Vec::new(),
        privacy: Privacy::default(),
        synthetic: false,
        now: at("2025-10-15T00:00:00Z")?,
    })
}
