//! Eight weeks of history for a new client.

use std::error::Error;

use amc_fleet::scheduler::{Day, SegmentType};
use amc_fleet::{BackfillSpec, Credentials, Database, Fleet, FleetOptions, ReportSpec, WorkflowSpec};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let start: Day = std::env::args().nth(1).ok_or("usage: example-03-backfill FIRST_DAY")?.parse()?;
    let sql = std::fs::read_to_string("reach.sql")?;
    let options = FleetOptions { credentials: Some(Credentials::from_env()?), ..FleetOptions::default() };
    let fleet = Fleet::open(&"sqlite://fleet.db".parse::<Database>()?, options).await?;
    fleet.sync_instances().await?;
    let workflow = fleet.save_workflow(WorkflowSpec::new("Reach by campaign", sql)).await?;
    let report = ReportSpec {
        window: Some("last 7 days".into()),
        timezone: "Europe/Berlin".into(),
        ..ReportSpec::of_workflow("Monday report", workflow.id.public())
    };
    let report = fleet.save_report(report).await?.id.public();
    let new_client = fleet.instances().await?.into_iter().take(1).collect::<Vec<_>>();
    let spec = BackfillSpec {
        instances: Some(new_client.into()),
        ..BackfillSpec::new(start.0, SegmentType::Weekly)
    };
    println!("{} runs", fleet.plan_backfill(&report, &spec).await?.runs);
    let id = fleet.backfill(&report, &spec).await?.collection.id.public();
    println!("{}", fleet.wait_backfill(&id, None).await?.status);
    for segment in fleet.backfill_segments(&id).await? {
        let amc = segment.amc_execution_id.unwrap_or_default();
        println!(
            "{} {} {amc} {}",
            segment.first_day,
            segment.status,
            segment.record_count.unwrap_or_default()
        );
    }
    fleet.close().await;
    Ok(())
}
