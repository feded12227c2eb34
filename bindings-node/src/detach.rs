//! Leaving a wait without stopping what is waited for.

use amc_fleet::{Error, ErrorKind, Result};
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

/// Ends a wait early; `lib/detach.cjs` makes one for each `AbortSignal`.
#[napi]
#[derive(Debug, Clone, Default)]
pub struct Detach(CancellationToken);

#[napi]
impl Detach {
    /// Makes one that has not been used.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the wait.
    #[napi]
    pub fn now(&self) {
        self.0.cancel();
    }
}

impl Detach {
    /// Waits for `work`, unless it is left: then only the wait ends.
    pub(crate) async fn or<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let left = || Error::new(ErrorKind::Cancelled, "detached", "nobody waits any more");
        self.0.run_until_cancelled(work).await.unwrap_or_else(|| Err(left()))
    }
}
