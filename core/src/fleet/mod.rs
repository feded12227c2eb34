//! The one handle on a fleet, which every language wraps.
//!
//! A [`Fleet`] is a client of its database: it writes intents and reads results. Working — submitting, watching,
//! collecting — is a choice of the process that opens it. Dropping a handle never cancels a run.

mod address;
mod amc_workflows;
mod attempts;
mod backfills;
mod batch;
mod batches;
mod cancel;
mod catalogues;
mod causes;
mod dataset;
mod definitions;
mod drive;
mod forecast;
mod history;
mod hosts;
mod in_order;
mod instances;
mod lineage;
mod management;
mod notices;
mod open;
mod owners;
mod plan;
mod population;
mod preflight;
mod preview;
mod profiles;
mod report;
mod report_run;
mod reports;
mod results;
#[cfg(feature = "http")]
mod results_place;
mod reuse;
mod schedules;
mod seconds;
mod segments;
mod selection;
#[cfg(feature = "http")]
mod stores;
mod stream;
mod templates;
mod ticks;
mod traces;
mod workflows;
mod written;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::client::AmcClient;
use crate::clock::Surroundings;
use crate::engine::{EngineSettings, Signals};
use crate::error::{Error, Result};
use crate::model::Scope;
use crate::results::store::ResultStore;
use crate::store::Store;

use self::hosts::Hosts;

pub use crate::store::Migrate;
pub use address::{Database, PostgresUrl};
pub use attempts::AttemptReport;
pub use backfills::{BackfillPlan, BackfillReport, BackfillSpec};
pub use batch::{BatchHandle, RetryOnly};
pub use batches::BatchSpec;
pub use cancel::CancelReport;
pub use catalogues::LintSpec;
pub use causes::Cause;
pub use definitions::{Definitions, Imported};
pub use drive::DriveReport;
pub use forecast::{Hours, MissingDataSource, Overlap, PlanReport, PlannedRun};
pub use history::{History, HistoryDay};
pub use instances::{AccountSpec, SyncReport, UnreachableAccount};
pub use lineage::Trace;
pub use open::{FleetOptions, Parts, WorkerChoice};
pub use preflight::Check;
pub use preview::{Preview, PreviewedRun};
pub use report::{BatchReport, ExecutionReport};
pub use report_run::ReportRunSpec;
pub use reports::ReportSpec;
pub use results::{Export, FolderOptions, InstanceResult, Missing, ResultSummary, Results, ResultsOptions};
pub use schedules::{Overdue, ScheduleSpec};
pub use seconds::seconds;
pub use selection::{Instances, OnUnavailable};
pub use templates::{TemplateFilter, TemplateHead};
pub use workflows::WorkflowSpec;

/// A fleet of AMC instances and everything that runs on it. Cheap to clone: clones are the same fleet.
#[derive(Clone)]
pub struct Fleet(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    shared: Arc<Shared>,
    owner: String,
    actor: Option<String>,
    /// Whether a host's fleet gave it to an owner.
    is_guest: bool,
}

impl Deref for Inner {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// What a fleet has in common with itself as other owners see it.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    results: Arc<dyn ResultStore>,
    client: Option<Arc<dyn AmcClient>>,
    credential_keys: Vec<String>,
    hosts: Hosts,
    surroundings: Surroundings,
    database: String,
    signals: Signals,
    engine: EngineSettings,
    working: Mutex<Option<Working>>,
    closed: AtomicBool,
    scheduling: Mutex<Option<Working>>,
    closing: Closing,
}

/// What is left to do when a fleet closes.
type Closing = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// A loop this fleet runs.
struct Working {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Drop for Working {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("database", &self.0.database)
            .field("owner", &self.0.owner)
            .finish_non_exhaustive()
    }
}

/// The error of a call on a fleet after its end.
#[must_use]
pub fn closed() -> Error {
    Error::invalid("fleet_closed", "this fleet is closed").hint("open another one on the same database")
}

impl Fleet {
    /// Where this fleet keeps what it must not forget.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.0.database
    }

    /// Whose things this fleet sees.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.0.owner
    }

    /// Whether this process works on the fleet's executions.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.0.working.lock().is_some()
    }

    /// How many executions of this owner are not finished.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn unfinished(&self) -> Result<u64> {
        self.0.store.unfinished(&self.scope()).await
    }

    /// Refuses a fleet that has been closed, for handles that their hosts may still hold.
    ///
    /// # Errors
    /// `InvalidInput` (`fleet_closed`).
    pub fn ensure_open(&self) -> Result<()> {
        if self.0.closed.load(Ordering::Relaxed) { Err(closed()) } else { Ok(()) }
    }

    /// Stops working — one that [`as_owner`](Self::as_owner) gave stops nothing: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    pub async fn close(&self) {
        if self.0.is_guest {
            return;
        }
        self.0.closed.store(true, Ordering::Relaxed);
        let loops = [self.0.scheduling.lock().take(), self.0.working.lock().take()];
        for mut working in loops.into_iter().flatten() {
            working.shutdown.cancel();
            if let Err(error) = (&mut working.task).await {
                tracing::error!(%error, "a loop of the fleet ended unexpectedly");
            }
        }
        (self.0.closing)().await;
    }

    fn scope(&self) -> Scope {
        Scope::Owner(self.0.owner.clone())
    }

    fn client(&self) -> Result<&Arc<dyn AmcClient>> {
        self.0.client.as_ref().ok_or_else(|| {
            Error::invalid(
                "no_credentials",
                "this fleet was opened without credentials and can only read history",
            )
            .hint("open it with credentials, for example Credentials::from_env()")
        })
    }
}
