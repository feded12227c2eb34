//! Standing work at full length: `standing year SEED`, a year of 50 clients whose workers are killed at random; `standing
//! backfill SEED`, 365 days of one client and 52 weeks of twenty, with faults. Prints one JSON line each.

use std::error::Error;
use tokio::time::Instant;

use amc_fleet_tests::database::Kind;
use amc_fleet_tests::history::{History, fill};
use amc_fleet_tests::year::{Stretch, live};
use serde_json::json;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (verb, seed) = (arguments.next().unwrap_or_default(), arguments.next());
    let seed: u64 = seed.as_deref().unwrap_or("7").parse()?;
    match verb.as_str() {
        "year" => year(seed).await,
        "backfill" => {
            backfill(History { clients: 1, days: 365, segment_type: "daily", seed }).await?;
            backfill(History { clients: 20, days: 52 * 7, segment_type: "weekly", seed }).await
        }
        _ => Err("usage: standing year|backfill [SEED]".into()),
    }
}

async fn year(seed: u64) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let told = live(Stretch { clients: 50, days: 365, seed, kind: Kind::Sqlite }).await;
    let seconds = begun.elapsed().as_secs_f64();
    let (missing, surplus) = (told.missing.len(), told.surplus.len());
    println!(
        "{}",
        json!({"runs": told.runs, "missing": missing, "surplus": surplus, "kills": told.kills, "seconds": seconds})
    );
    if missing + surplus == 0 { Ok(()) } else { Err(format!("{told:?}").into()) }
}

async fn backfill(history: History) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let told = fill(history, Kind::Sqlite).await;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"segments": told.segments, "without_lineage": told.without_lineage, "runs_at_amc": told.runs,
            "faults": told.faults, "seconds": seconds})
    );
    if told.is_whole() { Ok(()) } else { Err(format!("{told:?}").into()) }
}
