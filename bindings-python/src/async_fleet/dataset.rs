//! The dataset of a report, awaited.

use std::sync::Arc;

use pyo3::prelude::*;

use super::AsyncFleet;
use crate::async_results::AsyncResults;
use crate::batch::taken;
use crate::runtime::awaitable;
use crate::standing::{DayGiven, ReportRef};

#[pymethods]
impl AsyncFleet {
    /// One series over the ticks and backfills of a report; see ``Fleet.dataset``.
    ///
    /// Examples
    /// --------
    /// >>> report = await fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = await fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> history = await fleet.wait_backfill(history)
    /// >>> (await fleet.dataset("Monday", "2025-09-01", "2025-09-15")).summary().complete
    /// '6 of 6'
    #[pyo3(signature = (report: "Report | str", start: "date | str", end: "date | str", *, missing: "Literal['raise', 'include']" = "raise", drift: "Literal['union', 'by_name', 'strict']" = "union", region = false, segment = false, execution_id = false) -> "Awaitable[AsyncResults]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn dataset<'py>(
        &self,
        py: Python<'py>,
        report: ReportRef,
        start: DayGiven,
        end: DayGiven,
        missing: &str,
        drift: &str,
        region: bool,
        segment: bool,
        execution_id: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = taken(missing, drift, [region, segment, execution_id])?;
        let (start, end) = (start.day()?, end.day()?);
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.dataset(&report.0, start, end, options).await };
        awaitable(py, call, AsyncResults::new)
    }
}
