//! A stretch of virtual time: clients in six zones, a weekly and a monthly report in each, two workers that are killed and
//! started again at random. What AMC saw is compared with what the calendar says.
#![allow(clippy::unwrap_used, reason = "a panic is how a test says no")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::model::{WindowExpression, Zone};
use amc_fleet::scheduler::next_runs;
use amc_fleet::{
    Database, Fleet, FleetOptions, Instances, PageRequest, ReportSpec, ScheduleSpec, WorkerChoice,
};
use amc_fleet_emulator::{CannedEngine, Emulator, Options};
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::runtime::{Builder, Runtime};

use crate::clock::EmulatorClock;
use crate::database::{Kept, Kind};
use crate::settings::{hurried, hurried_http};

const ZONES: [&str; 6] =
    ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"];
const REPORTS: [(&str, &str, &str); 2] =
    [("Weekly", "30 2 * * MON", "last 7 days"), ("Monthly", "monthly at 06:00", "last month")];
const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

/// What to live through.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// How many clients.
    pub clients: usize,
    /// How many days.
    pub days: i64,
    /// What the kills follow from.
    pub seed: u64,
    /// Where the fleet keeps what it must not forget.
    pub kind: Kind,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Runs that the calendar asks for, and AMC saw once.
    pub runs: usize,
    /// Runs that AMC did not see.
    pub missing: Vec<String>,
    /// Runs that AMC saw and nothing asked for, or more than once.
    pub surplus: Vec<String>,
    /// How often a worker was killed.
    pub kills: usize,
}

struct World {
    emulator: Arc<Emulator>,
    clock: Arc<EmulatorClock>,
    database: Database,
}

impl World {
    fn options(&self, works: bool) -> FleetOptions {
        let said = self.emulator.announcement();
        let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
        FleetOptions {
            credentials: Some(Credentials::one(credential.with_token_url(said.token_url))),
            endpoint: Some(self.emulator.url()),
            worker: if works { WorkerChoice::Always } else { WorkerChoice::Never },
            schedules: works,
            engine: hurried(),
            http: hurried_http(),
            surroundings: Some(self.clock.surroundings()),
            ..FleetOptions::default()
        }
    }

    /// A worker in a runtime of its own, so that it can be killed wherever it is.
    fn worker(&self) -> Runtime {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (database, options) = (self.database.clone(), self.options(true));
        runtime.spawn(async move {
            let _fleet = Fleet::open(&database, options).await.unwrap();
            std::future::pending::<()>().await;
        });
        runtime
    }
}

/// Lives through a stretch.
///
/// # Panics
/// When something fails that is not to be counted.
pub async fn live(stretch: Stretch) -> Told {
    let start: DateTime<Utc> = "2025-01-01T12:00:00Z".parse().unwrap();
    let options = Options {
        instances: stretch.clients,
        rows: 5,
        latency_ms: 20,
        now: Some(start),
        ..Options::default()
    };
    let emulator = Arc::new(Emulator::start(options.clone(), CannedEngine::shared(&options)).await.unwrap());
    let kept = Kept::new(stretch.kind).await;
    let clock = EmulatorClock::of(&emulator);
    let world = World { emulator, clock, database: kept.database.clone() };
    let fleet = Fleet::open(&world.database, world.options(false)).await.unwrap();
    let asked = ask(&fleet).await;
    let end = start + TimeDelta::days(stretch.days);
    let kills = pass(&world, &fleet, end, stretch.seed).await;
    let told = compare(&world.emulator, &expected(&asked, start, end), kills);
    fleet.close().await;
    told
}

/// The clients of each zone.
type Asked = Vec<(Zone, Vec<String>)>;

