//! What every [`ResultStore`] must do, one named test a behaviour.
//!
//! The expression given to `result_suite!` makes a fresh, empty store and whatever must live as long as it.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is how a suite says no")]

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::clock::{IdSource, RandomIds};
use crate::error::ErrorKind;
use crate::model::ExecutionId;
use crate::results::store::{Manifest, ResultKey, ResultStore, ResultWriter, Trace};

/// Runs the whole suite against one implementation, as a module of tests.
#[macro_export]
macro_rules! result_suite {
    ($name:ident, $open:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $crate::result_suite!(@tests $open;
                nothing_can_be_read_before_the_manifest,
                rows_come_back_in_order,
                raw_bytes_come_back_as_they_were,
                a_result_without_rows_is_a_result,
                a_newer_token_replaces_what_an_older_one_left,
                stale_writer_changes_nothing,
                a_chunk_that_was_replaced_is_no_other,
                what_is_forgotten_is_gone,
                files_are_known_by_their_content,
            );
        }
    };
    (@tests $open:expr; $($test:ident,)*) => {$(
        #[tokio::test]
        async fn $test() {
            let (store, _guard) = $open.await;
            $crate::testing::result_suite::$test(&store).await;
        }
    )*};
}

fn execution() -> ExecutionId {
    RandomIds.next(DateTime::UNIX_EPOCH).into()
}

fn key(execution: ExecutionId) -> ResultKey {
    ResultKey { execution, batch: execution.0.into(), instance_id: "amc1".to_owned() }
}

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("n", DataType::Int64, true),
    ]))
}

fn batch(numbers: std::ops::Range<i64>) -> RecordBatch {
    let names: StringArray = numbers.clone().map(|number| Some(format!("row {number}"))).collect();
    let numbers: Int64Array = numbers.map(Some).collect();
    RecordBatch::try_new(schema(), vec![Arc::new(names), Arc::new(numbers)]).unwrap()
}

fn manifest(execution: ExecutionId, row_count: u64) -> Manifest {
    let completed_at = DateTime::<Utc>::UNIX_EPOCH;
    Manifest { execution, schema: schema(), row_count, marked_rows: Some(3), size_bytes: 7, completed_at }
}

async fn write(mut writer: Box<dyn ResultWriter>, execution: ExecutionId, numbers: std::ops::Range<i64>) {
    let count = u64::try_from(numbers.clone().count()).unwrap();
    writer.rows(batch(numbers)).await.unwrap();
    writer.commit(manifest(execution, count)).await.unwrap();
}

async fn numbers<S: ResultStore>(store: &S, execution: ExecutionId) -> Vec<i64> {
    let mut batches = Vec::new();
    for chunk in store.chunks(execution).await.unwrap() {
        let read = store.chunk(execution, chunk).await.unwrap().read(|_| true).unwrap();
        let rows: usize = read.iter().map(RecordBatch::num_rows).sum();
        assert_eq!(u64::try_from(rows).unwrap(), chunk.row_count);
        batches.extend(read);
    }
    let of = |batch: &RecordBatch| {
        batch.column(1).as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec()
    };
    batches.iter().flat_map(of).collect()
}

/// Only a manifest makes a result.
pub async fn nothing_can_be_read_before_the_manifest<S: ResultStore>(store: &S) {
    let execution = execution();
    let mut writer = store.begin(&key(execution), 1).await.unwrap();
    writer.rows(batch(0..10)).await.unwrap();
    writer.raw(0, Bytes::from_static(b"bytes")).await.unwrap();
    assert_eq!(store.manifest(execution).await.unwrap(), None);
    assert!(numbers(store, execution).await.is_empty());
    assert_eq!(store.raw(execution, 0).await.unwrap(), None);
    writer.commit(manifest(execution, 10)).await.unwrap();
    assert_eq!(store.manifest(execution).await.unwrap(), Some(manifest(execution, 10)));
    assert_eq!(numbers(store, execution).await.len(), 10);
}

/// Many rows in many batches come back in the order in which they were written.
pub async fn rows_come_back_in_order<S: ResultStore>(store: &S) {
    let execution = execution();
    let mut writer = store.begin(&key(execution), 1).await.unwrap();
    for start in (0..300_000).step_by(10_000) {
        writer.rows(batch(start..start + 10_000)).await.unwrap();
    }
    writer.commit(manifest(execution, 300_000)).await.unwrap();
    assert_eq!(numbers(store, execution).await, (0..300_000).collect::<Vec<_>>());
}

/// AMC's bytes are kept part by part, whatever they are.
pub async fn raw_bytes_come_back_as_they_were<S: ResultStore>(store: &S) {
    let execution = execution();
    let mut writer = store.begin(&key(execution), 1).await.unwrap();
    let large: Vec<u8> = (0..3_000_000_u32).map(|byte| u8::try_from(byte % 251).unwrap()).collect();
    for piece in large.chunks(70_000) {
        writer.raw(0, Bytes::copy_from_slice(piece)).await.unwrap();
    }
    writer.raw(1, Bytes::from_static(b"second part")).await.unwrap();
    writer.commit(manifest(execution, 0)).await.unwrap();
    assert_eq!(store.raw(execution, 0).await.unwrap().as_deref(), Some(large.as_slice()));
    assert_eq!(store.raw(execution, 1).await.unwrap().as_deref(), Some(b"second part".as_slice()));
    assert_eq!(store.raw(execution, 2).await.unwrap(), None);
}

