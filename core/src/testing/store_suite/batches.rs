//! Batches: written whole, found again, listed.

use super::fixture::{Fixture, scope};
use crate::error::ErrorKind;
use crate::model::{
    BatchStatus, Counts, EventKind, ExecutionStatus, IdRef, NewBatch, PageRequest, Priority, Scope,
};
use crate::store::{BatchFilter, BatchSort, CancelTarget, Store};

/// A batch is there with every execution and its first event.
pub async fn a_batch_is_written_with_all_its_executions<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let id = fixture.batch().await;
    let batch = store.batch(&scope(), &id.into()).await.unwrap().unwrap();
    assert_eq!(batch.status, BatchStatus::Pending);
    assert_eq!(batch.counts, Counts { total: 3, pending: 3, ..Counts::default() });
    assert_eq!(batch.instance_ids, ["amc0", "amc1", "amc2"]);
    let executions = fixture.executions(id).await;
    let names: Vec<&str> = executions.iter().map(|it| it.instance_name.as_str()).collect();
    assert_eq!(names, ["Client 0", "Client 1", "Client 2"]);
    assert!(executions.iter().all(|it| it.status == ExecutionStatus::Pending && it.attempt == 1));
    let events = store.events(&scope(), id, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::BatchCreated]);
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 3);
    let sent = store.sent_sql(&scope(), &executions[0].sql_hash).await.unwrap();
    assert_eq!(sent.as_deref(), Some("SELECT 1"));
}

/// However often it is asked for, a key is one batch.
pub async fn the_same_key_gives_the_same_batch<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let keyed = |batch: NewBatch| NewBatch { idempotency_key: Some("monday".into()), ..batch };
    let first = keyed(fixture.new_batch(Priority::Interactive, 1).await);
    let again = keyed(fixture.new_batch(Priority::Interactive, 1).await);
    let created = store.create_batch(&first, fixture.now).await.unwrap();
    let repeated = store.create_batch(&again, fixture.now).await.unwrap();
    assert!(created.is_new && !repeated.is_new);
    assert_eq!(repeated.batch.id, created.batch.id);
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 2);
    let found = store.batch(&scope(), &IdRef::Public("monday".into())).await.unwrap();
    assert_eq!(found.map(|batch| batch.id), Some(created.batch.id));
}

/// A key that means something else already is refused, and nothing is written.
pub async fn a_key_of_other_content_conflicts<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let keyed = |batch: NewBatch| NewBatch { idempotency_key: Some("monday".into()), ..batch };
    store.create_batch(&keyed(fixture.new_batch(Priority::Interactive, 1).await), fixture.now).await.unwrap();
    let other = keyed(fixture.new_batch(Priority::Interactive, 2).await);
    let error = store.create_batch(&other, fixture.now).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "key_conflict"));
    assert_eq!(
        store.batches(&scope(), &BatchFilter::default(), PageRequest::default()).await.unwrap().total,
        1
    );
}

/// Another owner sees nothing of a batch, whichever way it asks.
pub async fn owner_sees_own_batches<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let id = fixture.batch().await;
    let bob = Scope::Owner("bob".into());
    assert_eq!(store.batch(&bob, &id.into()).await.unwrap(), None);
    assert!(store.executions(&bob, id).await.unwrap().is_empty());
    assert_eq!(store.sent_sql(&bob, "abc").await.unwrap(), None);
    assert!(store.events(&bob, id, 0, 10).await.unwrap().is_empty());
    assert!(store.request_cancel(&bob, CancelTarget::Batch(id), fixture.now).await.unwrap().is_empty());
    assert_eq!(store.unfinished(&bob).await.unwrap(), 0);
    assert_eq!(store.batches(&bob, &BatchFilter::default(), PageRequest::default()).await.unwrap().total, 0);
    let batch = store.batch(&scope(), &id.into()).await.unwrap().unwrap();
    assert_eq!(batch.cancel_requested_at, None);
}

/// Lists are newest first, in pages, with the length of the whole.
pub async fn batches_are_listed_newest_first<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 1).await;
    let mut made = Vec::new();
    for number in 1..=3 {
        made.push(fixture.batch_of(Priority::Interactive, number).await);
        fixture.pass(60);
    }
    let list = async |filter: BatchFilter, limit, offset| {
        let page = store.batches(&scope(), &filter, PageRequest { limit, offset }).await.unwrap();
        (page.items.iter().map(|batch| batch.id).collect::<Vec<_>>(), page.total)
    };
    assert_eq!(list(BatchFilter::default(), 2, 0).await, (vec![made[2], made[1]], 3));
    assert_eq!(list(BatchFilter::default(), 2, 2).await, (vec![made[0]], 3));
    let early = BatchFilter {
        created_before: Some(fixture.now - chrono::TimeDelta::seconds(90)),
        ..BatchFilter::default()
    };
    assert_eq!(list(early, 10, 0).await, (vec![made[1], made[0]], 2));
    let completed = BatchFilter { status: Some(BatchStatus::Completed), ..BatchFilter::default() };
    assert_eq!(list(completed, 10, 0).await, (vec![], 0));
    let oldest = BatchFilter { sort: BatchSort::Oldest, ..BatchFilter::default() };
    assert_eq!(list(oldest, 2, 1).await, (vec![made[1], made[2]], 3));
    let by_name = BatchFilter { sort: BatchSort::Name, ..BatchFilter::default() };
    assert_eq!(list(by_name, 2, 0).await, (vec![made[0], made[1]], 3));
    let on = |id: &str| BatchFilter { instance: Some(id.into()), ..BatchFilter::default() };
    assert_eq!(list(on("amc0"), 1, 0).await, (vec![made[2]], 3));
    assert_eq!(list(on("amc9"), 1, 0).await, (vec![], 0));
    let with = |text: &str| BatchFilter { text: Some(text.into()), ..BatchFilter::default() };
    assert_eq!(list(with("BATCH 2"), 1, 0).await, (vec![made[1]], 1));
    assert_eq!(list(with("nobody wrote that"), 1, 0).await, (vec![], 0));
}
