//! The fleet, for programs of an event loop: the same names and arguments, and every answer awaited.

mod amc_workflows;
mod backfills;
mod batches;
mod dataset;
mod instances;
mod lineage;
mod lists;
mod management;
mod owners;
mod preview;
mod reports;
mod schedules;
mod templates;
mod workflows;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use amc_fleet::{Database, FleetOptions};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tokio::sync::OnceCell;

use crate::arguments::{Opening, database};
use crate::local::Local;
use crate::notices;
use crate::runtime::{awaitable, briefly, is_interrupt, nothing};

/// A fleet of AMC instances and everything that runs on it, for programs of an event loop.
///
/// The arguments and methods are those of ``Fleet``; every method that reads or writes is awaited. The database is
/// opened by ``async with``, or by the first call.
///
/// Parameters
/// ----------
/// database, credentials, owner, actor, worker, schedules, migrate, endpoint, results
///     As for ``Fleet``.
///
/// Examples
/// --------
/// >>> async with amc_fleet.AsyncFleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
/// ...     await fleet.sync_instances()
/// <SyncReport 2 accounts: 3 added, 0 changed, 0 gone, 0 unreachable>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct AsyncFleet(Local<Arc<Lazy>>);

/// A fleet that is opened when it is first needed.
struct Lazy {
    database: Database,
    options: FleetOptions,
    /// The host's fleet, of one that it gave to an owner.
    host: Option<Arc<Self>>,
    opened: OnceCell<amc_fleet::Fleet>,
    closed: AtomicBool,
}

impl Lazy {
    fn guest(host: &Arc<Self>, owner: String, actor: Option<String>) -> Self {
        Self {
            database: host.database.clone(),
            options: FleetOptions { owner, actor, ..host.options.clone() },
            host: Some(Arc::clone(host)),
            opened: OnceCell::new(),
            closed: AtomicBool::new(false),
        }
    }

    async fn fleet(&self) -> amc_fleet::Result<&amc_fleet::Fleet> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(amc_fleet::fleet::closed());
        }
        self.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> amc_fleet::Result<amc_fleet::Fleet> {
        if let Some(host) = &self.host {
            let fleet = Box::pin(host.fleet()).await?;
            return Ok(fleet.as_owner(&self.options.owner, self.options.actor.clone()));
        }
        let fleet = amc_fleet::Fleet::open(&self.database, self.options.clone()).await?;
        notices::say_later(fleet.opening_notice().await?);
        Ok(fleet)
    }

    async fn close(&self) -> amc_fleet::Result<()> {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(fleet) = self.opened.get() {
            fleet.close().await;
        }
        Ok(())
    }
}

#[pymethods]
impl AsyncFleet {
    #[new]
    #[pyo3(signature = (
        database: "str | os.PathLike[str] | None" = None,
        *,
        credentials: "Credentials | dict[str, Credentials] | Callable[[], Credentials | dict[str, Credentials]] | None" = None,
        owner = "default",
        actor = None,
        worker: "bool | Literal['auto']" = Option::None,
        schedules = false,
        migrate: "Literal['auto', 'never']" = "auto",
        endpoint = None,
        results: "str | os.PathLike[str] | None" = None,
    ), text_signature = "(database=None, *, credentials=None, owner='default', actor=None, worker='auto', \
schedules=False, migrate='auto', endpoint=None, results=None)")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn new(
        py: Python<'_>,
        database: Option<&Bound<'_, PyAny>>,
        credentials: Option<&Bound<'_, PyAny>>,
        owner: &str,
        actor: Option<String>,
        worker: Option<&Bound<'_, PyAny>>,
        schedules: bool,
        migrate: &str,
        endpoint: Option<String>,
        results: Option<PathBuf>,
    ) -> PyResult<Self> {
        let owner = owner.to_owned();
        let opening = Opening { credentials, owner, actor, worker, schedules, migrate, endpoint, results };
        let options = opening.options()?;
        let place = self::database(database)?;
        notices::say(py, database.is_none().then(|| format!("the database is {place}")))?;
        Local::new(Arc::new(Lazy {
            database: place,
            options,
            host: None,
            opened: OnceCell::new(),
            closed: AtomicBool::new(false),
        }))
        .map(Self)
    }

    /// Brings a database to the form this version works with; see ``Fleet.migrate``.
    ///
    /// Examples
    /// --------
    /// >>> await amc_fleet.AsyncFleet.migrate(folder / "shared.db")
    #[staticmethod]
    #[pyo3(signature = (database: "str | os.PathLike[str] | None" = None) -> "Awaitable[None]")]
    fn migrate<'py>(py: Python<'py>, database: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let place = self::database(database)?;
        awaitable(py, async move { amc_fleet::Fleet::migrate(&place).await }, nothing)
    }

    /// Where this fleet keeps what it must not forget.
    #[getter]
    fn database(&self) -> PyResult<String> {
        Ok(self.0.get()?.database.to_string())
    }

    /// Whose things this fleet sees.
    #[getter]
    fn owner(&self) -> PyResult<&str> {
        Ok(&self.0.get()?.options.owner)
    }

    /// Whether this process works on the fleet's executions.
    #[getter]
    fn is_working(&self) -> PyResult<bool> {
        Ok(self.0.get()?.opened.get().is_some_and(amc_fleet::Fleet::is_working))
    }

    /// Counts the executions that are not finished; see ``Fleet.unfinished``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.unfinished()
    /// 0
    #[pyo3(signature = () -> "Awaitable[int]")]
    fn unfinished<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.unfinished().await }, Ok)
    }

    /// Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    ///
    /// Examples
    /// --------
    /// >>> other = amc_fleet.AsyncFleet("memory:")
    /// >>> await other.close()
    #[pyo3(signature = () -> "Awaitable[None]")]
    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.close().await }, nothing)
    }

    #[pyo3(signature = () -> "Awaitable[Self]")]
    fn __aenter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        let lazy = Arc::clone(slf.get().0.get()?);
        let this = slf.clone().unbind();
        awaitable(slf.py(), async move { lazy.fleet().await.map(drop) }, |()| Ok(this))
    }

    #[pyo3(signature = (*exception: "object") -> "Awaitable[None]")]
    fn __aexit__<'py>(&self, py: Python<'py>, exception: &Bound<'_, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let is_hasty = is_interrupt(exception)?;
        let call = async move {
            if let Ok(fleet) = lazy.fleet().await {
                notices::say_later(fleet.closing_notice().await?);
            }
            let closing = async move { lazy.close().await };
            if is_hasty { briefly(closing).await } else { closing.await }
        };
        awaitable(py, call, nothing)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<AsyncFleet {}>", self.0.get()?.database))
    }
}
