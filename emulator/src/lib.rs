//! Under construction.

pub mod query;
