//! Time windows: what a user writes, and the exact half-open span of data a run reads.
//!
//! A [`WindowExpression`] (`last 30 days`, `2025-09-01..2025-10-01`) becomes a [`Window`] at a moment, in a [`Zone`].

mod expression;
mod label;
mod moment;
mod offset;
mod readiness;
mod resolved;
mod retention;
mod zone;

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

pub use expression::WindowExpression;
pub(crate) use offset::OffsetSpan;
pub use readiness::{Readiness, ReadinessPolicy, Ready};
pub use resolved::{ResolvedWindow, moment, resolve_window};
pub use zone::Zone;

use crate::{Error, Finding, Result};

/// AMC's time format, without an offset: `yyyy-MM-dd'T'HH:mm:ss`.
const AMC_FORMAT: &str = "%Y-%m-%dT%H:%M:%S";

/// A span of data, from `start` up to but not including `end`, in local time of a zone.
///
/// It serialises as `{"start", "end", "zone"}`; the instants follow from those.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct Window {
    start: NaiveDateTime,
    end: NaiveDateTime,
    zone: Zone,
    start_utc: DateTime<Utc>,
    end_utc: DateTime<Utc>,
}

impl Window {
    /// Creates the window from `start` up to `end`, both local time of `zone`, in whole seconds.
    ///
    /// A local time that a change of clocks skips means the moment of the change; one that occurs twice means the
    /// first of the two. Windows that share a bound therefore neither overlap nor leave a gap.
    ///
    /// # Errors
    /// `InvalidInput`, code `window_empty`, when no time lies between the bounds.
    pub fn new(start: NaiveDateTime, end: NaiveDateTime, zone: &Zone) -> Result<Self> {
        let [start, end] = [start, end].map(|bound| bound.with_nanosecond(0).unwrap_or(bound));
        let (start_utc, end_utc) = (zone.to_utc(start)?, zone.to_utc(end)?);
        if start >= end || start_utc >= end_utc {
            return Err(Error::invalid(
                "window_empty",
                format!("no time lies between {start} and {end} ({zone})"),
            )
            .hint("the start must be earlier than the end, which is not included"));
        }
        Ok(Self { start, end, zone: zone.clone(), start_utc, end_utc })
    }

    /// The first moment, in local time.
    #[must_use]
    pub fn start(&self) -> NaiveDateTime {
        self.start
    }

    /// The moment after the last, in local time.
    #[must_use]
    pub fn end(&self) -> NaiveDateTime {
        self.end
    }

    /// The zone of the local times.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The first moment.
    #[must_use]
    pub fn start_utc(&self) -> DateTime<Utc> {
        self.start_utc
    }

    /// The moment after the last.
    #[must_use]
    pub fn end_utc(&self) -> DateTime<Utc> {
        self.end_utc
    }

    /// The start as AMC's `timeWindowStart`.
    #[must_use]
    pub fn amc_start(&self) -> String {
        self.start.format(AMC_FORMAT).to_string()
    }

    /// The end as AMC's `timeWindowEnd`.
    #[must_use]
    pub fn amc_end(&self) -> String {
        self.end.format(AMC_FORMAT).to_string()
    }

    /// The span for people: `1–30 Sep 2025`, `15 Aug – 13 Sep 2025`, with times where it is not of whole days.
    #[must_use]
    pub fn label(&self) -> String {
        label::label(self.start, self.end)
    }

    /// What may surprise about it, seen from `now`.
    #[must_use]
    pub fn findings(&self, now: DateTime<Utc>) -> Vec<Finding> {
        self.beyond_retention(now).into_iter().chain(label::last_day_left_out(self.start, self.end)).collect()
    }

    /// Whether the first day is older than the 13 months AMC keeps, seen from `now`.
    #[must_use]
    pub fn beyond_retention(&self, now: DateTime<Utc>) -> Option<Finding> {
        retention::check(self, now)
    }
}

/// The exact bounds, half-open: `2025-09-01T00:00:00..2025-10-01T00:00:00 Europe/Berlin`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{} {}", self.amc_start(), self.amc_end(), self.zone)
    }
}

/// What determines a window.
#[derive(Serialize, Deserialize)]
struct Bounds {
    start: NaiveDateTime,
    end: NaiveDateTime,
    zone: Zone,
}

impl From<Window> for Bounds {
    fn from(window: Window) -> Self {
        Self { start: window.start, end: window.end, zone: window.zone }
    }
}

impl TryFrom<Bounds> for Window {
    type Error = Error;

    fn try_from(bounds: Bounds) -> Result<Self> {
        Self::new(bounds.start, bounds.end, &bounds.zone)
    }
}

#[cfg(test)]
mod tests;
