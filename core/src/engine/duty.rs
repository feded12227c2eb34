//! The shape of a duty: claim what is due, perform each thing on its own, wait for more.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::hand::Job;
use super::{Engine, collect, lookup, submit, watch};
use crate::error::Result;
use crate::model::Change;

/// How long a duty that knows of nothing due waits before it looks again: for work other processes write.
const IDLE: Duration = Duration::from_secs(1);

/// What became of a job.
type Ended = Result<Result<()>, tokio::task::JoinError>;

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    Submit,
    Lookup,
    Watch,
    Collect,
}

impl Duty {
    pub(super) const ALL: [Self; 4] = [Self::Submit, Self::Lookup, Self::Watch, Self::Collect];

    /// The duties that a change leaves something to do for.
    pub(super) fn after(change: &Change) -> &'static [Self] {
        match change {
            Change::Submitted { .. } => &[Self::Watch],
            Change::Submitting { .. }
            | Change::Resubmitting { .. }
            | Change::Unresolved { .. }
            | Change::LookUpDelayed { .. } => &[Self::Lookup],
            Change::CollectDelayed { .. } => &[Self::Collect],
            // The run has left its place at AMC to another.
            Change::Collecting => &[Self::Collect, Self::Submit],
            Change::NotReused
            | Change::Returned { .. }
            | Change::Retrying { .. }
            | Change::Failed(_)
            | Change::Cancelled => &[Self::Submit],
            Change::CancelRequested => &[Self::Submit, Self::Watch],
            Change::Claimed { .. }
            | Change::Observed { .. }
            | Change::DuplicateCancelled { .. }
            | Change::Reusing { .. }
            | Change::Reused { .. }
            | Change::Completed { .. } => &[],
        }
    }

    fn at_once(self, engine: &Engine) -> usize {
        match self {
            Self::Submit | Self::Lookup => engine.settings.submits_at_once,
            Self::Watch => engine.settings.watches_at_once,
            // As many again wait for a place, so that they are claimed in bulk.
            Self::Collect => 2 * engine.settings.collects_at_once,
        }
    }

    /// How many more things to claim with so many in hand.
    fn wants(self, engine: &Engine, in_hand: usize) -> usize {
        match self {
            Self::Collect if in_hand > engine.settings.collects_at_once => 0,
            _ => self.at_once(engine).saturating_sub(in_hand),
        }
    }

    async fn claim(self, engine: &Arc<Engine>, limit: usize) -> Result<Vec<Job>> {
        match self {
            Self::Submit => submit::claim(engine, limit).await,
            Self::Lookup => lookup::claim(engine, limit).await,
            Self::Watch => watch::claim(engine, limit).await,
            Self::Collect => collect::claim(engine, limit).await,
        }
    }

    /// Claims and performs what is due now.
    pub(super) async fn run_once(self, engine: &Arc<Engine>) -> Result<usize> {
        let mut done = 0;
        loop {
            let jobs = self.claim(engine, self.at_once(engine)).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            for outcome in futures::future::join_all(jobs).await {
                outcome?;
            }
        }
    }

    /// Performs what comes due until `shutdown`: a slow job keeps one place busy, never the others.
    pub(super) async fn run(self, engine: Arc<Engine>, shutdown: CancellationToken) {
        let mut signals = engine.signals.listen_for(self);
        let mut jobs = JoinSet::new();
        while !shutdown.is_cancelled() {
            signals.mark_unchanged();
            let wanted = self.wants(&engine, jobs.len());
            let claimed = if wanted > 0 { self.claim_or_warn(&engine, wanted).await } else { Vec::new() };
            let (found, is_full) = (!claimed.is_empty(), claimed.len() == wanted);
            for job in claimed {
                jobs.spawn(job);
            }
            // There may be more: a claim stops where an instance is full, and others wait behind it.
            if found && !is_full {
                continue;
            }
            let wait = self.wait(&engine).await;
            tokio::select! {
                () = shutdown.cancelled() => {}
                Some(ended) = jobs.join_next() => self.report_all(ended, &mut jobs).await,
                _ = signals.changed(), if self.wants(&engine, jobs.len()) > 0 => {}
                () = engine.clock.sleep(wait) => {}
            }
        }
        while let Some(ended) = jobs.join_next().await {
            self.report(ended);
        }
    }

    /// Reports a job that ended, and those that ended with it: what is written together ends together.
    async fn report_all(self, ended: Ended, jobs: &mut JoinSet<Result<()>>) {
        self.report(ended);
        tokio::task::yield_now().await;
        while let Some(ended) = jobs.try_join_next() {
            self.report(ended);
        }
    }

    async fn claim_or_warn(self, engine: &Arc<Engine>, free: usize) -> Vec<Job> {
        self.claim(engine, free).await.unwrap_or_else(|error| {
            tracing::warn!(duty = ?self, %error, "nothing could be claimed; trying again");
            Vec::new()
        })
    }

    async fn wait(self, engine: &Engine) -> Duration {
        let now = engine.now();
        let due = engine.store.next_due(&engine.pulse.worker().credential_keys, now).await.ok().flatten();
        due.and_then(|due| (due - now).to_std().ok()).map_or(IDLE, |wait| wait.min(IDLE))
    }

    fn report(self, ended: Ended) {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(duty = ?self, %error, "the store did not take a change; it will be redone")
            }
            Err(error) => {
                tracing::error!(duty = ?self, %error, "a job ended unexpectedly; it will be redone")
            }
        }
    }
}
