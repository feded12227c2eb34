//! Backfills, awaited.

use std::sync::Arc;

use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Chosen, Span, page};
use crate::records::{Backfill, BackfillPlan, BackfillSegment};
use crate::runtime::awaitable;
use crate::standing::{BackfillRef, DayGiven, Range, ReportRef};

#[pymethods]
impl AsyncFleet {
    /// Says what a backfill would do, and writes nothing; see ``Fleet.plan_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> await fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// <BackfillPlan 2 segments, 6 runs>
    #[pyo3(signature = (report: "Report | str", *, start: "date | str", segment_type: "Literal['daily', 'weekly', 'monthly', 'quarterly']", end: "date | str | None" = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, timezone = None, partial: "Literal['keep', 'drop']" = "keep", order: "Literal['oldest_first', 'newest_first']" = "oldest_first", parallelism = None, retries = None, max_days = None) -> "Awaitable[BackfillPlan]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn plan_backfill<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        start: DayGiven,
        segment_type: String,
        end: Option<DayGiven>,
        instances: Option<Chosen>,
        timezone: Option<String>,
        partial: &str,
        order: &str,
        parallelism: Option<u32>,
        retries: Option<u32>,
        max_days: Option<u32>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let range = Range {
            start,
            segment_type,
            end,
            instances,
            timezone,
            partial,
            order,
            parallelism,
            retries,
            max_days,
        };
        let spec = range.spec()?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.plan_backfill(&report.0, &spec).await };
        awaitable(py, call, |found| Ok(BackfillPlan::from(found)))
    }

    /// Runs the history of a report; see ``Fleet.backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> history.total
    /// 6
    #[pyo3(signature = (report: "Report | str", *, start: "date | str", segment_type: "Literal['daily', 'weekly', 'monthly', 'quarterly']", end: "date | str | None" = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, timezone = None, partial: "Literal['keep', 'drop']" = "keep", order: "Literal['oldest_first', 'newest_first']" = "oldest_first", parallelism = None, retries = None, max_days = None) -> "Awaitable[Backfill]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn backfill<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        start: DayGiven,
        segment_type: String,
        end: Option<DayGiven>,
        instances: Option<Chosen>,
        timezone: Option<String>,
        partial: &str,
        order: &str,
        parallelism: Option<u32>,
        retries: Option<u32>,
        max_days: Option<u32>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let range = Range {
            start,
            segment_type,
            end,
            instances,
            timezone,
            partial,
            order,
            parallelism,
            retries,
            max_days,
        };
        let spec = range.spec()?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.backfill(&report.0, &spec).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Says where a backfill stands; see ``Fleet.backfill_status``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.backfill_status(history)).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[Backfill]")]
    fn backfill_status<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.backfill_report(&backfill.0).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Waits until nothing of a backfill is left to do; see ``Fleet.wait_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.wait_backfill(history)).status
    /// 'completed'
    #[pyo3(signature = (backfill: "Backfill | str", *, timeout: "float | timedelta | None" = None) -> "Awaitable[Backfill]")]
    fn wait_backfill<'py>(
        &self,
        py: Python<'py>,
        backfill: BackfillRef,
        timeout: Option<Span>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let timeout = timeout.map(|it| it.0);
        let call = async move { lazy.fleet().await?.wait_backfill(&backfill.0, timeout).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Lists backfills, newest first, of one report or of all; see ``Fleet.backfills``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> len(await fleet.backfills("Monday")) > 0
    /// True
    #[pyo3(signature = (report: "Report | str | None" = None, *, limit = None, offset = 0) -> "Awaitable[list[Backfill]]")]
    fn backfills<'py>(
        &self,
        py: Python<'py>,
        report: Option<ReportRef>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move {
            lazy.fleet().await?.backfills(report.as_ref().map(|it| it.0.as_str()), page(limit, offset)).await
        };
        awaitable(py, call, |found| Ok(found.items.into_iter().map(Backfill::from).collect::<Vec<_>>()))
    }

    /// Lists the segments of a backfill and where their data come from, oldest first; see
    /// ``Fleet.backfill_segments``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> [it.first_day for it in (await fleet.backfill_segments(history))][::3]
    /// ['2025-09-01', '2025-09-08']
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[list[BackfillSegment]]")]
    fn backfill_segments<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.backfill_segments(&backfill.0).await };
        awaitable(py, call, |found| Ok(found.into_iter().map(BackfillSegment::from).collect::<Vec<_>>()))
    }

    /// Pauses a backfill; see ``Fleet.pause_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.pause_backfill(history)).status
    /// 'paused'
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[Backfill]")]
    fn pause_backfill<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.pause_backfill(&backfill.0).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Goes on with a paused backfill; see ``Fleet.resume_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.resume_backfill(history)).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[Backfill]")]
    fn resume_backfill<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.resume_backfill(&backfill.0).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Tries the segments of a backfill again that failed, and only those; see ``Fleet.retry_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.retry_backfill(history)).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[Backfill]")]
    fn retry_backfill<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.retry_backfill(&backfill.0).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }

    /// Cancels a backfill; see ``Fleet.cancel_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> (await fleet.cancel_backfill(history)).status
    /// 'cancelled'
    #[pyo3(signature = (backfill: "Backfill | str") -> "Awaitable[Backfill]")]
    fn cancel_backfill<'py>(&self, py: Python<'py>, backfill: BackfillRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.cancel_backfill(&backfill.0).await };
        awaitable(py, call, |found| Ok(Backfill::from(found)))
    }
}
