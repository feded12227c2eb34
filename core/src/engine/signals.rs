//! How a change wakes whoever waits for one in this process.

use std::sync::Arc;

use tokio::sync::watch;

/// Wakes waiters. Signals that nobody has looked at yet are one signal.
#[derive(Debug, Clone)]
pub struct Signals(Arc<watch::Sender<u64>>);

impl Default for Signals {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Signals {
    /// Says that something changed.
    pub fn raise(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Begins to listen: `changed` returns once for everything that happens from now on.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
