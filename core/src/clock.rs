//! Time and ids, the two things a program cannot compute: both come in as arguments.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Tells the time and waits.
///
/// # Contract
/// - `now` never carries more than microseconds: what is written to a database is what is read back.
/// - `sleep` returns once `now` has advanced by at least the duration.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns this instant.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until this clock has advanced by `duration`.
    async fn sleep(&self, duration: Duration);
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Mints unique ids.
pub trait IdSource: fmt::Debug + Send + Sync + 'static {
    /// Returns a new time-ordered id (UUID version 7).
    fn next(&self, now: DateTime<Utc>) -> Uuid;
}

/// Ids from the system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}

/// What every room that acts in time shares: a clock and a source of ids.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Mints ids.
    pub ids: Arc<dyn IdSource>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) }
    }
}
