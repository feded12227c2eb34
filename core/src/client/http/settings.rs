//! How long to wait, how often to repeat.

use std::time::Duration;

use backon::ExponentialBuilder;

/// Settings of an [`HttpClient`](super::HttpClient).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// The longest one try of a submit or a cancel takes, its token and its repetition after a 401 included. After it
    /// nothing more of a submit leaves this process.
    pub request_timeout: Duration,
    /// The longest silence within an answer.
    pub read_timeout: Duration,
    /// The longest it takes to open a connection.
    pub connect_timeout: Duration,
    /// How calls that may be repeated are repeated.
    pub retry: RetryPolicy,
    /// Who we say we are.
    pub user_agent: String,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            retry: RetryPolicy::default(),
            user_agent: concat!("amc-fleet/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Exponential back-off with jitter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a call is sent in all.
    pub attempts: usize,
    /// The shortest wait; it doubles from attempt to attempt.
    pub min_delay: Duration,
    /// The longest wait. Where AMC asks for a longer one the call ends, and its error says how long.
    pub max_delay: Duration,
    /// Makes the jitter repeatable.
    pub jitter_seed: Option<u64>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            min_delay: Duration::from_secs(4),
            max_delay: Duration::from_secs(60),
            jitter_seed: None,
        }
    }
}

impl RetryPolicy {
    pub(super) fn backoff(&self) -> ExponentialBuilder {
        let backoff = ExponentialBuilder::new()
            .with_jitter()
            .with_factor(2.0)
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(self.attempts.saturating_sub(1));
        match self.jitter_seed {
            Some(seed) => backoff.with_jitter_seed(seed),
            None => backoff,
        }
    }
}
