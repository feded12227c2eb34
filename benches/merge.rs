//! From a folder of CSV files to one typed, merged CSV file and a roll-up: how long, how much memory. One JSON line.

use std::error::Error;
use std::path::PathBuf;

use amc_fleet::results::{Role, RollUp};
use amc_fleet::{FolderOptions, Results};
use clap::Parser;
use serde_json::json;
use tokio::time::Instant;

/// Merges a folder of CSV files.
#[derive(Debug, Parser)]
struct Options {
    /// The folder, with one file an instance.
    dir: PathBuf,
    /// The merged file.
    out: PathBuf,
    /// Where the roll-up goes as CSV, if it is wanted.
    #[arg(long)]
    rollup: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let began = Instant::now();
    let results = Results::of_folder(&options.dir, FolderOptions::default()).await?;
    let opened = began.elapsed();
    let export = results.write_csv(&options.out).await?;
    let written = began.elapsed();
    let asked = RollUp::by(["campaign", "device_type"])
        .column("impressions", Role::additive())
        .column("spend", Role::additive())
        .column("rate", Role::Mean);
    let rolled_up = results.roll_up(asked).await?;
    let all = began.elapsed();
    if let Some(path) = options.rollup {
        rolled_up.write_csv(path).await?;
    }
    println!(
        "{}",
        json!({
            "rows": export.rows,
            "decode_merge_s": opened.as_secs_f64(),
            "csv_s": (written - opened).as_secs_f64(),
            "rollup_s": (all - written).as_secs_f64(),
            "total_s": all.as_secs_f64(),
            "peak_rss_mb": peak_rss_mb(),
        })
    );
    Ok(())
}

/// The most memory this process ever held, where the system tells.
fn peak_rss_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}