async fn ask(fleet: &Fleet) -> Asked {
    fleet.sync_instances().await.unwrap();
    let ids: Vec<String> = fleet.instances().await.unwrap().into_iter().map(|it| it.instance_id).collect();
    let mut asked = Vec::new();
    for (number, name) in ZONES.into_iter().enumerate() {
        let clients: Vec<String> = ids.iter().skip(number).step_by(ZONES.len()).cloned().collect();
        for (kind, expression, window) in REPORTS {
            let report = ReportSpec {
                name: format!("{kind} {name}"),
                sql: Some(SQL.to_owned()),
                instances: Instances::ids(clients.clone()),
                window: Some(window.to_owned()),
                timezone: name.to_owned(),
                ..ReportSpec::default()
            };
            let report = fleet.save_report(report).await.unwrap();
            let id = report.id.public();
            fleet.schedule_report(&id, ScheduleSpec::new(expression)).await.unwrap();
        }
        asked.push((name.parse().unwrap(), clients));
    }
    asked
}

/// Lets the time pass: a day at a time once everything is done, while workers come and go.
async fn pass(world: &World, fleet: &Fleet, end: DateTime<Utc>, seed: u64) -> usize {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut workers = [world.worker(), world.worker()];
    let mut kills = 0;
    // What is asked for at the end fires when its data are complete.
    while world.emulator.now() < end + TimeDelta::days(5) {
        wait_until_idle(world, fleet).await;
        world.clock.advance(Duration::from_secs(24 * 3600)).await;
        if dice.random_ratio(1, 5) {
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..400))).await;
            let killed = std::mem::replace(&mut workers[dice.random_range(0..2)], world.worker());
            killed.shutdown_background();
            kills += 1;
        }
    }
    wait_until_idle(world, fleet).await;
    workers.into_iter().for_each(Runtime::shutdown_background);
    kills
}

async fn wait_until_idle(world: &World, fleet: &Fleet) {
    loop {
        let schedules = fleet.schedules(None, PageRequest { limit: 100, offset: 0 }).await.unwrap().items;
        let now = world.emulator.now();
        let is_due = schedules.iter().any(|it| it.due_at.is_some_and(|due_at| due_at <= now));
        if !is_due && fleet.unfinished().await.unwrap() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A run as AMC sees it: the instance, and the first and the last instant of its window.
type Run = (String, DateTime<Utc>, DateTime<Utc>);

fn expected(asked: &Asked, start: DateTime<Utc>, end: DateTime<Utc>) -> BTreeSet<Run> {
    let mut runs = BTreeSet::new();
    for (zone, clients) in asked {
        for (_, expression, window) in REPORTS {
            let window: WindowExpression = window.parse().unwrap();
            let nominal = next_runs(expression, zone, start, 1000).unwrap();
            for nominal in nominal.into_iter().take_while(|nominal| *nominal <= end) {
                let window = window.resolve(nominal, zone).unwrap();
                runs.extend(clients.iter().map(|id| (id.clone(), window.start_utc(), window.end_utc())));
            }
        }
    }
    runs
}

fn compare(emulator: &Emulator, expected: &BTreeSet<Run>, kills: usize) -> Told {
    let answer = emulator.executions();
    let mut seen: BTreeMap<Run, usize> = BTreeMap::new();
    for run in answer["executions"].as_array().unwrap() {
        let instant = |name: &str| run[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let id = run["instanceId"].as_str().unwrap().to_owned();
        *seen.entry((id, instant("timeWindowStart"), instant("timeWindowEnd"))).or_default() += 1;
    }
    // The last ticks may be past the end: only up to it is everything there.
    let last = expected.iter().map(|(_, _, end)| *end).max().unwrap();
    let surplus =
        seen.iter().filter(|(run, count)| **count > 1 || (run.2 <= last && !expected.contains(*run)));
    Told {
        runs: expected.iter().filter(|run| seen.get(*run) == Some(&1)).count(),
        missing: expected
            .iter()
            .filter(|run| !seen.contains_key(*run))
            .map(|run| format!("{run:?}"))
            .collect(),
        surplus: surplus.map(|run| format!("{run:?}")).collect(),
        kills,
    }
}
