//! Forty batches, five instances, four workers of which each is killed: never more runs at AMC than it allows.

use amc_fleet::model::{EventKind, PageRequest, Scope};
use amc_fleet::store::{BatchFilter, Migrate, PostgresStore, SqliteStore, Store};
use amc_fleet::{BatchStatus, Database};
use amc_fleet_tests::database::{Kept, Kind};
use amc_fleet_tests::process::{EmulatorProcess, Killed};

use super::{until, witness};

const BATCHES: usize = 40;
const INSTANCES: usize = 5;
const WORKERS: usize = 4;
/// What AMC allows an instance.
const LIMIT: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn never_over_the_limit_on_sqlite() {
    never_over_the_limit(Kind::Sqlite, "queue").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn never_over_the_limit_on_postgres() {
    never_over_the_limit(Kind::Postgres, "queue").await;
}

/// An AMC that refuses the eleventh run has nothing to refuse.
#[tokio::test(flavor = "multi_thread")]
async fn never_over_the_limit_of_an_amc_that_refuses_on_sqlite() {
    never_over_the_limit(Kind::Sqlite, "refuse").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn never_over_the_limit_of_an_amc_that_refuses_on_postgres() {
    never_over_the_limit(Kind::Postgres, "refuse").await;
}

async fn never_over_the_limit(kind: Kind, over_limit: &str) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kept = Kept::new(kind).await;
    let count = INSTANCES.to_string();
    let emulator = EmulatorProcess::start(&[
        "--instances",
        &count,
        "--accounts",
        "1",
        "--rows",
        "5",
        "--latency-ms",
        "250",
        "--over-limit",
        over_limit,
    ])
    .unwrap();
    let more = ["--batches".to_owned(), BATCHES.to_string()];
    let start = || emulator.worker(&kept.address(), "crash", &more).unwrap();
    let mut workers: Vec<Killed> = (0..WORKERS).map(|_| start()).collect();
    for number in 1..=WORKERS {
        let enough = number * BATCHES * INSTANCES / (WORKERS + 2);
        until("submits at AMC", async || witness(&emulator).await.runs() >= enough).await;
        workers.remove(0).kill().unwrap();
        workers.push(start());
    }
    for mut worker in workers {
        until("the batches to end", async || worker.ended().unwrap().is_some()).await;
    }
    let witness = witness(&emulator).await;
    assert_eq!((witness.over(LIMIT), witness.over_account(200)), (0, 0));
    assert_eq!((witness.runs(), witness.live_duplicates()), (BATCHES * INSTANCES, 0));
    assert_eq!(refused(&kept).await, 0);
}

/// How often AMC refused a submit as one too many. All batches must have completed.
async fn refused(kept: &Kept) -> usize {
    let store: Box<dyn Store> = match &kept.database {
        Database::Sqlite(path) => Box::new(SqliteStore::open(path).await.unwrap()),
        _ => Box::new(PostgresStore::open(&kept.address(), Migrate::Never).await.unwrap()),
    };
    let all = PageRequest { limit: 1000, offset: 0 };
    let batches = store.batches(&Scope::System, &BatchFilter::default(), all).await.unwrap().items;
    assert_eq!(batches.len(), BATCHES);
    let mut refused = 0;
    for batch in batches {
        assert_eq!(batch.status, BatchStatus::Completed);
        let events = store.events(&Scope::System, batch.id, 0, 10_000).await.unwrap();
        let returned = events.iter().filter(|event| event.kind == EventKind::Returned);
        refused += returned.filter(|event| event.detail["error_code"] == "execution_limit").count();
    }
    refused
}
