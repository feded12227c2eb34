//! Doing a transaction again that the database gave up for another's sake.

use std::future::Future;

use super::failure::CONTENDED;
use crate::error::Result;

/// Several workers that wait for each other in a ring end with one of them; a ring of the same does not come back often.
const ATTEMPTS: usize = 5;

/// Runs a transaction until the database lets it through. Nothing of an attempt that was given up is left behind.
pub(super) async fn retried<T, F>(attempt: impl Fn() -> F + Send + Sync) -> Result<T>
where
    T: Send,
    F: Future<Output = Result<T>> + Send,
{
    for number in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.code() == CONTENDED => {
                tracing::debug!(number, "a transaction was given up for another's sake; doing it again");
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
