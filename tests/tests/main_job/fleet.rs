//! A fleet on an emulator, both in this process.

use std::path::PathBuf;
use std::sync::Arc;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::{
    BatchHandle, BatchReport, BatchSpec, Check, Fleet, FleetOptions, WorkerChoice, WorkflowSpec,
};
use amc_fleet_emulator::{CannedEngine, Emulator, Options};
use amc_fleet_tests::database::Kept;
use amc_fleet_tests::settings::{hurried, hurried_http};
use amc_fleet_tests::witness::Witness;

use super::KIND;

/// The query of these tests.
pub(crate) const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions, SUM(total_cost) AS cost FROM dsp_impressions GROUP BY campaign";

/// An emulator, and a database that goes when the test does.
pub(crate) struct Scene {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) kept: Kept,
}

impl Scene {
    pub(crate) async fn of(options: Options) -> Self {
        let engine = CannedEngine::shared(&options);
        let emulator = Arc::new(Emulator::start(options, engine).await.unwrap());
        Self { emulator, kept: Kept::new(KIND).await }
    }

    pub(crate) async fn with_instances(instances: usize) -> Self {
        Self::of(Options { instances, rows: 20, latency_ms: 50, ..Options::default() }).await
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.kept.folder.path().join(name)
    }

    pub(crate) fn options(&self) -> FleetOptions {
        let said = self.emulator.announcement();
        let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
        FleetOptions {
            credentials: Some(Credentials::one(credential.with_token_url(said.token_url))),
            endpoint: Some(self.emulator.url()),
            worker: WorkerChoice::Always,
            engine: hurried(),
            http: hurried_http(),
            ..FleetOptions::default()
        }
    }

    pub(crate) async fn open(&self) -> Fleet {
        Fleet::open(&self.kept.database, self.options()).await.unwrap()
    }

    /// A fleet that knows its instances.
    pub(crate) async fn synced(&self) -> Fleet {
        let fleet = self.open().await;
        fleet.sync_instances().await.unwrap();
        fleet
    }

    pub(crate) fn witness(&self) -> Witness {
        Witness::new(&self.emulator.executions())
    }
}

/// A batch of the query on everything.
pub(crate) fn everything() -> BatchSpec {
    BatchSpec { sql: Some(SQL.into()), window: Some("last 30 days".into()), ..BatchSpec::default() }
}

/// The same, unchecked: its first POST is a run.
pub(crate) fn unchecked() -> BatchSpec {
    BatchSpec { check: Check::None, ..everything() }
}

/// Saves the query, runs it unchecked on everything and waits for the end.
pub(crate) async fn run(fleet: &Fleet) -> (BatchHandle, BatchReport) {
    let workflow = fleet.save_workflow(WorkflowSpec::new("Impressions by campaign", SQL)).await.unwrap();
    let spec = BatchSpec { sql: None, workflow: Some(workflow.id.public()), ..unchecked() };
    let batch = fleet.run_batch(spec).await.unwrap();
    let report = batch.wait(None).await.unwrap();
    (batch, report)
}
