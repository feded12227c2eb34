//! A segment of a range of days.

use chrono::{DateTime, Utc};

use super::{Plain, record};

record! {
    /// A day, week, month or quarter of a range: from ``start`` up to but not including ``end``.
    Segment {
        /// The first instant.
        start: DateTime<Utc>,
        /// The first instant after it.
        end: DateTime<Utc>,
        /// The days in words, for example ``12–18 Jan 2026``.
        name: String,
        /// Whether the range cut it short.
        is_partial: bool,
    }
    /// >>> amc_fleet.segments("2026-01-05", "2026-01-12", "weekly", "UTC")[0].to_dict()["name"]
    /// '5–11 Jan 2026'
}

impl Plain for amc_fleet::scheduler::Segment {
    type Python = Segment;

    fn plain(self) -> Segment {
        let Self { window, is_partial } = self;
        Segment { start: window.start_utc(), end: window.end_utc(), name: window.label(), is_partial }
    }
}

impl Segment {
    fn shown(&self) -> String {
        format!("<Segment {}>", self.name)
    }
}
