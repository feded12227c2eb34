//! The main job on a server.

use amc_fleet_tests::database::Kind;

const KIND: Kind = Kind::Postgres;

#[path = "backfills.rs"]
mod backfills;
#[path = "dataset.rs"]
mod dataset;
#[path = "fleet.rs"]
mod fleet;
#[path = "hours.rs"]
mod hours;
#[path = "management.rs"]
mod management;
#[path = "merge.rs"]
mod merge;
#[path = "reports.rs"]
mod reports;
#[path = "results.rs"]
mod results;
#[path = "runs.rs"]
mod runs;
#[path = "secrets.rs"]
mod secrets;
#[path = "ticks.rs"]
mod ticks;
#[path = "verify.rs"]
mod verify;
#[path = "workers.rs"]
mod workers;
