//! A token bucket for each endpoint of each account, for when the emulator is told to throttle.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use http::Method;
use parking_lot::Mutex;

/// Counts requests by endpoint; one may burst to one second's worth.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Requests a second; 0 admits all.
    rate: u32,
    buckets: Mutex<HashMap<Endpoint, Bucket>>,
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Endpoint {
    /// The account as the request names it.
    pub(crate) account: String,
    pub(crate) method: Method,
    /// The path with its ids left open.
    pub(crate) path: String,
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

    /// Tells whether a request to an endpoint is admitted at `now`.
    pub(crate) fn admits(&self, endpoint: impl FnOnce() -> Endpoint, now: DateTime<Utc>) -> bool {
        self.rate == 0 || self.take(endpoint(), now)
    }

    fn take(&self, endpoint: Endpoint, now: DateTime<Utc>) -> bool {
        let rate = f64::from(self.rate);
        let mut buckets = self.buckets.lock();
        let bucket = buckets.entry(endpoint).or_insert(Bucket { tokens: rate, at: now });
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
    fn an_endpoint_recovers_with_the_clock() {
        let throttle = Throttle::new(2);
        let now = "2025-10-15T00:00:00Z".parse().unwrap();
        let endpoint = |path: &str| Endpoint {
            account: "ENTITY1".to_owned(),
            method: Method::GET,
            path: path.to_owned(),
        };
        let admitted = |path, now| throttle.admits(|| endpoint(path), now);
        assert_eq!([admitted("/a", now), admitted("/a", now), admitted("/a", now)], [true, true, false]);
        assert!(admitted("/b", now));
        assert!(admitted("/a", now + TimeDelta::milliseconds(500)));
    }
}
