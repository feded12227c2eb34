//! One query on every instance: `example-01-batch [QUERY.sql [OUT.csv]]`.
//!
//! Credentials, endpoint and database come from the environment, as in the Python and Node programs of the same name.

use std::error::Error;
use std::io::Write;

use amc_fleet::{
    BatchSpec, Credentials, Database, Event, Fleet, FleetOptions, Missing, Results, WorkflowSpec,
};
use futures::TryStreamExt;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    if let Err(error) = run().await {
        report(error.as_ref());
        std::process::exit(1);
    }
}

async fn run() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let query = arguments.first().map_or("reach.sql", String::as_str);
    let csv = arguments.get(1).map_or("reach.csv", String::as_str);
    let sql = std::fs::read_to_string(query).map_err(|error| format!("{query} cannot be read: {error}"))?;

    let options = FleetOptions { credentials: Some(Credentials::from_env()?), ..FleetOptions::default() };
    let database = std::env::var("AMC_FLEET_DATABASE").unwrap_or_else(|_| "sqlite://fleet.db".into());
    let fleet = Fleet::open(&database.parse::<Database>()?, options).await?;
    fleet.sync_instances().await?;
    let workflow = fleet.save_workflow(WorkflowSpec::new("Reach by campaign", sql)).await?;
    let spec = BatchSpec {
        instances: fleet.instances().await?.into(),
        window: Some("last 30 days".into()),
        key: std::env::var("AMC_FLEET_KEY").ok(),
        ..BatchSpec::of_workflow(workflow.id.public())
    };
    let batch = fleet.run_batch(spec).await?;

    let mut events = std::pin::pin!(batch.events(0));
    while let Some(event) = events.try_next().await? {
        show(&event)?;
    }
    let report = batch.wait(None).await?;
    println!("\n{} of {} completed", report.completed_instances, report.total_instances);
    println!("{report}");
    if let Some(failure) = report.failure() {
        return Err(failure.into());
    }

    show_results(&batch.results(Missing::Raise).await?, csv).await?;
    fleet.close().await;
    Ok(())
}

async fn show_results(results: &Results, csv: &str) -> Outcome {
    println!("\nrows  seconds  instance");
    for instance in &results.summary().instances {
        let seconds = instance.duration_seconds.unwrap_or_default();
        println!(
            "{:>5}  {seconds:>7.1}  {} {}",
            instance.row_count, instance.instance_id, instance.instance_name
        );
    }
    println!("\n{}", results.table(10).await?);
    let export = results.write_csv(csv).await?;
    println!("\n{} rows, {} bytes: {}", export.rows, export.bytes, export.path.canonicalize()?.display());
    Ok(())
}

fn show(event: &Event) -> Outcome {
    let mut out = std::io::stdout().lock();
    let instance = event.instance_id.as_deref().unwrap_or("batch");
    writeln!(out, "{}  {instance:<12} {}", event.at.format("%H:%M:%S%.3f"), event.kind)?;
    Ok(())
}

/// Prints an error, what to do about it, and its causes.
fn report(error: &(dyn Error + 'static)) {
    eprintln!("error: {error}");
    if let Some(error) = error.downcast_ref::<amc_fleet::Error>() {
        if let Some(position) = error.position() {
            eprintln!("  at {position}");
        }
        if let Some(hint) = error.what_to_do() {
            eprintln!("  {hint}");
        }
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}
