//! A store driven along the model, and held to it after every step.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::sync::Arc;

use amc_fleet::clock::{IdSource, RandomIds};
use amc_fleet::model::{
    AccountKey, AmcOptions, BatchId, BatchOptions, Change, Event, Execution, ExecutionId, Instance, Lease,
    Limits, NewBatch, NewExecution, Priority, Scope, Story, SyncedAccount, SyncedInstance, TriggeredBy,
    Worker, WorkerId, fold,
};
use amc_fleet::store::{CancelTarget, Claim, ClaimTerms, Step, StepOutcome, Store};
use chrono::{DateTime, TimeDelta, Utc};
use proptest_state_machine::StateMachineTest;
use serde_json::Map;
use tokio::runtime::Runtime;

use super::model::{Answer, INSTANCES, LEASE, LIMIT, Model, Place, WORKERS};
use super::verb::{Verb, Word};

const OWNER: &str = "ada";
const KEY: &str = "default";

/// A fresh store for one run of the machine, and what must live as long as it.
pub(crate) trait Fresh: Debug + 'static {
    /// Opens one.
    fn open(runtime: &Runtime) -> (Arc<dyn Store>, Self);
}

/// A store, and who and what is in it by the model's numbers.
#[derive(Debug)]
pub(crate) struct Machine<F> {
    runtime: Runtime,
    store: Arc<dyn Store>,
    instances: Vec<Instance>,
    workers: [WorkerId; WORKERS],
    batches: Vec<BatchId>,
    runs: Vec<ExecutionId>,
    now: i64,
    _fresh: F,
}

fn instant(now: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(now)
}

fn scope() -> Scope {
    Scope::Owner(OWNER.to_owned())
}

impl<F: Fresh> StateMachineTest for Machine<F> {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_model: &Model) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (store, fresh) = F::open(&runtime);
        let instances = runtime.block_on(synced(store.as_ref()));
        let workers = std::array::from_fn(|_| WorkerId::from(RandomIds.next(instant(0))));
        let machine =
            Self { runtime, store, instances, workers, batches: vec![], runs: vec![], now: 0, _fresh: fresh };
        (0..WORKERS).for_each(|worker| machine.beat(worker));
        machine
    }

    fn apply(mut machine: Self, model: &Model, verb: Verb) -> Self {
        machine.now = model.now;
        let answer = machine.answer(&verb);
        assert_eq!(answer, model.answer, "{verb:?}");
        machine
    }

    fn check_invariants(machine: &Self, model: &Model) {
        for (number, batch) in machine.batches.iter().enumerate() {
            machine.check_batch(model, number, *batch);
        }
    }
}

impl<F: Fresh> Machine<F> {
    fn answer(&mut self, verb: &Verb) -> Answer {
        let now = instant(self.now);
        match *verb {
            Verb::Batch => self.batch(),
            Verb::Pass { .. } => {}
            Verb::Beat { worker } => self.beat(worker),
            Verb::Retire { worker } => {
                self.runtime.block_on(self.store.retire(self.workers[worker])).unwrap()
            }
            Verb::Submits { worker } => {
                let (terms, limits) = (self.terms(worker), Limits { per_instance: LIMIT, per_account: 200 });
                let until = now + TimeDelta::seconds(Word::SUBMIT);
                return self.taken(
                    &self.runtime.block_on(self.store.claim_submits(&terms, limits, until, now)).unwrap(),
                );
            }
            Verb::Lookups { worker } => {
                let terms = self.terms(worker);
                return self.taken(&self.runtime.block_on(self.store.claim_lookups(&terms, now)).unwrap());
            }
            Verb::Collects { worker } => {
                let terms = self.terms(worker);
                return self.taken(&self.runtime.block_on(self.store.claim_collects(&terms, now)).unwrap());
            }
            Verb::Write { run, token, word } => return self.write(run, token, word),
            Verb::Cancel { batch } => {
                let scope = scope();
                let target = CancelTarget::Batch(self.batches[batch]);
                let cancelling = self.store.request_cancel(&scope, target, now);
                drop(self.runtime.block_on(cancelling).unwrap());
            }
        }
        Answer::Nothing
    }

    fn worker(&self, worker: usize) -> Worker {
        Worker {
            id: self.workers[worker],
            credential_keys: vec![KEY.to_owned()],
            lease_expires_at: instant(self.now + LEASE),
        }
    }

    fn beat(&self, worker: usize) {
        self.runtime.block_on(self.store.beat(&self.worker(worker), instant(self.now))).unwrap();
    }

    fn terms(&self, worker: usize) -> ClaimTerms {
        ClaimTerms { worker: self.worker(worker), limit: 100, in_hand: HashSet::new() }
    }

    fn taken(&self, claims: &[Claim]) -> Answer {
        let number = |claim: &Claim| self.runs.iter().position(|run| *run == claim.execution.id).unwrap();
        let mut taken: Vec<_> =
            claims.iter().map(|claim| (number(claim), claim.execution.lease_token)).collect();
        taken.sort_unstable();
        Answer::Taken(taken)
    }

