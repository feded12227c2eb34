//! When standing work runs: cron expressions and their next runs, what a tick does, calendar-aligned segments of a backfill.
//!
//! Decisions are pure functions of their arguments; zones come from the database compiled into the crate. Ticks come from a
//! [`Scheduler`].

mod backfill;
mod cron;
mod daylight;
mod field;
mod given;
mod host;
mod segment;
mod series;
mod shorthand;
mod source;
#[cfg(test)]
mod tests;
mod tick;

use chrono::{DateTime, Utc};

pub use backfill::{SegmentGroup, next_segments};
pub use cron::CronExpression;
pub use given::{Day, Instant};
pub use host::HostScheduler;
pub use segment::{Partial, Segment, SegmentType, segments};
pub(crate) use series::days;
pub use series::{Series, is_provisional, series};
pub use source::{CronScheduler, Outcome, Recorded, Scheduler};
pub(crate) use source::{following, window_zones};
pub use tick::{DATA_COMPLETE_AFTER, Decision, GRACE, decide, next_tick};

use crate::model::Zone;
use crate::{Error, Result};

/// The most runs that are listed at once.
pub const MOST_RUNS: usize = 10_000;

/// Lists the next `count` runs of a schedule strictly after an instant, in order.
///
/// `expression` is read as [`CronExpression`] says, in local time of `zone`; changes of clocks are handled as Debian's
/// cron does.
///
/// ```
/// use amc_fleet::scheduler::next_runs;
///
/// let after = "2026-03-07T12:00:00Z".parse().unwrap();
/// let runs = next_runs("30 2 * * *", &"America/New_York".parse()?, after, 2)?;
/// assert_eq!(runs[0].to_rfc3339(), "2026-03-08T07:00:00+00:00"); // 02:30 does not exist: 03:00 EDT
/// assert_eq!(runs[1].to_rfc3339(), "2026-03-09T06:30:00+00:00");
/// # Ok::<(), amc_fleet::Error>(())
/// ```
///
/// # Errors
/// `InvalidInput`: `cron_invalid` with its place, `cron_never`; `TooLarge`: `too_many_runs`.
pub fn next_runs(
    expression: &str,
    zone: &Zone,
    after: DateTime<Utc>,
    count: usize,
) -> Result<Vec<DateTime<Utc>>> {
    if count > MOST_RUNS {
        let message = format!("{count} runs were asked for, {MOST_RUNS} is the most at once");
        return Err(Error::new(crate::ErrorKind::TooLarge, "too_many_runs", message)
            .hint("ask for the next ones after the last of these"));
    }
    Ok(expression.parse::<CronExpression>()?.runs_after(zone, after).take(count).collect())
}

impl crate::model::Schedule {
    /// Says when it fires in plain words, for example `At 06:00, on Monday.`
    #[must_use]
    pub fn says(&self) -> String {
        self.expression.parse::<CronExpression>().map(|it| it.describe()).unwrap_or_default()
    }
}

/// Says a schedule in plain words, for example `At 06:00, on Monday.`
///
/// # Errors
/// As [`next_runs`].
pub fn describe(expression: &str) -> Result<String> {
    Ok(expression.parse::<CronExpression>()?.describe())
}
