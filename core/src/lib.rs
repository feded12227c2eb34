//! Under construction.

pub mod client;
pub mod clock;
pub mod engine;
mod error;
pub mod model;
pub mod results;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::{Error, ErrorKind, Position, Result};
