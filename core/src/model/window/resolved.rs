//! A window worked out, in the form that is shown.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use super::{Window, WindowExpression, Zone};
use crate::{Error, Finding, Result};

/// A window expression at one moment in one zone: the exact bounds, and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolvedWindow {
    /// The first moment, in local time of the zone and in AMC's form: `2025-09-01T00:00:00`.
    pub start: String,
    /// The moment after the last, likewise.
    pub end: String,
    /// The zone.
    pub timezone: String,
    /// The first moment.
    pub start_utc: DateTime<Utc>,
    /// The moment after the last.
    pub end_utc: DateTime<Utc>,
    /// The span for people: `1–30 Sep 2025`.
    pub name: String,
    /// What may surprise about it.
    pub findings: Vec<Finding>,
}

impl ResolvedWindow {
    /// Shows a window as it is seen at `now`.
    #[must_use]
    pub fn of(window: &Window, now: DateTime<Utc>) -> Self {
        Self {
            start: window.amc_start(),
            end: window.amc_end(),
            timezone: window.zone().name().to_owned(),
            start_utc: window.start_utc(),
            end_utc: window.end_utc(),
            name: window.label(),
            findings: window.findings(now),
        }
    }
}

/// Works out a window expression at `now` in a time zone.
///
/// # Errors
/// `InvalidInput`: `window_invalid`, `window_empty`, `zone_unknown`.
///
/// ```
/// let now = "2025-10-01T06:00:00Z".parse().unwrap();
/// let window = amc_fleet::resolve_window("last 30 days", now, "Europe/Berlin")?;
/// assert_eq!((window.start.as_str(), window.end.as_str()), ("2025-09-01T00:00:00", "2025-10-01T00:00:00"));
/// assert_eq!(window.name, "1–30 Sep 2025");
/// # Ok::<(), amc_fleet::Error>(())
/// ```
pub fn resolve_window(expression: &str, now: DateTime<Utc>, timezone: &str) -> Result<ResolvedWindow> {
    let zone: Zone = timezone.parse()?;
    let window = expression.parse::<WindowExpression>()?.resolve(now, &zone)?;
    Ok(ResolvedWindow::of(&window, now))
}

/// Reads a moment as people write it: with an offset, or without one in UTC; a date is its first moment.
///
/// # Errors
/// `InvalidInput`, code `moment_invalid`.
pub fn moment(text: &str) -> Result<DateTime<Utc>> {
    let written = text.trim().replacen(' ', "T", 1);
    let with_offset = || DateTime::parse_from_rfc3339(&written).ok().map(|instant| instant.to_utc());
    let without =
        || NaiveDateTime::parse_from_str(&written, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|it| it.and_utc());
    let date =
        || NaiveDate::parse_from_str(&written, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0).map(|it| it.and_utc());
    with_offset().or_else(without).or_else(date).ok_or_else(|| {
        Error::invalid("moment_invalid", format!("{text:?} is no moment"))
            .hint("write it like 2025-10-01T06:00:00Z, or as a date")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_and_without_an_offset() {
        for text in [
            "2025-10-01T06:00:00Z",
            "2025-10-01 08:00:00+02:00",
            "2025-10-01T06:00:00",
            "2025-10-01 06:00:00.000",
        ] {
            assert_eq!(moment(text).unwrap().to_rfc3339(), "2025-10-01T06:00:00+00:00", "{text}");
        }
        assert_eq!(moment("2025-10-01").unwrap().to_rfc3339(), "2025-10-01T00:00:00+00:00");
        assert_eq!(moment("now").unwrap_err().code(), "moment_invalid");
    }

    #[test]
    fn a_month_without_its_last_day_is_said() {
        let now = moment("2025-10-15").unwrap();
        let codes = |text: &str| -> Vec<String> {
            resolve_window(text, now, "UTC").unwrap().findings.iter().map(|it| it.code.to_string()).collect()
        };
        assert_eq!(codes("2025-01-01..2025-01-31"), ["window_end_excluded"]);
        assert!(codes("2025-01-01..2025-02-01").is_empty());
    }
}
