//! Schedules of reports, awaited.

use std::sync::Arc;

use amc_fleet::ScheduleSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Span, Values, page};
use crate::records::{Overdue, Schedule, Tick};
use crate::runtime::{awaitable, nothing};
use crate::standing::{InstantGiven, Policies, ReportRef, ScheduleRef};

#[pymethods]
impl AsyncFleet {
    /// Lets a report run by itself; see ``Fleet.schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> schedule.says
    /// 'At 06:00, on Monday.'
    #[pyo3(signature = (report: "Report | str", expression, *, timezone = None, window_timezone = None, parameters: "Mapping[str, Any] | None" = None, catch_up: "Literal['none', 'last', 'all'] | None" = None, catch_up_window: "float | timedelta | None" = None, overlap: "Literal['skip', 'queue', 'allow'] | None" = None, freshness: "Literal['wait', 'immediate'] | None" = None, jitter: "float | timedelta | None" = None, pause_after_failures = None, reuse = true) -> "Awaitable[Schedule]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn schedule<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        expression: String,
        timezone: Option<String>,
        window_timezone: Option<String>,
        parameters: Option<Values>,
        catch_up: Option<String>,
        catch_up_window: Option<Span>,
        overlap: Option<String>,
        freshness: Option<String>,
        jitter: Option<Span>,
        pause_after_failures: Option<u32>,
        reuse: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let policies = Policies {
            window_timezone,
            parameters,
            catch_up,
            catch_up_window,
            overlap,
            freshness,
            jitter,
            pause_after_failures,
            reuse,
        };
        let spec = ScheduleSpec { expression, timezone, options: policies.options()? };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.schedule_report(&report.0, spec).await };
        awaitable(py, call, |found| Ok(Schedule::from(found)))
    }

    /// Lists schedules, oldest first, of one report or of all; see ``Fleet.schedules``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> schedule in (await fleet.schedules("Monday"))
    /// True
    #[pyo3(signature = (report: "Report | str | None" = None, *, limit = None, offset = 0) -> "Awaitable[list[Schedule]]")]
    fn schedules<'py>(
        &self,
        py: Python<'py>,
        report: Option<ReportRef>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move {
            lazy.fleet().await?.schedules(report.as_ref().map(|it| it.0.as_str()), page(limit, offset)).await
        };
        awaitable(py, call, |found| Ok(found.items.into_iter().map(Schedule::from).collect::<Vec<_>>()))
    }

    /// Pauses a schedule; see ``Fleet.pause``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> await fleet.pause(schedule, "holidays")
    #[pyo3(signature = (schedule: "Schedule | str", note = None) -> "Awaitable[None]")]
    fn pause<'py>(
        &self,
        py: Python<'py>,
        schedule: ScheduleRef,
        note: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.pause(&schedule.0, note).await };
        awaitable(py, call, nothing)
    }

    /// Resumes a paused schedule; see ``Fleet.resume``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> await fleet.resume(schedule)
    #[pyo3(signature = (schedule: "Schedule | str") -> "Awaitable[None]")]
    fn resume<'py>(&self, py: Python<'py>, schedule: ScheduleRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.resume(&schedule.0).await };
        awaitable(py, call, nothing)
    }

    /// Puts a schedule away; see ``Fleet.archive_schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> await fleet.archive_schedule(schedule)
    #[pyo3(signature = (schedule: "Schedule | str") -> "Awaitable[None]")]
    fn archive_schedule<'py>(&self, py: Python<'py>, schedule: ScheduleRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.archive_schedule(&schedule.0).await };
        awaitable(py, call, nothing)
    }

    /// Lists the ticks of a schedule that were, newest first; see ``Fleet.ticks``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> await fleet.ticks(schedule)
    /// []
    #[pyo3(signature = (schedule: "Schedule | str", *, limit = 20) -> "Awaitable[list[Tick]]")]
    fn ticks<'py>(&self, py: Python<'py>, schedule: ScheduleRef, limit: u32) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.ticks(&schedule.0, limit).await };
        awaitable(py, call, |found| Ok(found.into_iter().map(Tick::from).collect::<Vec<_>>()))
    }

    /// Lists the next nominal times of a schedule; see ``Fleet.next_runs``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> (await fleet.next_runs(schedule, 1)) == [schedule.next_run_at]
    /// True
    #[pyo3(signature = (schedule: "Schedule | str", count = 5) -> "Awaitable[list[datetime]]")]
    fn next_runs<'py>(
        &self,
        py: Python<'py>,
        schedule: ScheduleRef,
        count: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.next_runs(&schedule.0, count).await };
        awaitable(py, call, Ok)
    }

    /// Lists what should have run by now and did not, the longest due first; see ``Fleet.overdue``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.overdue()
    /// []
    #[pyo3(signature = () -> "Awaitable[list[Overdue]]")]
    fn overdue<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.overdue().await };
        awaitable(py, call, |found| Ok(found.into_iter().map(Overdue::from).collect::<Vec<_>>()))
    }

    /// Fires a tick of a schedule now, for a nominal time; see ``Fleet.fire``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = await fleet.schedule("Monday", "weekly on Monday at 06:00", overlap="allow")
    /// >>> (await fleet.fire(schedule, "2025-09-08T06:00:00+00:00")).outcome
    /// 'fired'
    #[pyo3(signature = (schedule: "Schedule | str", nominal_at: "datetime | str") -> "Awaitable[Tick]")]
    fn fire<'py>(
        &self,
        py: Python<'py>,
        schedule: ScheduleRef,
        nominal_at: InstantGiven,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (lazy, nominal_at) = (Arc::clone(self.0.get()?), nominal_at.instant()?);
        let call = async move { lazy.fleet().await?.fire(&schedule.0, nominal_at).await };
        awaitable(py, call, |found| Ok(Tick::from(found)))
    }

    /// Fires every tick that is due at this moment, once; see ``Fleet.run_schedules``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.run_schedules()
    /// 0
    #[pyo3(signature = () -> "Awaitable[int]")]
    fn run_schedules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.run_schedules_once().await };
        awaitable(py, call, Ok)
    }
}
