//! Repeats what may be repeated.

use std::sync::Arc;
use std::time::Duration;

use backon::Retryable;
use futures::future::BoxFuture;

use super::settings::RetryPolicy;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};

/// Repeats calls by one policy, waiting on the given clock.
#[derive(Debug, Clone)]
pub(super) struct Repeater {
    pub(super) policy: RetryPolicy,
    pub(super) clock: Arc<dyn Clock>,
}

impl Repeater {
    /// Calls until it succeeds, fails for good, or the policy's attempts are used up.
    pub(super) fn repeat<'a, T: Send + 'a>(
        &self,
        attempt: impl FnMut() -> BoxFuture<'a, Result<T>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T>> {
        let clock = Arc::clone(&self.clock);
        let longest = self.policy.max_delay;
        let repeated = attempt
            .retry(self.policy.backoff())
            .sleep(move |delay| pause(Arc::clone(&clock), delay))
            .when(is_transient)
            .adjust(move |error, delay| wait(error, delay?, longest));
        Box::pin(repeated)
    }
}

fn pause(clock: Arc<dyn Clock>, delay: Duration) -> BoxFuture<'static, ()> {
    Box::pin(async move { clock.sleep(delay).await })
}

/// Kinds that pass by themselves. Other errors can be retryable too, but only by another call: a fresh URL, a run
/// that has ended. Where nobody listens, a person who waits is told at once; the engine comes back by itself.
fn is_transient(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Timeout)
        && !nobody_listens(error)
}

fn nobody_listens(error: &Error) -> bool {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// How long to wait; `None` where the remote side asks for more patience than the policy has.
fn wait(error: &Error, delay: Duration, longest: Duration) -> Option<Duration> {
    match error.retry_after() {
        Some(asked) => (asked <= longest).then_some(asked),
        None => Some(delay.min(longest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn where_nobody_listens_nothing_is_repeated() {
        let unreachable = |kind| {
            Error::new(ErrorKind::Unavailable, "amc_unreachable", "").caused_by(std::io::Error::from(kind))
        };
        assert!(!is_transient(&unreachable(std::io::ErrorKind::ConnectionRefused)));
        assert!(is_transient(&unreachable(std::io::ErrorKind::ConnectionReset)));
    }

    #[test]
    fn retry_after_is_honoured_up_to_the_longest_wait() {
        let asks = |after| Error::new(ErrorKind::RateLimited, "amc_throttled", "").retry_later(after);
        assert_eq!(wait(&asks(Some(7 * SECOND)), SECOND, 60 * SECOND), Some(7 * SECOND));
        assert_eq!(wait(&asks(Some(61 * SECOND)), SECOND, 60 * SECOND), None);
        assert_eq!(wait(&asks(None), 90 * SECOND, 60 * SECOND), Some(60 * SECOND));
    }
}
