//! A fleet whose time passes when a test says so.

use std::sync::Arc;
use std::time::Duration;

use crate::client::{AmcClient, DEFAULT_CREDENTIAL};
use crate::clock::Surroundings;
use crate::engine::{Engine, EngineSettings, Signals};
use crate::fleet::{BatchHandle, BatchReport, BatchSpec, Fleet, FleetOptions, Parts, WorkerChoice};
use crate::results::store::{MemoryResults, ResultStore};
use crate::store::{MemoryStore, Store};
use crate::testing::{FaultyClient, ManualClock, MemoryAmc};

/// More ticks than any batch of these tests takes.
const PATIENCE: usize = 2000;

pub(super) struct Harness {
    pub(super) amc: Arc<MemoryAmc>,
    pub(super) client: Arc<FaultyClient<MemoryAmc>>,
    pub(super) clock: Arc<ManualClock>,
    surroundings: Surroundings,
    store: Arc<dyn Store>,
    pub(super) results: Arc<dyn ResultStore>,
    pub(super) fleet: Fleet,
}

impl Harness {
    pub(super) async fn new(instances: usize) -> Self {
        Self::over(Arc::new(MemoryStore::new()), instances).await
    }

    pub(super) async fn over(store: Arc<dyn Store>, instances: usize) -> Self {
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
            surroundings: surroundings.clone(),
            endpoint: Some("memory:".to_owned()),
            ..FleetOptions::default()
        };
        let fleet = Fleet::assemble(parts, options).await.unwrap();
        fleet.sync_instances().await.unwrap();
        Self { amc, client, clock, surroundings, store, results, fleet }
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

    /// Works second by second until the batch has ended.
    pub(super) async fn finish(&self, engine: &Arc<Engine>, batch: &BatchHandle) -> BatchReport {
        for _ in 0..PATIENCE {
            engine.run_once().await.unwrap();
            let report = batch.status().await.unwrap();
            if report.status.is_terminal() {
                return report;
            }
            self.pass(1);
        }
        panic!("the batch does not end: {}", batch.status().await.unwrap());
    }

    /// Works until a call never answers, then lets the worker die there. Whether it came to that.
    pub(super) async fn die(&self, engine: &Arc<Engine>, batch: &BatchHandle) -> bool {
        for _ in 0..PATIENCE {
            let working = Arc::clone(engine);
            let tick = tokio::spawn(async move { working.run_once().await.map(drop) });
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            if !tick.is_finished() {
                tick.abort();
                return true;
            }
            if batch.status().await.unwrap().status.is_terminal() {
                return false;
            }
            self.pass(1);
        }
        panic!("the batch does not end: {}", batch.status().await.unwrap());
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
