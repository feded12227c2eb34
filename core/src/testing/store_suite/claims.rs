//! Claims: one holder at a time, within the limits, free when the holder is dead.

use std::collections::HashSet;

use super::fixture::{Fixture, terms};
use crate::model::{Change, ExecutionStatus, Failure, Limits, Priority};
use crate::store::{ClaimTerms, StepOutcome, Store};

/// Two workers never hold the same execution.
pub async fn claims_are_exclusive<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 5).await;
    fixture.batch().await;
    let (one, other) = (fixture.worker().await, fixture.worker().await);
    let first = fixture.submits(&one).await;
    assert_eq!(first.len(), 5);
    assert!(first.iter().all(|claim| claim.execution.status == ExecutionStatus::Submitting));
    assert!(first.iter().all(|claim| claim.sql == "SELECT 1" && claim.execution.worker == Some(one.id)));
    assert!(fixture.submits(&other).await.is_empty());
    assert!(fixture.submits(&one).await.is_empty());
}

/// What somebody waits for goes before what nobody waits for; then the older goes first.
pub async fn claims_go_by_priority_and_then_by_age<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let mut batches = Vec::new();
    for (number, priority) in (1..).zip([Priority::Backfill, Priority::Interactive, Priority::Interactive]) {
        batches.push(fixture.batch_of(priority, number).await);
        fixture.pass(1);
    }
    let claims = fixture.submits(&fixture.worker().await).await;
    let order: Vec<_> = claims.iter().map(|claim| claim.execution.batch).collect();
    assert_eq!(order, [batches[1], batches[2], batches[0]]);
}

/// A worker takes nothing it could not submit.
pub async fn claims_are_only_for_credentials_held<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    fixture.batch().await;
    let stranger = fixture.worker_with("another").await;
    assert!(fixture.submits(&stranger).await.is_empty());
    assert!(store.somebody_works("another", fixture.now).await.unwrap());
    assert!(!store.somebody_works("default", fixture.now).await.unwrap());
}

/// An instance has as many runs as its limit says, not one more.
pub async fn never_over_the_limit_of_an_instance<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    for number in 1..=4 {
        fixture.batch_of(Priority::Interactive, number).await;
    }
    let limits = Limits { per_instance: 3, per_account: 100 };
    let claims = fixture.claim_submits(&fixture.worker().await, limits).await;
    for instance in ["amc0", "amc1"] {
        assert_eq!(claims.iter().filter(|claim| claim.execution.instance_id == instance).count(), 3);
    }
    assert!(fixture.claim_submits(&fixture.worker().await, limits).await.is_empty());
}

/// An account has as many runs as its limit says, over all its instances.
pub async fn never_over_the_limit_of_an_account<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 6).await;
    fixture.batch().await;
    let limits = Limits { per_instance: 3, per_account: 4 };
    let worker = fixture.worker().await;
    let claims = fixture.claim_submits(&worker, limits).await;
    assert_eq!(claims.len(), 4);
    fixture.apply(&claims[0], Change::Failed(Failure::new("x", "x"))).await;
    assert_eq!(fixture.claim_submits(&worker, limits).await.len(), 1);
}

/// A slot is held from the intent until AMC's run has ended, not until its rows are here.
pub async fn slots_are_freed_when_nothing_lives_at_amc<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch_of(Priority::Interactive, 1).await;
    fixture.pass(1);
    fixture.batch_of(Priority::Interactive, 2).await;
    let limits = Limits { per_instance: 1, per_account: 1 };
    let worker = fixture.worker().await;
    let claims = fixture.claim_submits(&worker, limits).await;
    assert_eq!(claims.len(), 1);
    fixture.apply(&claims[0], fixture.submitted("run-1")).await;
    assert!(fixture.claim_submits(&worker, limits).await.is_empty());
    fixture.force(&fixture.executions(batch).await[0], Change::Collecting).await;
    assert_eq!(fixture.claim_submits(&worker, limits).await.len(), 1);
}

