//! Where a fleet keeps what it must not forget.
//!
//! [`Store`] is a group of small traits by noun. A method is one domain verb and one transaction; `now` is an
//! argument, so that a test can age a lease without waiting. `testing::store_suite` holds every implementation to the
//! same behaviour.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::client::Target;
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{
    Attempt, Batch, BatchId, CallCounts, Change, Event, Execution, ExecutionId, ExecutionStatus, Failure,
    Fence, IdRef, Instance, InstanceUuid, Lease, Limits, NewBatch, NewWorkflow, Page, PageRequest, Profile,
    Scope, SyncedAccount, Transition, Worker, WorkerId, Workflow, WorkflowId,
};

mod backfills;
mod catalogues;
mod history;
mod known;
mod lineage;
mod lists;
mod management;
mod memory;
mod migrate;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod standing;
mod templates;

pub use backfills::{BackfillStore, SegmentStep};
pub use catalogues::CatalogueStore;
pub use history::{EarlierRuns, HistoryStore, Likeness};
pub(crate) use known::Known;
pub use lineage::{Broken, Lineage, LineageStore};
pub use lists::{BatchFilter, BatchSort, ExecutionSort, WorkflowFilter, WorkflowSort};
pub use management::{ExecutionFilter, ManagementStore};
pub use memory::MemoryStore;
pub use migrate::Migrate;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use migrate::{Consent, Form};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(all(feature = "postgres", any(test, feature = "testing")))]
pub(crate) use postgres::schema_fingerprint;
#[cfg(feature = "postgres")]
pub(crate) use postgres::{PostgresServer, database_error as postgres_error};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
#[cfg(all(feature = "http", feature = "sqlite"))]
pub(crate) use sqlite::unusable;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{SqliteFile, database_error};
pub use standing::{ReportFilter, ReportStore, ScheduleStore, WrittenTick};
pub use templates::TemplateStore;

/// What a sync of an account changed for its owner, by AMC's instance ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncChanges {
    /// Instances the owner did not have before.
    pub added: Vec<String>,
    /// Instances the owner had, of which AMC says something else now, or which are in reach again.
    pub changed: Vec<String>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Instances the owner had and that are out of reach now and were not before.
    pub lost: Vec<String>,
}

