//! The emulator's clock: it starts where it is told, runs with real time unless held, and can be set and moved.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::time::Instant;

/// The one source of time of everything the emulator does and says.
#[derive(Debug)]
pub(crate) struct Clock {
    reading: Mutex<Reading>,
}

/// What the clock showed at an instant of real time, and whether it runs since.
#[derive(Debug, Clone, Copy)]
struct Reading {
    shown: DateTime<Utc>,
    at: Instant,
    frozen: bool,
}

impl Reading {
    fn now(&self) -> DateTime<Utc> {
        if self.frozen { self.shown } else { later(self.shown, self.at.elapsed()) }
    }
}

impl Clock {
    /// Starts a clock at `start`; it runs with real time unless `frozen`.
    pub(crate) fn new(start: DateTime<Utc>, frozen: bool) -> Self {
        Self { reading: Mutex::new(Reading { shown: start, at: Instant::now(), frozen }) }
    }

    /// Reads the clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.reading.lock().now()
    }

    /// Tells whether the clock stands still until it is moved.
    pub(crate) fn is_frozen(&self) -> bool {
        self.reading.lock().frozen
    }

    /// Sets the clock, forwards or backwards, to a time between 1970 and 9000.
    pub(crate) fn set(&self, instant: DateTime<Utc>) {
        let mut reading = self.reading.lock();
        *reading = Reading {
            shown: instant.clamp(DateTime::UNIX_EPOCH, end_of_time()),
            at: Instant::now(),
            frozen: reading.frozen,
        };
    }

    /// Moves the clock to `instant` unless it is past it.
    pub(crate) fn reach(&self, instant: DateTime<Utc>) {
        if self.now() < instant {
            self.set(instant);
        }
    }

    /// Holds the clock still or lets it run with real time.
    pub(crate) fn freeze(&self, frozen: bool) {
        let mut reading = self.reading.lock();
        *reading = Reading { shown: reading.now(), at: Instant::now(), frozen };
    }

    /// Gives the real time until the clock shows `instant`, if it ever will by itself.
    pub(crate) fn until(&self, instant: DateTime<Utc>) -> Option<Duration> {
        let reading = *self.reading.lock();
        (!reading.frozen).then(|| (instant - reading.now()).to_std().unwrap_or_default())
    }
}

/// Gives the instant of the machine's own clock, where an emulator starts that is told nothing.
#[expect(clippy::disallowed_methods, reason = "the one place where real time enters")]
pub(crate) fn this_moment() -> DateTime<Utc> {
    Utc::now()
}

/// Gives the last instant of the emulator's clock, far enough from the last one there is to reckon with.
fn end_of_time() -> DateTime<Utc> {
    DateTime::from_timestamp(END_SECONDS, 0).unwrap_or_default()
}

/// The beginning of the year 9000.
const END_SECONDS: i64 = 221_845_392_000;

/// Adds a duration to an instant, stopping at the end of time.
pub(crate) fn later(instant: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| instant.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
        .min(end_of_time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2025-10-15T00:00:00Z".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn runs_with_real_time() {
        let clock = Clock::new(start(), false);
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), start() + TimeDelta::seconds(90));
        assert_eq!(clock.until(start() + TimeDelta::seconds(100)), Some(Duration::from_secs(10)));
    }

    #[tokio::test(start_paused = true)]
    async fn stands_still_until_moved() {
        let clock = Clock::new(start(), true);
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!((clock.now(), clock.until(start())), (start(), None));
        clock.reach(start() + TimeDelta::hours(2));
        clock.reach(start() + TimeDelta::hours(1));
        assert_eq!(clock.now(), start() + TimeDelta::hours(2));
    }

    #[tokio::test]
    async fn stops_at_the_end_of_time() {
        let clock = Clock::new(start(), true);
        clock.set(later(start(), Duration::MAX));
        assert_eq!(clock.now().to_rfc3339(), "9000-01-01T00:00:00+00:00");
        clock.set(DateTime::<Utc>::MIN_UTC);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_its_reading_when_let_run() {
        let clock = Clock::new(start(), true);
        tokio::time::advance(Duration::from_secs(90)).await;
        clock.freeze(false);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(clock.now(), start() + TimeDelta::seconds(1));
    }
}
