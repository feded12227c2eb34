//! Under construction.

pub mod client;
pub mod clock;
mod error;
pub mod model;
pub mod results;
pub mod store;

pub use error::{Error, ErrorKind, Position, Result};