/// Accounts and instances.
#[async_trait]
pub trait InstanceStore {
    /// Writes an account as AMC shows it, and grants its instances to `owner`. Profiles (zone, label, …) are kept.
    async fn sync_account(
        &self,
        owner: &str,
        account: &SyncedAccount,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<SyncChanges>;

    /// Lists the instances granted to the scope, by name, then by AMC id.
    async fn instances(&self, scope: &Scope) -> Result<Vec<Instance>>;

    /// Writes what an owner says about instances granted to it. One that is not changes nothing.
    async fn save_profiles(
        &self,
        owner: &str,
        profiles: &[(InstanceUuid, Profile)],
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// Lets an owner run on instances.
    async fn grant(
        &self,
        owner: &str,
        instances: &[InstanceUuid],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// Lets an owner run on instances no more, and forgets what it said about them.
    async fn revoke(&self, owner: &str, instances: &[InstanceUuid]) -> Result<()>;

    /// Says that the account of an instance is out of reach: all its instances are, and what waits to be submitted there
    /// fails. Returns how many executions failed.
    async fn deny_account(
        &self,
        instance: InstanceUuid,
        failure: &Failure,
        now: DateTime<Utc>,
    ) -> Result<usize>;

    /// Remembers something that holds for this database whoever opens it, or returns what was remembered first: the kind
    /// of its endpoint, the place of its results.
    async fn remember(&self, setting: &str, value: &str) -> Result<String>;
}

/// Saved queries.
#[async_trait]
pub trait WorkflowStore {
    /// Saves a workflow; one of the same owner and name is updated and keeps its id.
    async fn save_workflow(&self, workflow: &NewWorkflow, now: DateTime<Utc>) -> Result<Workflow>;

    /// Reads a workflow by either id, or by name.
    async fn workflow(&self, scope: &Scope, id: &IdRef) -> Result<Option<Workflow>>;

    /// Archives a workflow: it is listed no more, its history stays, and saving its name again brings it back. Whether
    /// there was one to archive.
    async fn archive_workflow(&self, scope: &Scope, id: WorkflowId, now: DateTime<Utc>) -> Result<bool>;

    /// Lists workflows, without archived ones.
    async fn workflows(
        &self,
        scope: &Scope,
        filter: &WorkflowFilter,
        page: PageRequest,
    ) -> Result<Page<Workflow>>;
}

/// The answer to a create: the batch, and whether it is new.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatedBatch {
    /// The batch.
    pub batch: Batch,
    /// `false` when the key named a batch of the same content.
    pub is_new: bool,
}

/// What to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelTarget {
    /// A batch, and all of it.
    Batch(BatchId),
    /// One execution. The batch goes on.
    Execution(ExecutionId),
    /// Everything of the scope that has not ended.
    Everything,
}

/// Batches, their executions and events.
#[async_trait]
pub trait BatchStore {
    /// Writes a batch with all its executions and its first event, or nothing.
    ///
    /// # Errors
    /// `Conflict` (`key_conflict`) when the owner used the key for other content.
    async fn create_batch(&self, batch: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch>;

    /// Reads a batch by either id, or by its idempotency key.
    async fn batch(&self, scope: &Scope, id: &IdRef) -> Result<Option<Batch>>;

    /// Lists batches.
    async fn batches(&self, scope: &Scope, filter: &BatchFilter, page: PageRequest) -> Result<Page<Batch>>;

    /// Lists the executions of a batch, by instance name, then by AMC id.
    async fn executions(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>>;

    /// Reads a query by the hash its executions have of it, with every parameter written in.
    async fn sent_sql(&self, scope: &Scope, sql_hash: &str) -> Result<Option<String>>;

    /// Lists events of a batch with a sequence above `after`, oldest first.
    async fn events(&self, scope: &Scope, batch: BatchId, after: i64, limit: u32) -> Result<Vec<Event>>;

    /// Reads an execution by either id.
    async fn execution(&self, scope: &Scope, id: &IdRef) -> Result<Option<Execution>>;

    /// Lists the attempts of an execution, the first first.
    async fn attempts(&self, scope: &Scope, execution: ExecutionId) -> Result<Vec<Attempt>>;

    /// Closes the gate, in one transaction: what is pending becomes cancelled, what is out can be submitted no more.
    /// Returns the executions this concerns as they are now: cancelled, or still alive, or maybe so, at AMC.
    async fn request_cancel(
        &self,
        scope: &Scope,
        target: CancelTarget,
        now: DateTime<Utc>,
    ) -> Result<Vec<Execution>>;

    /// Runs again what ended with one of these statuses: a new execution takes the place of each, under the same batch.
    /// Returns the new ones.
    async fn retry(
        &self,
        scope: &Scope,
        batch: BatchId,
        only: &[ExecutionStatus],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>>;

    /// Lists the executions of a batch whose place another took, by instance name, then by age.
    async fn superseded(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>>;

    /// Counts executions of the scope that are not terminal.
    async fn unfinished(&self, scope: &Scope) -> Result<u64>;
}

/// An execution a worker took, with all it needs to act.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The execution as it is now.
    pub execution: Execution,
    /// Where it runs.
    pub target: Target,
    /// The query.
    pub sql: String,
}

impl Claim {
    /// The right to change it.
    #[must_use]
    pub fn lease(&self) -> Lease {
        Lease { execution: self.execution.id, token: self.execution.lease_token }
    }
}

/// An instance a worker took to list, with every run of ours that AMC has.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// The instance, by our own id.
    pub instance: InstanceUuid,
    /// Where it is.
    pub target: Target,
    /// The fencing token of this watch.
    pub token: i64,
    /// The executions that are `running`.
    pub runs: Vec<Execution>,
    /// How long runs like these took there, where any did.
    pub typical: HashMap<ExecutionId, Duration>,
    /// The workflow ids of everything of ours that may live there, submits that are out included.
    pub ours: HashSet<String>,
    /// What was known of other people's runs there.
    pub foreign: ForeignRuns,
}

/// Runs at an instance that are not ours: each takes a place there as ours do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ForeignRuns {
    /// How many live.
    pub count: u32,
    /// When the oldest of them was created.
    pub since: Option<DateTime<Utc>>,
    /// When somebody last looked back as far as a run can live.
    pub surveyed_at: Option<DateTime<Utc>>,
}

/// A watch that is let go of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRelease {
    /// The instance.
    pub instance: InstanceUuid,
    /// The fencing token of the watch.
    pub token: i64,
    /// When the instance is to be listed next.
    pub next_poll_at: DateTime<Utc>,
    /// What is known of other people's runs there.
    pub foreign: ForeignRuns,
}

impl Watch {
    /// What a write about one of its runs proves.
    #[must_use]
    pub fn fence(&self, execution: &Execution) -> Fence {
        Fence {
            lease: Lease { execution: execution.id, token: execution.lease_token },
            watch: Some((self.instance, self.token)),
        }
    }

    /// Lets go of it until an instant.
    #[must_use]
    pub fn release(&self, next_poll_at: DateTime<Utc>, foreign: ForeignRuns) -> WatchRelease {
        WatchRelease { instance: self.instance, token: self.token, next_poll_at, foreign }
    }
}

/// One fenced change.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it proves.
    pub fence: Fence,
    /// What it changes.
    pub change: Change,
    /// The requests to AMC that were made for it.
    pub calls: CallCounts,
}

