//! Backfills.

use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Chosen, Span, page};
use crate::records::{Backfill, BackfillPlan, BackfillSegment};
use crate::runtime::wait;
use crate::standing::{BackfillRef, DayGiven, Range, ReportRef};

#[pymethods]
impl Fleet {
    /// Says what a backfill would do, and writes nothing.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// start : date or str
    ///     The first day.
    /// segment_type : {"daily", "weekly", "monthly", "quarterly"}
    ///     How long a segment is; weeks begin on Monday.
    /// end : date or str, optional
    ///     The day after the last; today if not given.
    /// instances : iterable of Instance or str, mapping, or "all", optional
    ///     What it runs on; what the report says if not given.
    /// timezone : str, optional
    ///     The zone whose days they are: a name, or ``instance``; the report's if not given.
    /// partial : {"keep", "drop"}, default "keep"
    ///     What becomes of a first or last segment that the range cuts.
    /// order : {"oldest_first", "newest_first"}, default "oldest_first"
    ///     Which segments go first; AMC forgets the oldest first.
    /// parallelism : int, optional
    ///     How many segments run at once; 5 if not given.
    /// retries : int, optional
    ///     How often a segment that failed is tried again by itself; twice if not given.
    /// max_days : int, optional
    ///     The most days it may have; 365 if not given.
    ///
    /// Returns
    /// -------
    /// BackfillPlan
    ///     Its segments, its runs, and how long it takes.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// ConflictError
    ///     ``report_inactive``.
    /// InvalidInputError
    ///     ``date_invalid``, ``range_empty``, ``range_in_future``, ``segment_type_unknown``, ``zone_unknown``,
    ///     ``no_instances``.
    /// TooLargeError
    ///     ``range_too_long``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.plan_backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// <BackfillPlan 2 segments, 6 runs>
    #[pyo3(signature = (report: "Report | str", *, start: "date | str", segment_type: "Literal['daily', 'weekly', 'monthly', 'quarterly']", end: "date | str | None" = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, timezone = None, partial: "Literal['keep', 'drop']" = "keep", order: "Literal['oldest_first', 'newest_first']" = "oldest_first", parallelism = None, retries = None, max_days = None))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn plan_backfill(
        &self,
        py: Python<'_>,
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
    ) -> PyResult<BackfillPlan> {
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
        let fleet = self.open()?;
        wait(py, async move { fleet.plan_backfill(&report.0, &spec).await }).map(BackfillPlan::from)
    }

    /// Runs the history of a report: each segment once for each instance, behind all other work.
    ///
    /// Asked for again with the same content it is the same backfill, and goes on where it was.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// start : date or str
    ///     The first day.
    /// segment_type : {"daily", "weekly", "monthly", "quarterly"}
    ///     How long a segment is; weeks begin on Monday.
    /// end : date or str, optional
    ///     The day after the last; today if not given.
    /// instances : iterable of Instance or str, mapping, or "all", optional
    ///     What it runs on; what the report says if not given.
    /// timezone : str, optional
    ///     The zone whose days they are: a name, or ``instance``; the report's if not given.
    /// partial : {"keep", "drop"}, default "keep"
    ///     What becomes of a first or last segment that the range cuts.
    /// order : {"oldest_first", "newest_first"}, default "oldest_first"
    ///     Which segments go first; AMC forgets the oldest first.
    /// parallelism : int, optional
    ///     How many segments run at once; 5 if not given.
    /// retries : int, optional
    ///     How often a segment that failed is tried again by itself; twice if not given.
    /// max_days : int, optional
    ///     The most days it may have; 365 if not given.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// ConflictError
    ///     ``report_inactive``.
    /// InvalidInputError
    ///     ``date_invalid``, ``range_empty``, ``range_in_future``, ``segment_type_unknown``, ``zone_unknown``,
    ///     ``no_instances``.
    /// TooLargeError
    ///     ``range_too_long``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> history.total
    /// 6
    #[pyo3(signature = (report: "Report | str", *, start: "date | str", segment_type: "Literal['daily', 'weekly', 'monthly', 'quarterly']", end: "date | str | None" = None, instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None, timezone = None, partial: "Literal['keep', 'drop']" = "keep", order: "Literal['oldest_first', 'newest_first']" = "oldest_first", parallelism = None, retries = None, max_days = None))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn backfill(
        &self,
        py: Python<'_>,
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
    ) -> PyResult<Backfill> {
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
        let fleet = self.open()?;
        wait(py, async move { fleet.backfill(&report.0, &spec).await }).map(Backfill::from)
    }

    /// Says where a backfill stands.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands now.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.backfill_status(history).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn backfill_status(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Backfill> {
        let fleet = self.open()?;
        wait(py, async move { fleet.backfill_report(&backfill.0).await }).map(Backfill::from)
    }

    /// Waits until nothing of a backfill is left to do, but for provisional segments; it goes on either way.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    /// timeout : float or timedelta, optional
    ///     How long to wait at most; without end if not given.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    /// RemoteTimeoutError
    ///     ``wait_timed_out``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.wait_backfill(history).status
    /// 'completed'
    #[pyo3(signature = (backfill: "Backfill | str", *, timeout: "float | timedelta | None" = None))]
    fn wait_backfill(
        &self,
        py: Python<'_>,
        backfill: BackfillRef,
        timeout: Option<Span>,
    ) -> PyResult<Backfill> {
        let fleet = self.open()?;
        let timeout = timeout.map(|it| it.0);
        wait(py, async move { fleet.wait_backfill(&backfill.0, timeout).await }).map(Backfill::from)
    }

    /// Lists backfills, newest first, of one report or of all.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str, optional
    ///     The report; all if not given.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Backfill
    ///     The backfills.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> len(fleet.backfills("Monday")) > 0
    /// True
    #[pyo3(signature = (report: "Report | str | None" = None, *, limit = None, offset = 0))]
    fn backfills(
        &self,
        py: Python<'_>,
        report: Option<ReportRef>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Backfill>> {
        let fleet = self.open()?;
        let found = wait(py, async move {
            fleet.backfills(report.as_ref().map(|it| it.0.as_str()), page(limit, offset)).await
        })?;
        Ok(found.items.into_iter().map(Backfill::from).collect())
    }

    /// Lists the segments of a backfill and where their data come from, oldest first.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// list of BackfillSegment
    ///     One for each segment and instance.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> [it.first_day for it in fleet.backfill_segments(history)][::3]
    /// ['2025-09-01', '2025-09-08']
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn backfill_segments(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Vec<BackfillSegment>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.backfill_segments(&backfill.0).await })?;
        Ok(found.into_iter().map(BackfillSegment::from).collect())
    }

    /// Pauses a backfill: what runs is finished, nothing more is started.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    /// ConflictError
    ///     ``backfill_cancelled``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.pause_backfill(history).status
    /// 'paused'
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn pause_backfill(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Backfill> {
        let fleet = self.open()?;
        wait(py, async move { fleet.pause_backfill(&backfill.0).await }).map(Backfill::from)
    }

    /// Goes on with a paused backfill.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    /// ConflictError
    ///     ``backfill_cancelled``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.resume_backfill(history).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn resume_backfill(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Backfill> {
        let fleet = self.open()?;
        wait(py, async move { fleet.resume_backfill(&backfill.0).await }).map(Backfill::from)
    }

    /// Tries the segments of a backfill again that failed, and only those.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.retry_backfill(history).total
    /// 6
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn retry_backfill(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Backfill> {
        let fleet = self.open()?;
        wait(py, async move { fleet.retry_backfill(&backfill.0).await }).map(Backfill::from)
    }

    /// Cancels a backfill: nothing more is started, and what runs is cancelled too.
    ///
    /// Parameters
    /// ----------
    /// backfill : Backfill or str
    ///     The backfill, by itself or by its id.
    ///
    /// Returns
    /// -------
    /// Backfill
    ///     Where it stands.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_backfill``.
    /// ConflictError
    ///     ``backfill_cancelled``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> history = fleet.backfill("Monday", start="2025-09-01", end="2025-09-15",
    /// ...     segment_type="weekly", max_days=10_000)
    /// >>> fleet.cancel_backfill(history).status
    /// 'cancelled'
    #[pyo3(signature = (backfill: "Backfill | str"))]
    fn cancel_backfill(&self, py: Python<'_>, backfill: BackfillRef) -> PyResult<Backfill> {
        let fleet = self.open()?;
        wait(py, async move { fleet.cancel_backfill(&backfill.0).await }).map(Backfill::from)
    }
}
