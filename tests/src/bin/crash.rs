//! Kills real workers with -9 and counts at the emulator. Prints one JSON line.

use std::collections::BTreeMap;
use std::time::Duration;

use amc_fleet_tests::crash::{Outcome, Round, State, Terms, Verdict};
use amc_fleet_tests::database::Kind;
use clap::Parser;
use serde_json::json;

/// The variable that names the program which stops and starts the PostgreSQL server of the tests.
const RESTART: &str = "AMC_FLEET_TEST_POSTGRES_RESTART";

/// Kills workers and counts.
#[derive(Debug, Parser)]
struct Options {
    /// How many rounds.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// How many batches a round has.
    #[arg(long, default_value_t = 2)]
    batches: usize,
    /// How many instances a batch has.
    #[arg(long, default_value_t = 6)]
    instances: usize,
    /// How many runs of an instance may live at once.
    #[arg(long, default_value_t = 2)]
    per_instance: usize,
    /// How many workers are killed in a round.
    #[arg(long, default_value_t = 2)]
    kills: usize,
    /// How many workers share the work; a killed one is followed by another.
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Where the fleet is kept: `sqlite`, or `postgres` on the server of AMC_FLEET_TEST_POSTGRES.
    #[arg(long, default_value = "sqlite")]
    store: Kind,
    /// What faults, kills and the clock's jumps follow from; each round takes the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Options {
    fn terms(&self) -> Terms {
        Terms {
            store: self.store,
            batches: self.batches,
            instances: self.instances,
            per_instance: self.per_instance,
            workers: self.workers,
            kills: self.kills,
            restart: std::env::var_os(RESTART).map(Into::into).filter(|_| self.store == Kind::Postgres),
        }
    }
}

/// What was counted over all rounds.
#[derive(Debug, Default)]
struct Tally {
    rounds: u64,
    kills: BTreeMap<State, usize>,
    jumps: usize,
    stops: usize,
    verdict: Verdict,
}

impl Tally {
    fn add(&mut self, round: &Round) {
        self.rounds += 1;
        for (state, count) in &round.kills {
            *self.kills.entry(*state).or_default() += count;
        }
        self.jumps += round.jumps;
        self.stops += round.stops;
        self.verdict.add(&round.verdict);
    }

    fn line(&self, options: &Options, took: Duration) -> String {
        let kills: BTreeMap<&str, usize> =
            self.kills.iter().map(|(state, count)| (state.as_str(), *count)).collect();
        let Verdict { runs, lost, duplicated, over_limit, stale_writes } = self.verdict;
        json!({
            "rounds": self.rounds,
            "store": options.store.to_string(),
            "workers": options.workers,
            "seed": options.seed,
            "kills_by_state": kills,
            "clock_jumps": self.jumps,
            "server_stops": self.stops,
            "runs": runs,
            "lost": lost,
            "duplicated": duplicated,
            "over_limit": over_limit,
            "stale_writes": stale_writes,
            "seconds": took.as_secs(),
        })
        .to_string()
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let options = Options::parse();
    // The witness is asked over plain HTTP; the client wants a provider all the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (began, terms, mut tally) = (tokio::time::Instant::now(), options.terms(), Tally::default());
    for number in 0..options.rounds {
        tally.add(&Round::run(&terms, options.seed.wrapping_add(number)).await?);
        if tally.rounds.is_multiple_of(25) {
            eprintln!("{}", tally.line(&options, began.elapsed()));
        }
    }
    println!("{}", tally.line(&options, began.elapsed()));
    if tally.verdict.is_clean() { Ok(()) } else { Err("a promise was broken".into()) }
}
