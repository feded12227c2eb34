//! `amc-fleet`: a worker on a fleet's database, and its migrations.
#![forbid(unsafe_code)]

mod commands;
mod signals;

use std::process::ExitCode;

use amc_fleet::{Database, Error};
use clap::{Parser, Subcommand};

/// Amazon Marketing Cloud over a fleet of instances.
#[derive(Debug, Parser)]
#[command(name = "amc-fleet", version = amc_fleet::VERSION)]
struct Line {
    /// The database: a path, sqlite://…, or postgres://…; one file of this user where nothing is said.
    #[arg(long, env = "AMC_FLEET_DATABASE", hide_env_values = true, global = true)]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Works on what others ask for, until it is interrupted; then finishes what it has in hand. Who it is at AMC comes from
    /// AMC_CLIENT_ID, AMC_CLIENT_SECRET and AMC_REFRESH_TOKEN.
    Worker {
        /// Keeps the schedules too.
        #[arg(long)]
        schedules: bool,
        /// The base URL of the API, where it is not Amazon's own.
        #[arg(long, env = "AMC_API_URL")]
        endpoint: Option<String>,
    },
    /// Brings the database to the form this version works with. Nobody should work on it meanwhile.
    Migrate,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr).init();
    match run(Line::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("amc-fleet: {error}");
            if let Some(hint) = error.what_to_do() {
                eprintln!("  {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into())
}

fn run(line: Line) -> Result<(), Error> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Error::unexpected("no threads can be started").caused_by(error))?;
    let database = line.database.map_or_else(Database::from_env, |text| text.parse())?;
    runtime.block_on(async {
        match line.command {
            Command::Worker { schedules, endpoint } => commands::worker(&database, schedules, endpoint).await,
            Command::Migrate => commands::migrate(&database).await,
        }
    })
}
