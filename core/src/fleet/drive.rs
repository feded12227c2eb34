//! Working for a while, for hosts that freeze between calls.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::Fleet;
use crate::error::{Error, Result};
use crate::model::Scope;

/// How often it is looked whether anything is left to do.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How many looks in a row must find nothing happening before what comes later is left for later.
const QUIET: u32 = 4;

/// What is left after a while of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriveReport {
    /// Whether anything is unfinished: drive again.
    pub more_work: bool,
    /// When something becomes due, as far as it is known.
    pub next_due: Option<DateTime<Utc>>,
}

impl Fleet {
    /// Works for at most about `max`, then puts down what it has in hand and says what is left: for a function that is frozen
    /// or ended when it returns. It returns sooner where nothing is left, or nothing before `max` is over. What AMC runs
    /// goes on meanwhile; the next call, here or elsewhere, carries it on.
    ///
    /// # Errors
    /// `InvalidInput`: `no_credentials`, `already_working` for a fleet that works by itself; `Forbidden`: `host_only`; and the
    /// store's own.
    pub async fn drive(&self, max: Duration) -> Result<DriveReport> {
        self.ensure_host()?;
        if self.is_working() {
            return Err(Error::invalid("already_working", "this fleet works by itself")
                .hint("open it with worker = false to drive it"));
        }
        let until = self.0.surroundings.clock.now() + max;
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone().drop_guard();
        let work = tokio::spawn(self.engine()?.run(shutdown));
        self.wait_for_quiet(until).await?;
        drop(stop);
        if let Err(error) = work.await {
            return Err(Error::unexpected("the worker ended unexpectedly").caused_by(error));
        }
        self.left_to_do().await
    }

    async fn wait_for_quiet(&self, until: DateTime<Utc>) -> Result<()> {
        let clock = &self.0.surroundings.clock;
        let mut changes = self.0.signals.listen();
        let mut quiet = 0;
        while clock.now() < until {
            let left = self.left_to_do().await?;
            let is_later = left.next_due.is_some_and(|due| due >= until);
            quiet = if is_later && !changes.has_changed().unwrap_or(true) { quiet + 1 } else { 0 };
            changes.mark_unchanged();
            if !left.more_work || quiet >= QUIET {
                break;
            }
            clock.sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    async fn left_to_do(&self) -> Result<DriveReport> {
        let now = self.0.surroundings.clock.now();
        let more_work = self.0.store.unfinished(&Scope::System).await? > 0;
        let next_due = self.0.store.next_due(&self.0.credential_keys, now).await?;
        Ok(DriveReport { more_work, next_due })
    }
}
