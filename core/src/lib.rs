//! Under construction.

pub mod clock;
mod error;
pub mod model;
pub mod results;

pub use error::{Error, ErrorKind, Position, Result};
