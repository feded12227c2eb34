//! The emulator with canned results.

use std::process::ExitCode;

use amc_fleet_emulator::{CannedEngine, run};

fn main() -> ExitCode {
    run(|options| CannedEngine::shared(options))
}
