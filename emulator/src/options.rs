//! What the emulator is started with: one struct for the command line of both binaries and for Rust.

use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::{Parser, ValueEnum};

use crate::switches::Switches;

/// Amazon Marketing Cloud on localhost: prints one line that says where it listens and with which credentials,
/// then serves until it is told to stop.
#[derive(Debug, Clone, Parser)]
#[command(version, args_override_self = true)]
pub struct Options {
    /// The TCP port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// How many standard, completed, reachable instances exist.
    #[arg(long, default_value_t = 50)]
    pub instances: usize,
    /// Over how many AMC accounts the instances are spread, each with a marketplace of its own.
    #[arg(long, default_value_t = 2)]
    pub accounts: usize,
    /// How many of the accounts `/amc/accounts` does not list although they own instances.
    #[arg(long, default_value_t = 0)]
    pub unlisted_accounts: usize,
    /// How many sandbox instances exist besides.
    #[arg(long, default_value_t = 0)]
    pub sandbox: usize,
    /// How many self-service instances exist besides, each addressed with the sponsored-ads entity it belongs to, which
    /// `/amc/accounts` does not list.
    #[arg(long, default_value_t = 0)]
    pub self_service: usize,
    /// How many instances exist besides whose creation never ends.
    #[arg(long, default_value_t = 0)]
    pub unfinished: usize,
    /// How many instances exist besides that are listed but refuse every reporting call.
    #[arg(long, default_value_t = 0)]
    pub denied: usize,
    /// What every id, name and row follows from.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Rows of a base table in any 30-day window; the canned engine answers with this many.
    #[arg(long, default_value_t = 5000)]
    pub rows: usize,
    /// How long a run takes from RUNNING to its end, in milliseconds of the emulator's clock.
    #[arg(long, default_value_t = 300)]
    pub latency_ms: u64,
    /// How long a run is PUBLISHING between RUNNING and SUCCEEDED, in milliseconds of the emulator's clock; 0 never
    /// shows that status.
    #[arg(long, default_value_t = 0)]
    pub publishing_ms: u64,
    /// Where the emulator's clock starts (RFC 3339); this moment if absent.
    #[arg(long)]
    pub now: Option<DateTime<Utc>>,
    /// Holds the clock still until it is moved over HTTP or by the handle.
    #[arg(long)]
    pub frozen: bool,
    /// Prints the line as shell `export`s instead of JSON.
    #[arg(long)]
    pub env: bool,
    /// Rows a result's part holds before the next one is begun; the fifth part takes the rest.
    #[arg(long, default_value_t = 40_000)]
    pub part_rows: usize,
    /// What happens to a run beyond the limit of an instance.
    #[arg(long, value_enum, default_value_t = OverLimit::Queue)]
    pub over_limit: OverLimit,
    /// Runs at once in an instance.
    #[arg(long, default_value_t = 10)]
    pub instance_limit: usize,
    /// Runs at once in an account.
    #[arg(long, default_value_t = 200)]
    pub account_limit: usize,
    /// Requests of an account a second before an endpoint answers 429; 0 never does.
    #[arg(long, default_value_t = 0)]
    pub requests_per_second: u32,
    /// Leaves rows below the aggregation thresholds in results (SQL engine).
    #[arg(long)]
    pub no_thresholds: bool,
    /// Refuses what AMC's documentation refuses even where practice is laxer (SQL engine).
    #[arg(long)]
    pub strict: bool,
    /// The points that no public source settles.
    #[command(flatten)]
    pub switches: Switches,
}

/// What happens to a run beyond the limit of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OverLimit {
    /// It waits as PENDING, as AMC's documentation says.
    Queue,
    /// Its creation is answered with 422, as a sibling service on the same engine does.
    Refuse,
}

impl Options {
    /// How long a run takes from RUNNING to its end.
    pub fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }

    /// How long a run is PUBLISHING.
    pub fn publishing(&self) -> Duration {
        Duration::from_millis(self.publishing_ms)
    }

    /// How long a run's query is checked before it is queued or rejected.
    pub fn validation(&self) -> Duration {
        self.latency() / 10
    }
}

impl Default for Options {
    /// Gives what the binary starts with when no flag is given.
    fn default() -> Self {
        Self::parse_from(["amc-fleet-emulator"])
    }
}
