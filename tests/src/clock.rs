//! The clock of an emulator, for a fleet to live by.

use std::sync::Arc;
use std::time::Duration;

use amc_fleet::clock::{Clock, RandomIds, Surroundings};
use amc_fleet_emulator::Emulator;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// The clock of an emulator that goes on by itself and is set forward in between.
#[derive(Debug)]
pub struct EmulatorClock {
    emulator: Arc<Emulator>,
    moved: watch::Sender<()>,
}

impl EmulatorClock {
    /// The clock of an emulator.
    #[must_use]
    pub fn of(emulator: &Arc<Emulator>) -> Arc<Self> {
        Arc::new(Self { emulator: Arc::clone(emulator), moved: watch::Sender::new(()) })
    }

    /// Sets it forward and wakes whose time has come.
    pub async fn advance(&self, by: Duration) {
        self.emulator.advance(by).await;
        self.moved.send_replace(());
    }

    /// Surroundings with this clock and random ids.
    #[must_use]
    pub fn surroundings(self: &Arc<Self>) -> Surroundings {
        let clock: Arc<dyn Clock> = Arc::<Self>::clone(self);
        Surroundings { clock, ids: Arc::new(RandomIds) }
    }
}

#[async_trait]
impl Clock for EmulatorClock {
    fn now(&self) -> DateTime<Utc> {
        self.emulator.now()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        let mut moved = self.moved.subscribe();
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            // The sender is `self`, so waiting cannot fail.
            _ = moved.wait_for(|()| self.now() >= until) => {}
        }
    }
}
