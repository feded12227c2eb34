//! An engine in a hurry: the same rules, shorter waits.

use std::time::Duration;

use amc_fleet::client::http::{HttpSettings, RetryPolicy};
use amc_fleet::engine::EngineSettings;

/// Waits that suit an emulator on the same machine.
#[must_use]
pub fn hurried() -> EngineSettings {
    EngineSettings {
        request_timeout: Duration::from_secs(1),
        settle: Duration::from_millis(500),
        lease: Duration::from_millis(3500),
        beat: Duration::from_millis(300),
        lease_margin: Duration::from_millis(500),
        first_poll: Duration::from_millis(100),
        slowest_poll: Duration::from_secs(1),
        first_wait: Duration::from_millis(100),
        longest_wait: Duration::from_secs(1),
        ..EngineSettings::default()
    }
}

/// An HTTP client that gives up as soon as the engine does.
#[must_use]
pub fn hurried_http() -> HttpSettings {
    let retry = RetryPolicy {
        min_delay: Duration::from_millis(50),
        max_delay: Duration::from_millis(500),
        ..RetryPolicy::default()
    };
    let second = Duration::from_secs(1);
    HttpSettings { request_timeout: second, read_timeout: second, retry, ..HttpSettings::default() }
}