/// What a dead worker was submitting can be looked up once its time has come, by anybody.
pub async fn a_dead_workers_claims_are_free<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    fixture.batch().await;
    let dead = fixture.worker().await;
    let held = fixture.submits(&dead).await.remove(0);
    fixture.pass(30);
    let heir = fixture.worker().await;
    assert!(fixture.lookups(&heir).await.is_empty(), "the time to look up has not come");
    fixture.pass(10);
    let claims = fixture.lookups(&heir).await;
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].execution.amc_workflow_id, held.execution.amc_workflow_id);
    assert_eq!(fixture.apply(&held, fixture.submitted("late")).await, StepOutcome::Stale);
    assert_eq!(fixture.apply(&claims[0], fixture.submitted("run-1")).await, StepOutcome::Applied);
}

/// A live worker's things are its own; what it holds and has not in hand, it may take again.
pub async fn what_a_worker_dropped_it_may_take_again<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    fixture.batch().await;
    let worker = fixture.worker().await;
    let held = fixture.submits(&worker).await.remove(0);
    fixture.pass(45);
    store
        .beat(
            &crate::model::Worker {
                lease_expires_at: fixture.now + chrono::TimeDelta::seconds(20),
                ..worker.clone()
            },
            fixture.now,
        )
        .await
        .unwrap();
    assert!(fixture.lookups(&fixture.worker().await).await.is_empty(), "its holder lives");
    let busy = ClaimTerms { in_hand: HashSet::from([held.execution.id.0]), ..terms(&worker) };
    assert!(store.claim_lookups(&busy, fixture.now).await.unwrap().is_empty(), "it is in hand");
    assert_eq!(fixture.lookups(&worker).await.len(), 1);
}

/// What is put off waits for its time, and a retired worker's things are free at once.
pub async fn what_is_put_off_waits<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch().await;
    let worker = fixture.worker().await;
    let claim = fixture.submits(&worker).await.remove(0);
    let not_before = fixture.now + chrono::TimeDelta::seconds(7);
    let failure = Failure::new("rate_limited", "slow down");
    fixture.apply(&claim, Change::Returned { not_before, failure: Some(failure) }).await;
    let put_off = fixture.executions(batch).await.remove(0);
    assert_eq!(put_off.blocked_reason.as_deref(), Some("rate_limited"));
    assert_eq!(store.next_due(&worker.credential_keys, fixture.now).await.unwrap(), Some(not_before));
    assert!(fixture.submits(&worker).await.is_empty());
    fixture.pass(7);
    let claim = fixture.submits(&worker).await.remove(0);
    assert_eq!((claim.execution.attempt, claim.execution.deferrals), (1, 1));
    fixture.apply(&claim, fixture.submitted("run-1")).await;
    fixture.force(&fixture.executions(batch).await[0], Change::Collecting).await;
    assert_eq!(fixture.collects(&worker).await.len(), 1);
    let heir = fixture.worker().await;
    assert!(fixture.collects(&heir).await.is_empty());
    store.retire(worker.id).await.unwrap();
    assert_eq!(fixture.collects(&heir).await.len(), 1);
}

/// What waits past its deadline fails alone; what is at AMC is its watcher's to stop.
pub async fn what_is_overdue_fails<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let mut batch = fixture.new_batch(Priority::Interactive, 1).await;
    let deadline = fixture.now + chrono::TimeDelta::seconds(5);
    batch.executions[0].deadline_at = Some(deadline);
    let id = store.create_batch(&batch, fixture.now).await.unwrap().batch.id;
    let worker = fixture.worker().await;
    assert_eq!(store.next_due(&worker.credential_keys, fixture.now).await.unwrap(), Some(deadline));
    assert_eq!(store.expire(&worker.credential_keys, fixture.now).await.unwrap(), 0);
    fixture.pass(5);
    assert_eq!(store.expire(&["another".into()], fixture.now).await.unwrap(), 0);
    assert_eq!(store.expire(&worker.credential_keys, fixture.now).await.unwrap(), 1);
    let executions = fixture.executions(id).await;
    assert_eq!(executions[0].failure.as_ref().unwrap().code, "deadline_exceeded");
    assert_eq!(
        executions.iter().map(|it| it.status).collect::<Vec<_>>(),
        [ExecutionStatus::Failed, ExecutionStatus::Pending]
    );
}
