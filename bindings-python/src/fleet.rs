//! The fleet, for programs that wait.

use std::sync::atomic::{AtomicBool, Ordering};

use amc_fleet::client::AmcAccount;
use amc_fleet::{BatchFilter, BatchSpec, WorkflowSpec};
use pyo3::prelude::*;

use crate::arguments::{Chosen, Opening, Span, Values, WorkflowRef, database, page, word};
use crate::batch::Batch;
use crate::errors::{closed, python};
use crate::local::Local;
use crate::notices;
use crate::records::{Instance, SyncReport, Workflow};
use crate::runtime::wait;

/// A fleet of AMC instances and everything that runs on it.
///
/// It is a client of its database: it writes what shall run and reads what came of it. A process that opens it with
/// credentials also works: it submits, watches and collects. Closing it, or losing the process, cancels nothing; the
/// next fleet opened on the database goes on.
///
/// Parameters
/// ----------
/// database : str or os.PathLike, optional
///     A path, ``"sqlite://fleet.db"`` or ``"memory:"``. Not given: ``$AMC_FLEET_DATABASE``, else one file of this
///     user, which is said on standard error.
/// credentials : Credentials, dict of str to Credentials, or callable, optional
///     Who we are at AMC; a callable returns one of the others. Without any, history can be read and nothing run.
/// owner : str, default "default"
///     Whose things the fleet sees.
/// actor : str, optional
///     The person, kept with what is written.
/// worker : bool or "auto", default "auto"
///     Whether this process works; auto: where credentials are given.
/// migrate : {"auto", "never"}, default "auto"
///     Whether the database may be brought up to date.
/// endpoint : str, optional
///     The base URL of the API. Not given: ``$AMC_API_URL``, else Amazon's own host.
///
/// Raises
/// ------
/// UnavailableError
///     ``database_unavailable`` when the database cannot be opened for writing.
/// ConflictError
///     ``endpoint_mixed`` when the database is used with another kind of endpoint.
///
/// Examples
/// --------
/// >>> with amc_fleet.Fleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
/// ...     fleet.sync_instances()
/// <SyncReport 2 accounts: 3 added, 0 updated, 0 lost, 0 denied>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Fleet {
    fleet: Local<amc_fleet::Fleet>,
    closed: AtomicBool,
}

impl Fleet {
    fn open(&self) -> PyResult<amc_fleet::Fleet> {
        let fleet = self.fleet.get()?.clone();
        if self.closed.load(Ordering::Relaxed) { Err(python(closed())) } else { Ok(fleet) }
    }
}

