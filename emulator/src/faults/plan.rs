//! The plan: faults in the order they were added.

/// What goes wrong and how often it did.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {}
