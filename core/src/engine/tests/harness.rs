//! A fleet whose time passes when a test says so.

use std::sync::Arc;
use std::time::Duration;

use super::stores::{Guard, Kind};
use crate::client::{AmcClient, DEFAULT_CREDENTIAL};
use crate::clock::Surroundings;
use crate::engine::{Engine, EngineSettings, Signals};
use crate::fleet::{BatchHandle, BatchReport, BatchSpec, Check, Fleet, FleetOptions, Parts, WorkerChoice};
use crate::results::store::{MemoryResults, ResultStore};
use crate::store::Store;
use crate::testing::{FaultPlan, FaultyClient, FaultyStore, ManualClock, MemoryAmc};

/// More ticks than any batch of these tests takes.
const PATIENCE: usize = 2000;
/// How many seconds pass after a tick that found nothing to do: fewer than a lease lasts.
const QUIET: u64 = 5;

pub(super) struct Harness {
    pub(super) amc: Arc<MemoryAmc>,
    /// What fails of the calls that workers make, to AMC and to the store alike.
    pub(super) plan: Arc<FaultPlan>,
    client: Arc<FaultyClient<MemoryAmc>>,
    pub(super) clock: Arc<ManualClock>,
    surroundings: Surroundings,
    store: Arc<FaultyStore<dyn Store>>,
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
        let plan = Arc::<FaultPlan>::default();
        let client = Arc::new(FaultyClient::planned(Arc::clone(&amc), Arc::clone(&plan)));
        let results: Arc<dyn ResultStore> = Arc::new(MemoryResults::new());
        let seen: Arc<dyn AmcClient> = Arc::<MemoryAmc>::clone(&amc);
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
        let store = Arc::new(FaultyStore::planned(store, Arc::clone(&plan)));
        Self { amc, plan, client, clock, surroundings, store, results, fleet, _guard: guard }
    }

    /// A worker that has just started.
    pub(super) fn engine(&self) -> Arc<Engine> {
        self.engine_with(EngineSettings::default())
    }

    /// A worker of its own settings.
    pub(super) fn engine_with(&self, settings: EngineSettings) -> Arc<Engine> {
        let client: Arc<dyn AmcClient> = Arc::<FaultyClient<MemoryAmc>>::clone(&self.client);
        let store: Arc<dyn Store> = Arc::<FaultyStore<dyn Store>>::clone(&self.store);
        Engine::new(
            store,
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
            // Its first POST is a run.
            check: Check::None,
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

    /// Works until the batch has ended, whatever fails on the way; a worker that dies is followed by another. How many
    /// died.
    pub(super) async fn survive(&self, batch: &BatchHandle) -> (BatchReport, usize) {
        let (mut engine, mut deaths) = (self.engine(), 0);
        for _ in 0..PATIENCE {
            let done = tokio::select! {
                biased;
                () = self.plan.is_stuck() => None,
                done = engine.run_once() => Some(done.unwrap_or_default()),
            };
            if done.is_none() {
                (engine, deaths) = (self.engine(), deaths + 1);
            }
            let report = batch.status().await.unwrap();
            if report.status.is_terminal() {
                return (report, deaths);
            }
            self.pass_after(done.unwrap_or_default());
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

    /// How many runs AMC ever took of each execution of a batch.
    pub(super) async fn runs_of(&self, batch: &BatchHandle) -> Vec<usize> {
        let submits = self.amc.submits();
        let of = |id: &str| submits.iter().filter(|run| run.request.workflow_id.contains(id)).count();
        batch.status().await.unwrap().executions.iter().map(|run| of(&run.execution_id)).collect()
    }
}
