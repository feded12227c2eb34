//! The roll-up: a batch is true to its executions at every commit.

use super::fixture::{Fixture, scope};
use crate::model::{BatchId, Change, Counts, Execution, ExecutionStatus, Failure};
use crate::store::{CancelTarget, Store};

/// Whatever happens to executions, status and counts of their batch equal a recount after every single step.
pub async fn roll_up_is_true<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 4).await;
    for walk in 0..6_u8 {
        let batch = fixture.batch_of(crate::model::Priority::Interactive, walk).await;
        let mut die = u64::from(walk) + 1;
        for step in 0..40 {
            advance(&fixture, batch, roll(&mut die)).await;
            if step == 20 && walk % 2 == 1 {
                store.request_cancel(&scope(), CancelTarget::Batch(batch), fixture.now).await.unwrap();
            }
            compare(&fixture, batch).await;
        }
    }
}

/// A small generator: these walks are the same on every store.
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

async fn advance<S: Store>(fixture: &Fixture<'_, S>, batch: BatchId, die: u64) {
    let open: Vec<Execution> =
        fixture.executions(batch).await.into_iter().filter(|it| !it.status.is_terminal()).collect();
    let Some(execution) = open.get(usize::try_from(die).unwrap_or_default() % open.len().max(1)) else {
        return;
    };
    let worker = crate::model::WorkerId(execution.id.0);
    let failed = Change::Failed(Failure::new("x", "x"));
    let change = match (execution.status, die % 5) {
        (_, 0) => failed,
        (ExecutionStatus::Pending, _) => {
            if execution.cancel_requested_at.is_some() {
                failed
            } else {
                Change::Submitting { worker, reconcile_at: fixture.now }
            }
        }
        (ExecutionStatus::Submitting, 1) => Change::Returned { not_before: fixture.now, failure: None },
        (ExecutionStatus::Submitting, _) => fixture.submitted("run"),
        (ExecutionStatus::Running, 1) => Change::Cancelled,
        (ExecutionStatus::Running, 2) => {
            Change::Retrying { not_before: fixture.now, failure: Failure::new("x", "x") }
        }
        (ExecutionStatus::Running, _) => Change::Collecting,
        _ => Change::Completed { row_count: 1, size_bytes: 1 },
    };
    fixture.force(execution, change).await;
}

async fn compare<S: Store>(fixture: &Fixture<'_, S>, batch: BatchId) {
    let executions = fixture.executions(batch).await;
    let record = fixture.store.batch(&scope(), &batch.into()).await.unwrap().unwrap();
    let recount = Counts::of(executions.iter().map(|execution| execution.status));
    assert_eq!(record.counts, recount);
    assert_eq!(record.status, recount.roll_up(record.cancel_requested_at.is_some()));
    assert_eq!(record.completed_at.is_some(), record.status.is_terminal());
}
