//! Second runs of one execution: how they are prevented, and what becomes of those that are there all the same.

use std::sync::Arc;
use std::time::Duration;

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::client::RunStatus;
use crate::engine::{Engine, submit};
use crate::fleet::BatchHandle;
use crate::model::{BatchStatus, EventKind, Scope};
use crate::testing::{Moment, RunScript, SubmitFault, WitnessedRun};

/// Beat, expire, the claims of submits, of look-ups and of the watch, its list, the cancel.
const CALLS_TO_A_CANCEL: u64 = 7;

on_every_store!(
    a_paused_worker_cannot_post_after_its_successor_did,
    the_oldest_run_is_adopted_and_the_rest_are_cancelled,
    a_run_that_was_listed_late_is_cancelled,
    a_second_run_is_cancelled_before_its_execution_ends,
);

async fn events(harness: &Harness, batch: &BatchHandle) -> Vec<EventKind> {
    let events = harness.fleet.0.store.events(&Scope::System, batch.id(), 0, 1000).await.unwrap();
    events.iter().map(|event| event.kind).collect()
}

fn alive(harness: &Harness) -> Vec<WitnessedRun> {
    let ended_in_vain = |run: &WitnessedRun| run.status == RunStatus::Cancelled;
    harness.amc.submits().into_iter().filter(|run| !ended_in_vain(run)).collect()
}

async fn claimed(engine: &Arc<Engine>) -> Vec<super::super::hand::Job> {
    engine.beat().await.unwrap();
    submit::claim(engine, 1).await.unwrap()
}

/// A worker stands still between its claim and its POST. Its successor finds nothing at AMC and posts. The first wakes up,
/// its heart beats before anything else, and it must not post any more.
async fn a_paused_worker_cannot_post_after_its_successor_did(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    let batch = harness.batch().await;
    let paused = harness.engine();
    let jobs = claimed(&paused).await;
    assert_eq!(jobs.len(), 1);
    harness.pass(60);
    let successor = harness.engine();
    successor.run_once().await.unwrap();
    assert_eq!(harness.runs_of_each(), [1]);
    paused.beat().await.unwrap();
    for job in jobs {
        job.await.unwrap();
    }
    assert_eq!(harness.runs_of_each(), [1]);
    let report = harness.finish(&successor, &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Completed, vec![1]));
}

/// Two runs are there under one id when the outcome is looked up.
async fn the_oldest_run_is_adopted_and_the_rest_are_cancelled(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    harness.amc.script(RunScript { duration: Some(Duration::from_secs(600)), ..RunScript::default() });
    harness.amc.fail_next_submit(SubmitFault::LostAfter);
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.run_once().await.unwrap();
    let first = harness.amc.submits().remove(0);
    harness.pass(1);
    let second = harness.amc.foreign_run(&harness.amc.targets()[0], &first.request.workflow_id).await;
    let report = harness.finish(&engine, &batch).await;
    assert_eq!(report.status, BatchStatus::Completed);
    assert_eq!(report.executions[0].amc_execution_id.as_ref(), Some(&first.execution_id));
    assert!(alive(&harness).iter().all(|run| run.execution_id != second));
    let kinds = events(&harness, &batch).await;
    assert_eq!(kinds.iter().filter(|kind| **kind == EventKind::DuplicateCancelled).count(), 1);
}

/// The list shows a run later than anybody may expect: another was sent meanwhile, and one of them is cancelled.
async fn a_run_that_was_listed_late_is_cancelled(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    harness.amc.script(RunScript { duration: Some(Duration::from_secs(600)), ..RunScript::default() });
    harness.amc.fail_next_submit(SubmitFault::TimedOut { hidden_for: Duration::from_secs(120) });
    let batch = harness.batch().await;
    let report = harness.finish(&harness.engine(), &batch).await;
    assert_eq!(
        (report.status, harness.runs_of_each(), alive(&harness).len()),
        (BatchStatus::Completed, vec![2], 1)
    );
    assert!(events(&harness, &batch).await.contains(&EventKind::DuplicateCancelled));
}

/// As long as a second run cannot be cancelled its execution does not end, so that nobody forgets it.
async fn a_second_run_is_cancelled_before_its_execution_ends(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.run_once().await.unwrap();
    let ours = harness.amc.submits().remove(0);
    harness.amc.script(RunScript { duration: None, ..RunScript::default() });
    harness.amc.foreign_run(&harness.amc.targets()[0], &ours.request.workflow_id).await;
    harness.pass(100);
    let cancel = harness.plan.calls() + CALLS_TO_A_CANCEL;
    harness.plan.fail(cancel, Moment::Before);
    engine.run_once().await.unwrap();
    assert_eq!(batch.status().await.unwrap().running_instances, 1);
    let report = harness.finish(&engine, &batch).await;
    assert_eq!((report.status, alive(&harness).len()), (BatchStatus::Completed, 1));
}
