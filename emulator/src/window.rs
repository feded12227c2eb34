//! Time windows: what a request asks for and the instants that makes.

use chrono::{DateTime, Utc};
use jiff::civil::{Date, DateTime as Local};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::query::Window;

/// The zone of a request that names none.
const DEFAULT_ZONE: &str = "UTC";

/// AMC keeps 13 months of data.
const RETENTION_MONTHS: i64 = 13;

/// A `timeWindowType`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WindowKind {
    MostRecentDay,
    MostRecentWeek,
    CurrentMonth,
    PreviousMonth,
    All,
    /// Start and end without an offset, as sent.
    Explicit(Local, Local),
}

impl WindowKind {
    /// Reads every `timeWindowType` but `EXPLICIT`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "MOST_RECENT_DAY" => Some(Self::MostRecentDay),
            "MOST_RECENT_WEEK" => Some(Self::MostRecentWeek),
            "CURRENT_MONTH" => Some(Self::CurrentMonth),
            "PREVIOUS_MONTH" => Some(Self::PreviousMonth),
            "ALL" => Some(Self::All),
            _ => None,
        }
    }

    /// Gives the start and end in the zone's own time at `now`: whole days, the current one excluded.
    pub(crate) fn local(&self, zone: &Zone, now: DateTime<Utc>) -> (Local, Local) {
        let today = zone.today(now);
        let month = today.first_of_month();
        let (start, end) = match self {
            Self::Explicit(start, end) => return (*start, *end),
            Self::MostRecentDay => (today.saturating_sub(1.day()), today),
            Self::MostRecentWeek => (today.saturating_sub(7.days()), today),
            Self::CurrentMonth => (month, today),
            Self::PreviousMonth => (month.saturating_sub(1.month()), month),
            Self::All => (today.saturating_sub(RETENTION_MONTHS.months()), today),
        };
        (start.into(), end.into())
    }
}

/// A zone of the tz database.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    /// Its name as sent.
    pub(crate) name: String,
    rules: TimeZone,
}

impl Zone {
    /// Looks a zone up by its IANA name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let rules = TimeZone::get(name).ok()?;
        Some(Self { name: name.to_owned(), rules })
    }

    /// Gives the zone of requests that name none.
    pub(crate) fn utc() -> Self {
        Self { name: DEFAULT_ZONE.to_owned(), rules: TimeZone::UTC }
    }

    /// Gives the instants of a local window.
    pub(crate) fn window(&self, (start, end): (Local, Local)) -> Window {
        Window { start: self.instant(start), end: self.instant(end), time_zone: self.name.clone() }
    }

    /// Gives the instant of a local time; the earlier one where a clock change repeats it.
    pub(crate) fn instant(&self, local: Local) -> DateTime<Utc> {
        let timestamp = self.rules.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX);
        DateTime::from_timestamp(timestamp.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn today(&self, now: DateTime<Utc>) -> Date {
        let timestamp = Timestamp::from_second(now.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        self.rules.to_datetime(timestamp).date()
    }
}

/// Reads `yyyy-MM-dd'T'HH:mm:ss`, the only form AMC documents.
pub(crate) fn read_local(text: &str) -> Option<Local> {
    let local: Local = text.parse().ok()?;
    (format_local(local) == text).then_some(local)
}

/// Writes `yyyy-MM-dd'T'HH:mm:ss`.
pub(crate) fn format_local(local: Local) -> String {
    local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Writes an instant as `yyyy-MM-dd'T'HH:mm:ss'Z'`.
pub(crate) fn format_instant(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(kind: &WindowKind, zone: &str) -> (String, String) {
        let zone = Zone::find(zone).unwrap();
        let window = zone.window(kind.local(&zone, "2025-10-15T02:00:00Z".parse().unwrap()));
        (format_instant(window.start), format_instant(window.end))
    }

    #[test]
    fn most_recent_day_ends_at_the_zones_midnight() {
        let utc = resolved(&WindowKind::MostRecentDay, "UTC");
        assert_eq!(utc, ("2025-10-14T00:00:00Z".to_owned(), "2025-10-15T00:00:00Z".to_owned()));
        let new_york = resolved(&WindowKind::MostRecentDay, "America/New_York");
        assert_eq!(new_york, ("2025-10-13T04:00:00Z".to_owned(), "2025-10-14T04:00:00Z".to_owned()));
    }

    #[test]
    fn months_follow_the_calendar() {
        let previous = resolved(&WindowKind::PreviousMonth, "UTC");
        assert_eq!(previous, ("2025-09-01T00:00:00Z".to_owned(), "2025-10-01T00:00:00Z".to_owned()));
    }

    #[test]
    fn explicit_windows_are_read_in_their_zone() {
        let start = read_local("2024-01-20T00:00:00").unwrap();
        let end = read_local("2024-01-25T00:00:00").unwrap();
        let window = resolved(&WindowKind::Explicit(start, end), "America/New_York");
        assert_eq!(window, ("2024-01-20T05:00:00Z".to_owned(), "2024-01-25T05:00:00Z".to_owned()));
    }

    #[test]
    fn other_forms_of_time_are_not_read() {
        for text in ["2024-01-20", "2024-01-20T00:00:00Z", "2024-01-20 00:00:00", "2024-01-20T00:00:00.5"] {
            assert_eq!(read_local(text), None, "{text}");
        }
    }
}
