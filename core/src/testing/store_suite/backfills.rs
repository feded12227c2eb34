//! Backfills and their segments.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::fixture::{Fixture, OWNER, scope, start};
use super::reports::monday;
use crate::clock::{IdSource, RandomIds};
use crate::model::{
    BackfillOptions, Collection, CollectionId, CollectionStatus, ExecutionId, Instance, NewBatch, Origin,
    PageRequest, Priority, ReportId, Scope, SegmentId, SegmentRow, SegmentStatus, TriggeredBy,
};
use crate::store::{SegmentStep, Store};

fn days(count: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(count)
}

/// A backfill of two days on two instances.
async fn filled<S: Store>(fixture: &Fixture<'_, S>) -> (Collection, Vec<SegmentRow>) {
    let report = fixture.store.save_report(&monday()).await.unwrap();
    let collection = Collection {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        report: report.id,
        request_hash: "two days".to_owned(),
        segment_type: "daily".to_owned(),
        start_date: days(0).date_naive(),
        end_date: days(2).date_naive(),
        timezone: "UTC".to_owned(),
        options: BackfillOptions { retries: 3, ..BackfillOptions::default() },
        status: CollectionStatus::Active,
        created_at: start(),
        updated_at: start(),
    };
    let instances = fixture.instances().await;
    let segments = [(0, 0), (0, 1), (1, 0), (1, 1)];
    let segments = segments.map(|(day, instance)| segment(collection.id, &instances[instance], day)).to_vec();
    let (written, is_new) = fixture.store.create_backfill(&collection, &segments, start()).await.unwrap();
    assert!(is_new);
    assert_eq!(written, collection);
    (collection, segments)
}

fn segment(collection: CollectionId, instance: &Instance, day: i64) -> SegmentRow {
    SegmentRow {
        id: RandomIds.next(start()).into(),
        collection,
        instance: instance.id,
        instance_id: instance.instance_id.clone(),
        first_day: days(day).date_naive(),
        last_day: days(day + 1).date_naive(),
        segment_start: days(day),
        segment_end: days(day + 1),
        mature_at: days(day + 3),
        status: SegmentStatus::Pending,
        is_provisional: false,
        attempt: 0,
        batch: None,
        execution: None,
        amc_execution_id: None,
        record_count: None,
        reason: None,
        started_at: None,
        completed_at: None,
    }
}

fn origin(report: ReportId) -> Origin {
    Origin { report, triggered_by: TriggeredBy::Backfill }
}

/// The first two segments, with the executions of a batch.
fn first_day(segments: &[SegmentRow], batch: &NewBatch) -> Vec<(SegmentId, ExecutionId)> {
    segments[..2]
        .iter()
        .zip(&batch.executions)
        .map(|(segment, execution)| (segment.id, execution.id))
        .collect()
}

/// A backfill is read as it was written, by its owner alone, and is the same when it is asked for again.
pub async fn a_backfill_asked_for_again_is_the_same<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (collection, segments) = filled(&fixture).await;
    assert_eq!(store.backfill(&scope(), &collection.id.into()).await.unwrap().as_ref(), Some(&collection));
    assert_eq!(store.segments(&scope(), collection.id).await.unwrap(), segments);
    let again = Collection { id: RandomIds.next(start()).into(), ..collection.clone() };
    let (same, is_new) = store.create_backfill(&again, &[], days(1)).await.unwrap();
    assert_eq!((same.id, is_new), (collection.id, false));
    let bob = Scope::Owner("bob".into());
    assert_eq!(store.backfill(&bob, &collection.id.into()).await.unwrap(), None);
    assert!(store.segments(&bob, collection.id).await.unwrap().is_empty());
    assert_eq!(store.backfills(&bob, None, PageRequest::default()).await.unwrap().total, 0);
    let cancelled = CollectionStatus::Cancelled;
    assert!(!store.change_backfill(&bob, collection.id, cancelled, days(1)).await.unwrap());
    assert!(store.change_backfill(&scope(), collection.id, cancelled, days(1)).await.unwrap());
    assert!(
        !store.change_backfill(&scope(), collection.id, CollectionStatus::Active, days(1)).await.unwrap()
    );
    let ended = store.segments(&scope(), collection.id).await.unwrap();
    assert!(ended.iter().all(|it| it.status == SegmentStatus::Cancelled && it.reason.is_some()));
    assert!(store.open_backfills(days(9)).await.unwrap().is_empty());
    assert!(store.create_backfill(&again, &[], days(1)).await.unwrap().1, "what was cancelled is another");
    assert_eq!(
        store.backfills(&scope(), Some(collection.report), PageRequest::default()).await.unwrap().total,
        2
    );
}

/// However many try at once, a segment is one run; a paused backfill starts nothing.
pub async fn a_segment_is_started_once<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (collection, segments) = filled(&fixture).await;
    let batches = join_all((1..=8).map(|number| fixture.new_batch(Priority::Backfill, number))).await;
    let begin = async |batch: &NewBatch| {
        let rows = first_day(&segments, batch);
        store.start_segments(batch, origin(collection.report), &rows, days(5)).await.unwrap()
    };
    let change =
        async |status| store.change_backfill(&scope(), collection.id, status, start()).await.unwrap();
    assert!(change(CollectionStatus::Paused).await);
    assert!(!begin(&batches[0]).await);
    assert!(change(CollectionStatus::Active).await);
    let begun = join_all(batches.iter().map(begin)).await;
    assert_eq!(begun.iter().filter(|is_written| **is_written).count(), 1);
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 2, "what came late left nothing");
    let rows = store.segments(&scope(), collection.id).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.status, row.attempt, row.execution.is_some())).collect();
    let (running, pending) = ((SegmentStatus::Running, 1, true), (SegmentStatus::Pending, 0, false));
    assert_eq!(told, [running, running, pending, pending]);
}

/// A segment is written down only as long as it stands where it stood; what is provisional comes back when it is mature.
pub async fn a_segment_is_settled_once<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (collection, segments) = filled(&fixture).await;
    let batch = fixture.new_batch(Priority::Backfill, 1).await;
    let rows = first_day(&segments, &batch);
    assert!(store.start_segments(&batch, origin(collection.report), &rows, days(2)).await.unwrap());
    let running = store.segments(&scope(), collection.id).await.unwrap()[0].clone();
    let done = SegmentRow {
        status: SegmentStatus::Completed,
        is_provisional: true,
        amc_execution_id: Some("amc-run".into()),
        record_count: Some(7),
        started_at: Some(days(2)),
        completed_at: Some(days(2)),
        ..running.clone()
    };
    let step = SegmentStep { from: SegmentStatus::Running, execution: running.execution, to: done.clone() };
    let stale = SegmentStep { execution: None, ..step.clone() };
    assert_eq!(store.settle_segments(&[stale, step.clone(), step], days(2)).await.unwrap(), 1);
    assert_eq!(store.segments(&scope(), collection.id).await.unwrap()[0], done);
    assert!(done.matured(days(2)).is_none());
    assert_eq!(done.matured(days(3)).map(|row| (row.status, row.attempt)), Some((SegmentStatus::Pending, 0)));
}
