//! Faults: a plan of what goes wrong, when, and how often it did.

pub(crate) mod plan;

pub(crate) use crate::world::execution::Script;

/// Marks a request whose answer must hold URLs that have expired already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpiredUrls;
