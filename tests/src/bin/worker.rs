//! Runs the batch of a key to its end: `worker DATABASE KEY`. Made to be killed.

use std::error::Error;

use amc_fleet::{BatchSpec, Credentials, Database, Fleet, FleetOptions, WorkerChoice, WorkflowSpec};
use amc_fleet_tests::settings::{hurried, hurried_http};

const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(database), Some(key)) = (arguments.next(), arguments.next()) else {
        return Err("usage: worker DATABASE KEY".into());
    };
    let options = FleetOptions {
        credentials: Some(Credentials::from_env()?),
        worker: WorkerChoice::Always,
        engine: hurried(),
        http: hurried_http(),
        ..FleetOptions::default()
    };
    let fleet = Fleet::open(&database.parse::<Database>()?, options).await?;
    fleet.sync_instances().await?;
    let workflow = fleet.save_workflow(WorkflowSpec::new("Impressions by campaign", SQL)).await?;
    let spec = BatchSpec {
        window: Some("last 30 days".into()),
        key: Some(key),
        check: amc_fleet::Check::None,
        ..BatchSpec::of_workflow(workflow.id.public())
    };
    let report = fleet.run_batch(spec).await?.wait(None).await?;
    fleet.close().await;
    match report.failure() {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}
