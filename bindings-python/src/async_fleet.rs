//! The fleet, for programs of an event loop: the same names and arguments, and every answer awaited.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use amc_fleet::client::AmcAccount;
use amc_fleet::{BatchFilter, BatchSpec, Database, FleetOptions, WorkflowSpec};
use pyo3::prelude::*;
use tokio::sync::OnceCell;

use crate::arguments::{Chosen, Opening, Span, Values, WorkflowRef, database, page, word};
use crate::async_batch::AsyncBatch;
use crate::errors::closed;
use crate::local::Local;
use crate::notices;
use crate::records::{Instance, SyncReport, Workflow};
use crate::runtime::awaitable;

/// A fleet of AMC instances and everything that runs on it, for programs of an event loop.
///
/// The arguments and methods are those of ``Fleet``; every method that reads or writes is awaited. The database is
/// opened by ``async with``, or by the first call.
///
/// Parameters
/// ----------
/// database, credentials, owner, actor, worker, migrate, endpoint
///     As for ``Fleet``.
///
/// Examples
/// --------
/// >>> async with amc_fleet.AsyncFleet("memory:", credentials=amc_fleet.Credentials.from_env()) as fleet:
/// ...     await fleet.sync_instances()
/// <SyncReport 2 accounts: 3 added, 0 updated, 0 lost, 0 denied>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct AsyncFleet(Local<Arc<Lazy>>);

/// A fleet that is opened when it is first needed.
struct Lazy {
    database: Database,
    options: FleetOptions,
    opened: OnceCell<amc_fleet::Fleet>,
    closed: AtomicBool,
}

