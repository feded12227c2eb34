//! Runs batches to their ends: `worker DATABASE KEY`. Made to be killed.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::clock::{Clock, Surroundings, SystemClock};
use amc_fleet::model::Limits;
use amc_fleet::{
    BatchReport, BatchSpec, Credentials, Database, Fleet, FleetOptions, WorkerChoice, WorkflowSpec,
};
use amc_fleet_tests::ids::SignedIds;
use amc_fleet_tests::jumps::JumpingClock;
use amc_fleet_tests::settings::{hurried, hurried_http};
use clap::Parser;

const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

/// Runs batches to their ends.
#[derive(Debug, Parser)]
struct Options {
    /// Where the fleet is kept.
    database: Database,
    /// What the batches are called: KEY-1, KEY-2, …
    key: String,
    /// How many there are.
    #[arg(long, default_value_t = 1)]
    batches: u32,
    /// How many runs of an instance may live at once.
    #[arg(long, default_value_t = 10)]
    per_instance: u32,
    /// A file that says how many milliseconds the clock is off.
    #[arg(long)]
    clock: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let mut engine = hurried();
    engine.limits = Limits { per_instance: options.per_instance, ..Limits::default() };
    // A machine that is busy with other things must not make AMC look slower than it may be.
    engine.settle = Duration::from_secs(2);
    engine.lease = Duration::from_secs(4);
    // Faults come so thick that three unclear answers in a row are no reason to give up.
    engine.max_attempts = 30;
    let clock: Arc<dyn Clock> = match options.clock.clone() {
        Some(file) => Arc::new(JumpingClock::following(file)),
        None => Arc::new(SystemClock),
    };
    let fleet = FleetOptions {
        credentials: Some(Credentials::from_env()?),
        worker: WorkerChoice::Always,
        engine,
        http: hurried_http(),
        surroundings: Some(Surroundings { clock, ids: Arc::new(SignedIds) }),
        ..FleetOptions::default()
    };
    let fleet = again(async || Fleet::open(&options.database, fleet.clone()).await).await?;
    again(async || fleet.sync_instances().await).await?;
    for number in 1..=options.batches {
        again(async || run(&fleet, format!("{}-{number}", options.key)).await).await?;
    }
    for number in 1..=options.batches {
        let report = again(async || ended(&fleet, &format!("{}-{number}", options.key)).await).await?;
        if let Some(failure) = report.failure() {
            return Err(failure.into());
        }
    }
    fleet.close().await;
    Ok(())
}

async fn run(fleet: &Fleet, key: String) -> Result<(), amc_fleet::Error> {
    let workflow = fleet.save_workflow(WorkflowSpec::new("Impressions by campaign", SQL)).await?;
    let spec = BatchSpec {
        window: Some("last 30 days".into()),
        key: Some(key),
        check: amc_fleet::Check::None,
        ..BatchSpec::of_workflow(workflow.id.public())
    };
    fleet.run_batch(spec).await.map(drop)
}

async fn ended(fleet: &Fleet, key: &str) -> Result<BatchReport, amc_fleet::Error> {
    fleet.batch(key).await?.wait(None).await
}

/// Does it until it is done: a database that is away for a moment comes back.
async fn again<T>(attempt: impl AsyncFn() -> Result<T, amc_fleet::Error>) -> Result<T, amc_fleet::Error> {
    loop {
        match attempt().await {
            Err(error) if error.is_retryable() => tokio::time::sleep(Duration::from_millis(100)).await,
            outcome => return outcome,
        }
    }
}
