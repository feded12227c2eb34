//! Results that serve more than one execution.

use futures::future::join_all;

use super::fixture::{Fixture, scope, terms};
use crate::model::{
    BatchId, BatchStatus, Change, Execution, ExecutionStatus, Failure, NewBatch, Priority, Scope, Worker,
};
use crate::store::{CancelTarget, Step, StepOutcome, Store};

/// A batch whose executions may take the results of others.
async fn asked<S: Store>(fixture: &Fixture<'_, S>) -> NewBatch {
    let mut batch = fixture.new_batch(Priority::Interactive, 1).await;
    batch.executions.iter_mut().for_each(|execution| execution.may_reuse = true);
    batch
}

async fn created<S: Store>(fixture: &Fixture<'_, S>) -> BatchId {
    let batch = asked(fixture).await;
    fixture.store.create_batch(&batch, fixture.now).await.unwrap().batch.id
}

/// Brings what is pending and may run to where its result is fetched.
async fn run<S: Store>(fixture: &Fixture<'_, S>, worker: &Worker) -> usize {
    let claims = fixture.submits(worker).await;
    for claim in &claims {
        let id = claim.execution.id.to_string();
        assert_eq!(fixture.apply(claim, fixture.submitted(&id)).await, StepOutcome::Applied);
    }
    for watch in fixture.store.claim_watches(&terms(worker), fixture.now).await.unwrap() {
        let steps: Vec<Step> =
            watch.runs.iter().map(|run| Step::new(watch.fence(run), Change::Collecting)).collect();
        fixture.store.apply(&steps, fixture.now).await.unwrap();
        fixture.store.release_watches(&[watch.release(fixture.now, watch.foreign)]).await.unwrap();
    }
    claims.len()
}

/// Fetches what there is to fetch: its own results, and copies of others.
async fn collect<S: Store>(fixture: &Fixture<'_, S>, worker: &Worker) -> usize {
    let claims = fixture.collects(worker).await;
    for claim in &claims {
        let change = match claim.execution.reuse_of {
            None => Change::Completed { row_count: 3, size_bytes: 30 },
            Some(_) => reused(fixture),
        };
        assert_eq!(fixture.apply(claim, change).await, StepOutcome::Applied);
    }
    claims.len()
}

fn reused<S: Store>(fixture: &Fixture<'_, S>) -> Change {
    let submitted_at = Some(fixture.now - chrono::TimeDelta::hours(2));
    Change::Reused { row_count: 3, size_bytes: 30, amc_execution_id: Some("run".into()), submitted_at }
}

async fn sources<S: Store>(
    fixture: &Fixture<'_, S>,
    batch: BatchId,
) -> Vec<Option<crate::model::ExecutionId>> {
    fixture.executions(batch).await.into_iter().map(|execution| execution.reuse_of).collect()
}

fn ids(executions: &[Execution]) -> Vec<Option<crate::model::ExecutionId>> {
    executions.iter().map(|execution| Some(execution.id)).collect()
}

/// Who allows it gets the newest result of the same key; AMC is not asked.
pub async fn a_result_that_is_there_is_taken<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let worker = fixture.worker().await;
    let first = fixture.batch().await;
    assert_eq!((run(&fixture, &worker).await, collect(&fixture, &worker).await), (2, 2));
    fixture.pass(1);
    let (alone, second) = (fixture.batch_of(Priority::Interactive, 2).await, created(&fixture).await);
    assert_eq!(sources(&fixture, alone).await, [None, None], "nobody asked for it");
    assert_eq!(
        sources(&fixture, second).await,
        ids(&fixture.executions(first).await),
        "there before to come"
    );
    assert_eq!((run(&fixture, &worker).await, collect(&fixture, &worker).await), (2, 4));
    for execution in fixture.executions(second).await {
        assert_eq!((execution.status, execution.row_count), (ExecutionStatus::Completed, Some(3)));
        assert_eq!(execution.amc_execution_id.as_deref(), Some("run"));
        assert_eq!(execution.age_seconds(), Some(7200.0));
    }
    assert_eq!(store.batch(&scope(), &second.into()).await.unwrap().unwrap().status, BatchStatus::Completed);
}

