//! What this worker has in hand: a job that ends, however it ends, puts its thing down.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::error::Result;

/// Something to do, already claimed.
pub(super) type Job = BoxFuture<'static, Result<()>>;

/// The things this worker's jobs work on, by our own ids.
#[derive(Debug, Clone, Default)]
pub(super) struct InHand(Arc<Mutex<HashSet<Uuid>>>);

impl InHand {
    pub(super) fn ids(&self) -> HashSet<Uuid> {
        self.0.lock().clone()
    }

    /// Makes a job of work on a thing, which is in hand from now until the job is over or dropped.
    pub(super) fn job(&self, id: Uuid, work: impl Future<Output = Result<()>> + Send + 'static) -> Job {
        let grip = self.grip(id);
        Box::pin(async move {
            let _grip = grip;
            work.await
        })
    }

    fn grip(&self, id: Uuid) -> Grip {
        self.0.lock().insert(id);
        Grip { hand: self.clone(), id }
    }
}

/// A thing in hand.
#[derive(Debug)]
struct Grip {
    hand: InHand,
    id: Uuid,
}

impl Drop for Grip {
    fn drop(&mut self) {
        self.hand.0.lock().remove(&self.id);
    }
}
