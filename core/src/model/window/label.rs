//! A window's name for people.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Names the span; days are named as people count them, the last one included.
pub(super) fn label(start: NaiveDateTime, end: NaiveDateTime) -> String {
    let last = end.date().checked_sub_days(Days::new(1));
    match last {
        Some(last) if is_midnight(start.time()) && is_midnight(end.time()) => days(start.date(), last),
        _ => format!("{} – {}", exact(start), exact(end)),
    }
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
