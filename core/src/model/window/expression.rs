//! What a user writes for a window, evaluated anew at every run.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moment::{Moment, Unit};
use super::{Window, Zone, zone};
use crate::{Error, Result};

/// The most days of a `last N days`: about the 13 months AMC keeps.
const MOST_DAYS: i32 = 395;

/// The units that windows are told in, and the most of each that AMC's 13 months hold.
const UNITS: [(Unit, &str, i32); 5] = [
    (Unit::Day, "day", MOST_DAYS),
    (Unit::Week, "week", 56),
    (Unit::Month, "month", 13),
    (Unit::Quarter, "quarter", 4),
    (Unit::Year, "year", 1),
];

const ALLOWED: &str = "write \"last 30 days\" (1 to 395), \"last 4 weeks\", \"last 3 full months\", \"yesterday\", \
    \"last week\", \"last month\", \"last quarter\", \"last year\", \"week to date\", \"month to date\", \
    \"quarter to date\", \"year to date\", or start..end with the end not included: \"2025-09-01..2025-10-01\", \
    \"today-30d..today\", \"first day of last month..first day of this month\"";

/// A window relative to the day it is evaluated on, or fixed.
///
/// - `last N days`, `last N weeks`, `last N months`: up to and including yesterday, at most 395 days
/// - `last N full weeks|months|quarters|years`: whole periods of the calendar before the current one; for one of them
///   `last week`, `last full week`, `last month`, `last quarter`, `last year`
/// - `yesterday`; `week|month|quarter|year to date`, up to and including yesterday
/// - `start..end`, half-open, each side a date (`2025-09-01`), a local time (`2025-09-01T06:00:00`), `today`,
///   `yesterday`, `tomorrow` or `first day of last|this|next week|month|quarter|year`, the relative ones with an offset
///   (`today-30d`, `today - 2 weeks`, `first day of this month+1mo`) in d, w, mo, q or y. Weeks begin on Monday.
///
/// It is written, stored and compared in one spelling.
///
/// ```
/// use amc_fleet::model::{WindowExpression, Zone};
///
/// let expression: WindowExpression = "last 30 days".parse()?;
/// let now = "2025-10-01T06:00:00Z".parse().unwrap();
/// let window = expression.resolve(now, &"Europe/Berlin".parse::<Zone>()?)?;
/// assert_eq!(window.amc_start(), "2025-09-01T00:00:00");
/// assert_eq!(window.label(), "1–30 Sep 2025");
/// # Ok::<(), amc_fleet::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WindowExpression {
    text: String,
    start: Moment,
    end: Moment,
}

impl WindowExpression {
    /// The windows to offer where one is chosen from a list.
    pub const PRESETS: [&str; 14] = [
        "yesterday",
        "last 7 days",
        "last 14 days",
        "last 30 days",
        "last 60 days",
        "last 90 days",
        "last 180 days",
        "week to date",
        "month to date",
        "year to date",
        "last week",
        "last month",
        "last quarter",
        "last year",
    ];

    /// The window it means at `now` in `zone`.
    ///
    /// # Errors
    /// `InvalidInput`: code `window_empty` when no time lies between its bounds (`month to date` on the first of a
    /// month), `window_invalid` when a bound is outside the calendar.
    pub fn resolve(&self, now: DateTime<Utc>, zone: &Zone) -> Result<Window> {
        let today = zone::today(zone, now);
        let bounds = self.start.on(today).zip(self.end.on(today));
        let (start, end) = bounds.ok_or_else(|| invalid(&self.text, "a bound is outside the calendar"))?;
        if start >= end {
            let message =
                format!("the window \"{self}\" is empty on {today} ({zone}): from {start} to {end}");
            return Err(Error::invalid("window_empty", message)
                .hint("take a window that ends after it starts; windows to date need one whole day"));
        }
        Window::new(start, end, zone)
    }
}

impl FromStr for WindowExpression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        match plain.split_once("..") {
            Some((start, end)) => between(start.trim(), end.trim()),
            None => named(&plain),
        }
        .map_err(|why| invalid(text, why))
    }
}

fn between(start: &str, end: &str) -> Result<WindowExpression, &'static str> {
    let (start, end): (Moment, Moment) = (start.parse()?, end.parse()?);
    Ok(WindowExpression { text: format!("{start}..{end}"), start, end })
}

/// A window of few words. It ends where the current day begins, or before: the data of today are not there yet.
fn named(text: &str) -> Result<WindowExpression, &'static str> {
    const UNKNOWN: &str = "it is not one of the windows there are";
    if text == "yesterday" {
        return Ok(WindowExpression { text: text.to_owned(), start: Moment::days(-1), end: Moment::days(0) });
    }
    if let Some(word) = text.strip_suffix(" to date") {
        let (unit, ..) = unit(word).filter(|(unit, ..)| *unit != Unit::Day).ok_or(UNKNOWN)?;
        let text = text.to_owned();
        return Ok(WindowExpression { text, start: Moment::first_day(unit, 0), end: Moment::days(0) });
    }
    let rest = text.strip_prefix("last ").ok_or(UNKNOWN)?;
    let (number, rest) = match rest.split_once(' ') {
        Some((number, rest)) if number != "full" => {
            (Some(number.parse().map_err(|_| "the number is no number")?), rest)
        }
        _ => (None, rest),
    };
    let (full, word) = rest.strip_prefix("full ").map_or((false, rest), |word| (true, word));
    last(number, full, unit(word).ok_or(UNKNOWN)?)
}

fn last(number: Option<i32>, full: bool, unit: (Unit, &str, i32)) -> Result<WindowExpression, &'static str> {
    let (unit, word, most) = unit;
    let count = number.unwrap_or(1);
    if !(1..=most).contains(&count) {
        return Err("its length must be from 1 to 395 days, 56 weeks, 13 months, 4 quarters or 1 year");
    }
    let many = if count == 1 { word.to_owned() } else { format!("{count} {word}s") };
    // `last 1 day` and `last 4 weeks` end today; `last week` is one of the calendar.
    match (number, full, unit) {
        (None, _, Unit::Day) => Err("write \"yesterday\", or \"last 1 day\""),
        (None, ..) | (_, true, _) => {
            let text = if count == 1 { format!("last {word}") } else { format!("last {count} full {word}s") };
            let (start, end) = (Moment::first_day(unit, -count), Moment::first_day(unit, 0));
            Ok(WindowExpression { text, start, end })
        }
        (Some(_), false, _) => {
            let text = if count == 1 { format!("last 1 {word}") } else { format!("last {many}") };
            Ok(WindowExpression { text, start: Moment::before_today(count, unit), end: Moment::days(0) })
        }
    }
}

/// `day` or `days`.
fn unit(word: &str) -> Option<(Unit, &'static str, i32)> {
    let one = word.strip_suffix('s').unwrap_or(word);
    UNITS.into_iter().find(|(_, name, _)| *name == one)
}

fn invalid(text: &str, why: &str) -> Error {
    Error::invalid("window_invalid", format!("{text:?} is no window: {why}")).hint(ALLOWED)
}

impl fmt::Display for WindowExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<WindowExpression> for String {
    fn from(expression: WindowExpression) -> Self {
        expression.text
    }
}

impl TryFrom<String> for WindowExpression {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}
