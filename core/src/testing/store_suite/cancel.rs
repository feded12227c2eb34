//! Cancelling: the gate closes first.

use super::fixture::{Fixture, scope};
use crate::model::{BatchStatus, Change, EventKind, ExecutionStatus, Priority, Scope};
use crate::store::{CancelTarget, Step, StepOutcome, Store};

/// What waits is cancelled at once; what is out keeps its slot and status until AMC has spoken. A submit that AMC did not
/// take is not tried again.
pub async fn cancel_closes_the_gate<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let batch = fixture.batch().await;
    let claims = fixture.submits(&fixture.worker().await).await;
    fixture.apply(&claims[0], Change::Returned { not_before: fixture.now, failure: None }).await;
    fixture.apply(&claims[1], fixture.submitted("run-1")).await;

    let target = CancelTarget::Batch(batch);
    let concerned = store.request_cancel(&scope(), target, fixture.now).await.unwrap();
    let mut statuses: Vec<_> = concerned.iter().map(|execution| execution.status.as_str()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["cancelled", "running", "submitting"]);
    assert!(fixture.submits(&fixture.worker().await).await.is_empty());
    let returned = Change::Returned { not_before: fixture.now, failure: None };
    assert_eq!(fixture.apply(&claims[2], returned).await, StepOutcome::Applied);
    assert!(fixture.submits(&fixture.worker().await).await.is_empty());
    let running =
        fixture.executions(batch).await.into_iter().find(|it| it.status == ExecutionStatus::Running);
    fixture.force(&running.unwrap(), Change::Cancelled).await;
    let batch = store.batch(&scope(), &batch.into()).await.unwrap().unwrap();
    assert_eq!((batch.status, batch.counts.cancelled), (BatchStatus::Cancelled, 3));
}

/// The answer of a submit that was out is written, so that AMC can be told; one that is looked up is not sent again.
pub async fn cancel_lets_a_submit_tell_its_outcome<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let claims = fixture.submits(&fixture.worker().await).await;
    assert_eq!(
        store.request_cancel(&scope(), CancelTarget::Batch(batch), fixture.now).await.unwrap().len(),
        2
    );
    assert_eq!(fixture.apply(&claims[0], fixture.submitted("run-1")).await, StepOutcome::Applied);
    let executions = fixture.executions(batch).await;
    let told = executions.iter().find(|it| it.id == claims[0].execution.id).unwrap();
    assert_eq!((told.status, told.cancel_requested_at), (ExecutionStatus::Running, Some(fixture.now)));

    fixture.pass(45);
    let lookup = fixture.lookups(&fixture.worker().await).await.remove(0);
    let again = Step::new(lookup.lease(), Change::Resubmitting { reconcile_at: fixture.now });
    assert_eq!(store.apply(&[again], fixture.now).await.unwrap_err().code(), "illegal_transition");
    assert_eq!(fixture.apply(&lookup, Change::Cancelled).await, StepOutcome::Applied);
}

/// A batch that has ended stays as it is.
pub async fn cancel_after_the_end_changes_nothing<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch().await;
    let worker = fixture.worker().await;
    fixture.apply(&fixture.submits(&worker).await[0], fixture.submitted("run-1")).await;
    fixture.force(&fixture.executions(batch).await[0], Change::Collecting).await;
    fixture
        .apply(&fixture.collects(&worker).await[0], Change::Completed { row_count: 1, size_bytes: 1 })
        .await;
    assert!(
        store.request_cancel(&scope(), CancelTarget::Batch(batch), fixture.now).await.unwrap().is_empty()
    );
    let record = store.batch(&scope(), &batch.into()).await.unwrap().unwrap();
    assert_eq!((record.status, record.cancel_requested_at), (BatchStatus::Completed, None));
    let last = store.events(&scope(), batch, 0, 100).await.unwrap().pop().unwrap();
    assert_eq!(last.kind, EventKind::BatchFinished);
}

/// One execution is cancelled and its batch goes on; everything of an owner is cancelled and no other's.
pub async fn cancel_takes_what_is_named<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (one, other) = (fixture.batch().await, fixture.batch_of(Priority::Interactive, 2).await);
    let first = fixture.executions(one).await[0].id;
    let bob = Scope::Owner("bob".to_owned());
    for target in [CancelTarget::Execution(first), CancelTarget::Everything, CancelTarget::Batch(one)] {
        assert!(store.request_cancel(&bob, target, fixture.now).await.unwrap().is_empty(), "{target:?}");
    }
    let target = CancelTarget::Execution(first);
    assert_eq!(store.request_cancel(&scope(), target, fixture.now).await.unwrap()[0].id, first);
    let batch = store.batch(&scope(), &one.into()).await.unwrap().unwrap();
    assert_eq!((batch.counts.cancelled, batch.counts.pending, batch.cancel_requested_at), (1, 1, None));

    let rest = store.request_cancel(&scope(), CancelTarget::Everything, fixture.now).await.unwrap();
    assert_eq!(rest.len(), 3);
    for id in [one, other] {
        let batch = store.batch(&scope(), &id.into()).await.unwrap().unwrap();
        assert_eq!((batch.status, batch.counts.cancelled), (BatchStatus::Cancelled, 2));
        let events = store.events(&scope(), id, 0, 100).await.unwrap();
        let asked = events.iter().filter(|event| event.kind == EventKind::CancelRequested).count();
        assert_eq!((asked, events.last().unwrap().kind), (1, EventKind::BatchFinished));
    }
}
