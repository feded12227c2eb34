//! Looking through what ran, letting go of what is old, and definitions as one document.

use amc_fleet::ExecutionFilter;
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Values, WorkflowRef, page, word};
use crate::json::Json;
use crate::records::{ExecutionReport, Report, Workflow};
use crate::runtime::wait;
use crate::standing::{BatchRef, InstantGiven, ReportRef, definitions, document_of};

#[pymethods]
impl Fleet {
    /// Lists executions of all batches.
    ///
    /// Parameters
    /// ----------
    /// text : str, optional
    ///     Only those with this text in the name of their batch or instance, in AMC's id of it, or in what failed.
    /// instance : str, optional
    ///     Only those on the instance of this AMC id.
    /// status : str, optional
    ///     Only those with this status.
    /// created_from, created_before : datetime or str, optional
    ///     Only those written at or after, and before.
    /// sort : {"newest", "oldest", "instance"}, default "newest"
    ///     In which order.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of ExecutionReport
    ///     The executions.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_status``, ``unknown_sort``, ``instant_naive``, ``instant_invalid``.
    ///
    /// Examples
    /// --------
    /// >>> [execution.status for execution in fleet.executions(text="reach", limit=1)]
    /// ['completed']
    #[pyo3(signature = (*, text = None, instance = None, status = None, created_from: "datetime | str | None" = None, created_before: "datetime | str | None" = None, sort: "Literal['newest', 'oldest', 'instance']" = "newest", limit = None, offset = 0))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn executions(
        &self,
        py: Python<'_>,
        text: Option<String>,
        instance: Option<String>,
        status: Option<&str>,
        created_from: Option<InstantGiven>,
        created_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<ExecutionReport>> {
        let filter = ExecutionFilter {
            text,
            instance,
            workflow: None,
            status: status.map(word).transpose()?,
            created_from: created_from.map(|it| it.instant()).transpose()?,
            created_before: created_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.executions(&filter, page(limit, offset)).await })?;
        Ok(found.items.into_iter().map(ExecutionReport::from).collect())
    }

    /// Deletes batches with their executions, events and results.
    ///
    /// Ticks and segments they were for stay and say so.
    ///
    /// Parameters
    /// ----------
    /// batches : list of Batch or str
    ///     The batches, by themselves, by id or by key.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many were deleted.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_batch``; nothing is deleted then.
    /// ConflictError
    ///     ``batch_running``; nothing is deleted then.
    ///
    /// Examples
    /// --------
    /// >>> old = fleet.run_batch(sql=sql, instances="all", window="yesterday").wait()
    /// >>> fleet.delete_batches([old])
    /// 1
    #[pyo3(signature = (batches: "Sequence[Batch | str]"))]
    fn delete_batches(&self, py: Python<'_>, batches: Vec<BatchRef>) -> PyResult<usize> {
        let fleet = self.open()?;
        wait(py, async move { fleet.delete_batches(&batches).await })
    }

    /// Deletes batches that ended more than so many days ago, with their executions, events and results.
    ///
    /// Definitions stay, and so do ticks and segments, which say that their run was deleted.
    ///
    /// Parameters
    /// ----------
    /// keep_days : int
    ///     How many days are kept.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many batches were deleted.
    ///
    /// Examples
    /// --------
    /// >>> fleet.apply_retention(400)
    /// 0
    fn apply_retention(&self, py: Python<'_>, keep_days: u32) -> PyResult<usize> {
        let fleet = self.open()?;
        wait(py, async move { fleet.apply_retention(keep_days).await })
    }

    /// Saves a workflow once more under another name.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str
    ///     The workflow, by itself, by its id or by its name.
    /// name : str
    ///     The other name.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The new one.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    /// ConflictError
    ///     ``name_taken``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.duplicate_workflow("Reach by campaign", "Reach again").name
    /// 'Reach again'
    /// >>> fleet.archive_workflow("Reach again")
    #[pyo3(signature = (workflow: "Workflow | str", name))]
    fn duplicate_workflow(&self, py: Python<'_>, workflow: WorkflowRef, name: String) -> PyResult<Workflow> {
        let fleet = self.open()?;
        wait(py, async move { fleet.duplicate_workflow(&workflow.0, &name).await }).map(Workflow::from)
    }

    /// Saves a report once more under another name; its schedules and runs stay its own.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// name : str
    ///     The other name.
    ///
    /// Returns
    /// -------
    /// Report
    ///     The new one.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// ConflictError
    ///     ``name_taken``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> copy = fleet.duplicate_report(report, "Tuesday")
    /// >>> copy.window
    /// 'last 7 days'
    /// >>> fleet.archive_report(copy)
    #[pyo3(signature = (report: "Report | str", name))]
    fn duplicate_report(&self, py: Python<'_>, report: ReportRef, name: String) -> PyResult<Report> {
        let fleet = self.open()?;
        wait(py, async move { fleet.duplicate_report(&report.0, &name).await }).map(Report::from)
    }

    /// Gives every workflow and every report with its schedules, as one document.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``format``, ``workflows`` and ``reports``: names instead of ids, without runs and results.
    ///
    /// Examples
    /// --------
    /// >>> "Reach by campaign" in [workflow["name"] for workflow in fleet.export_definitions()["workflows"]]
    /// True
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn export_definitions(&self, py: Python<'_>) -> PyResult<Json> {
        let fleet = self.open()?;
        wait(py, async move { fleet.export_definitions().await?.to_json() }).map(Json)
    }

    /// Saves what a document of ``export_definitions`` defines: what has the same name is updated.
    ///
    /// Parameters
    /// ----------
    /// document : dict
    ///     The document. All of it is checked before anything is written.
    ///
    /// Returns
    /// -------
    /// dict
    ///     How many ``workflows``, ``reports`` and ``schedules`` were written.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``definitions_unreadable``, and what is wrong with a query, a window, a zone or an expression.
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.import_definitions(fleet.export_definitions())["schedules"]
    /// 0
    #[pyo3(signature = (document: "Mapping[str, Any]") -> "dict[str, int]")]
    fn import_definitions(&self, py: Python<'_>, document: Values) -> PyResult<Json> {
        let definitions = definitions(document)?;
        let fleet = self.open()?;
        wait(py, async move { fleet.import_definitions(definitions).await }).and_then(document_of)
    }

    /// Says what became of the batches of a workflow over time.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str
    ///     The workflow, by itself, by its id or by its name.
    /// since : datetime or str, optional
    ///     Only batches written since; all if not given.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``run_count``, ``completed_count``, ``failed_count``, ``success_rate``, ``average_seconds``, ``p95_seconds``,
    ///     and a ``timeline`` of days.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.workflow_history("Reach by campaign")["success_rate"]
    /// 1.0
    #[pyo3(signature = (workflow: "Workflow | str", *, since: "datetime | str | None" = None) -> "dict[str, Any]")]
    fn workflow_history(
        &self,
        py: Python<'_>,
        workflow: WorkflowRef,
        since: Option<InstantGiven>,
    ) -> PyResult<Json> {
        let since = since.map(|since| since.instant()).transpose()?;
        let fleet = self.open()?;
        wait(py, async move { fleet.workflow_history(&workflow.0, since).await }).and_then(document_of)
    }

    /// Says what became of the runs of a report over time.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// since : datetime or str, optional
    ///     Only runs written since; all if not given.
    ///
    /// Returns
    /// -------
    /// dict
    ///     As ``workflow_history``.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.report_history(report)["run_count"] >= 0
    /// True
    #[pyo3(signature = (report: "Report | str", *, since: "datetime | str | None" = None) -> "dict[str, Any]")]
    fn report_history(
        &self,
        py: Python<'_>,
        report: ReportRef,
        since: Option<InstantGiven>,
    ) -> PyResult<Json> {
        let since = since.map(|since| since.instant()).transpose()?;
        let fleet = self.open()?;
        wait(py, async move { fleet.report_history(&report.0, since).await }).and_then(document_of)
    }
}
