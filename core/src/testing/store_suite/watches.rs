//! Watches: who lists which instance next.

use super::fixture::{Fixture, terms};
use crate::model::{BatchId, Change, ExecutionStatus};
use crate::store::{Step, StepOutcome, Store, Watch};

/// A batch whose executions all run at AMC.
async fn running<S: Store>(fixture: &Fixture<'_, S>) -> BatchId {
    let batch = fixture.batch().await;
    for (number, claim) in fixture.submits(&fixture.worker().await).await.iter().enumerate() {
        fixture.apply(claim, fixture.submitted(&format!("run-{number}"))).await;
    }
    batch
}

fn ended(watch: &Watch) -> Step {
    Step::new(watch.fence(&watch.runs[0]), Change::Collecting)
}

/// One worker lists an instance at a time, and again only when it says so.
pub async fn a_watch_is_exclusive_until_released<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 3).await;
    running(&fixture).await;
    let (one, other) = (fixture.worker().await, fixture.worker().await);
    let watches = store.claim_watches(&terms(&one), fixture.now).await.unwrap();
    assert_eq!(watches.len(), 3);
    assert!(watches.iter().all(|watch| watch.runs.len() == 1));
    assert!(store.claim_watches(&terms(&other), fixture.now).await.unwrap().is_empty());
    let next = fixture.now + chrono::TimeDelta::seconds(5);
    let releases: Vec<_> = watches.iter().map(|watch| watch.release(next, watch.foreign)).collect();
    assert_eq!(store.release_watches(&releases).await.unwrap(), [StepOutcome::Applied; 3]);
    assert_eq!(store.next_due(&one.credential_keys, fixture.now).await.unwrap(), Some(next));
    assert!(store.claim_watches(&terms(&other), fixture.now).await.unwrap().is_empty());
    fixture.pass(5);
    assert_eq!(store.claim_watches(&terms(&other), fixture.now).await.unwrap().len(), 3);
}

/// A watcher that was replaced writes nothing, neither about runs nor about the watch.
pub async fn stale_watcher_changes_nothing<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let batch = running(&fixture).await;
    let slow = store.claim_watches(&terms(&fixture.worker().await), fixture.now).await.unwrap().remove(0);
    fixture.pass(30);
    let heir = store.claim_watches(&terms(&fixture.worker().await), fixture.now).await.unwrap().remove(0);
    assert_eq!(store.apply(&[ended(&slow)], fixture.now).await.unwrap(), [StepOutcome::Stale]);
    let release = slow.release(fixture.now, slow.foreign);
    assert_eq!(store.release_watches(&[release]).await.unwrap(), [StepOutcome::Stale]);
    assert_eq!(fixture.executions(batch).await[0].status, ExecutionStatus::Running);
    assert_eq!(store.apply(&[ended(&heir)], fixture.now).await.unwrap(), [StepOutcome::Applied]);
    assert_eq!(fixture.executions(batch).await[0].status, ExecutionStatus::Collecting);
}

/// Nobody lists an instance where nothing of ours runs.
pub async fn an_instance_without_runs_is_not_watched<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 1).await;
    let batch = running(&fixture).await;
    let worker = fixture.worker().await;
    fixture.force(&fixture.executions(batch).await[0], Change::Collecting).await;
    assert!(store.claim_watches(&terms(&worker), fixture.now).await.unwrap().is_empty());
    assert_eq!(store.next_due(&worker.credential_keys, fixture.now).await.unwrap(), None);
}
