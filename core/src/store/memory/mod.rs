//! The store in memory: for tests and for programs that need no tomorrow.
//!
//! One lock, plain maps, the same model rules as the databases. It is held to the same suite.

mod backfills;
mod batches;
mod catalogues;
mod instances;
mod lineage;
mod management;
mod standing;
mod state;
mod templates;
mod work;

use parking_lot::Mutex;

use state::State;

/// A store that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;

    crate::store_suite!(memory, async { (MemoryStore::new(), ()) });
    crate::scheduler_suite!(
        by_cron,
        async { (MemoryStore::new(), ()) },
        crate::testing::scheduler_suite::Driven::by_cron
    );
    crate::scheduler_suite!(
        by_host,
        async { (MemoryStore::new(), ()) },
        crate::testing::scheduler_suite::Driven::by_host
    );
}
