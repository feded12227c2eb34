//! The time window of a query, and the wider ones it asks for.

use amc_fleet_emulator::query::{Query, Window};
use chrono::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::world::{DAY, Span, day_of};

/// The query's window and the clock it was asked at.
#[derive(Debug, Clone)]
pub(crate) struct Windows {
    window: Window,
    known_until: i64,
}

impl Windows {
    /// The windows of a query.
    pub(crate) fn of(query: &Query) -> Self {
        // Data of a day arrive when it is over, so that an answer does not change within a day.
        let today = day_of(query.now.timestamp_millis()) * DAY;
        Self { window: query.window.clone(), known_until: today }
    }

    /// The window moved by `back forward`, two ISO-8601 durations; itself if the text is empty.
    /// Nothing if the text is no such pair.
    pub(crate) fn extended(&self, text: &str) -> Option<Span> {
        let (back, forward) = if text.is_empty() { ("PT0S", "PT0S") } else { text.split_once(' ')? };
        let back: jiff::Span = back.parse().ok()?;
        let forward: jiff::Span = forward.parse().ok()?;
        Some(Span {
            start: self.zoned(self.window.start)?.checked_sub(back).ok()?.timestamp().as_millisecond(),
            end: self.zoned(self.window.end)?.checked_add(forward).ok()?.timestamp().as_millisecond(),
            known_until: self.known_until,
        })
    }

    fn zoned(&self, at: DateTime<chrono::Utc>) -> Option<Zoned> {
        let zone = TimeZone::get(&self.window.time_zone).unwrap_or(TimeZone::UTC);
        Some(Timestamp::from_millisecond(at.timestamp_millis()).ok()?.to_zoned(zone))
    }
}
