//! Reports.

use amc_fleet::{ReportFilter, ReportRunSpec, ReportSpec};
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Chosen, Values, WorkflowRef, page, word};
use crate::batch::Batch;
use crate::records::{Report, ReportOverview};
use crate::runtime::wait;
use crate::standing::ReportRef;

#[pymethods]
impl Fleet {
    /// Saves a report by name; one of the same name is updated and keeps its id.
    ///
    /// Parameters
    /// ----------
    /// name : str
    ///     Its name.
    /// workflow : Workflow or str, optional
    ///     Its workflow, by itself, by its id or by its name; or give ``sql``.
    /// sql : str, optional
    ///     Its own query.
    /// instances : iterable of Instance or str, mapping, or "all", optional
    ///     What it runs on, worked out anew at each run; all if not given.
    /// window : str, optional
    ///     The window; the workflow's own if not given.
    /// timezone : str, default "UTC"
    ///     The zone of the window: a name, or ``instance`` for each instance's own.
    /// parameters : dict, optional
    ///     Values for all instances.
    /// instance_parameters : dict, optional
    ///     Values by instance id.
    /// description : str, optional
    ///     What it is for.
    /// is_active : bool, default True
    ///     Whether it may run.
    ///
    /// Returns
    /// -------
    /// Report
    ///     The report as saved.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``report_unnamed``, ``no_query``, ``sql_unreadable`` with line and column, ``window_missing``,
    ///     ``window_invalid``, ``zone_unknown``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days").name
    /// 'Monday'
    #[pyo3(signature = (name, *, workflow: "Workflow | str | None" = None, sql = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']" = None, window = None, timezone = "UTC", parameters: "Mapping[str, Any] | None" = None, instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None, description = None, is_active = true))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_report(
        &self,
        py: Python<'_>,
        name: String,
        workflow: Option<WorkflowRef>,
        sql: Option<String>,
        instances: Option<Chosen>,
        window: Option<String>,
        timezone: &str,
        parameters: Option<Values>,
        instance_parameters: Option<Values>,
        description: Option<String>,
        is_active: bool,
    ) -> PyResult<Report> {
        let [parameters, instance_parameters] =
            [parameters, instance_parameters].map(|given| given.unwrap_or_default().0);
        let instances = instances.map(|it| it.0).unwrap_or_default();
        let workflow = workflow.map(|it| it.0);
        let spec = ReportSpec {
            name,
            workflow,
            sql,
            instances,
            window,
            timezone: timezone.to_owned(),
            parameters,
            instance_parameters,
            description,
            is_active,
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.save_report(spec).await }).map(Report::from)
    }

    /// Finds a report by either id, or by name.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    ///
    /// Returns
    /// -------
    /// Report
    ///     The report.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.report("Monday") == report
    /// True
    #[pyo3(signature = (report: "Report | str"))]
    fn report(&self, py: Python<'_>, report: ReportRef) -> PyResult<Report> {
        let fleet = self.open()?;
        wait(py, async move { fleet.report(&report.0).await }).map(Report::from)
    }

    /// Lists reports by name, each with what became of its runs.
    ///
    /// Parameters
    /// ----------
    /// text : str, optional
    ///     Only those with this text in their name or description.
    /// is_active : bool, optional
    ///     Only those that may run, or may not.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of ReportOverview
    ///     The reports.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.reports(text="mon")[0].report.name
    /// 'Monday'
    #[pyo3(signature = (*, text = None, is_active = None, limit = None, offset = 0))]
    fn reports(
        &self,
        py: Python<'_>,
        text: Option<String>,
        is_active: Option<bool>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<ReportOverview>> {
        let filter = ReportFilter { text, is_active };
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.reports(&filter, page(limit, offset)).await })?;
        Ok(found.items.into_iter().map(ReportOverview::from).collect())
    }

    /// Lets a report run again.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.activate_report("Monday")
    #[pyo3(signature = (report: "Report | str"))]
    fn activate_report(&self, py: Python<'_>, report: ReportRef) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.activate_report(&report.0, true).await })
    }

    /// Lets a report run no more; its schedules pass over their ticks meanwhile.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.deactivate_report("Monday")
    #[pyo3(signature = (report: "Report | str"))]
    fn deactivate_report(&self, py: Python<'_>, report: ReportRef) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.activate_report(&report.0, false).await })
    }

    /// Puts a report away: it is found and listed no more, its schedules fire no more, and its runs stay.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.archive_report(report)
    #[pyo3(signature = (report: "Report | str"))]
    fn archive_report(&self, py: Python<'_>, report: ReportRef) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.archive_report(&report.0).await })
    }

    /// Runs a report now; clients that are gone or cannot run a query are left out and named in ``skipped``.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// instances : iterable of Instance or str, mapping, or "all", optional
    ///     What it runs on; what the report says if not given.
    /// window : str, optional
    ///     The window; the report's if not given.
    /// parameters : dict, optional
    ///     Values over those of the report.
    /// key : str, optional
    ///     The same key with the same content gives the same run.
    /// triggered_by : {"manual", "api"}, default "manual"
    ///     What asks for it: a person, or another program.
    /// reuse : bool, default False
    ///     Whether it may take results of runs that ask AMC the same, as in ``run_batch``.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     The run.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// ConflictError
    ///     ``report_inactive``.
    /// InvalidInputError
    ///     As for ``run_batch``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.run_report("Monday").wait().status().status
    /// 'completed'
    #[pyo3(signature = (report: "Report | str", *, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, window = None, parameters: "Mapping[str, Any] | None" = None, key = None, triggered_by: "Literal['manual', 'api']" = "manual", reuse = false))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn run_report(
        &self,
        py: Python<'_>,
        report: ReportRef,
        instances: Option<Chosen>,
        window: Option<String>,
        parameters: Option<Values>,
        key: Option<String>,
        triggered_by: &str,
        reuse: bool,
    ) -> PyResult<Batch> {
        let spec = ReportRunSpec {
            instances: instances.map(|it| it.0),
            window,
            parameters: parameters.unwrap_or_default().0,
            key,
            triggered_by: word(triggered_by)?,
            reuse,
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.run_report(&report.0, spec).await }).and_then(Batch::new)
    }

    /// Lists the runs of a report, newest first.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Batch
    ///     The runs.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> isinstance(fleet.report_runs("Monday"), list)
    /// True
    #[pyo3(signature = (report: "Report | str", *, limit = None, offset = 0))]
    fn report_runs(
        &self,
        py: Python<'_>,
        report: ReportRef,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Batch>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.report_runs(&report.0, page(limit, offset)).await })?;
        found.items.into_iter().map(Batch::new).collect()
    }
}
