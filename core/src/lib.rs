//! Under construction.

pub mod clock;
mod error;

pub use error::{Error, ErrorKind, Position, Result};
