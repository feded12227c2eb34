//! What each command does: one call of the library, and a line about it.

use amc_fleet::{Credentials, Database, Error, Fleet, FleetOptions, WorkerChoice};

use crate::signals::until_told_to_stop;

pub(crate) async fn worker(
    database: &Database,
    schedules: bool,
    endpoint: Option<String>,
) -> Result<(), Error> {
    let options = FleetOptions {
        credentials: Some(Credentials::from_env()?),
        worker: WorkerChoice::Always,
        schedules,
        endpoint,
        ..FleetOptions::default()
    };
    let fleet = Fleet::open(database, options).await?;
    eprintln!("amc-fleet: working on {database}");
    until_told_to_stop().await?;
    eprintln!("amc-fleet: finishing what is in hand");
    fleet.close().await;
    Ok(())
}

pub(crate) async fn migrate(database: &Database) -> Result<(), Error> {
    Fleet::migrate(database).await?;
    eprintln!("amc-fleet: {database} is up to date");
    Ok(())
}