/// What waits for a run is neither submitted nor served before that ends, and runs itself when it comes to nothing.
pub async fn what_waits_for_a_run_follows_it<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let worker = fixture.worker().await;
    let (first, second) = (fixture.batch().await, created(&fixture).await);
    assert_eq!(sources(&fixture, second).await, ids(&fixture.executions(first).await));
    assert!(fixture.collects(&worker).await.is_empty(), "there is nothing to take yet");
    let claims = fixture.submits(&worker).await;
    assert_eq!(claims.len(), 1, "one of the two runs");
    fixture.apply(&claims[0], Change::Failed(Failure::new("amc_rejected", "no"))).await;
    let served = fixture.collects(&worker).await;
    assert_eq!(served.len(), 1);
    let submitting = Change::Submitting { worker: worker.id, reconcile_at: fixture.now };
    let wrong = store.apply(&[Step::new(served[0].lease(), submitting)], fixture.now).await.unwrap_err();
    assert_eq!(wrong.code(), "illegal_transition");
    assert_eq!(fixture.apply(&served[0], Change::NotReused).await, StepOutcome::Applied);
    assert_eq!(sources(&fixture, second).await, [None]);
    assert_eq!((run(&fixture, &worker).await, collect(&fixture, &worker).await), (1, 1));
}

/// Of many who ask the same at once one runs; the others take its result.
pub async fn what_many_ask_for_at_once_is_run_once<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let worker = fixture.worker().await;
    let batches = join_all((0..8).map(|_| created(&fixture))).await;
    let mut own = 0;
    for batch in &batches {
        own += sources(&fixture, *batch).await.iter().filter(|source| source.is_none()).count();
    }
    assert_eq!(own, 3, "one an instance");
    assert_eq!(run(&fixture, &worker).await, 3);
    while collect(&fixture, &worker).await > 0 {}
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 0);
    for batch in batches {
        let record = store.batch(&scope(), &batch.into()).await.unwrap().unwrap();
        assert_eq!(record.status, BatchStatus::Completed);
    }
}

/// What one owner ran serves no other.
pub async fn results_never_go_to_another_owner<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    fixture.batch().await;
    let other = NewBatch { owner_id: "eve".to_owned(), ..asked(&fixture).await };
    let batch = store.create_batch(&other, fixture.now).await.unwrap().batch.id;
    let found = store.executions(&Scope::Owner("eve".to_owned()), batch).await.unwrap();
    assert_eq!(found.iter().map(|execution| execution.reuse_of).collect::<Vec<_>>(), [None]);
}

/// It is cancelled at once, before and while a result is copied, and serves nobody while it waits itself.
pub async fn what_waits_for_a_run_can_be_cancelled<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let worker = fixture.worker().await;
    let first = fixture.batch().await;
    let (waiting, copying) = (created(&fixture).await, created(&fixture).await);
    assert_eq!(sources(&fixture, copying).await, ids(&fixture.executions(first).await));
    let cancel = async |batch| {
        let target = CancelTarget::Batch(batch);
        store.request_cancel(&scope(), target, fixture.now).await.unwrap();
        fixture.executions(batch).await[0].status
    };
    assert_eq!(cancel(waiting).await, ExecutionStatus::Cancelled);
    assert_eq!((run(&fixture, &worker).await, collect(&fixture, &worker).await), (1, 1));
    let claims = fixture.collects(&worker).await;
    assert_eq!((claims.len(), claims[0].execution.status), (1, ExecutionStatus::Collecting));
    assert_eq!(cancel(copying).await, ExecutionStatus::Cancelled);
    assert_eq!(fixture.apply(&claims[0], reused(&fixture)).await, StepOutcome::Stale);
}
