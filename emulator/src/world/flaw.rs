//! What asynchronous validation rejects without the engine, whoever asked for the run.

use super::execution::Order;
use super::instance::{Instance, Kind};
use super::references;
use crate::query::Refusal;

/// Finds why an order that was accepted will be rejected.
pub(super) fn flaw(instance: &Instance, order: &Order) -> Option<Refusal> {
    if instance.kind == Kind::Sandbox && !order.synthetic {
        let reason = "requireSyntheticData must be true for workflow executions in a sandbox instance.";
        return Some(Refusal::Rejected(reason.to_owned()));
    }
    let unset = || references::unset(&order.workflow, &order.parameter_values);
    references::undeclared(&order.workflow).or_else(unset).map(Refusal::Rejected)
}
