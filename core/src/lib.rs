//! Under construction.

pub mod clock;
mod error;
pub mod model;
pub mod params;
pub mod results;
pub mod sql;

pub use error::{Error, ErrorKind, Position, Result};
