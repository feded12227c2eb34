//! Fences: a write under a replaced lease fails and leaves no trace.

use super::fixture::{Fixture, scope};
use crate::error::{Error, ErrorKind};
use crate::model::{BatchId, Change, EventKind, Failure};
use crate::store::{Step, StepOutcome, Store};

async fn everything<S: Store>(fixture: &Fixture<'_, S>, batch: BatchId) -> String {
    let record = fixture.store.batch(&scope(), &batch.into()).await.unwrap();
    let executions = fixture.executions(batch).await;
    let events = fixture.store.events(&scope(), batch, 0, 100).await.unwrap();
    format!("{record:?} {executions:?} {events:?}")
}

/// Whoever lost its lease changes nothing: no status, no count, no event.
pub async fn stale_worker_changes_nothing<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let stale = fixture.submits(&fixture.worker().await).await.remove(0);
    fixture.pass(45);
    let heir = fixture.lookups(&fixture.worker().await).await;
    assert_eq!(heir.len(), 2);
    let before = everything(&fixture, batch).await;
    let changes = [
        fixture.submitted("late"),
        Change::Failed(Failure::new("late", "late")),
        Change::Returned { not_before: fixture.now, failure: None },
        Change::Resubmitting { reconcile_at: fixture.now },
        Change::Cancelled,
    ];
    for change in changes {
        assert_eq!(fixture.apply(&stale, change).await, StepOutcome::Stale);
    }
    assert_eq!(everything(&fixture, batch).await, before);
}

/// Whatever AMC says about a failure is kept, so that no answer can keep an execution from its end.
pub async fn a_failure_is_kept_whatever_amc_says<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch().await;
    let claim = fixture.submits(&fixture.worker().await).await.remove(0);
    let said =
        Error::new(ErrorKind::RemoteFailed, "amc_failed", "nul \0, quote ', \u{1F4A5}").raw("{\"a\":\"\0\"}");
    assert_eq!(fixture.apply(&claim, Change::Failed(Failure::from(&said))).await, StepOutcome::Applied);
    let kept = fixture.executions(batch).await.remove(0).failure.unwrap();
    assert_eq!(kept.message, "nul \u{FFFD}, quote ', \u{1F4A5}");
}

/// A change that the table does not allow is refused, and with it everything of the same transaction.
pub async fn illegal_changes_are_refused<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let claims = fixture.submits(&fixture.worker().await).await;
    let before = everything(&fixture, batch).await;
    let completed = Change::Completed { row_count: 1, size_bytes: 1 };
    let step = Step::new(claims[0].lease(), completed);
    let error = store.apply(&[step], fixture.now).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "illegal_transition"));
    assert_eq!(everything(&fixture, batch).await, before);
}

/// Events count from 1 without gaps, and the batch's end is the last of them.
pub async fn events_have_no_gaps_and_an_end<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let worker = fixture.worker().await;
    for (number, claim) in fixture.submits(&worker).await.iter().enumerate() {
        fixture.apply(claim, fixture.submitted(&format!("run-{number}"))).await;
    }
    for execution in fixture.executions(batch).await {
        fixture.force(&execution, Change::Collecting).await;
    }
    for claim in fixture.collects(&worker).await {
        fixture.apply(&claim, Change::Completed { row_count: 3, size_bytes: 9 }).await;
    }
    let events = store.events(&scope(), batch, 0, 100).await.unwrap();
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=10).collect::<Vec<_>>());
    assert_eq!(events.last().unwrap().kind, EventKind::BatchFinished);
    assert_eq!(events.last().unwrap().detail["status"], "completed");
    let ours = |kind| events.iter().filter(|event| event.kind == kind).count();
    assert_eq!([EventKind::Submitting, EventKind::Submitted, EventKind::Completed].map(ours), [2, 2, 2]);
    assert_eq!(
        events.iter().find(|event| event.kind == EventKind::Completed).unwrap().detail["row_count"],
        3
    );
    assert_eq!(store.events(&scope(), batch, 8, 100).await.unwrap().len(), 2);
}
