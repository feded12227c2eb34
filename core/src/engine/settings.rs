//! What can be set about the engine.

use std::time::Duration;

use crate::model::Limits;

/// How the engine paces itself. The defaults suit AMC as documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineSettings {
    /// How many runs may live at AMC at once.
    pub limits: Limits,
    /// How long a POST may take. An outcome that never came is looked up this much and `settle` later.
    pub request_timeout: Duration,
    /// How long AMC's listing may lag behind its POSTs.
    pub settle: Duration,
    /// How long a worker counts as alive after a heartbeat.
    pub lease: Duration,
    /// How often it beats.
    pub beat: Duration,
    /// What a lease must outlive a POST by, so that a slow answer still finds it valid.
    pub lease_margin: Duration,
    /// How soon after a submit its instance is listed.
    pub first_poll: Duration,
    /// How rarely an instance is listed at most.
    pub slowest_poll: Duration,
    /// Submits at once.
    pub submits_at_once: usize,
    /// Instances listed at once.
    pub watches_at_once: usize,
    /// Results fetched at once: this bounds memory.
    pub collects_at_once: usize,
    /// AMC runs an execution may use up, and unclear answers an attempt may get.
    pub max_attempts: u32,
    /// The first wait after a failure that may pass.
    pub first_wait: Duration,
    /// The longest.
    pub longest_wait: Duration,
    /// How often a result may fail to be fetched before the execution fails.
    pub max_collect_failures: u32,
    /// Rows of a batch while a result is decoded.
    pub batch_rows: usize,
    /// Whether AMC's own bytes are kept beside the rows, so that a result can be decoded anew.
    pub keep_raw: bool,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            request_timeout: Duration::from_secs(10),
            settle: Duration::from_secs(30),
            lease: Duration::from_secs(20),
            beat: Duration::from_secs(5),
            lease_margin: Duration::from_secs(5),
            first_poll: Duration::from_secs(2),
            slowest_poll: Duration::from_secs(60),
            submits_at_once: 16,
            watches_at_once: 16,
            collects_at_once: 8,
            max_attempts: 3,
            first_wait: Duration::from_secs(4),
            longest_wait: Duration::from_secs(60),
            max_collect_failures: 10,
            batch_rows: 8192,
            keep_raw: true,
        }
    }
}

impl EngineSettings {
    /// How long after a POST its outcome may be looked up, if no answer came.
    #[must_use]
    pub fn reconcile_after(&self) -> Duration {
        self.request_timeout + self.settle
    }
}
