//! The same report every Monday, and once at once.

use std::error::Error;

use amc_fleet::model::ScheduleOptions;
use amc_fleet::{
    Credentials, Database, Fleet, FleetOptions, PageRequest, ReportFilter, ReportRunSpec, ReportSpec,
    ScheduleSpec, WorkflowSpec,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sql = std::fs::read_to_string("reach.sql")?;
    let credentials = Some(Credentials::from_env()?);
    let options = FleetOptions { credentials, schedules: true, ..FleetOptions::default() };
    let fleet = Fleet::open(&"sqlite://fleet.db".parse::<Database>()?, options).await?;
    fleet.sync_instances().await?;
    let workflow = fleet.save_workflow(WorkflowSpec::new("Reach by campaign", sql)).await?;
    let report = ReportSpec {
        window: Some("last 7 days".into()),
        timezone: "Europe/Berlin".into(),
        ..ReportSpec::of_workflow("Monday report", workflow.id.public())
    };
    let report = fleet.save_report(report).await?.id.public();
    let options = ScheduleOptions { pause_after_failures: Some(3), ..ScheduleOptions::default() };
    let spec = ScheduleSpec { options, ..ScheduleSpec::new("weekly on Monday at 06:00") };
    let schedule = fleet.schedule_report(&report, spec).await?;
    println!("{}", schedule.says());
    for run in fleet.next_runs(&schedule.id.public(), 3).await? {
        println!("{}", run.to_rfc3339());
    }
    fleet.run_report(&report, ReportRunSpec::default()).await?.wait(None).await?;
    let listed = fleet.reports(&ReportFilter::default(), PageRequest::default()).await?;
    for overview in listed.items {
        println!("{} ran {} times", overview.report.name, overview.run_count);
    }
    println!("{} overdue", fleet.overdue().await?.len());
    fleet.close().await;
    Ok(())
}
