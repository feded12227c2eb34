//! When standing work runs and over which days: functions that need no fleet.

use amc_fleet::Result;
use amc_fleet::scheduler::{self, Day, Instant};
use chrono::{DateTime, SecondsFormat, Utc};
use napi::{Either, JsDate};
use napi_derive::napi;

use crate::error::host;
use crate::record::Host;
use crate::run::word;

/// A day, week, month or quarter of a range: from `start` up to but not including `end`.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Segment {
    /// The first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// The days in words, for example `12–18 Jan 2026`.
    pub name: String,
    /// Whether the range cut it short.
    pub is_partial: bool,
}

impl Host<Segment> for scheduler::Segment {
    fn host(self) -> Segment {
        let Self { window, is_partial } = self;
        Segment { start: window.start_utc(), end: window.end_utc(), name: window.label(), is_partial }
    }
}

/// Lists the next `count` runs of a schedule strictly after `after`, in order.
///
/// The expression is five cron fields (`0 6 * * MON`) in local time of `timezone`, or words: `daily at 06:30`,
/// `weekly on Monday at 06:00`, `monthly on last`, `quarterly`, `@hourly`. Changes of clocks are handled as Debian's cron
/// does: a fixed time that is skipped runs when the clocks have gone forward, one that comes twice runs the first time.
///
/// ```js
/// nextRuns("30 2 * * *", "America/New_York", new Date("2026-03-07T12:00:00Z"), 1);
/// // [ 2026-03-08T07:00:00.000Z ], as 02:30 of that day does not exist
/// ```
///
/// # Errors
/// `cron_invalid` with its column, `cron_never`, `zone_unknown`, `too_many_runs`.
#[napi]
pub fn next_runs(
    expression: String,
    timezone: String,
    after: JsDate<'_>,
    count: u32,
) -> napi::Result<Vec<DateTime<Utc>>> {
    let zone = timezone.parse().map_err(host)?;
    let after = iso(after)?.parse::<Instant>().map_err(host)?.0;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    scheduler::next_runs(&expression, &zone, after, count).map_err(host)
}

/// Says a schedule in plain words.
///
/// ```js
/// describe("0 6 * * MON"); // At 06:00, on Monday.
/// ```
///
/// # Errors
/// `cron_invalid` with its column, `cron_never`.
#[napi]
pub fn describe(expression: String) -> napi::Result<String> {
    scheduler::describe(&expression).map_err(host)
}

/// Cuts the days from `start` up to but not including `end` into segments of the calendar, oldest first.
///
/// Bounds are local midnights of `timezone`; one that a change of clocks skips is the moment of the change. Segments
/// neither overlap nor leave a gap; weeks begin on Monday. A day is `2026-01-07`, or the `Date` made of that. A first or
/// last segment that the range cuts is kept, or left out with `partial = "drop"`.
///
/// ```js
/// segments("2026-01-07", "2026-01-20", "weekly", "Europe/Berlin").map(({ name }) => name);
/// // [ '7–11 Jan 2026', '12–18 Jan 2026', '19 Jan 2026' ]
/// ```
///
/// # Errors
/// `date_invalid`, `range_empty`, `range_too_long`, `segment_type_unknown`, `partial_unknown`, `zone_unknown`.
#[napi]
pub fn segments(
    start: Either<String, JsDate<'_>>,
    end: Either<String, JsDate<'_>>,
    #[napi(ts_arg_type = "'daily' | 'weekly' | 'monthly' | 'quarterly'")] segment_type: String,
    timezone: String,
    #[napi(ts_arg_type = "'keep' | 'drop'")] partial: Option<String>,
) -> napi::Result<Vec<Segment>> {
    let (start, end) = (text(start)?, text(end)?);
    cut(&start, &end, &segment_type, &timezone, partial).map(Host::host).map_err(host)
}

fn cut(
    start: &str,
    end: &str,
    segment_type: &str,
    timezone: &str,
    partial: Option<String>,
) -> Result<Vec<scheduler::Segment>> {
    let (start, end) = (start.parse::<Day>()?, end.parse::<Day>()?);
    scheduler::segments(start.0, end.0, segment_type.parse()?, &timezone.parse()?, word(partial)?)
}

pub(crate) fn text(given: Either<String, JsDate<'_>>) -> napi::Result<String> {
    match given {
        Either::A(text) => Ok(text),
        Either::B(date) => iso(date),
    }
}

pub(crate) fn instant(given: Option<Either<String, JsDate<'_>>>) -> napi::Result<Option<DateTime<Utc>>> {
    let read = |given| text(given)?.parse::<Instant>().map(|instant| instant.0).map_err(host);
    given.map(read).transpose()
}

/// A `Date` as its `toISOString()` says it; one that is none says so.
#[expect(clippy::cast_possible_truncation, reason = "a Date counts whole milliseconds, far below 2^53")]
fn iso(date: JsDate<'_>) -> napi::Result<String> {
    let instant = Some(date.value_of()?).filter(|it| it.is_finite());
    let instant = instant.and_then(|milliseconds| DateTime::from_timestamp_millis(milliseconds as i64));
    Ok(instant.map_or("Invalid Date".to_owned(), |it| it.to_rfc3339_opts(SecondsFormat::Millis, true)))
}
