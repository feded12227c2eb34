//! A clock that a test moves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::clock::{Clock, RandomIds, Surroundings};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<DateTime<Utc>>,
    skips: bool,
    slept: Mutex<Vec<Duration>>,
}

impl ManualClock {
    /// A clock that shows `start` until [`advance`](Self::advance) moves it. Sleepers wait for that.
    #[must_use]
    pub fn at(start: DateTime<Utc>) -> Self {
        Self { now: watch::Sender::new(start.trunc_subsecs(6)), skips: false, slept: Mutex::default() }
    }

    /// A clock that whoever sleeps moves: every sleep ends at once, and the time it took has passed.
    #[must_use]
    pub fn skipping(start: DateTime<Utc>) -> Self {
        Self { skips: true, ..Self::at(start) }
    }

    /// Moves the clock on and wakes whose time has come.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now += by);
    }

    /// Sets the clock, back too.
    pub fn set(&self, now: DateTime<Utc>) {
        self.now.send_replace(now.trunc_subsecs(6));
    }

    /// Every sleep asked for so far, in order.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.slept.lock().clone()
    }

    /// Surroundings with this clock and random ids.
    #[must_use]
    pub fn surroundings(self: &Arc<Self>) -> Surroundings {
        let clock: Arc<dyn Clock> = Arc::<Self>::clone(self);
        Surroundings { clock, ids: Arc::new(RandomIds) }
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        self.slept.lock().push(duration);
        if self.skips {
            self.advance(duration);
        }
        // The sender is `self`, so waiting cannot fail.
        let _ = self.now.subscribe().wait_for(|now| *now >= until).await;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn start() -> DateTime<Utc> {
        "2025-10-15T00:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_sleeper_waits_until_the_clock_is_moved_far_enough() {
        let clock = ManualClock::at(start());
        let mut sleeper = clock.sleep(Duration::from_secs(2));
        assert!((&mut sleeper).now_or_never().is_none());
        clock.advance(Duration::from_secs(1));
        assert!((&mut sleeper).now_or_never().is_none());
        clock.advance(Duration::from_secs(1));
        sleeper.await;
    }

    #[tokio::test]
    async fn a_skipping_clock_never_waits_and_remembers() {
        let clock = ManualClock::skipping(start());
        clock.sleep(Duration::from_secs(3)).await;
        assert_eq!(
            (clock.now(), clock.slept()),
            (start() + Duration::from_secs(3), vec![Duration::from_secs(3)])
        );
    }
}
