//! The clock of the server, which every worker of a database shares.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use parking_lot::Mutex;
use sqlx::PgPool;
use tokio::sync::Notify;

use super::database_error;
use crate::clock::{Clock, SystemClock};
use crate::error::Result;

const READ: &str = "SELECT clock_timestamp()";

/// How often the server is asked again.
const EVERY: Duration = Duration::from_secs(5);

/// How far this machine's two clocks may drift apart between two readings before one of them has jumped.
const JUMP: TimeDelta = TimeDelta::seconds(1);

/// The server's time, carried on by this machine between two readings.
#[derive(Debug)]
pub(super) struct DatabaseClock {
    reading: Mutex<Reading>,
    jumped: Notify,
}

/// One look at the server's clock and at both of this machine's.
#[derive(Debug, Clone, Copy)]
struct Reading {
    server: DateTime<Utc>,
    local: DateTime<Utc>,
    steady: Instant,
}

impl Reading {
    async fn take(pool: &PgPool) -> Result<Self> {
        let began = steady();
        let server: DateTime<Utc> = sqlx::query_scalar(READ).fetch_one(pool).await.map_err(database_error)?;
        let half = began.elapsed() / 2;
        Ok(Self { server: server + half, local: SystemClock.now(), steady: steady() })
    }

    /// The server's time now, and whether one of this machine's clocks has jumped since. A machine that slept counts the
    /// time on one of them only; whichever says that it is later is believed, so that no lease is thought to last longer.
    fn now(&self, local: DateTime<Utc>, elapsed: Duration) -> (DateTime<Utc>, bool) {
        let by_steady = self.server + elapsed;
        let by_local = self.server + (local - self.local);
        let jumped = (by_local - by_steady).abs() > JUMP;
        (if jumped { by_local.max(by_steady) } else { by_steady }, jumped)
    }
}

impl DatabaseClock {
    /// Reads the server's clock, and goes on reading it until the pool closes.
    pub(super) async fn start(pool: PgPool) -> Result<Arc<Self>> {
        let clock =
            Arc::new(Self { reading: Mutex::new(Reading::take(&pool).await?), jumped: Notify::new() });
        let kept = Arc::downgrade(&clock);
        tokio::spawn(async move {
            while !pool.is_closed() {
                let Some(clock) = kept.upgrade() else { return };
                tokio::select! {
                    () = clock.jumped.notified() => {}
                    () = tokio::time::sleep(EVERY) => {}
                    () = pool.close_event() => return,
                }
                match Reading::take(&pool).await {
                    Ok(reading) => *clock.reading.lock() = reading,
                    Err(error) => tracing::debug!(%error, "the server's clock could not be read"),
                }
            }
        });
        Ok(clock)
    }
}

#[async_trait]
impl Clock for DatabaseClock {
    fn now(&self) -> DateTime<Utc> {
        let reading = *self.reading.lock();
        let (now, jumped) = reading.now(SystemClock.now(), reading.steady.elapsed());
        if jumped {
            self.jumped.notify_one();
        }
        now.trunc_subsecs(6)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "what carries the server's time on between two readings")]
fn steady() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_clocks_is_believed_when_one_jumps() {
        let server: DateTime<Utc> = "2025-10-15T00:00:00Z".parse().unwrap();
        let local = server - TimeDelta::hours(1);
        let reading = Reading { server, local, steady: steady() };
        let second = TimeDelta::seconds(1);
        let after = |passed: TimeDelta, seconds| reading.now(local + passed, Duration::from_secs(seconds));
        assert_eq!(after(second * 4, 4), (server + second * 4, false));
        assert_eq!(after(second * 600, 4), (server + second * 600, true), "the machine slept");
        assert_eq!(after(second * -600, 4), (server + second * 4, true), "somebody set the clock back");
    }
}