/// Columns without rows are a result too.
pub async fn a_result_without_rows_is_a_result<S: ResultStore>(store: &S) {
    let execution = execution();
    store.begin(&key(execution), 1).await.unwrap().commit(manifest(execution, 0)).await.unwrap();
    assert_eq!(store.manifest(execution).await.unwrap().unwrap().schema, schema());
    assert!(numbers(store, execution).await.is_empty());
}

/// What a dead writer left is forgotten; what was complete stays readable until the next is.
pub async fn a_newer_token_replaces_what_an_older_one_left<S: ResultStore>(store: &S) {
    let execution = execution();
    write(store.begin(&key(execution), 1).await.unwrap(), execution, 0..5).await;
    let mut dead = store.begin(&key(execution), 2).await.unwrap();
    dead.rows(batch(50..60)).await.unwrap();
    drop(dead);
    assert_eq!(numbers(store, execution).await, (0..5).collect::<Vec<_>>());
    write(store.begin(&key(execution), 3).await.unwrap(), execution, 7..9).await;
    assert_eq!(numbers(store, execution).await, [7, 8]);
}

/// A writer that was overtaken commits nothing, and an older token cannot begin again.
pub async fn stale_writer_changes_nothing<S: ResultStore>(store: &S) {
    let execution = execution();
    let mut slow = store.begin(&key(execution), 1).await.unwrap();
    slow.rows(batch(0..3)).await.unwrap();
    write(store.begin(&key(execution), 2).await.unwrap(), execution, 7..9).await;
    let error = slow.commit(manifest(execution, 3)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "stale_result"));
    assert_eq!(store.begin(&key(execution), 1).await.err().map(|error| error.code()), Some("stale_result"));
    assert_eq!(numbers(store, execution).await, [7, 8]);
}

/// A reader that listed chunks before they were replaced gets an error, never rows of another result.
pub async fn a_chunk_that_was_replaced_is_no_other<S: ResultStore>(store: &S) {
    let execution = execution();
    write(store.begin(&key(execution), 1).await.unwrap(), execution, 0..5).await;
    let chunk = store.chunks(execution).await.unwrap()[0];
    write(store.begin(&key(execution), 2).await.unwrap(), execution, 7..9).await;
    let error = store.chunk(execution, chunk).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "result_replaced"));
}

/// What is let go of leaves nothing, and nothing else is touched; it may be written again.
pub async fn what_is_forgotten_is_gone<S: ResultStore>(store: &S) {
    let (gone, kept) = (execution(), execution());
    for execution in [gone, kept] {
        write(store.begin(&key(execution), 1).await.unwrap(), execution, 0..5).await;
    }
    store.forget(&[gone, execution()]).await.unwrap();
    assert_eq!(store.manifest(gone).await.unwrap(), None);
    assert!(numbers(store, gone).await.is_empty());
    assert_eq!(numbers(store, kept).await, (0..5).collect::<Vec<_>>());
    write(store.begin(&key(gone), 2).await.unwrap(), gone, 7..9).await;
    assert_eq!(numbers(store, gone).await, [7, 8]);
}

/// Writes a result of one chunk.
#[cfg(test)]
pub(crate) async fn written<S: ResultStore>(store: &S) -> ResultKey {
    let key = key(execution());
    write(store.begin(&key, 1).await.unwrap(), key.execution, 0..5).await;
    key
}

/// Rows that are not those that were written are never read: the error says whose, and which.
#[cfg(test)]
pub(crate) async fn a_damaged_chunk_is_named<S: ResultStore>(store: &S, key: &ResultKey) {
    let chunk = store.chunks(key.execution).await.unwrap()[0];
    let error = store.chunk(key.execution, chunk).await.unwrap_err();
    assert_eq!(error.code(), "chunk_damaged");
    assert!(error.message().contains(&format!("chunk 0 of the result of {}", key.execution)), "{error}");
}

/// The last file with some bytes is found, by its owner alone.
pub async fn files_are_known_by_their_content<S: ResultStore>(store: &S) {
    let trace = |owner: &str, path: &str, second| Trace {
        sha256: "ab12".to_owned(),
        owner_id: owner.to_owned(),
        path: path.to_owned(),
        written_at: DateTime::from_timestamp(second, 0).unwrap(),
        manifest: serde_json::json!({"batch_id": "batch_1", "missing": ["amc9"]}),
    };
    for remembered in [trace("me", "/old.csv", 1), trace("me", "/new.csv", 2), trace("you", "/yours.csv", 3)]
    {
        store.remember(remembered).await.unwrap();
    }
    assert_eq!(store.trace("me", "ab12").await.unwrap(), Some(trace("me", "/new.csv", 2)));
    assert_eq!(store.trace("me", "ab13").await.unwrap(), None);
    assert_eq!(store.trace("nobody", "ab12").await.unwrap(), None);
}