impl Lazy {
    async fn fleet(&self) -> amc_fleet::Result<&amc_fleet::Fleet> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(closed());
        }
        self.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> amc_fleet::Result<amc_fleet::Fleet> {
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
        Local::new(Arc::new(Lazy {
            database: place,
            options,
            opened: OnceCell::new(),
            closed: AtomicBool::new(false),
        }))
        .map(Self)
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

    /// Reads every account and instance the credentials see; see ``Fleet.sync_instances``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.sync_instances()
    /// <SyncReport 2 accounts: 0 added, 3 updated, 0 lost, 0 denied>
    fn sync_instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.sync_instances().await }, |found| {
            Ok(SyncReport::from(found))
        })
    }

    /// Lists the instances a query can run on, by name; see ``Fleet.instances``.
    ///
    /// Examples
    /// --------
    /// >>> len(await fleet.instances())
    /// 3
    fn instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.instances().await }, instances)
    }

    /// Lists every instance of this owner, by name; see ``Fleet.all_instances``.
    ///
    /// Examples
    /// --------
    /// >>> [instance.unavailable for instance in await fleet.all_instances()]
    /// [None, None, None]
    fn all_instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.all_instances().await }, instances)
    }

    /// Adds an account that AMC does not list for a credential; see ``Fleet.add_account``.
    ///
    /// Examples
    /// --------
    /// >>> account = amc.accounts[0]
    /// >>> name, marketplace = account["accountName"], account["marketplaceId"]
    /// >>> (await fleet.add_account(account["accountId"], marketplace_id=marketplace, name=name)).accounts
    /// 1
    #[pyo3(signature = (account_id, *, marketplace_id, name=None, credential="default"))]
    fn add_account<'py>(
        &self,
        py: Python<'py>,
        account_id: String,
        marketplace_id: String,
        name: Option<String>,
        credential: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let account = AmcAccount { account_id, account_name: name.unwrap_or_default(), marketplace_id };
        let (lazy, credential) = (Arc::clone(self.0.get()?), credential.to_owned());
        awaitable(py, async move { lazy.fleet().await?.add_account(&credential, account).await }, |found| {
            Ok(SyncReport::from(found))
        })
    }

    /// Saves a query by name; see ``Fleet.save_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.save_workflow("Reach by campaign", sql=sql)).name
    /// 'Reach by campaign'
    #[pyo3(signature = (name, *, sql, description=None, window=None, parameters=None, amc_options=None))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_workflow<'py>(
        &self,
        py: Python<'py>,
        name: String,
        sql: String,
        description: Option<String>,
        window: Option<String>,
        parameters: Option<Values>,
        amc_options: Option<Values>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let [parameters, amc_options] = [parameters, amc_options].map(|given| given.unwrap_or_default().0);
        let spec = WorkflowSpec { name, sql, description, window, parameters, amc_options };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.save_workflow(spec).await };
        awaitable(py, call, |saved| Ok(Workflow::from(saved)))
    }

    /// Finds a workflow by either id, or by name; see ``Fleet.workflow``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.workflow("Reach by campaign")).sql == sql
    /// True
    fn workflow<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.workflow(&id_or_name).await }, |found| {
            Ok(Workflow::from(found))
        })
    }

    /// Puts a workflow away; see ``Fleet.archive_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> old = await fleet.save_workflow("Old", sql=sql)
    /// >>> await fleet.archive_workflow(old.id)
    fn archive_workflow<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.archive_workflow(&id_or_name).await }, nothing)
    }

    /// Lists workflows by name; see ``Fleet.workflows``.
    ///
    /// Examples
    /// --------
    /// >>> [workflow.name for workflow in await fleet.workflows()]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, limit=None, offset=0))]
    fn workflows<'py>(
        &self,
        py: Python<'py>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.workflows(page(limit, offset)).await };
        awaitable(py, call, |found| Ok(found.items.into_iter().map(Workflow::from).collect::<Vec<_>>()))
    }

    /// Runs one query on many instances and returns at once; see ``Fleet.run_batch``.
    ///
    /// Examples
    /// --------
    /// >>> instances = await fleet.instances()
    /// >>> batch = await fleet.run_batch("Reach by campaign", instances=instances, window="last 30 days")
    /// >>> (await (await batch.wait()).status()).status
    /// 'completed'
    #[pyo3(signature = (
        workflow=None, *, sql=None, instances, window=None, timezone=None, parameters=None, instance_parameters=None,
        key=None, on_unavailable="refuse", priority="interactive", deadline=None, name=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn run_batch<'py>(
        &self,
        py: Python<'py>,
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
    ) -> PyResult<Bound<'py, PyAny>> {
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
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.run_batch(spec).await };
        awaitable(py, call, AsyncBatch::new)
    }

    /// Finds a batch by either id, or by its key; see ``Fleet.batch``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.batch(batch.id)).name
    /// 'Reach by campaign'
    fn batch<'py>(&self, py: Python<'py>, id_or_key: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.batch(&id_or_key).await }, AsyncBatch::new)
    }

    /// Lists batches, newest first; see ``Fleet.batches``.
    ///
    /// Examples
    /// --------
    /// >>> [batch.name for batch in await fleet.batches(limit=1)]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, status=None, limit=None, offset=0))]
    fn batches<'py>(
        &self,
        py: Python<'py>,
        status: Option<&str>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let filter = BatchFilter { status: status.map(word).transpose()?, ..BatchFilter::default() };
        let call = async move { lazy.fleet().await?.batches(&filter, page(limit, offset)).await };
        awaitable(py, call, |found| {
            found.items.into_iter().map(AsyncBatch::new).collect::<PyResult<Vec<_>>>()
        })
    }

    /// Stops working: what is in hand is finished, the rest is left for the next worker. Nothing is cancelled.
    ///
    /// Examples
    /// --------
    /// >>> other = amc_fleet.AsyncFleet("memory:")
    /// >>> await other.close()
    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.close().await }, nothing)
    }

    fn __aenter__(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        let lazy = Arc::clone(slf.get().0.get()?);
        let this = slf.clone().unbind();
        awaitable(slf.py(), async move { lazy.fleet().await.map(drop) }, |()| Ok(this))
    }

    #[pyo3(signature = (*_exception))]
    fn __aexit__<'py>(
        &self,
        py: Python<'py>,
        _exception: &Bound<'_, pyo3::types::PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move {
            if let Ok(fleet) = lazy.fleet().await {
                notices::say_later(fleet.closing_notice().await?);
            }
            lazy.close().await
        };
        awaitable(py, call, nothing)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<AsyncFleet {}>", self.0.get()?.database))
    }
}

fn instances(found: Vec<amc_fleet::Instance>) -> PyResult<Vec<Instance>> {
    Ok(found.into_iter().map(Instance::from).collect())
}

/// What a call without an answer gives: None, not an empty tuple.
fn nothing(_done: ()) -> PyResult<Option<bool>> {
    Ok(None)
}
