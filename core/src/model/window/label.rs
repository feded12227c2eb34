//! A window's name for people.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use crate::Finding;

/// Names the span; days are named as people count them, the last one included.
pub(super) fn label(start: NaiveDateTime, end: NaiveDateTime) -> String {
    let last = end.date().checked_sub_days(Days::new(1));
    match last {
        Some(last) if is_midnight(start.time()) && is_midnight(end.time()) => days(start.date(), last),
        _ => format!("{} – {}", exact(start), exact(end)),
    }
}

/// A window from the first to the last day of a month, whose last day is not in it, was perhaps meant to have it.
pub(super) fn last_day_left_out(start: NaiveDateTime, end: NaiveDateTime) -> Option<Finding> {
    let next = end.date().checked_add_days(Days::new(1))?;
    let is_month =
        start.day() == 1 && next.day() == 1 && is_midnight(start.time()) && is_midnight(end.time());
    let message =
        || format!("the window ends where {} begins, so that day is not in it", end.format("%-d %b %Y"));
    is_month.then(|| {
        Finding::info("window_end_excluded", message())
            .fix(format!("end it with {next} to have the day in it"))
    })
}

fn days(first: NaiveDate, last: NaiveDate) -> String {
    let from = match () {
        () if first == last => return last.format("%-d %b %Y").to_string(),
        () if first.year() != last.year() => first.format("%-d %b %Y – "),
        () if first.month() != last.month() => first.format("%-d %b – "),
        () => first.format("%-d–"),
    };
    format!("{from}{}", last.format("%-d %b %Y"))
}

fn exact(moment: NaiveDateTime) -> String {
    let format = if moment.second() == 0 { "%-d %b %Y %H:%M" } else { "%-d %b %Y %H:%M:%S" };
    moment.format(format).to_string()
}

fn is_midnight(time: NaiveTime) -> bool {
    time == NaiveTime::MIN
}
