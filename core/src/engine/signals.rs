//! How a change wakes whoever waits for one in this process.

use std::sync::Arc;

use tokio::sync::watch::{Receiver, Sender};

use super::duty::Duty;

/// Wakes waiters. Signals that nobody has looked at yet are one signal.
#[derive(Debug, Clone, Default)]
pub struct Signals(Arc<Bells>);

/// Everybody hears of every change; a duty of the worker only of what gives it something to do.
#[derive(Debug, Default)]
struct Bells {
    everybody: Sender<u64>,
    duties: [Sender<u64>; Duty::ALL.len()],
}

impl Signals {
    /// Says that something changed, whatever it is.
    pub fn raise(&self) {
        self.raise_for(Duty::ALL);
    }

    /// Says that something changed that concerns these duties.
    pub(super) fn raise_for(&self, duties: impl IntoIterator<Item = Duty>) {
        ring(&self.0.everybody);
        for duty in duties {
            ring(&self.0.duties[duty as usize]);
        }
    }

    /// Begins to listen: `changed` returns once for everything that happens from now on.
    #[must_use]
    pub fn listen(&self) -> Receiver<u64> {
        self.0.everybody.subscribe()
    }

    /// Begins to listen for what concerns a duty.
    pub(super) fn listen_for(&self, duty: Duty) -> Receiver<u64> {
        self.0.duties[duty as usize].subscribe()
    }
}

fn ring(bell: &Sender<u64>) {
    bell.send_modify(|count| *count = count.wrapping_add(1));
}
