//! When standing work runs and over which days: functions that need no fleet.

use amc_fleet::model::Zone;
use amc_fleet::scheduler::{self, Day, Instant, Partial, SegmentType};
use chrono::{DateTime, Utc};
use pyo3::prelude::*;

use crate::arguments::word;
use crate::errors::python;
use crate::records::{Plain, Segment};

/// Lists the next runs of a schedule.
///
/// Changes of clocks are handled as Debian's cron does: a fixed time that is skipped runs when the clocks have gone
/// forward, one that comes twice runs the first time.
///
/// Parameters
/// ----------
/// expression : str
///     Five cron fields (``"0 6 * * MON"``), or words: ``"daily at 06:30"``, ``"weekly on Monday at 06:00"``,
///     ``"monthly on 15"``, ``"monthly on last"``, ``"quarterly"``, ``"@hourly"``.
/// timezone : str
///     The zone in whose local time it fires, an IANA name such as ``"Europe/Berlin"``.
/// after : datetime or str
///     The instant after which to begin, not included; a datetime has a tzinfo, a text an offset.
/// count : int
///     How many, at most 10,000.
///
/// Returns
/// -------
/// list of datetime
///     In order, each aware and in UTC.
///
/// Raises
/// ------
/// InvalidInputError
///     ``cron_invalid`` with its column, ``cron_never``, ``zone_unknown``, ``instant_naive``, ``instant_invalid``.
/// TooLargeError
///     ``too_many_runs``.
///
/// Examples
/// --------
/// >>> for run in amc_fleet.next_runs("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2):
/// ...     print(run.isoformat())  # 02:30 of the 8th does not exist
/// 2026-03-08T07:00:00+00:00
/// 2026-03-09T06:30:00+00:00
#[pyfunction]
#[pyo3(signature = (expression, timezone, after: "datetime | str", count: "int") -> "list[datetime]")]
pub(crate) fn next_runs(
    expression: &str,
    timezone: &str,
    after: &Bound<'_, PyAny>,
    count: usize,
) -> PyResult<Vec<DateTime<Utc>>> {
    let (zone, after) = (word::<Zone>(timezone)?, word::<Instant>(&text(after)?)?);
    scheduler::next_runs(expression, &zone, after.0, count).map_err(python)
}

/// Says a schedule in plain words.
///
/// Parameters
/// ----------
/// expression : str
///     As for ``next_runs``.
///
/// Returns
/// -------
/// str
///     One sentence.
///
/// Raises
/// ------
/// InvalidInputError
///     ``cron_invalid`` with its column, ``cron_never``.
///
/// Examples
/// --------
/// >>> amc_fleet.describe("0 6 * * MON")
/// 'At 06:00, on Monday.'
#[pyfunction]
pub(crate) fn describe(expression: &str) -> PyResult<String> {
    scheduler::describe(expression).map_err(python)
}

/// Cuts a range of days into segments of the calendar, oldest first.
///
/// Bounds are local midnights; one that a change of clocks skips is the moment of the change. Segments neither overlap
/// nor leave a gap.
///
/// Parameters
/// ----------
/// start : date or str
///     The first day.
/// end : date or str
///     The day after the last.
/// segment_type : {"daily", "weekly", "monthly", "quarterly"}
///     How long a segment is; weeks begin on Monday.
/// timezone : str
///     The zone whose days they are, an IANA name.
/// partial : {"keep", "drop"}, default "keep"
///     What becomes of a first or last segment that the range cuts.
///
/// Returns
/// -------
/// list of Segment
///     The segments.
///
/// Raises
/// ------
/// InvalidInputError
///     ``date_invalid``, ``range_empty``, ``segment_type_unknown``, ``partial_unknown``, ``zone_unknown``.
/// TooLargeError
///     ``range_too_long``: over a hundred years.
///
/// Examples
/// --------
/// >>> weeks = amc_fleet.segments("2026-01-07", "2026-01-20", "weekly", "Europe/Berlin")
/// >>> [week.name for week in weeks]
/// ['7–11 Jan 2026', '12–18 Jan 2026', '19 Jan 2026']
#[pyfunction]
#[pyo3(signature = (
    start: "date | str",
    end: "date | str",
    segment_type: "Literal['daily', 'weekly', 'monthly', 'quarterly'] | str",
    timezone,
    partial: "Literal['keep', 'drop'] | str" = "keep",
) -> "list[Segment]")]
pub(crate) fn segments(
    start: &Bound<'_, PyAny>,
    end: &Bound<'_, PyAny>,
    segment_type: &str,
    timezone: &str,
    partial: &str,
) -> PyResult<Vec<Segment>> {
    let (start, end) = (word::<Day>(&text(start)?)?, word::<Day>(&text(end)?)?);
    let (kind, partial) = (word::<SegmentType>(segment_type)?, word::<Partial>(partial)?);
    let found = scheduler::segments(start.0, end.0, kind, &word::<Zone>(timezone)?, partial);
    found.map(Plain::plain).map_err(python)
}

/// A date or datetime as ISO text says it; a text as it is.
fn text(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.hasattr("isoformat")? {
        true => given.call_method0("isoformat")?.extract(),
        false => given.extract(),
    }
}
