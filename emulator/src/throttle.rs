//! A token bucket for each path, for when the emulator is told to throttle.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

/// Counts requests by path; a path may burst to one second's worth.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Requests a second; 0 admits all.
    rate: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

impl Throttle {
    pub(crate) fn new(rate: u32) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Tells whether a request to `path` is admitted at `now`.
    pub(crate) fn admits(&self, path: &str, now: DateTime<Utc>) -> bool {
        self.rate == 0 || self.take(path, now)
    }

    fn take(&self, path: &str, now: DateTime<Utc>) -> bool {
        let rate = f64::from(self.rate);
        let mut buckets = self.buckets.lock();
        let bucket = buckets.entry(path.to_owned()).or_insert(Bucket { tokens: rate, at: now });
        let seconds = (now - bucket.at).to_std().unwrap_or_default().as_secs_f64();
        bucket.tokens = seconds.mul_add(rate, bucket.tokens).min(rate);
        bucket.at = now;
        let admitted = bucket.tokens >= 1.0;
        bucket.tokens -= f64::from(u8::from(admitted));
        admitted
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_path_recovers_with_the_clock() {
        let throttle = Throttle::new(2);
        let now = "2025-10-15T00:00:00Z".parse().unwrap();
        let admitted = |path, now| throttle.admits(path, now);
        assert_eq!([admitted("/a", now), admitted("/a", now), admitted("/a", now)], [true, true, false]);
        assert!(admitted("/b", now));
        assert!(admitted("/a", now + TimeDelta::milliseconds(500)));
    }
}
