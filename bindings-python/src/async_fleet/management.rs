//! Looking through what ran, letting go of what is old, and definitions as one document, awaited.

use std::sync::Arc;

use amc_fleet::ExecutionFilter;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Values, WorkflowRef, page, word};
use crate::json::Json;
use crate::records::{ExecutionReport, Report, Workflow};
use crate::runtime::awaitable;
use crate::standing::{BatchRef, InstantGiven, ReportRef, definitions, document_of};

#[pymethods]
impl AsyncFleet {
    /// Lists executions of all batches; see ``Fleet.executions``.
    ///
    /// Examples
    /// --------
    /// >>> [execution.status for execution in await fleet.executions(text="reach", limit=1)]
    /// ['completed']
    #[pyo3(signature = (*, text = None, instance = None, status = None, created_from: "datetime | str | None" = None, created_before: "datetime | str | None" = None, sort: "Literal['newest', 'oldest', 'instance']" = "newest", limit = None, offset = 0) -> "Awaitable[list[ExecutionReport]]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn executions<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        instance: Option<String>,
        status: Option<&str>,
        created_from: Option<InstantGiven>,
        created_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = ExecutionFilter {
            text,
            instance,
            workflow: None,
            status: status.map(word).transpose()?,
            created_from: created_from.map(|it| it.instant()).transpose()?,
            created_before: created_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.executions(&filter, page(limit, offset)).await };
        awaitable(py, call, |found| {
            Ok(found.items.into_iter().map(ExecutionReport::from).collect::<Vec<_>>())
        })
    }

    /// Deletes batches with their executions, events and results; see ``Fleet.delete_batches``.
    ///
    /// Examples
    /// --------
    /// >>> old = await (await fleet.run_batch(sql=sql, instances="all", window="yesterday")).wait()
    /// >>> await fleet.delete_batches([old])
    /// 1
    #[pyo3(signature = (batches: "Sequence[AsyncBatch | str]") -> "Awaitable[int]")]
    fn delete_batches<'py>(&self, py: Python<'py>, batches: Vec<BatchRef>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.delete_batches(&batches).await }, Ok)
    }

    /// Deletes batches that ended more than so many days ago; see ``Fleet.apply_retention``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.apply_retention(400)
    /// 0
    #[pyo3(signature = (keep_days) -> "Awaitable[int]")]
    fn apply_retention<'py>(&self, py: Python<'py>, keep_days: u32) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.apply_retention(keep_days).await }, Ok)
    }

    /// Saves a workflow once more under another name; see ``Fleet.duplicate_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.duplicate_workflow("Reach by campaign", "Reach again")).name
    /// 'Reach again'
    /// >>> await fleet.archive_workflow("Reach again")
    #[pyo3(signature = (workflow: "Workflow | str", name) -> "Awaitable[Workflow]")]
    fn duplicate_workflow<'py>(
        &self,
        py: Python<'py>,
        workflow: WorkflowRef,
        name: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.duplicate_workflow(&workflow.0, &name).await };
        awaitable(py, call, |found| Ok(Workflow::from(found)))
    }

    /// Saves a report once more under another name; see ``Fleet.duplicate_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> copy = await fleet.duplicate_report(report, "Tuesday")
    /// >>> await fleet.archive_report(copy)
    #[pyo3(signature = (report: "Report | str", name) -> "Awaitable[Report]")]
    fn duplicate_report<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        name: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.duplicate_report(&report.0, &name).await };
        awaitable(py, call, |found| Ok(Report::from(found)))
    }

    /// Gives every workflow and every report with its schedules, as one document; see ``Fleet.export_definitions``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.export_definitions())["format"]
    /// 'amc-fleet/1'
    #[pyo3(signature = () -> "Awaitable[dict[str, Any]]")]
    fn export_definitions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.export_definitions().await?.to_json() };
        awaitable(py, call, |document| Ok(Json(document)))
    }

    /// Saves what a document defines; see ``Fleet.import_definitions``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.import_definitions(await fleet.export_definitions()))["schedules"]
    /// 0
    #[pyo3(signature = (document: "Mapping[str, Any]") -> "Awaitable[dict[str, int]]")]
    fn import_definitions<'py>(&self, py: Python<'py>, document: Values) -> PyResult<Bound<'py, PyAny>> {
        let definitions = definitions(document)?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.import_definitions(definitions).await };
        awaitable(py, call, document_of)
    }

    /// Says what became of the batches of a workflow over time; see ``Fleet.workflow_history``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.workflow_history("Reach by campaign"))["success_rate"]
    /// 1.0
    #[pyo3(signature = (workflow: "Workflow | str", *, since: "datetime | str | None" = None) -> "Awaitable[dict[str, Any]]")]
    fn workflow_history<'py>(
        &self,
        py: Python<'py>,
        workflow: WorkflowRef,
        since: Option<InstantGiven>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let since = since.map(|since| since.instant()).transpose()?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.workflow_history(&workflow.0, since).await };
        awaitable(py, call, document_of)
    }

    /// Says what became of the runs of a report over time; see ``Fleet.report_history``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> (await fleet.report_history(report))["run_count"] >= 0
    /// True
    #[pyo3(signature = (report: "Report | str", *, since: "datetime | str | None" = None) -> "Awaitable[dict[str, Any]]")]
    fn report_history<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        since: Option<InstantGiven>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let since = since.map(|since| since.instant()).transpose()?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.report_history(&report.0, since).await };
        awaitable(py, call, document_of)
    }
}
