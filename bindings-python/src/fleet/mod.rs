//! The fleet, for programs that wait.

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

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::arguments::{Opening, database};
use crate::errors::python;
use crate::local::Local;
use crate::notices;
use crate::runtime::{briefly, is_interrupt, wait};

/// A fleet of AMC instances and everything that runs on it.
///
/// It is a client of its database: it writes what shall run and reads what came of it. A process that opens it with
/// credentials also works: it submits, watches and collects. Closing it, or losing the process, cancels nothing; the
/// next fleet opened on the database goes on.
///
/// Parameters
/// ----------
/// database : str or os.PathLike, optional
///     A path, ``"sqlite://fleet.db"``, ``"postgres://user@host/database"`` or ``"memory:"``. Not given:
///     ``$AMC_FLEET_DATABASE``, else one file of this user, which is said on standard error.
/// credentials : Credentials, dict of str to Credentials, or callable, optional
///     Who we are at AMC; a callable returns one of the others. Without any, history can be read and nothing run.
/// owner : str, default "default"
///     Whose things the fleet sees.
/// actor : str, optional
///     The person, kept with what is written.
/// worker : bool or "auto", default "auto"
///     Whether this process works; auto: where credentials are given, on a database of this machine.
/// schedules : bool, default False
///     Whether this process fires the ticks of schedules, of every owner.
/// migrate : {"auto", "never"}, default "auto"
///     Whether the database may be brought up to date; auto: a file, and a PostgreSQL database without any table.
/// endpoint : str, optional
///     The base URL of the API. Not given: ``$AMC_API_URL``, else Amazon's own host.
/// results : str or os.PathLike, optional
///     Where results are kept, if not in the database: a folder (a path, or ``file:///data/results``), or a bucket
///     (``s3://bucket/prefix``, in builds that speak S3). What is said when a database is first opened holds for it.
///
/// Raises
/// ------
/// UnavailableError
///     ``database_unavailable`` when the database cannot be opened for writing.
/// UnsupportedError
///     ``migration_needed`` where there is no fleet yet and ``schema_too_old`` where an older version made it, when the
///     database may not be brought up to date unasked (see ``migrate``); ``schema_too_new`` where a newer one did.
/// ConflictError
///     ``endpoint_mixed`` when the database is used with another kind of endpoint, ``results_elsewhere`` when it keeps its
///     results at another place.
///
/// Examples
/// --------
/// >>> with amc_fleet.Fleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
/// ...     fleet.sync_instances()
/// <SyncReport 2 accounts: 3 added, 0 changed, 0 gone, 0 unreachable>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Fleet(Local<amc_fleet::Fleet>);

impl Fleet {
    fn open(&self) -> PyResult<amc_fleet::Fleet> {
        let fleet = self.0.get()?;
        fleet.ensure_open().map_err(python)?;
        Ok(fleet.clone())
    }
}

/// Closes a fleet, for a call that gives nothing.
pub(crate) async fn close(fleet: amc_fleet::Fleet) -> amc_fleet::Result<()> {
    fleet.close().await;
    Ok(())
}

#[pymethods]
impl Fleet {
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
        let fleet = wait(py, async move { amc_fleet::Fleet::open(&place, options).await })?;
        let opened = fleet.clone();
        notices::say(py, wait(py, async move { opened.opening_notice().await })?)?;
        Local::new(fleet).map(Self)
    }

    /// Brings a database to the form this version works with, while nobody works on it.
    ///
    /// Opening does so by itself but for a PostgreSQL database that holds tables already: other programs may be at work
    /// there.
    ///
    /// Parameters
    /// ----------
    /// database : str or os.PathLike, optional
    ///     As for ``Fleet``.
    ///
    /// Raises
    /// ------
    /// UnavailableError
    ///     ``database_unavailable`` when it cannot be reached, or opened for writing.
    /// UnsupportedError
    ///     ``schema_too_new`` when it is past this version.
    ///
    /// Examples
    /// --------
    /// >>> amc_fleet.Fleet.migrate(folder / "shared.db")
    #[staticmethod]
    #[pyo3(signature = (database: "str | os.PathLike[str] | None" = None))]
    fn migrate(py: Python<'_>, database: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let place = self::database(database)?;
        wait(py, async move { amc_fleet::Fleet::migrate(&place).await })
    }

    /// Where this fleet keeps what it must not forget.
    #[getter]
    fn database(&self) -> PyResult<&str> {
        Ok(self.0.get()?.database())
    }

    /// Whose things this fleet sees.
    #[getter]
    fn owner(&self) -> PyResult<&str> {
        Ok(self.0.get()?.owner())
    }

    /// Whether this process works on the fleet's executions.
    #[getter]
    fn is_working(&self) -> PyResult<bool> {
        Ok(self.0.get()?.is_working())
    }

    /// Counts the executions that are not finished.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many the next fleet opened here goes on with.
    ///
    /// Examples
    /// --------
    /// >>> fleet.unfinished()
    /// 0
    fn unfinished(&self, py: Python<'_>) -> PyResult<u64> {
        let fleet = self.open()?;
        wait(py, async move { fleet.unfinished().await })
    }

    /// Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    ///
    /// Examples
    /// --------
    /// >>> other = amc_fleet.Fleet("memory:")
    /// >>> other.close()
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        wait(py, close(self.0.get()?.clone()))
    }

    #[pyo3(signature = () -> "Self")]
    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*exception: "object"))]
    fn __exit__(&self, py: Python<'_>, exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        let fleet = self.0.get()?.clone();
        let closing = close(fleet.clone());
        notices::say(py, wait(py, async move { fleet.closing_notice().await })?)?;
        if is_interrupt(exception)? { wait(py, briefly(closing)) } else { wait(py, closing) }
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Fleet {}>", self.0.get()?.database()))
    }
}
