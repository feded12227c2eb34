//! What the engine costs: executions a second, creating, status over a long past, memory, calls. Prints one JSON line.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::client::{AmcClient, Credential, Credentials, DEFAULT_CREDENTIAL};
use amc_fleet::engine::EngineSettings;
use amc_fleet::{BatchHandle, BatchReport, BatchSpec, Fleet, FleetOptions, WorkerChoice};
use amc_fleet_tests::database::{Kept, Kind};
use amc_fleet_tests::noop::NoopAmc;
use amc_fleet_tests::past;
use amc_fleet_tests::process::EmulatorProcess;
use amc_fleet_tests::usage::{cpu_ms, peak_rss_mb};
use clap::{Parser, ValueEnum};
use futures::future::try_join_all;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

/// The most instances a batch has.
const BATCH: usize = 1000;

/// How often a status is asked for.
const STATUSES: usize = 1000;

/// What runs the queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Client {
    /// Nothing: what is measured is the engine alone.
    Noop,
    /// The emulator, in a process of its own, over HTTP.
    Emulator,
}

/// Measures the engine.
#[derive(Debug, Parser)]
struct Options {
    /// How many executions.
    #[arg(long, default_value_t = 1000)]
    n: usize,
    /// On how many instances; as many as executions where absent.
    #[arg(long)]
    instances: Option<usize>,
    /// Where the fleet is kept: `sqlite`, or `postgres` on the server of AMC_FLEET_TEST_POSTGRES.
    #[arg(long, default_value = "sqlite")]
    store: Kind,
    /// What runs the queries.
    #[arg(long, value_enum, default_value = "noop")]
    client: Client,
    /// How long every call of the no-op client takes, in milliseconds.
    #[arg(long, default_value_t = 0)]
    sleep_ms: u64,
    /// Workers at once, each a fleet of its own.
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Past executions to ask for a status among.
    #[arg(long, default_value_t = 0)]
    past: usize,
    /// Executions that wait at an AMC which ends none of them, in place of everything else.
    #[arg(long, default_value_t = 0)]
    waiting: usize,
}

impl Options {
    fn instances(&self) -> usize {
        self.instances.unwrap_or(self.n.max(self.waiting)).min(BATCH)
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let options = Options::parse();
    let kept = Kept::new(options.store).await;
    let mut line = Map::new();
    line.insert("store".into(), options.store.to_string().into());
    line.insert("client".into(), format!("{:?}", options.client).to_lowercase().into());
    match () {
        () if options.waiting > 0 => waiting(&options, &kept, &mut line).await?,
        () if options.past > 0 => asking(&options, &kept, &mut line).await?,
        () => running(&options, &kept, &mut line).await?,
    }
    line.insert("peak_rss_mb".into(), peak_rss_mb().into());
    println!("{}", Value::from(line));
    Ok(())
}

/// Runs executions to their ends.
async fn running(options: &Options, kept: &Kept, line: &mut Map<String, Value>) -> Outcome {
    let amc = Amc::start(options, true)?;
    let fleets = fleets(options, kept, &amc).await?;
    let cpu = cpu_ms().unwrap_or_default();
    let began = Instant::now();
    let batches = batches(&fleets[0], options.n, options.instances()).await?;
    let created = began.elapsed();
    let reports = ended(&batches).await?;
    let ran = began.elapsed();
    let cpu = cpu_ms().unwrap_or_default().saturating_sub(cpu);
    let completed: i64 = reports.iter().map(|report| report.completed_instances).sum();
    let of = |count: fn(&BatchReport) -> u64| ratio(reports.iter().map(count).sum(), options.n);
    line.extend(
        [
            ("n", json!(options.n)),
            ("instances", json!(options.instances())),
            ("workers", json!(options.workers)),
            ("sleep_ms", json!(options.sleep_ms)),
            ("completed", json!(completed)),
            ("create_ms", json!(created.as_millis())),
            ("executions_per_s", json!((f64::from(u32::try_from(completed)?) / ran.as_secs_f64()).round())),
            ("api_calls_per_run", json!(of(|it| it.calls.submit + it.calls.get + it.calls.download_urls))),
            ("lists_per_run", json!(of(|it| it.calls.list))),
            ("files_per_run", json!(of(|it| it.calls.file))),
            ("tokens", json!(reports.iter().map(|report| report.calls.token).sum::<u64>())),
            ("cpu_ms_per_run", json!(ratio(cpu, options.n))),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    for fleet in fleets {
        fleet.close().await;
    }
    Ok(())
}

/// Asks for statuses over a long past.
async fn asking(options: &Options, kept: &Kept, line: &mut Map<String, Value>) -> Outcome {
    let amc = Amc::start(options, true)?;
    let fleets = fleets(options, kept, &amc).await?;
    let began = Instant::now();
    past::fill(kept, &fleets[0], options.past).await?;
    line.insert("past".into(), options.past.into());
    line.insert("past_filled_s".into(), began.elapsed().as_secs().into());
    line.insert("status_ms_p99".into(), status_p99(&fleets[0], options.past).await?.into());
    Ok(())
}

/// Lets executions wait, and looks at the memory.
async fn waiting(options: &Options, kept: &Kept, line: &mut Map<String, Value>) -> Outcome {
    let amc = Amc::start(options, false)?;
    let fleets = fleets(options, kept, &amc).await?;
    let batches = batches(&fleets[0], options.waiting, options.instances()).await?;
    let began = Instant::now();
    let mut out = 0;
    while began.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_secs(2)).await;
        out = 0;
        for batch in &batches {
            out += batch.status().await?.running_instances;
        }
    }
    line.insert("waiting".into(), options.waiting.into());
    line.insert("at_amc".into(), out.into());
    Ok(())
}

/// What the fleet speaks to.
enum Amc {
    Noop(Arc<dyn AmcClient>),
    Emulator(Box<EmulatorProcess>),
}

impl Amc {
    fn start(options: &Options, ends: bool) -> Outcome<Self> {
        let instances = options.instances();
        Ok(match options.client {
            Client::Noop => {
                Self::Noop(Arc::new(NoopAmc::new(instances, Duration::from_millis(options.sleep_ms), ends)))
            }
            Client::Emulator => {
                let accounts = instances.div_ceil(200).to_string();
                let instances = instances.to_string();
                let arguments = ["--instances", &instances, "--accounts", &accounts, "--rows", "10"];
                Self::Emulator(Box::new(EmulatorProcess::start(&arguments)?))
            }
        })
    }

