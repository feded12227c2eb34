//! The main job on a file.

use amc_fleet_tests::database::Kind;

const KIND: Kind = Kind::Sqlite;

#[path = "amc.rs"]
mod amc;
#[path = "backfills.rs"]
mod backfills;
#[path = "bad_input.rs"]
mod bad_input;
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