    fn write(&self, run: usize, token: i64, word: Word) -> Answer {
        let change: Change = word.change(run, instant(self.now));
        let fence = Lease { execution: self.runs[run], token };
        match self.runtime.block_on(self.store.apply(&[Step::new(fence, change)], instant(self.now))) {
            Ok(outcomes) if outcomes == [StepOutcome::Applied] => Answer::Applied,
            Ok(outcomes) if outcomes == [StepOutcome::Stale] => Answer::Stale,
            Err(error) if error.code() == "illegal_transition" => Answer::Illegal,
            other => panic!("{word:?}: {other:?}"),
        }
    }

    fn batch(&mut self) {
        let new = new_batch(&self.instances, self.batches.len(), instant(self.now));
        self.runtime.block_on(self.store.create_batch(&new, instant(self.now))).unwrap();
        self.runs.extend(new.executions.iter().map(|execution| execution.id));
        self.batches.push(new.id);
    }

    fn check_batch(&self, model: &Model, number: usize, id: BatchId) {
        let batch = self.runtime.block_on(self.store.batch(&scope(), &id.into())).unwrap().unwrap();
        let executions = self.runtime.block_on(self.store.executions(&scope(), id)).unwrap();
        let events = self.runtime.block_on(self.store.events(&scope(), id, 0, 10_000)).unwrap();
        assert_eq!(batch.status.as_str(), model.status_of(number));
        assert_eq!(batch.cancel_requested_at.is_some(), model.cancelled[number]);
        let by_id: BTreeMap<_, _> = executions.iter().map(|execution| (execution.id, execution)).collect();
        for (place, run) in model.runs_of(number).iter().enumerate() {
            let execution = by_id[&self.runs[number * INSTANCES + place]];
            let found = (place_of(execution), execution.lease_token, execution.attempt);
            assert_eq!(found, (run.place, run.token, run.attempt), "run {place} of batch {number}");
        }
        let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
        assert_eq!(sequences, (1..=batch.event_sequence).collect::<Vec<_>>());
        events_tell_all(&events, &executions);
    }
}

fn place_of(execution: &Execution) -> Place {
    let word = execution.status.as_str();
    *Place::ALL.iter().find(|place| format!("{place:?}").to_lowercase() == word).unwrap()
}

/// `fold(events)` gives what the store holds.
fn events_tell_all(events: &[Event], executions: &[Execution]) {
    let stories = fold(events);
    for execution in executions {
        let told = stories.get(&execution.id).cloned().unwrap_or_default();
        let held = Story {
            status: execution.status,
            attempt: execution.attempt,
            amc_workflow_id: execution.amc_workflow_id.clone(),
            amc_execution_id: execution.amc_execution_id.clone(),
            row_count: execution.row_count,
            started_at: execution.started_at,
            submitting_at: execution.submitting_at,
            submitted_at: execution.submitted_at,
            completed_at: execution.completed_at,
        };
        assert_eq!(told, held);
    }
}

async fn synced(store: &dyn Store) -> Vec<Instance> {
    let one = |number| SyncedInstance {
        instance_id: format!("amc{number}"),
        name: format!("Client {number}"),
        customer_name: String::new(),
        instance_type: "STANDARD".to_owned(),
        creation_status: "COMPLETED".to_owned(),
    };
    let account = SyncedAccount {
        key: AccountKey { account_id: "ENTITY1".to_owned(), marketplace_id: "ATVPDKIKX0DER".to_owned() },
        name: "Agency".to_owned(),
        region: "NA".to_owned(),
        api_endpoint: "http://127.0.0.1".to_owned(),
        extra_headers: BTreeMap::new(),
        credential_key: KEY.to_owned(),
        instances: Some((0..INSTANCES).map(one).collect()),
    };
    store.sync_account(OWNER, &account, &RandomIds, instant(0)).await.unwrap();
    store.instances(&scope()).await.unwrap()
}

fn new_batch(instances: &[Instance], number: usize, now: DateTime<Utc>) -> NewBatch {
    let execution = |instance: &Instance| NewExecution {
        id: RandomIds.next(now).into(),
        instance: instance.id,
        instance_id: instance.instance_id.clone(),
        credential_key: KEY.to_owned(),
        triggered_by: TriggeredBy::Manual,
        priority: Priority::Interactive,
        sql_hash: "abc".to_owned(),
        parameters: Map::new(),
        window_start: instant(0),
        window_end: instant(86_400),
        timezone: "UTC".to_owned(),
        amc: AmcOptions::default(),
        not_before: None,
        deadline_at: None,
        reuse_key: String::new(),
        may_reuse: false,
    };
    NewBatch {
        id: RandomIds.next(now).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        workflow: None,
        name: format!("batch {number}"),
        description: None,
        idempotency_key: None,
        request_hash: format!("hash {number}"),
        skipped: Vec::new(),
        base_parameters: Map::new(),
        instance_parameters: Map::new(),
        options: BatchOptions::default(),
        executions: instances.iter().map(execution).collect(),
        sql: vec![("abc".to_owned(), "SELECT 1".to_owned())],
    }
}