#[pymethods]
impl Fleet {
    #[new]
    #[pyo3(signature = (
        database=None, *, credentials=None, owner="default".to_owned(), actor=None, worker=None, migrate="auto",
        endpoint=None
    ), text_signature = "(database=None, *, credentials=None, owner='default', actor=None, worker='auto', \
migrate='auto', endpoint=None)")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn new(
        py: Python<'_>,
        database: Option<&Bound<'_, PyAny>>,
        credentials: Option<&Bound<'_, PyAny>>,
        owner: String,
        actor: Option<String>,
        worker: Option<&Bound<'_, PyAny>>,
        migrate: &str,
        endpoint: Option<String>,
    ) -> PyResult<Self> {
        let options = Opening { credentials, owner, actor, worker, migrate, endpoint }.options()?;
        let place = self::database(database)?;
        notices::say(py, database.is_none().then(|| format!("the database is {place}")))?;
        let fleet = wait(py, async move { amc_fleet::Fleet::open(&place, options).await })?;
        let opened = fleet.clone();
        notices::say(py, wait(py, async move { opened.opening_notice().await })?)?;
        Ok(Self { fleet: Local::new(fleet)?, closed: AtomicBool::new(false) })
    }

    /// Where this fleet keeps what it must not forget.
    #[getter]
    fn database(&self) -> PyResult<&str> {
        Ok(self.fleet.get()?.database())
    }

    /// Whose things this fleet sees.
    #[getter]
    fn owner(&self) -> PyResult<&str> {
        Ok(self.fleet.get()?.owner())
    }

    /// Whether this process works on the fleet's executions.
    #[getter]
    fn is_working(&self) -> PyResult<bool> {
        Ok(self.fleet.get()?.is_working())
    }

    /// Reads every account and instance the credentials see.
    ///
    /// Returns
    /// -------
    /// SyncReport
    ///     How many were found.
    ///
    /// Raises
    /// ------
    /// UnavailableError
    ///     ``amc_unreachable`` when AMC does not answer.
    /// UnauthorizedError
    ///     When AMC does not accept a credential.
    ///
    /// Examples
    /// --------
    /// >>> fleet.sync_instances()
    /// <SyncReport 2 accounts: 0 added, 3 updated, 0 lost, 0 denied>
    fn sync_instances(&self, py: Python<'_>) -> PyResult<SyncReport> {
        let fleet = self.open()?;
        wait(py, async move { fleet.sync_instances().await }).map(SyncReport::from)
    }

    /// Lists the instances a query can run on, by name.
    ///
    /// Sandboxes, unfinished and unreachable instances are left out.
    ///
    /// Returns
    /// -------
    /// list of Instance
    ///     The instances.
    ///
    /// Examples
    /// --------
    /// >>> len(fleet.instances())
    /// 3
    fn instances(&self, py: Python<'_>) -> PyResult<Vec<Instance>> {
        let fleet = self.open()?;
        Ok(wait(py, async move { fleet.instances().await })?.into_iter().map(Instance::from).collect())
    }

    /// Lists every instance of this owner, by name.
    ///
    /// Returns
    /// -------
    /// list of Instance
    ///     The instances; ``unavailable`` says why a query cannot run on one.
    ///
    /// Examples
    /// --------
    /// >>> [instance.unavailable for instance in fleet.all_instances()]
    /// [None, None, None]
    fn all_instances(&self, py: Python<'_>) -> PyResult<Vec<Instance>> {
        let fleet = self.open()?;
        Ok(wait(py, async move { fleet.all_instances().await })?.into_iter().map(Instance::from).collect())
    }

    /// Adds an account that AMC does not list for a credential, with all its instances; later syncs include it.
    ///
    /// Parameters
    /// ----------
    /// account_id : str
    ///     The entity id of the AMC account (``ENTITY…``).
    /// marketplace_id : str
    ///     The marketplace of the AMC account.
    /// name : str, optional
    ///     What to call it.
    /// credential : str, default "default"
    ///     The key of the credential that reaches it.
    ///
    /// Returns
    /// -------
    /// SyncReport
    ///     How many instances were found in it.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_credential`` for a key this fleet does not hold.
    /// ForbiddenError
    ///     ``account_denied``: the credential may not see the account.
    ///
    /// Examples
    /// --------
    /// >>> account = amc.accounts[0]
    /// >>> name, marketplace = account["accountName"], account["marketplaceId"]
    /// >>> fleet.add_account(account["accountId"], marketplace_id=marketplace, name=name).accounts
    /// 1
    #[pyo3(signature = (account_id, *, marketplace_id, name=None, credential="default"))]
    fn add_account(
        &self,
        py: Python<'_>,
        account_id: String,
        marketplace_id: String,
        name: Option<String>,
        credential: &str,
    ) -> PyResult<SyncReport> {
        let account = AmcAccount { account_id, account_name: name.unwrap_or_default(), marketplace_id };
        let (fleet, credential) = (self.open()?, credential.to_owned());
        wait(py, async move { fleet.add_account(&credential, account).await }).map(SyncReport::from)
    }

    /// Saves a query by name; one of the same name is updated and keeps its id.
    ///
    /// Parameters
    /// ----------
    /// name : str
    ///     Its name.
    /// sql : str
    ///     The query.
    /// description : str, optional
    ///     What it is for.
    /// window : str, optional
    ///     The window of batches that name none.
    /// parameters : dict, optional
    ///     Values for parameters that a batch does not give.
    /// amc_options : dict, optional
    ///     Fields AMC takes beside the query, sent as they are.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The workflow as saved.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``sql_unreadable`` with line and column, ``window_invalid``, ``workflow_unnamed``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.save_workflow("Reach by campaign", sql=sql).name
    /// 'Reach by campaign'
    #[pyo3(signature = (name, *, sql, description=None, window=None, parameters=None, amc_options=None))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_workflow(
        &self,
        py: Python<'_>,
        name: String,
        sql: String,
        description: Option<String>,
        window: Option<String>,
        parameters: Option<Values>,
        amc_options: Option<Values>,
    ) -> PyResult<Workflow> {
        let [parameters, amc_options] = [parameters, amc_options].map(|given| given.unwrap_or_default().0);
        let spec = WorkflowSpec { name, sql, description, window, parameters, amc_options };
        let fleet = self.open()?;
        wait(py, async move { fleet.save_workflow(spec).await }).map(Workflow::from)
    }

    /// Finds a workflow by either id, or by name.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     ``wf_…``, a UUID, or the name.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The workflow.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.workflow("Reach by campaign").sql == sql
    /// True
    fn workflow(&self, py: Python<'_>, id_or_name: String) -> PyResult<Workflow> {
        let fleet = self.open()?;
        wait(py, async move { fleet.workflow(&id_or_name).await }).map(Workflow::from)
    }

    /// Puts a workflow away: it is found and listed no more, and its batches stay.
    ///
    /// Saving a query under its name brings it back.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     ``wf_…``, a UUID, or the name.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> old = fleet.save_workflow("Old", sql=sql)
    /// >>> fleet.archive_workflow(old.id)
    fn archive_workflow(&self, py: Python<'_>, id_or_name: String) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.archive_workflow(&id_or_name).await })
    }

    /// Lists workflows by name.
    ///
    /// Parameters
    /// ----------
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Workflow
    ///     The workflows.
    ///
    /// Examples
    /// --------
    /// >>> [workflow.name for workflow in fleet.workflows()]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, limit=None, offset=0))]
    fn workflows(&self, py: Python<'_>, limit: Option<u32>, offset: u32) -> PyResult<Vec<Workflow>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.workflows(page(limit, offset)).await })?;
        Ok(found.items.into_iter().map(Workflow::from).collect())
    }

    /// Runs one query on many instances: checks everything, writes what shall run, and returns at once.
    ///
    /// Nothing is written and AMC hears nothing when anything is wrong.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str, optional
    ///     The workflow, or its id or name; or give ``sql``.
    /// sql : str, optional
    ///     The query, for a batch without a workflow.
    /// instances : iterable of Instance or str, or "all"
    ///     What it runs on: instances, their ids, or every available one.
    /// window : str, optional
    ///     Which days to read, for example ``"last 30 days"``; the workflow's own if not given.
    /// timezone : str, optional
    ///     The zone of the window: a name, or ``"instance"`` for each instance's own; UTC if not given.
    /// parameters : dict, optional
    ///     Values for all instances.
    /// instance_parameters : dict of str to dict, optional
    ///     Values by instance id, over the shared ones.
    /// key : str, optional
    ///     The same key with the same content gives the same batch, however often it is asked for.
    /// on_unavailable : {"refuse", "skip"}, default "refuse"
    ///     What to do about a named instance that cannot run a query.
    /// priority : {"interactive", "scheduled", "backfill"}, default "interactive"
    ///     Which work goes first when places are scarce.
    /// deadline : float or datetime.timedelta, optional
    ///     How long the whole may take, in seconds; what is not finished by then fails alone.
    /// name : str, optional
    ///     Its name; the workflow's if not given.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     The batch. Dropping it stops nothing.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``window_missing``, ``no_instances``, ``duplicate_instance``, ``sql_unreadable``, parameter errors, …
    /// NotFoundError
    ///     ``unknown_workflow`` or ``unknown_instance``.
    /// ForbiddenError
    ///     ``instance_unavailable``.
    /// ConflictError
    ///     ``key_conflict``: the key names a batch with other content.
    ///
    /// Examples
    /// --------
    /// >>> batch = fleet.run_batch("Reach by campaign", instances=fleet.instances(), window="last 30 days")
    /// >>> batch.wait().status().status
    /// 'completed'
    #[pyo3(signature = (
        workflow=None, *, sql=None, instances, window=None, timezone=None, parameters=None, instance_parameters=None,
        key=None, on_unavailable="refuse", priority="interactive", deadline=None, name=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn run_batch(
        &self,
        py: Python<'_>,
        workflow: Option<WorkflowRef>,
        sql: Option<String>,
        instances: Chosen,
        window: Option<String>,
        timezone: Option<String>,
        parameters: Option<Values>,
        instance_parameters: Option<Values>,
        key: Option<String>,
        on_unavailable: &str,
        priority: &str,
        deadline: Option<Span>,
        name: Option<String>,
    ) -> PyResult<Batch> {
        let spec = BatchSpec {
            workflow: workflow.map(|it| it.0),
            sql,
            instances: instances.0,
            window,
            timezone,
            parameters: parameters.unwrap_or_default().0,
            instance_parameters: instance_parameters.unwrap_or_default().0,
            key,
            on_unavailable: word(on_unavailable)?,
            priority: word(priority)?,
            deadline: deadline.map(|it| it.0),
            name,
            description: None,
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.run_batch(spec).await }).and_then(Batch::new)
    }

    /// Finds a batch by either id, or by its key.
    ///
    /// Parameters
    /// ----------
    /// id_or_key : str
    ///     ``batch_…``, a UUID, or the key it was run with.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     The batch.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_batch``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.batch(batch.id).name
    /// 'Reach by campaign'
    fn batch(&self, py: Python<'_>, id_or_key: String) -> PyResult<Batch> {
        let fleet = self.open()?;
        wait(py, async move { fleet.batch(&id_or_key).await }).and_then(Batch::new)
    }

    /// Lists batches, newest first.
    ///
    /// Parameters
    /// ----------
    /// status : str, optional
    ///     Only those with this status.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Batch
    ///     The batches.
    ///
    /// Examples
    /// --------
    /// >>> [batch.name for batch in fleet.batches(limit=1)]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, status=None, limit=None, offset=0))]
    fn batches(
        &self,
        py: Python<'_>,
        status: Option<&str>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Batch>> {
        let fleet = self.open()?;
        let filter = BatchFilter { status: status.map(word).transpose()?, ..BatchFilter::default() };
        let found = wait(py, async move { fleet.batches(&filter, page(limit, offset)).await })?;
        found.items.into_iter().map(Batch::new).collect()
    }

    /// Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    ///
    /// Examples
    /// --------
    /// >>> other = amc_fleet.Fleet("memory:")
    /// >>> other.close()
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let fleet = self.fleet.get()?.clone();
        self.closed.store(true, Ordering::Relaxed);
        wait(py, async move {
            fleet.close().await;
            Ok::<_, amc_fleet::Error>(())
        })
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) -> PyResult<()> {
        if let Ok(fleet) = self.open() {
            notices::say(py, wait(py, async move { fleet.closing_notice().await })?)?;
        }
        self.close(py)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Fleet {}>", self.fleet.get()?.database()))
    }
}
