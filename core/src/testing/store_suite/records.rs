//! What is kept beside the work itself: attempts, calls, how long runs take, runs of others.

use super::fixture::{Fixture, scope, terms};
use crate::model::{CallCounts, Change, Failure, Limits, Priority, Receipt, Scope};
use crate::store::{ForeignRuns, Step, Store};

fn failure() -> Failure {
    let mut failure = Failure::new("amc_throttled", "too many requests");
    failure.detail.insert("http_status".into(), 429.into());
    failure.detail.insert("request_id".into(), "REQ-1".into());
    failure
}

/// An attempt tells its POSTs, its answers and its end; the next one begins anew.
pub async fn attempts_tell_what_was_asked_and_answered<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch().await;
    let worker = fixture.worker().await;
    let returned = Change::Returned { not_before: fixture.now, failure: Some(failure()) };
    fixture.apply(&fixture.submits(&worker).await[0], returned).await;
    let id = fixture.executions(batch).await[0].id;
    let attempt = store.attempts(&scope(), id).await.unwrap().remove(0);
    assert_eq!((attempt.number, attempt.posts, attempt.outcome.as_str()), (1, 1, "returned"));
    assert_eq!((attempt.http_status, attempt.request_id.as_deref()), (Some(429), Some("REQ-1")));
    assert_eq!(attempt.error_code.as_deref(), Some("amc_throttled"));

    fixture.pass(3);
    let receipt = Receipt { http_status: Some(200), request_id: Some("REQ-2".to_owned()) };
    let (amc_execution_id, watch_at) = ("run-1".to_owned(), fixture.now);
    let submitted = Change::Submitted { amc_execution_id, adopted: false, watch_at, receipt };
    fixture.apply(&fixture.submits(&worker).await[0], submitted).await;
    let attempt = store.attempts(&scope(), id).await.unwrap().remove(0);
    assert_eq!((attempt.posts, attempt.http_status, attempt.error_code), (2, Some(200), None));
    assert_eq!(
        (attempt.posted_at, attempt.answered_at, attempt.ended_at),
        (Some(watch_at), Some(watch_at), None)
    );
    assert!(attempt.started_at < watch_at);
    assert_eq!(attempt.amc_execution_id.as_deref(), Some("run-1"));

    let retrying = Change::Retrying { not_before: fixture.now, failure: failure() };
    fixture.force(&fixture.executions(batch).await[0], retrying).await;
    fixture.submits(&worker).await;
    let attempts = store.attempts(&scope(), id).await.unwrap();
    assert_eq!(attempts.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((attempts[0].outcome.as_str(), attempts[0].ended_at), ("retrying", Some(fixture.now)));
    assert!(store.attempts(&Scope::Owner("bob".to_owned()), id).await.unwrap().is_empty());
}

/// Calls add up with the changes they were made for, and one execution is found by either id.
pub async fn calls_add_up<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let batch = fixture.batch().await;
    let claim = fixture.submits(&fixture.worker().await).await.remove(0);
    let calls = CallCounts { submit: 1, token: 1, ..CallCounts::default() };
    let step = Step { calls, ..Step::new(claim.lease(), fixture.submitted("run-1")) };
    store.apply(&[step], fixture.now).await.unwrap();
    let running = fixture.executions(batch).await.remove(0);
    let lease = crate::model::Lease { execution: running.id, token: running.lease_token };
    let calls = CallCounts { list: 2, ..CallCounts::default() };
    let step = Step { calls, ..Step::new(lease, Change::Collecting) };
    store.apply(&[step], fixture.now).await.unwrap();
    let sum = CallCounts { submit: 1, token: 1, list: 2, ..CallCounts::default() };
    for id in [claim.execution.id.into(), crate::model::IdRef::Public(claim.execution.id.public())] {
        assert_eq!(store.execution(&scope(), &id).await.unwrap().unwrap().calls, sum);
        assert_eq!(store.execution(&Scope::Owner("bob".to_owned()), &id).await.unwrap(), None);
    }
}

/// How long a run took is known when the next of its workflow is watched there.
pub async fn durations_are_remembered<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    for (number, expected) in [(1, None), (2, Some(100)), (3, Some(100))] {
        let batch = fixture.batch_of(Priority::Interactive, number).await;
        let worker = fixture.worker().await;
        fixture.apply(&fixture.submits(&worker).await[0], fixture.submitted("run")).await;
        let watch = store.claim_watches(&terms(&worker), fixture.now).await.unwrap().remove(0);
        assert_eq!(watch.typical.get(&watch.runs[0].id).map(|span| span.as_secs()), expected);
        fixture.pass(100);
        fixture.force(&fixture.executions(batch).await[0], Change::Collecting).await;
    }
}

/// Runs of others take places of the instance and of the account, and are looked for while ours wait.
pub async fn runs_of_others_take_places<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let limits = Limits { per_instance: 2, per_account: 3 };
    let worker = fixture.worker().await;
    fixture.batch().await;
    for claim in fixture.claim_submits(&worker, limits).await {
        let run = claim.execution.id.public();
        fixture.apply(&claim, fixture.submitted(&run)).await;
    }
    let watches = store.claim_watches(&terms(&worker), fixture.now).await.unwrap();
    assert!(watches.iter().all(|watch| watch.ours.len() == 1 && watch.foreign == ForeignRuns::default()));
    let foreign = ForeignRuns { count: 1, since: Some(fixture.now), surveyed_at: Some(fixture.now) };
    let releases =
        [watches[0].release(fixture.now, foreign), watches[1].release(fixture.now, watches[1].foreign)];
    store.release_watches(&releases).await.unwrap();
    // Two of ours and one of theirs are all that the account may have.
    fixture.batch_of(Priority::Interactive, 2).await;
    assert!(fixture.claim_submits(&worker, limits).await.is_empty());
    let wider = Limits { per_account: 10, ..limits };
    let claimed = fixture.claim_submits(&worker, wider).await;
    assert_eq!(claimed.iter().map(|it| it.execution.instance).collect::<Vec<_>>(), [watches[1].instance]);

    for execution in store.batches(&scope(), &Default::default(), Default::default()).await.unwrap().items {
        for run in fixture.executions(execution.id).await {
            if run.status == crate::model::ExecutionStatus::Running {
                fixture.force(&run, Change::Collecting).await;
            }
        }
    }
    fixture.pass(1);
    let watches = store.claim_watches(&terms(&worker), fixture.now).await.unwrap();
    assert_eq!(
        watches.iter().map(|it| (it.instance, it.foreign)).collect::<Vec<_>>(),
        [(releases[0].instance, foreign)]
    );
    store.release_watches(&[watches[0].release(fixture.now, ForeignRuns::default())]).await.unwrap();
    assert_eq!(fixture.claim_submits(&worker, wider).await.len(), 1);
}
