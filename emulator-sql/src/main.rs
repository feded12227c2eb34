//! The emulator with an engine that executes AMC SQL.

use std::process::ExitCode;
use std::sync::Arc;

use amc_fleet_emulator::run;
use amc_fleet_emulator_sql::{Options, SqlEngine};

fn main() -> ExitCode {
    run(|flags| {
        Arc::new(SqlEngine::new(Options {
            seed: flags.seed,
            rows: flags.rows as u64,
            thresholds: !flags.no_thresholds,
            strict: flags.strict,
        }))
    })
}
