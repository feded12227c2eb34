//! A clock that somebody else sets while it runs, for every process that reads the same file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use amc_fleet::clock::{Clock, SystemClock};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(10);

/// The system's clock, as far off as a file says, in milliseconds.
#[derive(Debug)]
pub struct JumpingClock(Arc<AtomicI64>);

impl JumpingClock {
    /// Follows a file from now on.
    #[must_use]
    pub fn following(file: PathBuf) -> Self {
        let offset = Arc::new(AtomicI64::new(offset(&file)));
        let kept = Arc::downgrade(&offset);
        tokio::spawn(async move {
            while let Some(kept) = kept.upgrade() {
                kept.store(self::offset(&file), Ordering::Relaxed);
                tokio::time::sleep(EVERY).await;
            }
        });
        Self(offset)
    }
}

/// What the file says now; nothing is no offset.
fn offset(file: &Path) -> i64 {
    std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
