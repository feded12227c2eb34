//! One query on many instances in one process: how long, how much memory. Prints one JSON line.

use std::error::Error;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::{BatchSpec, Fleet, FleetOptions, Missing, WorkerChoice, WorkflowSpec};
use amc_fleet_tests::database::{Kept, Kind};
use amc_fleet_tests::process::EmulatorProcess;
use amc_fleet_tests::usage::peak_rss_mb;
use clap::Parser;
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions, SUM(total_cost) AS cost FROM dsp_impressions GROUP BY campaign";

/// Runs one query on many instances.
#[derive(Debug, Parser)]
struct Options {
    /// How many instances.
    #[arg(long, default_value_t = 500)]
    instances: usize,
    /// Rows of each instance's result.
    #[arg(long, default_value_t = 1000)]
    rows: usize,
    /// Where the fleet is kept: `sqlite`, or `postgres` on the server of AMC_FLEET_TEST_POSTGRES.
    #[arg(long, default_value = "sqlite")]
    store: Kind,
}

#[tokio::main]
async fn main() -> Outcome {
    let options = Options::parse();
    let kept = Kept::new(options.store).await;
    let emulator = EmulatorProcess::start(&[
        "--instances",
        &options.instances.to_string(),
        "--rows",
        &options.rows.to_string(),
    ])?;
    let fleet = Fleet::open(&kept.database, reach(&emulator)).await?;
    fleet.sync_instances().await?;
    let workflow = fleet.save_workflow(WorkflowSpec::new("Impressions by campaign", SQL)).await?;
    let spec =
        BatchSpec { window: Some("last 30 days".into()), ..BatchSpec::of_workflow(workflow.id.public()) };

    let began = tokio::time::Instant::now();
    let batch = fleet.run_batch(spec).await?;
    let created = began.elapsed();
    let report = batch.wait(None).await?;
    let ran = began.elapsed();
    let results = batch.results(Missing::Include).await?;
    let export = results.write_csv(kept.folder.path().join("out.csv")).await?;
    let exported = began.elapsed() - ran;
    fleet.close().await;

    println!(
        "{}",
        json!({
            "store": options.store.to_string(),
            "instances": report.total_instances,
            "completed": report.completed_instances,
            "rows": export.rows,
            "create_ms": created.as_millis(),
            "run_s": ran.as_secs_f64(),
            "export_s": exported.as_secs_f64(),
            "csv_mb": export.bytes / 1_000_000,
            "peak_rss_mb": peak_rss_mb(),
        })
    );
    Ok(())
}

fn reach(emulator: &EmulatorProcess) -> FleetOptions {
    let said: std::collections::HashMap<_, _> = emulator.environment().collect();
    let of = |name: &str| said.get(name).copied().unwrap_or_default();
    let credential = Credential::lwa(of("AMC_CLIENT_ID"), of("AMC_CLIENT_SECRET"), of("AMC_REFRESH_TOKEN"));
    FleetOptions {
        credentials: Some(Credentials::one(credential.with_token_url(of("AMC_TOKEN_URL")))),
        worker: WorkerChoice::Always,
        endpoint: Some(of("AMC_API_URL").to_owned()),
        ..FleetOptions::default()
    }
}
