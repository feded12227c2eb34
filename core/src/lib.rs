//! Under construction.

pub mod client;
pub mod clock;
mod error;
pub mod results;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::{Error, ErrorKind, Position, Result};
