//! A fleet whose time passes when a test says so.

use std::sync::Arc;
use std::time::Duration;

use super::stores::{Guard, Kind};
use crate::client::{AmcClient, DEFAULT_CREDENTIAL};
use crate::clock::Surroundings;
use crate::engine::{Engine, EngineSettings, Signals};
use crate::fleet::{BatchHandle, BatchReport, BatchSpec, Fleet, FleetOptions, Parts, WorkerChoice};
use crate::results::store::{MemoryResults, ResultStore};
use crate::store::Store;
use crate::testing::{FaultyClient, ManualClock, MemoryAmc};

/// More ticks than any batch of these tests takes.
const PATIENCE: usize = 2000;
/// How many seconds pass after a tick that found nothing to do: fewer than a lease lasts.
const QUIET: u64 = 5;

pub(super) struct Harness {
    pub(super) amc: Arc<MemoryAmc>,
    pub(super) client: Arc<FaultyClient<MemoryAmc>>,
    pub(super) clock: Arc<ManualClock>,
    surroundings: Surroundings,
    store: Arc<dyn Store>,
    pub(super) results: Arc<dyn ResultStore>,
    pub(super) fleet: Fleet,
    _guard: Guard,
}

impl Harness {
    pub(super) async fn new(instances: usize) -> Self {
        Self::on(Kind::Memory, instances).await
    }

    pub(super) async fn on(kind: Kind, instances: usize) -> Self {
        let (store, guard) = kind.fresh().await;
        let clock = Arc::new(ManualClock::at("2025-10-15T00:00:00Z".parse().unwrap()));
        let surroundings = clock.surroundings();
        let amc = Arc::new(MemoryAmc::new(Arc::clone(&surroundings.clock), instances));
        let client = Arc::new(FaultyClient::new(Arc::clone(&amc)));
        let results: Arc<dyn ResultStore> = Arc::new(MemoryResults::new());
        let seen: Arc<dyn AmcClient> = Arc::<FaultyClient<MemoryAmc>>::clone(&client);
        let parts = Parts {
            store: Arc::clone(&store),
            results: Arc::clone(&results),
            client: Some((seen, vec![DEFAULT_CREDENTIAL.to_owned()])),
            database: "memory:".to_owned(),
        };
        let options = FleetOptions {
            worker: WorkerChoice::Never,
            surroundings: Some(surroundings.clone()),
            endpoint: Some("memory:".to_owned()),
            ..FleetOptions::default()
        };
        let fleet = Fleet::assemble(parts, options).await.unwrap();
        fleet.sync_instances().await.unwrap();
        Self { amc, client, clock, surroundings, store, results, fleet, _guard: guard }
    }

    /// A worker that has just started.
    pub(super) fn engine(&self) -> Arc<Engine> {
        self.engine_with(EngineSettings::default())
    }

    /// A worker of its own settings.
    pub(super) fn engine_with(&self, settings: EngineSettings) -> Arc<Engine> {
        let client: Arc<dyn AmcClient> = Arc::<FaultyClient<MemoryAmc>>::clone(&self.client);
        Engine::new(
            Arc::clone(&self.store),
            Arc::clone(&self.results),
            client,
            vec![DEFAULT_CREDENTIAL.to_owned()],
            &self.surroundings,
            settings,
            Signals::default(),
        )
    }

    pub(super) async fn batch(&self) -> BatchHandle {
        let spec = BatchSpec {
            sql: Some("SELECT campaign FROM dsp_impressions".to_owned()),
            window: Some("last 7 days".to_owned()),
            ..BatchSpec::default()
        };
        self.fleet.run_batch(spec).await.unwrap()
    }

    /// Works tick by tick until the batch has ended.
    pub(super) async fn finish(&self, engine: &Arc<Engine>, batch: &BatchHandle) -> BatchReport {
        for _ in 0..PATIENCE {
            let done = engine.run_once().await.unwrap();
            let report = batch.status().await.unwrap();
            if report.status.is_terminal() {
                return report;
            }
            self.pass_after(done);
        }
        panic!("the batch does not end: {}", batch.status().await.unwrap());
    }

    /// Works until a call never answers, then lets the worker die there. Whether it came to that.
    pub(super) async fn die(&self, engine: &Arc<Engine>, batch: &BatchHandle) -> bool {
        for _ in 0..PATIENCE {
            let done = tokio::select! {
                biased;
                () = self.client.is_stuck() => return true,
                done = engine.run_once() => done.unwrap(),
            };
            if batch.status().await.unwrap().status.is_terminal() {
                return false;
            }
            self.pass_after(done);
        }
        panic!("the batch does not end: {}", batch.status().await.unwrap());
    }

    fn pass_after(&self, done: usize) {
        self.pass(if done == 0 { QUIET } else { 1 });
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// How many runs AMC ever took of an instance, for every instance.
    pub(super) fn runs_of_each(&self) -> Vec<usize> {
        let submits = self.amc.submits();
        let of = |id: &str| submits.iter().filter(|run| run.instance_id == id).count();
        self.amc.targets().iter().map(|target| of(&target.instance_id)).collect()
    }
}
