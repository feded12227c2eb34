//! 10,000 active schedules: what looking costs when nothing is due, and what a tick costs with its batch. Prints one JSON line.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::model::{Freshness, ScheduleOptions};
use amc_fleet::testing::ManualClock;
use amc_fleet::{Fleet, FleetOptions, ReportSpec, ScheduleSpec, WorkerChoice};
use amc_fleet_emulator::{CannedEngine, Emulator, Options};
use amc_fleet_tests::database::{Kept, Kind};
use serde_json::json;
use tokio::time::Instant;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const SCHEDULES: usize = 10_000;
const TICKS: usize = 300;
const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

#[tokio::main]
async fn main() -> Outcome {
    let kind: Kind = std::env::args().nth(1).as_deref().unwrap_or("sqlite").parse()?;
    let kept = Kept::new(kind).await;
    let clock = Arc::new(ManualClock::at("2025-10-12T23:59:30Z".parse()?));
    let fleet = fleet(&kept, &clock).await?;
    for number in 0..SCHEDULES {
        schedule(&fleet, number).await?;
    }
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..TICKS {
        idle.push(timed(&fleet, 0).await?);
        clock.advance(Duration::from_secs(60));
        busy.push(timed(&fleet, 1).await?);
    }
    fleet.close().await;
    println!(
        "{}",
        json!({
            "store": kind.to_string(), "schedules": SCHEDULES, "ticks": TICKS,
            "idle_ms": {"median": percentile(&mut idle, 50), "p95": percentile(&mut idle, 95)},
            "tick_ms": {"median": percentile(&mut busy, 50), "p95": percentile(&mut busy, 95)},
        })
    );
    Ok(())
}

/// A fleet of one client on a clock that the benchmark moves.
async fn fleet(kept: &Kept, clock: &Arc<ManualClock>) -> Outcome<Fleet> {
    let options = Options { instances: 1, ..Options::default() };
    let emulator = Emulator::start(options.clone(), CannedEngine::shared(&options)).await?;
    let said = emulator.announcement();
    let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
    let options = FleetOptions {
        credentials: Some(Credentials::one(credential.with_token_url(said.token_url))),
        endpoint: Some(emulator.url()),
        worker: WorkerChoice::Never,
        surroundings: Some(clock.surroundings()),
        ..FleetOptions::default()
    };
    let fleet = Fleet::open(&kept.database, options).await?;
    fleet.sync_instances().await?;
    let report = ReportSpec {
        name: "Bench".into(),
        sql: Some("SELECT campaign FROM dsp_impressions GROUP BY campaign".into()),
        window: Some("yesterday".into()),
        ..ReportSpec::default()
    };
    fleet.save_report(report).await?;
    Ok(fleet)
}

/// One schedule for each minute of the week, so that every minute has one tick.
async fn schedule(fleet: &Fleet, number: usize) -> Outcome {
    let (day, minute) = (DAYS[number / 1440], number % 1440);
    let expression = format!("{} {} * * {day}", minute % 60, minute / 60);
    let options = ScheduleOptions { freshness: Freshness::Immediate, ..ScheduleOptions::default() };
    fleet.schedule_report("Bench", ScheduleSpec { options, ..ScheduleSpec::new(expression) }).await?;
    Ok(())
}

async fn timed(fleet: &Fleet, expected: usize) -> Outcome<f64> {
    let begun = Instant::now();
    let written = fleet.run_schedules_once().await?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    if written == expected { Ok(took) } else { Err(format!("{written} ticks instead of {expected}").into()) }
}

fn percentile(sample: &mut [f64], percent: usize) -> f64 {
    sample.sort_by(f64::total_cmp);
    sample.get(sample.len() * percent / 100).copied().unwrap_or_default()
}