impl Step {
    /// A change that no request was made for.
    #[must_use]
    pub fn new(fence: impl Into<Fence>, change: Change) -> Self {
        Self { fence: fence.into(), change, calls: CallCounts::default() }
    }

    /// Works the change out: what every store writes.
    ///
    /// # Errors
    /// As [`Execution::transition`].
    pub fn transition(&self, before: &Execution, now: DateTime<Utc>) -> Result<Transition> {
        let mut transition = before.transition(&self.change, now)?;
        transition.after.calls += self.calls;
        Ok(transition)
    }
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Written, its event included.
    Applied,
    /// The lease was replaced: nothing was written.
    Stale,
}

/// How many executions to take, and on what terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimTerms {
    /// Who takes them.
    pub worker: Worker,
    /// At most.
    pub limit: u32,
    /// What the worker has in hand already, by our own ids. What it holds and does not have in hand, it dropped: it may
    /// take that again.
    pub in_hand: HashSet<Uuid>,
}

impl ClaimTerms {
    /// Whether this worker may take what `holder` holds, given whether the holder is alive.
    pub(crate) fn may_take(&self, id: Uuid, holder: Option<WorkerId>, is_alive: bool) -> bool {
        !is_alive || (holder == Some(self.worker.id) && !self.in_hand.contains(&id))
    }

    pub(crate) fn size(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    /// How many rows to look at, so that enough are left without those in hand.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn candidates(&self) -> i64 {
        i64::from(self.limit).saturating_add(i64::try_from(self.in_hand.len()).unwrap_or(i64::MAX))
    }
}

/// What workers do.
///
/// # Contract
/// - Exclusive: a thing is claimed by one worker at a time; a worker whose lease expired is dead and its claims are free,
///   and so is what a worker holds and says it has not in hand.
/// - Fenced: a write under a replaced token changes nothing and leaves no trace.
/// - Bounded: slots never exceed the limits, whoever dies. Other people's runs count as slots.
#[async_trait]
pub trait WorkStore {
    /// Registers a worker, or extends its lease.
    async fn beat(&self, worker: &Worker, now: DateTime<Utc>) -> Result<()>;

    /// Forgets a worker that stopped; what it held is free at once.
    async fn retire(&self, worker: WorkerId) -> Result<()>;

    /// Whether any worker with this credential is alive.
    async fn somebody_works(&self, credential_key: &str, now: DateTime<Utc>) -> Result<bool>;

    /// Takes pending executions whose credential the worker holds, with a slot of the instance and one of the account,
    /// and writes `submitting`: first by priority, then by age.
    async fn claim_submits(
        &self,
        terms: &ClaimTerms,
        limits: Limits,
        reconcile_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>>;

    /// Fails pending executions whose deadline is over; returns how many.
    async fn expire(&self, credential_keys: &[String], now: DateTime<Utc>) -> Result<usize>;

    /// Takes executions in `submitting` that nobody alive works on and whose time to look up has come.
    async fn claim_lookups(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>>;

    /// Takes executions in `collecting` that nobody alive works on.
    async fn claim_collects(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>>;

    /// Takes instances with running executions whose time to be listed has come, and those with pending ones where
    /// other people's runs were seen.
    async fn claim_watches(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>>;

    /// Lets go of watches, in one transaction. A replaced watch changes nothing.
    async fn release_watches(&self, releases: &[WatchRelease]) -> Result<Vec<StepOutcome>>;

    /// Applies changes, each fenced, each with its event, in one transaction.
    async fn apply(&self, steps: &[Step], now: DateTime<Utc>) -> Result<Vec<StepOutcome>>;

    /// The earliest instant at which something may become due for these credentials, as far as it is known.
    async fn next_due(&self, credential_keys: &[String], now: DateTime<Utc>)
    -> Result<Option<DateTime<Utc>>>;
}

/// The whole store.
pub trait Store:
    InstanceStore
    + CatalogueStore
    + WorkflowStore
    + TemplateStore
    + BatchStore
    + HistoryStore
    + ReportStore
    + ScheduleStore
    + BackfillStore
    + LineageStore
    + ManagementStore
    + WorkStore
    + fmt::Debug
    + Send
    + Sync
    + 'static
{
}

impl<T> Store for T where
    T: InstanceStore
        + CatalogueStore
        + WorkflowStore
        + TemplateStore
        + BatchStore
        + HistoryStore
        + ReportStore
        + ScheduleStore
        + BackfillStore
        + LineageStore
        + ManagementStore
        + WorkStore
        + fmt::Debug
        + Send
        + Sync
        + 'static
{
}
