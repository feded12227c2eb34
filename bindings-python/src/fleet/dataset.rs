//! The dataset of a report.

use pyo3::prelude::*;

use super::Fleet;
use crate::batch::taken;
use crate::results::Results;
use crate::runtime::wait;
use crate::standing::{DayGiven, ReportRef};

#[pymethods]
impl Fleet {
    /// One series over the ticks and backfills of a report: of each instance and window the newest run, a mature one
    /// where there is one, and no day of an instance twice.
    ///
    /// Rows carry ``_segment_start``, ``_segment_end`` and ``_provisional``: whether AMC was asked before the data of
    /// the window were complete. Of windows that overlap the longer is taken, of equally long ones the newer; windows
    /// that reach over an end of the range are left out. What was left out, and which days nothing covers, is said in
    /// ``summary().notes``.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// start : date or str
    ///     The first day.
    /// end : date or str
    ///     The day after the last.
    /// missing : {"raise", "include"}, default "raise"
    ///     What to do about windows without a result: refuse, or give what there is.
    /// drift : {"union", "by_name", "strict"}, default "union"
    ///     What to do when results differ in their columns, as for ``Batch.results``.
    /// region : bool, default False
    ///     Whether to add ``_region``.
    /// segment : bool, default False
    ///     Whether to add ``_segment``, the window in days of its zone.
    /// execution_id : bool, default False
    ///     Whether to add ``_execution_id``.
    ///
    /// Returns
    /// -------
    /// Results
    ///     The series, by instance and by time.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// InvalidInputError
    ///     ``date_invalid``, ``range_empty``, ``schema_drift``.
    /// IncompleteError
    ///     ``results_incomplete``, naming instances, unless ``missing`` is ``include``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> history = fleet.wait_backfill(history)
    /// >>> fleet.dataset("Monday", "2025-09-01", "2025-09-15").summary().complete
    /// '6 of 6'
    #[pyo3(signature = (report: "Report | str", start: "date | str", end: "date | str", *, missing: "Literal['raise', 'include']" = "raise", drift: "Literal['union', 'by_name', 'strict']" = "union", region = false, segment = false, execution_id = false))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn dataset(
        &self,
        py: Python<'_>,
        report: ReportRef,
        start: DayGiven,
        end: DayGiven,
        missing: &str,
        drift: &str,
        region: bool,
        segment: bool,
        execution_id: bool,
    ) -> PyResult<Results> {
        let options = taken(missing, drift, [region, segment, execution_id])?;
        let (start, end) = (start.day()?, end.day()?);
        let fleet = self.open()?;
        wait(py, async move { fleet.dataset(&report.0, start, end, options).await }).and_then(Results::new)
    }
}
