//! What this worker has in hand: a job that ends, however it ends, puts its thing down.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;
use uuid::Uuid;

/// The things this worker's jobs work on, by our own ids.
#[derive(Debug, Clone, Default)]
pub(super) struct InHand(Arc<Mutex<HashSet<Uuid>>>);

impl InHand {
    pub(super) fn ids(&self) -> HashSet<Uuid> {
        self.0.lock().clone()
    }

    /// Takes a thing in hand until the grip is dropped.
    pub(super) fn grip(&self, id: Uuid) -> Grip {
        self.0.lock().insert(id);
        Grip { hand: self.clone(), id }
    }
}

/// A thing in hand.
#[derive(Debug)]
pub(super) struct Grip {
    hand: InHand,
    id: Uuid,
}

impl Drop for Grip {
    fn drop(&mut self) {
        self.hand.0.lock().remove(&self.id);
    }
}
