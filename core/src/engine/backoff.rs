//! How long to wait after a failure that may pass.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::EngineSettings;
use crate::error::{Error, ErrorKind};
use crate::model::ExecutionId;

/// Whether a failure passes by itself. A credential that AMC does not accept blocks its runs until one works again.
pub(super) fn passes(error: &Error) -> bool {
    error.is_retryable() || error.kind() == ErrorKind::Unauthorized
}

/// When to try again after `deferrals` failures in a row: exponential, no sooner than the remote side asked, with a
/// jitter that differs by execution so that a fleet does not come back as one.
pub(super) fn next_try(
    settings: &EngineSettings,
    execution: ExecutionId,
    deferrals: i64,
    error: &Error,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let exponent = u32::try_from(deferrals.clamp(0, 16)).unwrap_or_default();
    let wait = settings.first_wait.saturating_mul(1 << exponent).min(settings.longest_wait);
    let jittered = wait.mul_f64(0.5 + 0.5 * spread(execution, exponent));
    now + jittered.max(error.retry_after().unwrap_or(Duration::ZERO))
}

/// A number in [0, 1) that an execution keeps for a try, so that a replay waits the same.
fn spread(execution: ExecutionId, exponent: u32) -> f64 {
    let mixed = (execution.0.as_u128() ^ u128::from(exponent))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    f64::from(u32::try_from(mixed >> 96).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn wait(deferrals: i64, error: &Error) -> Duration {
        let (settings, now) = (EngineSettings::default(), DateTime::<Utc>::UNIX_EPOCH);
        let execution = ExecutionId(Uuid::from_u128(u128::MAX / 3));
        (next_try(&settings, execution, deferrals, error, now) - now).to_std().unwrap()
    }

    #[test]
    fn waits_grow_and_stay_within_bounds() {
        let error = Error::new(ErrorKind::Unavailable, "x", "x");
        for deferrals in 0..40 {
            let longest = Duration::from_secs(4 << deferrals.min(4)).min(Duration::from_secs(60));
            assert!(
                wait(deferrals, &error) <= longest && wait(deferrals, &error) >= longest / 2,
                "{deferrals}"
            );
        }
    }

    #[test]
    fn the_remote_side_may_ask_for_more() {
        let error = Error::new(ErrorKind::RateLimited, "x", "x").retry_later(Some(Duration::from_secs(90)));
        assert_eq!(wait(0, &error), Duration::from_secs(90));
    }
}
