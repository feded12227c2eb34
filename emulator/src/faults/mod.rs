//! Faults: a plan of what goes wrong, when, and how often it did.

mod fault;
mod kind;
mod plan;
mod strike;

pub use self::fault::{Fault, FaultTarget};
pub use self::kind::{BadEnd, FaultBody, FaultKind, StuckStatus};
pub use self::plan::FaultReport;

pub(crate) use self::plan::FaultPlan;
pub(crate) use self::strike::strike;
pub(crate) use crate::world::execution::Script;

/// Marks a request whose answer must hold URLs that have expired already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpiredUrls;
