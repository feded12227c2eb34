//! Reports, awaited.

use std::sync::Arc;

use amc_fleet::{ReportFilter, ReportRunSpec, ReportSpec};
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Chosen, Values, WorkflowRef, page, word};
use crate::async_batch::AsyncBatch;
use crate::records::{Report, ReportOverview};
use crate::runtime::{awaitable, nothing};
use crate::standing::ReportRef;

#[pymethods]
impl AsyncFleet {
    /// Saves a report by name; one of the same name is updated and keeps its id; see ``Fleet.save_report``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")).name
    /// 'Monday'
    #[pyo3(signature = (name, *, workflow: "Workflow | str | None" = None, sql = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']" = None, window = None, timezone = "UTC", parameters: "Mapping[str, Any] | None" = None, instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None, description = None, is_active = true) -> "Awaitable[Report]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_report<'py>(
        &self,
        py: Python<'py>,
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
    ) -> PyResult<Bound<'py, PyAny>> {
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
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.save_report(spec).await };
        awaitable(py, call, |found| Ok(Report::from(found)))
    }

    /// Finds a report by either id, or by name; see ``Fleet.report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> (await fleet.report("Monday")) == report
    /// True
    #[pyo3(signature = (report: "Report | str") -> "Awaitable[Report]")]
    fn report<'py>(&self, py: Python<'py>, report: ReportRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.report(&report.0).await };
        awaitable(py, call, |found| Ok(Report::from(found)))
    }

    /// Lists reports by name, each with what became of its runs; see ``Fleet.reports``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> (await fleet.reports(text="mon"))[0].report.name
    /// 'Monday'
    #[pyo3(signature = (*, text = None, is_active = None, limit = None, offset = 0) -> "Awaitable[list[ReportOverview]]")]
    fn reports<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        is_active: Option<bool>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = ReportFilter { text, is_active };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.reports(&filter, page(limit, offset)).await };
        awaitable(py, call, |found| Ok(found.items.into_iter().map(ReportOverview::from).collect::<Vec<_>>()))
    }

    /// Lets a report run again; see ``Fleet.activate_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> await fleet.activate_report("Monday")
    #[pyo3(signature = (report: "Report | str") -> "Awaitable[None]")]
    fn activate_report<'py>(&self, py: Python<'py>, report: ReportRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.activate_report(&report.0, true).await };
        awaitable(py, call, nothing)
    }

    /// Lets a report run no more; its schedules pass over their ticks meanwhile; see ``Fleet.deactivate_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> await fleet.deactivate_report("Monday")
    #[pyo3(signature = (report: "Report | str") -> "Awaitable[None]")]
    fn deactivate_report<'py>(&self, py: Python<'py>, report: ReportRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.activate_report(&report.0, false).await };
        awaitable(py, call, nothing)
    }

    /// Puts a report away; see ``Fleet.archive_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> await fleet.archive_report(report)
    #[pyo3(signature = (report: "Report | str") -> "Awaitable[None]")]
    fn archive_report<'py>(&self, py: Python<'py>, report: ReportRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.archive_report(&report.0).await };
        awaitable(py, call, nothing)
    }

    /// Runs a report now; clients that are gone or cannot run a query are left out and named in ``skipped``; see
    /// ``Fleet.run_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> batch = await (await fleet.run_report("Monday")).wait()
    /// >>> (await batch.status()).status
    /// 'completed'
    #[pyo3(signature = (report: "Report | str", *, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, window = None, parameters: "Mapping[str, Any] | None" = None, key = None, triggered_by: "Literal['manual', 'api']" = "manual", reuse = false) -> "Awaitable[AsyncBatch]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn run_report<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        instances: Option<Chosen>,
        window: Option<String>,
        parameters: Option<Values>,
        key: Option<String>,
        triggered_by: &str,
        reuse: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let spec = ReportRunSpec {
            instances: instances.map(|it| it.0),
            window,
            parameters: parameters.unwrap_or_default().0,
            key,
            triggered_by: word(triggered_by)?,
            reuse,
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.run_report(&report.0, spec).await };
        awaitable(py, call, AsyncBatch::new)
    }

    /// Lists the runs of a report, newest first; see ``Fleet.report_runs``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> isinstance((await fleet.report_runs("Monday")), list)
    /// True
    #[pyo3(signature = (report: "Report | str", *, limit = None, offset = 0) -> "Awaitable[list[AsyncBatch]]")]
    fn report_runs<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.report_runs(&report.0, page(limit, offset)).await };
        awaitable(py, call, |found| {
            found.items.into_iter().map(AsyncBatch::new).collect::<PyResult<Vec<_>>>()
        })
    }
}
