//! Troubles that pass, and troubles that do not.

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::client::{DEFAULT_CREDENTIAL, RunStatus};
use crate::clock::Clock;
use crate::engine::EngineSettings;
use crate::error::ErrorKind;
use crate::model::{BatchStatus, EventKind, ExecutionStatus, Scope};
use crate::store::CancelTarget;
use crate::testing::{RunScript, SubmitFault};

on_every_store!(no_post_after_cancel, a_submit_that_was_out_is_stopped_at_amc, never_over_the_limit);

/// A run that fails in AMC's own way is tried again under a new id, which AMC sees only after the first has ended.
#[tokio::test]
async fn amcs_own_failure_is_tried_again() {
    let harness = Harness::new(1).await;
    harness.amc.script(RunScript { duration: None, ..RunScript::default() });
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.run_once().await.unwrap();
    let first = harness.amc.submits().remove(0);
    harness.amc.end(&first.execution_id, RunStatus::Failed, Some("Internal error, try again later"));
    harness.amc.script(RunScript::default());
    let report = harness.finish(&engine, &batch).await;
    assert_eq!(report.status, BatchStatus::Completed);
    let ids: Vec<String> = harness.amc.submits().into_iter().map(|run| run.request.workflow_id).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids[0].ends_with("-1") && ids[1].ends_with("-2"), "{ids:?}");
}

/// A query that AMC rejects is not tried again.
#[tokio::test]
async fn a_rejection_is_final() {
    let harness = Harness::new(2).await;
    harness.amc.script(RunScript { duration: None, ..RunScript::default() });
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.run_once().await.unwrap();
    for run in harness.amc.submits() {
        harness.amc.end(&run.execution_id, RunStatus::Rejected, Some("Column 'x' not found in any table"));
    }
    let report = harness.finish(&engine, &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Failed, vec![1, 1]));
    assert_eq!(report.executions[0].error_code.as_deref(), Some("amc_rejected"));
}

/// A revoked credential blocks its runs visibly, costs no attempt, and they go on when it works again.
#[tokio::test]
async fn a_revoked_credential_blocks_and_goes_on() {
    let harness = Harness::new(2).await;
    harness.amc.revoke(DEFAULT_CREDENTIAL);
    let batch = harness.batch().await;
    let engine = harness.engine();
    for _ in 0..100 {
        engine.run_once().await.unwrap();
        harness.pass(10);
    }
    let blocked = batch.status().await.unwrap();
    assert_eq!(blocked.pending_instances, 2);
    assert!(blocked.executions.iter().all(|it| it.blocked_reason.is_some()), "{blocked:?}");
    harness.amc.restore(DEFAULT_CREDENTIAL);
    let report = harness.finish(&engine, &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Completed, vec![1, 1]));
}

/// Submits that get no clear answer, again and again, end the execution; nothing of it lives at AMC.
#[tokio::test]
async fn unclear_answers_end_at_last() {
    let harness = Harness::new(1).await;
    for _ in 0..5 {
        harness.amc.fail_next_submit(SubmitFault::LostBefore);
    }
    let report = harness.finish(&harness.engine(), &harness.batch().await).await;
    assert_eq!(report.executions[0].error_code.as_deref(), Some("submit_ambiguous"));
    assert_eq!(harness.runs_of_each(), [0]);
    assert_eq!(report.failure().unwrap().kind(), ErrorKind::RemoteFailed);
}

/// After cancel has returned, what was pending is never submitted.
async fn no_post_after_cancel(kind: Kind) {
    let harness = Harness::on(kind, 3).await;
    let batch = harness.batch().await;
    let report = batch.cancel().await.unwrap();
    assert_eq!((report.cancelled, report.not_cancelled), (3, 0));
    let engine = harness.engine();
    for _ in 0..100 {
        engine.run_once().await.unwrap();
        harness.pass(1);
    }
    assert_eq!(harness.runs_of_each(), [0, 0, 0]);
    assert_eq!(batch.status().await.unwrap().status, BatchStatus::Cancelled);
}

/// A cancel while a submit is out lets its answer be written; the run is stopped at AMC and never completes.
async fn a_submit_that_was_out_is_stopped_at_amc(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.beat().await.unwrap();
    let jobs = super::super::submit::claim(&engine, 1).await.unwrap();
    let target = CancelTarget::Batch(batch.id());
    harness.fleet.0.store.request_cancel(&Scope::System, target, harness.clock.now()).await.unwrap();
    for job in jobs {
        job.await.unwrap();
    }
    let report = harness.finish(&engine, &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Cancelled, vec![1]));
    assert_eq!(harness.amc.submits()[0].status, RunStatus::Cancelled);
}

/// A worker whose lease would not outlive the request hands the execution back instead of sending it.
#[tokio::test]
async fn a_worker_about_to_die_submits_nothing() {
    let harness = Harness::new(1).await;
    let batch = harness.batch().await;
    let engine = harness.engine();
    engine.beat().await.unwrap();
    harness.pass(15);
    let jobs = super::super::submit::claim(&engine, 1).await.unwrap();
    assert_eq!(jobs.len(), 1);
    for job in jobs {
        job.await.unwrap();
    }
    assert_eq!(harness.runs_of_each(), [0]);
    let execution = harness.fleet.0.store.executions(&Scope::System, batch.id()).await.unwrap().remove(0);
    assert_eq!((execution.status, execution.deferrals), (ExecutionStatus::Pending, 0));
    let events = harness.fleet.0.store.events(&Scope::System, batch.id(), 0, 100).await.unwrap();
    assert_eq!(events.last().unwrap().kind, EventKind::Returned);
    assert_eq!(harness.finish(&engine, &batch).await.status, BatchStatus::Completed);
}

/// Twenty batches on one instance never have more than ten runs there at once.
async fn never_over_the_limit(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    let mut batches = Vec::new();
    for _ in 0..20 {
        batches.push(harness.batch().await);
    }
    let engine = harness.engine();
    for batch in &batches {
        assert_eq!(harness.finish(&engine, batch).await.status, BatchStatus::Completed);
    }
    let id = &harness.amc.targets()[0].instance_id;
    assert_eq!((harness.runs_of_each(), harness.amc.most_at_once(id)), (vec![20], 10));
}

/// AMC's own bytes stay beside the rows, unless they are not wanted.
#[tokio::test]
async fn raw_bytes_are_kept_as_the_setting_says() {
    for keep_raw in [true, false] {
        let harness = Harness::new(1).await;
        let batch = harness.batch().await;
        let engine = harness.engine_with(EngineSettings { keep_raw, ..EngineSettings::default() });
        let report = harness.finish(&engine, &batch).await;
        let executions = harness.fleet.0.store.executions(&Scope::System, batch.id()).await.unwrap();
        let raw = harness.results.raw(executions[0].id, 0).await.unwrap();
        assert_eq!(raw.is_some_and(|bytes| !bytes.is_empty()), keep_raw);
        assert!(report.row_count > 0);
    }
}
