//! Counting the requests that a piece of work makes, whichever client makes them.

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::model::{CallCounts, CallKind};

tokio::task_local! {
    static TALLY: Arc<Mutex<CallCounts>>;
}

/// Does some work, and counts the requests that clients [`note`] meanwhile.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, CallCounts) {
    let tally = Arc::<Mutex<CallCounts>>::default();
    let outcome = TALLY.scope(Arc::clone(&tally), work).await;
    let counts = *tally.lock();
    (outcome, counts)
}

/// Says that a request leaves. A client calls it for each, repetitions included, in the task that asked for it.
pub fn note(kind: CallKind) {
    // Nobody has to count.
    let _ = TALLY.try_with(|tally| tally.lock().add(kind));
}
