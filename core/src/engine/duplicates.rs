//! Second runs of one execution: a POST that was believed lost, or that the network delivered twice.

use super::Engine;
use crate::client::{AmcRun, Target};
use crate::error::ErrorKind;
use crate::model::{Change, Execution, Fence};
use crate::store::Step;

/// What became of runs that must not live.
pub(super) struct Cancelled {
    /// What is to be written about those that are cancelled now.
    pub(super) steps: Vec<Step>,
    /// Whether none of them lives any more.
    pub(super) all_gone: bool,
}

/// The living runs under the workflow id of an execution beside the one it has.
pub(super) fn of<'a>(execution: &Execution, listed: impl Iterator<Item = &'a AmcRun>) -> Vec<String> {
    let beside = listed.filter(|run| {
        Some(&run.workflow_id) == execution.amc_workflow_id.as_ref()
            && Some(&run.execution_id) != execution.amc_execution_id.as_ref()
            && !run.status.is_terminal()
    });
    beside.map(|run| run.execution_id.clone()).collect()
}

/// Cancels runs at AMC. One that AMC does not cancel now is found again at the next tick.
pub(super) async fn cancel(engine: &Engine, target: &Target, fence: Fence, ids: &[String]) -> Cancelled {
    let mut cancelled = Cancelled { steps: Vec::new(), all_gone: true };
    for id in ids {
        match engine.client.cancel(target, id).await {
            Ok(()) => {
                let change = Change::DuplicateCancelled { amc_execution_id: id.clone() };
                cancelled.steps.push(Step::new(fence, change));
            }
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            Err(error) => {
                let execution = fence.lease.execution;
                tracing::warn!(%execution, duplicate = id, %error, "a second run could not be cancelled yet");
                cancelled.all_gone = false;
            }
        }
    }
    cancelled
}
