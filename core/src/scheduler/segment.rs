//! Calendar-aligned segments of a range of days.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::model::{Window, Zone};
use crate::{Error, ErrorKind, Result};

/// The longest range, in days; a hundred years.
const MOST_DAYS: i64 = 36_525;

/// How long a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentType {
    /// A local day.
    Daily,
    /// A week from Monday.
    Weekly,
    /// A calendar month.
    Monthly,
    /// A quarter from the 1st of January, April, July, October.
    Quarterly,
}

impl SegmentType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly];

    /// The stable name, equal in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }

    /// The first day of the whole segment that a day lies in.
    fn floor(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Daily => Some(day),
            Self::Weekly => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
            Self::Monthly => day.with_day(1),
            Self::Quarterly => day.with_day(1)?.with_month(day.month0() / 3 * 3 + 1),
        }
    }

    /// The first day of the segment after the one that begins on `first`.
    fn next(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Daily => first.succ_opt(),
            Self::Weekly => first.checked_add_days(Days::new(7)),
            Self::Monthly => first.checked_add_months(Months::new(1)),
            Self::Quarterly => first.checked_add_months(Months::new(3)),
        }
    }
}

impl fmt::Display for SegmentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SegmentType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            Error::invalid("segment_type_unknown", format!("{text:?} is no segment type"))
                .hint("daily, weekly, monthly or quarterly")
        })
    }
}

/// What becomes of a first or last segment that the range cuts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Partial {
    /// It is kept, shorter.
    #[default]
    Keep,
    /// It is left out.
    Drop,
}

impl FromStr for Partial {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "keep" => Ok(Self::Keep),
            "drop" => Ok(Self::Drop),
            _ => {
                Err(Error::invalid("partial_unknown", format!("{text:?} is no choice for partial segments"))
                    .hint("keep or drop"))
            }
        }
    }
}

/// One segment: a window, and whether the range cut it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its span, half-open.
    pub window: Window,
    /// Whether it is shorter than its calendar unit.
    pub is_partial: bool,
}

/// Cuts the days from `start` up to but not including `end` into segments of the calendar, oldest first.
///
/// Bounds are local midnights of `zone`; a midnight that a change of clocks skips is the moment of the change. Segments
/// neither overlap nor leave a gap. A local day that a zone skipped altogether is no segment.
///
/// ```
/// use amc_fleet::scheduler::{Partial, SegmentType, segments};
///
/// let (start, end) = ("2026-01-07".parse().unwrap(), "2026-01-20".parse().unwrap());
/// let weeks = segments(start, end, SegmentType::Weekly, &"Europe/Berlin".parse()?, Partial::Keep)?;
/// let names: Vec<String> = weeks.iter().map(|week| week.window.label()).collect();
/// assert_eq!(names, ["7–11 Jan 2026", "12–18 Jan 2026", "19 Jan 2026"]);
/// # Ok::<(), amc_fleet::Error>(())
/// ```
///
/// # Errors
/// `InvalidInput` (`range_empty`) when no day lies between the bounds; `TooLarge` (`range_too_long`) over a hundred years.
pub fn segments(
    start: NaiveDate,
    end: NaiveDate,
    segment_type: SegmentType,
    zone: &Zone,
    partial: Partial,
) -> Result<Vec<Segment>> {
    check(start, end)?;
    let mut segments = Vec::new();
    let mut first = segment_type.floor(start);
    while let Some(unit_start) = first.filter(|day| *day < end) {
        let unit_end = segment_type.next(unit_start).unwrap_or(end);
        let (from, to) = (unit_start.max(start), unit_end.min(end));
        let is_partial = (from, to) != (unit_start, unit_end);
        if let Some(window) = span(from, to, zone)?
            && !(is_partial && partial == Partial::Drop)
        {
            segments.push(Segment { window, is_partial });
        }
        first = Some(unit_end);
    }
    Ok(segments)
}

fn check(start: NaiveDate, end: NaiveDate) -> Result<()> {
    if start >= end {
        return Err(Error::invalid("range_empty", format!("no day lies between {start} and {end}"))
            .hint("the start must be earlier than the end, which is not included"));
    }
    if (end - start).num_days() > MOST_DAYS {
        let message = format!("{start} to {end} is longer than a hundred years");
        return Err(Error::new(ErrorKind::TooLarge, "range_too_long", message).hint("take a shorter range"));
    }
    Ok(())
}

/// The window of whole local days; none where the zone skipped them all.
fn span(from: NaiveDate, to: NaiveDate, zone: &Zone) -> Result<Option<Window>> {
    match Window::new(from.and_time(NaiveTime::MIN), to.and_time(NaiveTime::MIN), zone) {
        Ok(window) => Ok(Some(window)),
        Err(error) if error.code() == "window_empty" => Ok(None),
        Err(error) => Err(error),
    }
}
