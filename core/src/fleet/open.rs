//! Opening a fleet.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::hosts::Hosts;
use super::{Closing, Fleet, Inner, Migrate, Shared, Working};
#[cfg(feature = "http")]
use super::{Database, results_place::results_of, stores};
use crate::client::AmcClient;
#[cfg(feature = "http")]
use crate::client::{Credentials, http::HttpClient, http::HttpSettings};
use crate::clock::{Clock, Surroundings};
use crate::engine::{Engine, EngineSettings, Signals};
use crate::error::{Error, ErrorKind, Result};
use crate::results::store::ResultStore;
use crate::store::Store;

/// Whether a process that opens a fleet also works on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WorkerChoice {
    /// Where credentials are given, yes on a database of this machine, no on one that machines share.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No: another process does.
    Never,
}

impl WorkerChoice {
    fn works(self, is_shared: bool) -> bool {
        match self {
            Self::Auto => !is_shared,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl FromStr for WorkerChoice {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "auto" => Ok(Self::Auto),
            "true" => Ok(Self::Always),
            "false" => Ok(Self::Never),
            _ => Err(Error::invalid("unknown_worker_choice", format!("worker = '{word}' means nothing"))
                .hint("one of auto, true, false")),
        }
    }
}

/// How a fleet is opened.
#[derive(Debug, Clone)]
pub struct FleetOptions {
    /// Who we are at AMC. None: history can be read, nothing can be run.
    #[cfg(feature = "http")]
    pub credentials: Option<Credentials>,
    /// An AMC of the host's own in place of ours over HTTPS, and the keys of the credentials it holds.
    pub client: Option<(Arc<dyn AmcClient>, Vec<String>)>,
    /// Whose things the fleet sees.
    pub owner: String,
    /// The person, kept with what is written.
    pub actor: Option<String>,
    /// Whether this process works.
    pub worker: WorkerChoice,
    /// Whether this process fires the ticks of schedules, of every owner.
    pub schedules: bool,
    /// Whether the database may be brought up to date.
    pub migrate: Migrate,
    /// The base URL of the API; `AMC_API_URL` where absent, else Amazon's host of each account's region.
    pub endpoint: Option<String>,
    /// Where results are kept, if not in the database: a folder (`file:///data/results`), or a bucket (`s3://bucket/prefix`).
    /// What is said when a database is first opened holds for it.
    pub results: Option<String>,
    /// How the engine paces itself.
    pub engine: EngineSettings,
    /// How the HTTP client behaves.
    #[cfg(feature = "http")]
    pub http: HttpSettings,
    /// The clock and the ids. None: random ids, and the clock of the database where machines share it, else this one's.
    pub surroundings: Option<Surroundings>,
}

impl Default for FleetOptions {
    fn default() -> Self {
        Self {
            #[cfg(feature = "http")]
            credentials: None,
            client: None,
            owner: "default".to_owned(),
            actor: None,
            worker: WorkerChoice::default(),
            schedules: false,
            migrate: Migrate::default(),
            endpoint: None,
            results: None,
            engine: EngineSettings::default(),
            #[cfg(feature = "http")]
            http: HttpSettings::default(),
            surroundings: None,
        }
    }
}

/// What a fleet is made of, for hosts that bring their own store, results or client.
pub struct Parts {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Where results go.
    pub results: Arc<dyn ResultStore>,
    /// AMC, and the keys of the credentials it holds.
    pub client: Option<(Arc<dyn AmcClient>, Vec<String>)>,
    /// What the store is called in messages.
    pub database: String,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("database", &self.database).finish_non_exhaustive()
    }
}

/// What the database of a fleet brings along.
struct Place {
    /// Whether several machines share it: then working is for those that say so.
    is_shared: bool,
    clock: Option<Arc<dyn Clock>>,
    closing: Closing,
}

