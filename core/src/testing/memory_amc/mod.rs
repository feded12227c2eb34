//! AMC in memory: accounts, instances and runs that a test arranges, and a witness of every submit.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::run_request;
use crate::client::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcWorkflow, DEFAULT_CREDENTIAL, RunRequest,
    RunStatus, Submission, Target,
};
use crate::clock::Clock;

mod remote;
mod run;
mod script;
mod workflows;

use run::{Ending, HeldRun};
pub use script::{RunScript, SubmitFault};

/// Where the AMC in memory is said to be.
const ENDPOINT: &str = "memory:";

/// An [`AmcClient`](crate::client::AmcClient) that is its own remote side.
///
/// Runs end by the clock after the duration of their [`RunScript`], or when a test ends them. Result URLs expire after
/// ten minutes of the clock. Every run it ever took is in [`submits`](Self::submits).
///
/// ```
/// # use std::sync::Arc;
/// # use amc_fleet::testing::{ManualClock, MemoryAmc, RunScript};
/// let clock = Arc::new(ManualClock::at("2025-10-15T00:00:00Z".parse().unwrap()));
/// let amc = MemoryAmc::new(clock, 50);
/// amc.script(RunScript { duration: None, ..RunScript::default() });
/// assert_eq!(amc.targets().len(), 50);
/// ```
#[derive(Debug)]
pub struct MemoryAmc {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fleet: Vec<(AmcAccount, AmcInstance)>,
    script: RunScript,
    scripts: BTreeMap<String, RunScript>,
    submit_faults: VecDeque<SubmitFault>,
    truncated_parts: usize,
    revoked: BTreeSet<String>,
    data_sources: BTreeMap<String, Vec<serde_json::Value>>,
    runs: Vec<HeldRun>,
    /// By instance and by the id of the workflow.
    workflows: BTreeMap<(String, String), AmcWorkflow>,
}

/// A run that was taken, as the remote side knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct WitnessedRun {
    /// AMC's id of the run.
    pub execution_id: String,
    /// The instance it runs on.
    pub instance_id: String,
    /// What was submitted.
    pub request: RunRequest,
    /// Where it stands.
    pub status: RunStatus,
    /// When it was taken.
    pub created_at: DateTime<Utc>,
}

impl MemoryAmc {
    /// One account with `instances` standard instances.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, instances: usize) -> Self {
        let amc = Self { clock, state: Mutex::default() };
        for number in 1..=instances {
            amc.add(account(), instance(number));
        }
        amc
    }

    /// Adds an instance, and its account where that is new.
    pub fn add(&self, account: AmcAccount, instance: AmcInstance) {
        self.state.lock().fleet.push((account, instance));
    }

    /// Every instance, addressed by the default credential.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        let fleet = &self.state.lock().fleet;
        fleet.iter().map(|(account, instance)| target(account, instance)).collect()
    }

    /// Sets what becomes of every run submitted from now on.
    pub fn script(&self, script: RunScript) {
        self.state.lock().script = script;
    }

    /// Sets what becomes of every run submitted from now on to one instance.
    pub fn script_for(&self, instance_id: impl Into<String>, script: RunScript) {
        self.state.lock().scripts.insert(instance_id.into(), script);
    }

    /// Lets the next submit go wrong; called again, the one after it.
    pub fn fail_next_submit(&self, fault: SubmitFault) {
        self.state.lock().submit_faults.push_back(fault);
    }

    /// Lets the next part break off half way; called again, the one after it.
    pub fn truncate_next_part(&self) {
        self.state.lock().truncated_parts += 1;
    }

    /// Takes a run that somebody else asked for, and tells its id.
    ///
    /// # Panics
    /// When the instance is not one of this AMC's, or its submits go wrong.
    pub async fn foreign_run(&self, target: &Target, workflow_id: &str) -> String {
        match self.submit(target, &run_request(workflow_id, "SELECT 1")).await {
            Submission::Submitted(run) => run.execution_id,
            other => panic!("the run is not taken: {other:?}"),
        }
    }

    /// Ends a run now. A run that has ended already stays as it is.
    pub fn end(&self, execution_id: &str, status: RunStatus, reason: Option<&str>) {
        let now = self.clock.now();
        let mut state = self.state.lock();
        let run = state.runs.iter_mut().find(|run| run.execution_id == execution_id);
        if let Some(run) = run.filter(|run| !run.status(now).is_terminal()) {
            run.decided = Some(Ending { status, reason: reason.map(ToOwned::to_owned), at: now });
        }
    }

    /// Refuses every call of a credential from now on.
    pub fn revoke(&self, credential_key: impl Into<String>) {
        self.state.lock().revoked.insert(credential_key.into());
    }

    /// Says which tables queries may read at an instance; none where nothing is said.
    pub fn offer(&self, instance_id: impl Into<String>, data_sources: &[&str]) {
        let listed =
            data_sources.iter().map(|id| serde_json::json!({"dataSourceId": id, "columns": []})).collect();
        self.state.lock().data_sources.insert(instance_id.into(), listed);
    }

    /// Takes a credential back into favour.
    pub fn restore(&self, credential_key: &str) {
        self.state.lock().revoked.remove(credential_key);
    }

    /// The witness: every run that was ever taken, in order, without those that only checked a query.
    #[must_use]
    pub fn submits(&self) -> Vec<WitnessedRun> {
        self.witnessed(false)
    }

    /// Every run that only checked a query, in order.
    #[must_use]
    pub fn dry_runs(&self) -> Vec<WitnessedRun> {
        self.witnessed(true)
    }

    fn witnessed(&self, dry: bool) -> Vec<WitnessedRun> {
        let now = self.clock.now();
        let witnessed = |run: &HeldRun| WitnessedRun {
            execution_id: run.execution_id.clone(),
            instance_id: run.instance_id.clone(),
            request: run.request.clone(),
            status: run.status(now),
            created_at: run.created_at,
        };
        let state = self.state.lock();
        state.runs.iter().filter(|run| run.request.dry_run == dry).map(witnessed).collect()
    }

    /// The most runs of an instance that were ever alive at one instant.
    #[must_use]
    pub fn most_at_once(&self, instance_id: &str) -> usize {
        let now = self.clock.now();
        let state = self.state.lock();
        let own: Vec<&HeldRun> = state.runs.iter().filter(|run| run.instance_id == instance_id).collect();
        let alive_at = |at| own.iter().filter(|run| run.is_alive_at(at, now)).count();
        own.iter().map(|run| alive_at(run.created_at)).max().unwrap_or_default()
    }
}

fn account() -> AmcAccount {
    AmcAccount {
        account_id: "ENTITYMEMORY".to_owned(),
        account_name: "Memory".to_owned(),
        marketplace_id: "ATVPDKIKX0DER".to_owned(),
    }
}

fn instance(number: usize) -> AmcInstance {
    AmcInstance {
        instance_id: format!("amcmem{number:05}"),
        name: format!("Memory {number}"),
        customer_name: format!("Customer {number}"),
        instance_type: "STANDARD".to_owned(),
        creation_status: "COMPLETED".to_owned(),
    }
}

fn target(account: &AmcAccount, instance: &AmcInstance) -> Target {
    Target {
        account: AccountTarget {
            credential_key: DEFAULT_CREDENTIAL.to_owned(),
            endpoint: ENDPOINT.to_owned(),
            account_id: account.account_id.clone(),
            marketplace_id: account.marketplace_id.clone(),
            extra_headers: BTreeMap::new(),
        },
        instance_id: instance.instance_id.clone(),
    }
}

#[cfg(test)]
mod tests;
