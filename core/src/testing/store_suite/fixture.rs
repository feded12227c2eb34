//! A fleet to test on: one account, some instances, a batch.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Map;

use crate::clock::{IdSource, RandomIds};
use crate::model::{
    AccountKey, AmcOptions, BatchId, BatchOptions, Change, Execution, Instance, Limits, NewBatch,
    NewExecution, Priority, Scope, SyncedAccount, SyncedInstance, TriggeredBy, Worker, WorkerId,
};
use crate::store::{Claim, ClaimTerms, Step, StepOutcome, Store};

/// The owner of everything a fixture writes.
pub(crate) const OWNER: &str = "ada";
/// The credential of every account a fixture writes.
pub(crate) const KEY: &str = "default";

/// The beginning of time in these tests.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// The scope of [`OWNER`].
pub(crate) fn scope() -> Scope {
    Scope::Owner(OWNER.to_owned())
}

/// A fleet in a store, and the time that passes in it.
#[derive(Debug)]
pub struct Fixture<'s, S: ?Sized> {
    /// The store under test.
    pub store: &'s S,
    /// What time it is.
    pub now: DateTime<Utc>,
}

impl<'s, S: Store + ?Sized> Fixture<'s, S> {
    pub(crate) fn new(store: &'s S) -> Self {
        Self { store, now: start() }
    }

    /// A fleet of this many instances.
    pub(crate) async fn with_instances(store: &'s S, count: usize) -> Self {
        let fixture = Self::new(store);
        fixture.sync(account(&instances(count))).await;
        fixture
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    pub(crate) async fn sync(&self, account: SyncedAccount) -> crate::store::SyncChanges {
        self.store.sync_account(OWNER, &account, &RandomIds, self.now).await.unwrap()
    }

    pub(crate) async fn instances(&self) -> Vec<Instance> {
        self.store.instances(&scope()).await.unwrap()
    }

    /// A batch on every instance.
    pub(crate) async fn batch(&self) -> BatchId {
        self.batch_of(Priority::Interactive, 1).await
    }

    /// A batch on every instance, with this priority.
    pub(crate) async fn batch_of(&self, priority: Priority, number: u8) -> BatchId {
        let batch = self.new_batch(priority, number).await;
        self.store.create_batch(&batch, self.now).await.unwrap().batch.id
    }

    pub(crate) async fn new_batch(&self, priority: Priority, number: u8) -> NewBatch {
        let executions =
            self.instances().await.iter().map(|instance| self.execution(instance, priority)).collect();
        NewBatch {
            id: RandomIds.next(self.now).into(),
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
            executions,
            sql: vec![("abc".to_owned(), "SELECT 1".to_owned())],
        }
    }

    fn execution(&self, instance: &Instance, priority: Priority) -> NewExecution {
        NewExecution {
            id: RandomIds.next(self.now).into(),
            instance: instance.id,
            instance_id: instance.instance_id.clone(),
            credential_key: instance.account.credential_key.clone(),
            triggered_by: TriggeredBy::Manual,
            priority,
            sql_hash: "abc".to_owned(),
            parameters: Map::new(),
            window_start: start(),
            window_end: start() + TimeDelta::days(1),
            timezone: "UTC".to_owned(),
            amc: AmcOptions::default(),
            not_before: None,
            deadline_at: None,
            reuse_key: instance.instance_id.clone(),
            may_reuse: false,
        }
    }

    /// A worker that has just beaten.
    pub(crate) async fn worker(&self) -> Worker {
        self.worker_with(KEY).await
    }

    pub(crate) async fn worker_with(&self, credential_key: &str) -> Worker {
        let worker = Worker {
            id: WorkerId::from(RandomIds.next(self.now)),
            credential_keys: vec![credential_key.to_owned()],
            lease_expires_at: self.now + TimeDelta::seconds(20),
        };
        self.store.beat(&worker, self.now).await.unwrap();
        worker
    }

    pub(crate) async fn claim_submits(&self, worker: &Worker, limits: Limits) -> Vec<Claim> {
        let reconcile_at = self.now + Duration::from_secs(40);
        self.store.claim_submits(&terms(worker), limits, reconcile_at, self.now).await.unwrap()
    }

    pub(crate) async fn submits(&self, worker: &Worker) -> Vec<Claim> {
        self.claim_submits(worker, Limits::default()).await
    }

    pub(crate) async fn lookups(&self, worker: &Worker) -> Vec<Claim> {
        self.store.claim_lookups(&terms(worker), self.now).await.unwrap()
    }

    pub(crate) async fn collects(&self, worker: &Worker) -> Vec<Claim> {
        self.store.claim_collects(&terms(worker), self.now).await.unwrap()
    }

    /// Applies a change under the lease of a claim.
    pub(crate) async fn apply(&self, claim: &Claim, change: Change) -> StepOutcome {
        let step = Step::new(claim.lease(), change);
        self.store.apply(&[step], self.now).await.unwrap()[0]
    }

    /// Applies a change as whoever holds the execution now.
    pub(crate) async fn force(&self, execution: &Execution, change: Change) {
        let lease = crate::model::Lease { execution: execution.id, token: execution.lease_token };
        let step = Step::new(lease, change);
        assert_eq!(self.store.apply(&[step], self.now).await.unwrap(), [StepOutcome::Applied]);
    }

    pub(crate) async fn executions(&self, batch: BatchId) -> Vec<Execution> {
        self.store.executions(&scope(), batch).await.unwrap()
    }

    /// A change that says AMC took it.
    pub(crate) fn submitted(&self, id: &str) -> Change {
        Change::Submitted {
            amc_execution_id: id.to_owned(),
            adopted: false,
            watch_at: self.now,
            receipt: crate::model::Receipt::default(),
        }
    }
}

pub(crate) fn terms(worker: &Worker) -> ClaimTerms {
    ClaimTerms { worker: worker.clone(), limit: 100, in_hand: HashSet::new() }
}

/// The account of these instances.
pub(crate) fn account(instances: &[SyncedInstance]) -> SyncedAccount {
    SyncedAccount {
        key: AccountKey { account_id: "ENTITY1".to_owned(), marketplace_id: "ATVPDKIKX0DER".to_owned() },
        name: "Agency".to_owned(),
        region: "NA".to_owned(),
        api_endpoint: "http://127.0.0.1".to_owned(),
        extra_headers: std::collections::BTreeMap::new(),
        credential_key: KEY.to_owned(),
        instances: Some(instances.to_vec()),
    }
}

/// Instances `amc0`, `amc1`, … named in the same order.
pub(crate) fn instances(count: usize) -> Vec<SyncedInstance> {
    let one = |number| SyncedInstance {
        instance_id: format!("amc{number}"),
        name: format!("Client {number}"),
        customer_name: format!("Client {number} Ltd"),
        instance_type: "STANDARD".to_owned(),
        creation_status: "COMPLETED".to_owned(),
    };
    (0..count).map(one).collect()
}
