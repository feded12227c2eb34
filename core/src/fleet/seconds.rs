//! Spans of time as a caller writes them.

use std::time::Duration;

use crate::error::{Error, Result};

/// Reads a span that was given in seconds.
///
/// # Errors
/// `InvalidInput` (`unreadable_span`) when it is negative, endless or no number; `name` says which one.
pub fn seconds(name: &str, value: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(value).map_err(|error| {
        Error::invalid("unreadable_span", format!("{name} = {value} is no span of time"))
            .hint("give seconds, zero or more")
            .caused_by(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_not_negative() {
        assert_eq!(seconds("timeout", 1.5).unwrap(), Duration::from_millis(1500));
        for value in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(seconds("timeout", value).unwrap_err().code(), "unreadable_span", "{value}");
        }
    }
}
