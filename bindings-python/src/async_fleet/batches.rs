//! Batches, awaited.

use std::path::PathBuf;
use std::sync::Arc;

use amc_fleet::BatchSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Anything, Chosen, Span, Values, WorkflowRef, declared, readiness, rendering, word};
use crate::async_batch::AsyncBatch;
use crate::json::Fields;
use crate::records::{CancelReport, Plain, PlanReport};
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// Runs one query on many instances and returns at once; see ``Fleet.run_batch``.
    ///
    /// Examples
    /// --------
    /// >>> instances = await fleet.instances()
    /// >>> batch = await fleet.run_batch("Reach by campaign", instances=instances, window="last 30 days")
    /// >>> (await (await batch.wait()).status()).status
    /// 'completed'
    #[pyo3(signature = (
        workflow: "Workflow | str | None" = None,
        *,
        sql = None,
        instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']",
        window = None,
        timezone = None,
        parameters: "Mapping[str, Any] | None" = None,
        instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None,
        key = None,
        on_unavailable: "Literal['refuse', 'skip']" = "refuse",
        priority: "Literal['interactive', 'scheduled', 'backfill']" = "interactive",
        deadline: "float | timedelta | None" = None,
        check: "Literal['first', 'none']" = "first",
        name = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        prefer_native = false,
        literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
        freshness: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        maturity: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        reuse = false,
    ) -> "Awaitable[AsyncBatch]")]
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
        check: &str,
        name: Option<String>,
        declarations: Option<Anything>,
        prefer_native: bool,
        literal_dialect: &str,
        freshness: &str,
        maturity: &str,
        reuse: bool,
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
            check: word(check)?,
            name,
            description: None,
            declarations: declared(declarations)?,
            render: rendering(prefer_native, literal_dialect)?,
            readiness: readiness(freshness, maturity)?,
            reuse,
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.run_batch(spec).await };
        awaitable(py, call, AsyncBatch::new)
    }

    /// Says what a batch would come to; see ``Fleet.plan``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.plan("Reach by campaign", instances="all", window="last 30 days")).runs
    /// 3
    #[pyo3(signature = (
        workflow: "Workflow | str | None" = None,
        *,
        sql = None,
        instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']",
        window = None,
        timezone = None,
        parameters: "Mapping[str, Any] | None" = None,
        instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None,
        key = None,
        on_unavailable: "Literal['refuse', 'skip']" = "refuse",
        priority: "Literal['interactive', 'scheduled', 'backfill']" = "interactive",
        deadline: "float | timedelta | None" = None,
        check: "Literal['first', 'none']" = "first",
        name = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        prefer_native = false,
        literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
        freshness: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        maturity: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
    ) -> "Awaitable[PlanReport]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn plan<'py>(
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
        check: &str,
        name: Option<String>,
        declarations: Option<Anything>,
        prefer_native: bool,
        literal_dialect: &str,
        freshness: &str,
        maturity: &str,
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
            check: word(check)?,
            name,
            declarations: declared(declarations)?,
            render: rendering(prefer_native, literal_dialect)?,
            readiness: readiness(freshness, maturity)?,
            ..BatchSpec::default()
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.plan(spec).await };
        awaitable(py, call, |plan| Ok(PlanReport::from(plan)))
    }

    /// Finds a batch by either id, or by its key; see ``Fleet.batch``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.batch(batch.id)).name
    /// 'Reach by campaign'
    #[pyo3(signature = (id_or_key) -> "Awaitable[AsyncBatch]")]
    fn batch<'py>(&self, py: Python<'py>, id_or_key: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.batch(&id_or_key).await }, AsyncBatch::new)
    }

    /// Says what a file is made of; see ``Fleet.trace_file``.
    ///
    /// Examples
    /// --------
    /// >>> written = await results.write(folder / "reach.csv")
    /// >>> (await fleet.trace_file(written.path))["manifest"]["complete"]
    /// '3 of 3'
    #[pyo3(signature = (path) -> "Awaitable[dict[str, Any]]")]
    fn trace_file<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.trace_file(path).await }, |trace| {
            Python::attach(|py| Ok(Fields(&trace.to_json()).into_pyobject(py)?.unbind()))
        })
    }

    /// Cancels one execution; see ``Fleet.cancel_execution``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.cancel_execution((await batch.status()).executions[0].execution_id)).cancelled
    /// 0
    #[pyo3(signature = (execution_id) -> "Awaitable[CancelReport]")]
    fn cancel_execution<'py>(&self, py: Python<'py>, execution_id: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.cancel_execution(&execution_id).await };
        awaitable(py, call, |report| Ok(CancelReport::from(report)))
    }

    /// Cancels everything of this owner that has not ended; see ``Fleet.cancel_all``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.cancel_all()).cancelled
    /// 0
    #[pyo3(signature = () -> "Awaitable[CancelReport]")]
    fn cancel_all<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.cancel_all().await };
        awaitable(py, call, |report| Ok(CancelReport::from(report)))
    }

    /// Lists the attempts of an execution; see ``Fleet.attempts``.
    ///
    /// Examples
    /// --------
    /// >>> len(await fleet.attempts((await batch.status()).executions[0].execution_id))
    /// 1
    #[pyo3(signature = (execution_id) -> "Awaitable[list[Attempt]]")]
    fn attempts<'py>(&self, py: Python<'py>, execution_id: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.attempts(&execution_id).await };
        awaitable(py, call, |attempts| Ok(attempts.plain()))
    }
}