    fn options(&self) -> FleetOptions {
        // Runs that end at once are worth a look at once; the rest is as it comes.
        let engine = EngineSettings {
            first_poll: Duration::from_millis(20),
            submits_at_once: 64,
            watches_at_once: 64,
            collects_at_once: 32,
            ..EngineSettings::default()
        };
        let common = FleetOptions { worker: WorkerChoice::Always, engine, ..FleetOptions::default() };
        match self {
            Self::Noop(client) => FleetOptions {
                client: Some((Arc::clone(client), vec![DEFAULT_CREDENTIAL.to_owned()])),
                endpoint: Some("http://127.0.0.1:9".to_owned()),
                ..common
            },
            Self::Emulator(emulator) => {
                let said: std::collections::HashMap<_, _> = emulator.environment().collect();
                let of = |name: &str| said.get(name).copied().unwrap_or_default();
                let credential =
                    Credential::lwa(of("AMC_CLIENT_ID"), of("AMC_CLIENT_SECRET"), of("AMC_REFRESH_TOKEN"));
                FleetOptions {
                    credentials: Some(Credentials::one(credential.with_token_url(of("AMC_TOKEN_URL")))),
                    endpoint: Some(of("AMC_API_URL").to_owned()),
                    ..common
                }
            }
        }
    }
}

async fn fleets(options: &Options, kept: &Kept, amc: &Amc) -> Outcome<Vec<Fleet>> {
    let mut fleets = Vec::new();
    for _ in 0..options.workers {
        fleets.push(Fleet::open(&kept.database, amc.options()).await?);
    }
    fleets[0].sync_instances().await?;
    Ok(fleets)
}

/// Writes executions, a batch of all instances after the other.
async fn batches(fleet: &Fleet, count: usize, instances: usize) -> Outcome<Vec<BatchHandle>> {
    let mut batches = Vec::new();
    for _ in 0..count.div_ceil(instances) {
        let spec = BatchSpec {
            sql: Some(SQL.to_owned()),
            window: Some("last 30 days".to_owned()),
            ..BatchSpec::default()
        };
        batches.push(fleet.run_batch(spec).await?);
    }
    Ok(batches)
}

async fn ended(batches: &[BatchHandle]) -> Outcome<Vec<BatchReport>> {
    Ok(try_join_all(batches.iter().map(|batch| batch.wait(None))).await?)
}

/// The time under which 99 of 100 statuses of past batches are told.
async fn status_p99(fleet: &Fleet, past: usize) -> Outcome<f64> {
    let mut times = Vec::with_capacity(STATUSES);
    for number in 0..STATUSES {
        let batch = fleet.batch(&past::key(past, number)).await?;
        let began = Instant::now();
        batch.status().await?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Ok((times[STATUSES * 99 / 100].as_secs_f64() * 100_000.0).round() / 100.0)
}

fn ratio(count: u64, of: usize) -> f64 {
    let (count, of) = (u32::try_from(count).unwrap_or(u32::MAX), u32::try_from(of).unwrap_or(u32::MAX));
    (f64::from(count) / f64::from(of) * 100.0).round() / 100.0
}
