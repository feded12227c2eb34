//! Kills real workers with -9 at random moments and counts at the emulator. Prints one JSON line.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use amc_fleet::{Database, Fleet, FleetOptions};
use amc_fleet_tests::database::{Kept, Kind};
use amc_fleet_tests::process::{EmulatorProcess, Killed};
use amc_fleet_tests::witness::Witness;
use clap::Parser;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Kills workers and counts.
#[derive(Debug, Parser)]
struct Options {
    /// How many batches.
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// How many instances a batch has.
    #[arg(long, default_value_t = 20)]
    instances: usize,
    /// How often a worker of a batch is killed.
    #[arg(long, default_value_t = 2)]
    kills: u32,
    /// How many workers share a batch; a killed one is followed by another.
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Where the fleet is kept: `sqlite`, or `postgres` on the server of AMC_FLEET_TEST_POSTGRES.
    #[arg(long, default_value = "sqlite")]
    store: Kind,
    /// What the moments of the kills follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What was counted over all rounds.
#[derive(Debug, Default)]
struct Tally {
    kills_by_state: BTreeMap<String, u64>,
    runs: usize,
    lost: usize,
    duplicated: usize,
}

#[tokio::main]
async fn main() -> Outcome {
    let options = Options::parse();
    // The witness is asked over plain HTTP; the client wants a provider all the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let began = tokio::time::Instant::now();
    let mut die = StdRng::seed_from_u64(options.seed);
    let mut tally = Tally::default();
    for _ in 0..options.rounds {
        round(&options, &mut die, &mut tally).await?;
    }
    let line = json!({
        "rounds": options.rounds,
        "store": options.store.to_string(),
        "workers": options.workers,
        "seed": options.seed,
        "kills_by_state": tally.kills_by_state,
        "runs": tally.runs,
        "lost": tally.lost,
        "duplicated": tally.duplicated,
        "seconds": began.elapsed().as_secs(),
    });
    println!("{line}");
    if tally.lost + tally.duplicated > 0 { Err("a run was lost or submitted twice".into()) } else { Ok(()) }
}

async fn round(options: &Options, die: &mut StdRng, tally: &mut Tally) -> Outcome {
    let kept = Kept::new(options.store).await;
    let instances = options.instances.to_string();
    let emulator =
        EmulatorProcess::start(&["--instances", &instances, "--rows", "20", "--latency-ms", "1500"])?;
    let start = || emulator.worker(&kept.address(), "crash");
    let mut workers = (1..options.workers).map(|_| start()).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..options.kills {
        workers.push(start()?);
        tokio::time::sleep(Duration::from_millis(die.random_range(50..1500))).await;
        workers.swap_remove(die.random_range(0..workers.len())).kill()?;
        for (state, count) in states(&kept.database).await? {
            *tally.kills_by_state.entry(state).or_default() += count;
        }
    }
    workers.push(start()?);
    all_ended(&mut workers).await?;
    let answer: Value =
        reqwest::get(format!("{}/_emulator/executions", emulator.url())).await?.json().await?;
    let witness = Witness::new(&answer);
    let done = states(&kept.database).await?.get("completed").copied().unwrap_or_default();
    tally.runs += witness.runs();
    tally.duplicated += witness.runs().saturating_sub(options.instances);
    tally.lost += options.instances.saturating_sub(usize::try_from(done)?);
    Ok(())
}

async fn all_ended(workers: &mut [Killed]) -> Outcome {
    for worker in workers {
        while worker.ended()?.is_none() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// How many executions a killed worker left where.
async fn states(database: &Database) -> Outcome<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    if matches!(database, Database::Sqlite(path) if !path.exists()) {
        return Ok(found);
    }
    let fleet = Fleet::open(database, FleetOptions::default()).await?;
    if let Ok(batch) = fleet.batch("crash").await {
        for execution in batch.status().await?.executions {
            *found.entry(execution.status.to_string()).or_default() += 1;
        }
    }
    fleet.close().await;
    Ok(found)
}