impl Fleet {
    /// Opens a fleet on a database, makes a fleet of an empty one, and begins to work as the options say.
    ///
    /// # Errors
    /// `Unavailable` (`database_unavailable`) when the database cannot be reached, or opened for writing; `Unsupported`
    /// (`migration_needed`, `schema_too_old`, `schema_too_new`) when it may not be brought up to date unasked; `Conflict`
    /// (`endpoint_mixed`) when it belongs to another kind of endpoint, or (`results_elsewhere`) keeps its results at another
    /// place; `InvalidInput` for settings that cannot be used.
    #[cfg(feature = "http")]
    pub async fn open(database: &Database, options: FleetOptions) -> Result<Self> {
        let client = match &options.credentials {
            _ if options.client.is_some() => options.client.clone(),
            Some(credentials) if !credentials.is_empty() => {
                let keys = credentials.keys().map(str::to_owned).collect();
                let surroundings = options.surroundings.clone().unwrap_or_default();
                let http = HttpClient::new(credentials.clone(), &surroundings, options.http.clone())?;
                Some((Arc::new(http) as Arc<dyn AmcClient>, keys))
            }
            _ => None,
        };
        let opened = stores::open(database, options.migrate).await?;
        let results = results_of(opened.store.as_ref(), opened.results, options.results.as_deref()).await?;
        let parts = Parts { store: opened.store, results, client, database: database.to_string() };
        let place = Place { is_shared: database.is_shared(), clock: opened.clock, closing: opened.closing };
        Self::start(parts, options, place).await
    }

    /// Brings a database to the form this version works with, whatever form it is in: for one that several machines
    /// share, and that no fleet changes as it is opened. Nobody should work on it meanwhile.
    ///
    /// # Errors
    /// As for opening it; `Unsupported` (`schema_too_new`) when it is past this version.
    #[cfg(feature = "http")]
    pub async fn migrate(database: &Database) -> Result<()> {
        stores::migrate(database).await
    }

    /// Makes a fleet of given parts.
    ///
    /// # Errors
    /// As for a fleet opened on a database.
    pub async fn assemble(parts: Parts, options: FleetOptions) -> Result<Self> {
        let place = Place { is_shared: false, clock: None, closing: Box::new(|| Box::pin(async {})) };
        Self::start(parts, options, place).await
    }

    async fn start(parts: Parts, options: FleetOptions, place: Place) -> Result<Self> {
        let hosts = Hosts::new(options.endpoint.as_deref());
        let (client, credential_keys) = parts.client.unzip();
        if client.is_some() {
            refuse_other_endpoint(parts.store.as_ref(), &hosts).await?;
        }
        let works = client.is_some() && options.worker.works(place.is_shared);
        let surroundings = options.surroundings.unwrap_or_else(|| {
            let own = Surroundings::default();
            Surroundings { clock: place.clock.unwrap_or(own.clock), ..own }
        });
        let shared = Shared {
            store: parts.store,
            results: parts.results,
            client,
            credential_keys: credential_keys.unwrap_or_default(),
            hosts,
            surroundings,
            database: parts.database,
            signals: Signals::default(),
            engine: options.engine,
            working: Mutex::new(None),
            closed: AtomicBool::new(false),
            scheduling: Mutex::new(None),
            closing: place.closing,
        };
        let (shared, owner, actor) = (Arc::new(shared), options.owner, options.actor);
        let fleet = Self(Arc::new(Inner { shared, owner, actor, is_guest: false }));
        if works {
            fleet.work()?;
        }
        if works || options.schedules {
            fleet.keep_standing_work(options.schedules, works);
        }
        Ok(fleet)
    }

    /// A worker of this fleet's, not yet at work.
    pub(super) fn engine(&self) -> Result<Arc<Engine>> {
        Ok(Engine::new(
            Arc::clone(&self.0.store),
            Arc::clone(&self.0.results),
            Arc::clone(self.client()?),
            self.0.credential_keys.clone(),
            &self.0.surroundings,
            self.0.engine.clone(),
            self.0.signals.clone(),
        ))
    }

    fn work(&self) -> Result<()> {
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(self.engine()?.run(shutdown.clone()));
        *self.0.working.lock() = Some(Working { shutdown, task });
        Ok(())
    }
}

/// A store is used with Amazon's own hosts or with others, never with both: an emulator's runs are not real ones.
async fn refuse_other_endpoint(store: &dyn Store, hosts: &Hosts) -> Result<()> {
    let (kind, endpoint) = (hosts.kind(), hosts.of_all());
    let remembered = store.remember("endpoint_kind", kind).await?;
    if remembered == kind {
        return Ok(());
    }
    let message = format!("this database is used with {remembered} endpoints, and {endpoint} is {kind}");
    Err(Error::new(ErrorKind::Conflict, "endpoint_mixed", message)
        .hint("use another database for the other kind"))
}
