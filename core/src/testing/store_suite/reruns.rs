//! Running again what did not complete.

use super::fixture::{Fixture, scope};
use crate::clock::RandomIds;
use crate::model::{
    BatchStatus, Change, EventKind, Execution, ExecutionStatus, Failure, IdRef, Priority, Scope,
};
use crate::store::{CancelTarget, Store};

/// A retry writes a new execution for each that failed; the old one says which.
pub async fn a_retry_takes_the_place_of_what_failed<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let mut new = fixture.new_batch(Priority::Backfill, 1).await;
    new.executions[0].deadline_at = Some(fixture.now + chrono::TimeDelta::hours(1));
    let batch = store.create_batch(&new, fixture.now).await.unwrap().batch.id;
    let worker = fixture.worker().await;
    for (number, claim) in fixture.submits(&worker).await.iter().enumerate() {
        fixture.apply(claim, fixture.submitted(&format!("run-{number}"))).await;
    }
    let running = fixture.executions(batch).await;
    for execution in &running[..2] {
        fixture.force(execution, Change::Failed(Failure::new("amc_failed", "no"))).await;
    }
    let bob = Scope::Owner("bob".into());
    let of_bob = store.retry(&bob, batch, &[ExecutionStatus::Failed], &RandomIds, fixture.now).await;
    assert!(of_bob.unwrap().is_empty() && store.superseded(&bob, batch).await.unwrap().is_empty());

    let later = fixture.now + chrono::TimeDelta::hours(2);
    let fresh = store.retry(&scope(), batch, &[ExecutionStatus::Failed], &RandomIds, later).await.unwrap();
    let current = fixture.executions(batch).await;
    assert_eq!(current.iter().map(|it| it.id).collect::<Vec<_>>(), [fresh[0], fresh[1], running[2].id]);
    assert_eq!(current[0], again(&running[0], &current[0], later));
    let old = store.superseded(&scope(), batch).await.unwrap();
    let chain: Vec<_> = old.iter().map(|it| (it.id, it.superseded_by)).collect();
    assert_eq!(chain, [(running[0].id, Some(fresh[0])), (running[1].id, Some(fresh[1]))]);
    let stored = store.batch(&scope(), &IdRef::from(batch)).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.counts.total, stored.counts.pending), (BatchStatus::Running, 3, 2));
    let events = store.events(&scope(), batch, 0, 100).await.unwrap();
    let retried: Vec<_> = events.iter().filter(|it| it.kind == EventKind::Retried).collect();
    assert_eq!(retried[0].detail["supersedes"], running[0].id.public());
    assert_eq!((retried.len(), retried[0].execution), (2, Some(fresh[0])));
    let worker = fixture.worker().await;
    assert_eq!(fixture.submits(&worker).await.len(), 2, "the new ones are work");
}

fn again(old: &Execution, new: &Execution, now: chrono::DateTime<chrono::Utc>) -> Execution {
    old.again(new.id, old.credential_key.clone(), now)
}

/// What was cancelled may run again, and be cancelled again.
pub async fn a_cancelled_batch_may_be_retried<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    for _ in 0..2 {
        store.request_cancel(&scope(), CancelTarget::Batch(batch), fixture.now).await.unwrap();
        let cancelled = store.batch(&scope(), &IdRef::from(batch)).await.unwrap().unwrap();
        assert_eq!(cancelled.status, BatchStatus::Cancelled);
        let only = [ExecutionStatus::Failed, ExecutionStatus::Cancelled];
        assert_eq!(store.retry(&scope(), batch, &only, &RandomIds, fixture.now).await.unwrap().len(), 2);
        let open = store.batch(&scope(), &IdRef::from(batch)).await.unwrap().unwrap();
        assert_eq!((open.status, open.counts.total, open.completed_at), (BatchStatus::Pending, 2, None));
    }
    assert_eq!(store.superseded(&scope(), batch).await.unwrap().len(), 4);
}
