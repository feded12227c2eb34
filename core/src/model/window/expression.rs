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

/// Windows with a name of their own. They end where the current day begins: its data are not there yet.
const NAMED: [(&str, Moment, Moment); 5] = [
    ("yesterday", Moment::days(-1), Moment::days(0)),
    ("month to date", Moment::first_day(Unit::Month, 0), Moment::days(0)),
    ("year to date", Moment::first_day(Unit::Year, 0), Moment::days(0)),
    ("last month", Moment::first_day(Unit::Month, -1), Moment::first_day(Unit::Month, 0)),
    ("last quarter", Moment::first_day(Unit::Quarter, -1), Moment::first_day(Unit::Quarter, 0)),
];

const ALLOWED: &str = "write \"last 30 days\" (1 to 395), \"yesterday\", \"month to date\", \"year to date\", \
    \"last month\", \"last quarter\", or start..end with the end not included: \"2025-09-01..2025-10-01\", \
    \"today-30d..today\", \"first day of last month..first day of this month\"";

/// A window relative to the day it is evaluated on, or fixed.
///
/// - `last N days`: the N whole days before today, 1 ≤ N ≤ 395
/// - `yesterday`, `month to date`, `year to date` (up to and including yesterday), `last month`, `last quarter`
/// - `start..end`, half-open, each side a date (`2025-09-01`), a local time (`2025-09-01T06:00:00`), `today`,
///   `yesterday`, `tomorrow` or `first day of last|this|next week|month|quarter|year`, the relative ones with an offset
///   (`today-30d`, `today - 2 weeks`, `first day of this month+1mo`) in d, w, mo, q or y. Weeks begin on Monday.
///
/// It is written, stored and compared in one spelling.
///
/// ```
/// use amc_fleet::model::window::{WindowExpression, Zone};
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
    pub const PRESETS: [&str; 11] = [
        "yesterday",
        "last 7 days",
        "last 14 days",
        "last 30 days",
        "last 60 days",
        "last 90 days",
        "last 180 days",
        "month to date",
        "year to date",
        "last month",
        "last quarter",
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
        if let Some((name, start, end)) = NAMED.iter().find(|(name, ..)| *name == plain) {
            return Ok(Self { text: (*name).to_owned(), start: *start, end: *end });
        }
        match plain.split_once("..") {
            Some((start, end)) => between(start.trim(), end.trim()),
            None => last_days(&plain),
        }
        .map_err(|why| invalid(text, why))
    }
}

fn between(start: &str, end: &str) -> Result<WindowExpression, &'static str> {
    let (start, end): (Moment, Moment) = (start.parse()?, end.parse()?);
    Ok(WindowExpression { text: format!("{start}..{end}"), start, end })
}

fn last_days(text: &str) -> Result<WindowExpression, &'static str> {
    let rest = text.strip_prefix("last ").ok_or("it is not one of the windows there are")?;
    let number = rest.strip_suffix(" days").or_else(|| rest.strip_suffix(" day"));
    let number = number.ok_or("it is not one of the windows there are")?;
    let days: i32 = number.parse().map_err(|_| "the number of days is no number")?;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err("the number of days must be from 1 to 395");
    }
    let text = format!("last {days} {}", if days == 1 { "day" } else { "days" });
    Ok(WindowExpression { text, start: Moment::days(-days), end: Moment::days(0) })
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
