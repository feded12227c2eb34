//! The engine: it carries every execution from intent to rows, and survives being killed anywhere.
//!
//! Four duties share the work: *submit* (claim, POST), *lookup* (find out what became of a POST without an answer),
//! *watch* (list an instance, advance its runs), *collect* (fetch, decode, store). Each has its rule as a pure function
//! of what is known, and all write through the store's fenced steps. [`Engine::run_once`] does what is due and returns;
//! [`Engine::run`] is the only place that waits.

mod access;
mod backoff;
mod cadence;
mod collect;
mod duplicates;
mod duty;
mod foreign;
mod hand;
mod ledger;
mod lookup;
mod pulse;
mod reuse;
mod settings;
mod signals;
mod submit;
mod tallies;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::client::AmcClient;
use crate::clock::{Clock, Surroundings};
use crate::error::Result;
use crate::model::WorkerId;
use crate::results::store::ResultStore;
use crate::store::{ClaimTerms, Step, StepOutcome, Store, WatchRelease};

use duty::Duty;
use hand::InHand;
use ledger::Ledger;
use pulse::Pulse;
use tallies::Tallies;

pub(crate) use access::deny_if_out_of_reach;
pub use settings::EngineSettings;
pub use signals::Signals;

/// One worker over a store.
#[derive(Debug)]
pub struct Engine {
    store: Arc<dyn Store>,
    results: Arc<dyn ResultStore>,
    client: Arc<dyn AmcClient>,
    clock: Arc<dyn Clock>,
    settings: EngineSettings,
    pulse: Pulse,
    in_hand: InHand,
    changes: Ledger<Step, StepOutcome>,
    releases: Ledger<WatchRelease, StepOutcome>,
    tallies: Tallies,
    places: Semaphore,
    signals: Signals,
    ways: access::Ways,
}

impl Engine {
    /// A worker that takes work of these credentials. It does nothing until it is run.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        results: Arc<dyn ResultStore>,
        client: Arc<dyn AmcClient>,
        credential_keys: Vec<String>,
        surroundings: &Surroundings,
        settings: EngineSettings,
        signals: Signals,
    ) -> Arc<Self> {
        let now = surroundings.clock.now();
        let id = WorkerId::from(surroundings.ids.next(now));
        let places = Semaphore::new(settings.collects_at_once);
        let pulse = Pulse::new(id, credential_keys, &settings, now);
        Arc::new(Self {
            store,
            results,
            client,
            clock: Arc::clone(&surroundings.clock),
            settings,
            pulse,
            in_hand: InHand::default(),
            changes: Ledger::default(),
            releases: Ledger::default(),
            tallies: Tallies::default(),
            places,
            signals,
            ways: access::Ways::default(),
        })
    }

    /// Does everything that is due at this moment, and returns how many things it did.
    ///
    /// # Errors
    /// Only the store's own: what goes wrong at AMC is written down, not returned.
    pub async fn run_once(self: &Arc<Self>) -> Result<usize> {
        self.beat().await?;
        let mut done = 0;
        for duty in Duty::ALL {
            done += duty.run_once(self).await?;
        }
        Ok(done)
    }

    /// Works until `shutdown`, then finishes what is in hand and hands the rest back.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let beating = tokio::spawn(Arc::clone(&self).keep_beating());
        let duties = Duty::ALL.map(|duty| tokio::spawn(duty.run(Arc::clone(&self), shutdown.child_token())));
        for task in duties {
            if let Err(error) = task.await {
                tracing::error!(%error, "a duty of the worker ended unexpectedly");
            }
        }
        // The heart beats until the last duty has put its work down.
        beating.abort();
        if let Err(error) = self.store.retire(self.pulse.id()).await {
            tracing::warn!(%error, "the worker could not sign off; its lease will expire");
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn terms(&self, limit: usize) -> ClaimTerms {
        ClaimTerms {
            worker: self.pulse.worker(),
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            in_hand: self.in_hand.ids(),
        }
    }

    /// Writes changes, together with what others write now. A stale lease is nobody's error: somebody else knows better.
    async fn record(&self, steps: &[Step]) -> Result<Vec<StepOutcome>> {
        let apply = |steps: Vec<Step>| async move { self.store.apply(&steps, self.now()).await };
        let outcomes = self.changes.write(steps, apply).await?;
        self.signals.raise_for(steps.iter().flat_map(|step| Duty::after(&step.change)).copied());
        for (step, _) in steps.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == StepOutcome::Stale) {
            tracing::debug!(execution = %step.fence.lease.execution, "a replaced lease wrote nothing");
        }
        Ok(outcomes)
    }

    /// Lets go of a watch, together with others that are let go of now.
    async fn release(&self, watch: WatchRelease) -> Result<()> {
        let release = |watches: Vec<WatchRelease>| async move { self.store.release_watches(&watches).await };
        self.releases.write(&[watch], release).await.map(drop)
    }
}
