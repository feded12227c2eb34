//! The heartbeat: how long this worker is believed to live, and whether that is long enough to act.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::{Engine, EngineSettings};
use crate::error::Result;
use crate::model::{Worker, WorkerId};

/// This worker as the store knows it.
#[derive(Debug)]
pub(super) struct Pulse {
    id: WorkerId,
    worker: Mutex<Worker>,
    beat_every: Duration,
    margin: Duration,
}

impl Pulse {
    /// A worker that has not beaten yet: its lease is over.
    pub(super) fn new(
        id: WorkerId,
        credential_keys: Vec<String>,
        settings: &EngineSettings,
        now: DateTime<Utc>,
    ) -> Self {
        let worker = Mutex::new(Worker { id, credential_keys, lease_expires_at: now });
        Self { id, worker, beat_every: settings.beat, margin: settings.lease_margin }
    }

    pub(super) fn id(&self) -> WorkerId {
        self.id
    }

    pub(super) fn worker(&self) -> Worker {
        self.worker.lock().clone()
    }

    /// Whether the lease outlives a request of this length.
    pub(super) fn outlives(&self, request: Duration, now: DateTime<Utc>) -> bool {
        self.worker.lock().lease_expires_at >= now + request + self.margin
    }
}

impl Engine {
    /// Extends the lease where it is time.
    pub(super) async fn beat(&self) -> Result<()> {
        let now = self.now();
        let extended = Worker { lease_expires_at: now + self.settings.lease, ..self.pulse.worker() };
        if extended.lease_expires_at - self.pulse.worker().lease_expires_at
            < chrono::TimeDelta::from_std(self.pulse.beat_every).unwrap_or_default()
        {
            return Ok(());
        }
        self.store.beat(&extended, now).await?;
        *self.pulse.worker.lock() = extended;
        Ok(())
    }

    pub(super) async fn keep_beating(self: Arc<Self>) {
        loop {
            if let Err(error) = self.beat().await {
                tracing::warn!(%error, "no heartbeat: the store did not take it");
            }
            self.clock.sleep(self.pulse.beat_every).await;
        }
    }
}
