//! Days and milliseconds. A day is counted from 1970-01-01 UTC, an instant is milliseconds since then.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;
/// Milliseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000;
/// Days over which a base table has its full number of rows.
const MONTH: i64 = 30;

/// The day of an instant.
pub(crate) fn day_of(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// The days that a half-open span of instants touches.
pub(crate) fn days(start: i64, end: i64) -> std::ops::Range<i64> {
    day_of(start)..day_of(end - 1) + 1
}

/// How many rows a base table has on a day, so that any 30 days in a row have exactly `rows`.
pub(crate) fn rows_on(day: i64, rows: u64) -> u64 {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX / 100_000_000);
    let until = |day: i64| (day * rows).div_euclid(MONTH);
    u64::try_from(until(day + 1) - until(day)).unwrap_or_default()
}

/// Moves an instant to the wall clock of a zone.
pub(crate) fn local(at: i64, zone: &TimeZone) -> i64 {
    Timestamp::from_millisecond(at)
        .map(|instant| at + i64::from(zone.to_offset(instant).seconds()) * 1000)
        .unwrap_or(at)
}

/// The day of the month, 1 to 31.
pub(crate) fn day_of_month(at: i64) -> i64 {
    date(at).map_or(1, |date| i64::from(date.day()))
}

/// The month, 1 to 12.
pub(crate) fn month(at: i64) -> i64 {
    date(at).map_or(1, |date| i64::from(date.month()))
}

/// Whether snapshots are taken on the day: the first Thursday of a month.
pub(crate) fn is_snapshot(day: i64) -> bool {
    date(day * DAY).is_some_and(|date| date.day() <= 7 && date.weekday() == jiff::civil::Weekday::Thursday)
}

/// The Saturday that ends the week of an instant.
pub(crate) fn week_end(at: i64) -> i64 {
    let to_saturday = date(at).map_or(0, |date| 6 - i64::from(date.weekday().to_sunday_zero_offset()));
    at + to_saturday * DAY
}

/// The same instant a month later.
pub(crate) fn month_later(at: i64) -> i64 {
    let later = date(at).and_then(|date| date.checked_add(1.month()).ok());
    later
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
        .map_or(at, |zoned| zoned.timestamp().as_millisecond())
}

fn date(at: i64) -> Option<jiff::civil::Date> {
    Timestamp::from_millisecond(at).ok().map(|instant| instant.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_thirty_days_have_all_rows() {
        for start in 20_000..20_060 {
            assert_eq!((start..start + 30).map(|day| rows_on(day, 5_003)).sum::<u64>(), 5_003);
        }
    }

    #[test]
    fn half_open_spans_end_before_midnight() {
        assert_eq!(days(0, DAY), 0..1);
        assert_eq!(days(0, DAY + 1), 0..2);
    }

    #[test]
    fn snapshots_fall_on_the_first_thursday() {
        // 2025-10-02 is a Thursday; so is 2025-10-09.
        assert!(is_snapshot(20_363));
        assert!(!is_snapshot(20_370));
    }
}
