//! Why an emulator does not start.

use std::io;

/// Why an emulator does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; choose another --port, or 0 for a free one")]
    Listen {
        /// `host:port` as asked for.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// No temporary file for results can be made.
    #[error("cannot make a temporary file for results; point TMPDIR at a writable folder")]
    Results(#[source] io::Error),
}
