//! Where rows are kept until somebody wants them.
//!
//! A result is written once, by whoever holds the execution: raw bytes and rows as they arrive, the manifest last. Only
//! a manifest makes a result: without one there is nothing to read.

use std::fmt;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::{BatchId, Execution, ExecutionId};

mod memory;
#[cfg(feature = "objects")]
mod objects;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "objects"))]
mod segments;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use memory::MemoryResults;
#[cfg(feature = "objects")]
pub use objects::{ObjectResults, ResultsPlace};
#[cfg(feature = "postgres")]
pub use postgres::PostgresResults;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteResults;

/// Whose result something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultKey {
    /// The execution.
    pub execution: ExecutionId,
    /// Its batch.
    pub batch: BatchId,
    /// AMC's id of its instance.
    pub instance_id: String,
}

impl From<&Execution> for ResultKey {
    fn from(execution: &Execution) -> Self {
        let Execution { id, batch, instance_id, .. } = execution;
        Self { execution: *id, batch: *batch, instance_id: instance_id.clone() }
    }
}

/// What a stored result is.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The execution it belongs to.
    pub execution: ExecutionId,
    /// Its columns.
    pub schema: SchemaRef,
    /// How many rows.
    pub row_count: u64,
    /// How many rows AMC marked as suppressed; nothing where it was not asked to mark them.
    pub marked_rows: Option<u64>,
    /// Bytes of AMC's files.
    pub size_bytes: u64,
    /// When it was complete.
    pub completed_at: DateTime<Utc>,
}

impl Manifest {
    /// Its rows, and the bytes of AMC's files, as executions count them.
    pub(crate) fn counts(&self) -> [i64; 2] {
        [self.row_count, self.size_bytes].map(|number| i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// Which rows of a result lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkRef {
    /// The token under which they were written.
    pub token: i64,
    /// Their place among the chunks, from 0.
    pub number: u32,
    /// How many there are.
    pub row_count: u64,
}

/// Some rows as they are kept.
#[derive(Debug, Clone)]
pub enum StoredChunk {
    /// As they are.
    Rows(Vec<RecordBatch>),
    /// As a Parquet file.
    #[cfg(feature = "parquet")]
    Parquet(Bytes),
}

impl StoredChunk {
    /// Reads the rows in bounded batches: those of the columns for which `needed` says so.
    ///
    /// # Errors
    /// `Unexpected`, code `chunk_unreadable`, when the bytes are no Parquet file.
    pub fn read(self, needed: impl Fn(&str) -> bool) -> Result<Vec<RecordBatch>> {
        match self {
            Self::Rows(batches) => batches.iter().map(|batch| some_columns(batch, &needed)).collect(),
            #[cfg(feature = "parquet")]
            Self::Parquet(bytes) => super::export::read_chunk(bytes, BATCH_ROWS, needed)?.collect(),
        }
    }
}

/// Rows of a batch when a result is read.
pub(crate) const BATCH_ROWS: usize = 8192;

fn some_columns(batch: &RecordBatch, needed: impl Fn(&str) -> bool) -> Result<RecordBatch> {
    let schema = batch.schema();
    let columns = schema.fields().iter().enumerate().filter(|(_, field)| needed(field.name()));
    let columns: Vec<usize> = columns.map(|(at, _)| at).collect();
    batch.project(&columns).map_err(|error| Error::unexpected("a batch cannot be narrowed").caused_by(error))
}

/// A file that was made of results, as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Whose it is.
    pub owner_id: String,
    /// Where it was written.
    pub path: String,
    /// When.
    pub written_at: DateTime<Utc>,
    /// What it is made of and what it lacks: its manifest.
    pub manifest: Value,
}

impl Trace {
    /// The same as names and values.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

/// A result being written.
///
/// # Contract
/// - Nothing of it can be read before `commit`.
/// - Memory is bounded, whatever the number of rows.
#[async_trait]
pub trait ResultWriter: Send {
    /// Keeps bytes of a part as AMC sent them, in order.
    async fn raw(&mut self, part: u32, bytes: Bytes) -> Result<()>;

    /// Adds rows, in order.
    async fn rows(&mut self, batch: RecordBatch) -> Result<()>;

    /// Makes the result readable, in place of any older one of the execution.
    ///
    /// # Errors
    /// `Conflict` (`stale_result`) when a newer token has begun; nothing is changed then.
    async fn commit(self: Box<Self>, manifest: Manifest) -> Result<()>;
}

/// A home for results.
///
/// # Contract
/// - Fenced: `begin` under a token forgets what older tokens left, and an older token can commit no more.
#[async_trait]
pub trait ResultStore: fmt::Debug + Send + Sync + 'static {
    /// Begins a result under the lease token of its execution.
    async fn begin(&self, key: &ResultKey, token: i64) -> Result<Box<dyn ResultWriter>>;

    /// Reads what a result is.
    async fn manifest(&self, execution: ExecutionId) -> Result<Option<Manifest>>;

    /// Lists where the rows are, in order. A result that does not exist has none.
    async fn chunks(&self, execution: ExecutionId) -> Result<Vec<ChunkRef>>;

    /// Reads some rows, if they are as they were written.
    ///
    /// # Errors
    /// `Conflict` (`result_replaced`) when a newer result has taken their place; `Unexpected` (`chunk_damaged`).
    async fn chunk(&self, execution: ExecutionId, chunk: ChunkRef) -> Result<StoredChunk>;

    /// Reads AMC's own bytes of a part, as far as they were kept.
    async fn raw(&self, execution: ExecutionId, part: u32) -> Result<Option<Bytes>>;

    /// Lets go of results: their rows, and AMC's own bytes. What is not there is no error.
    async fn forget(&self, executions: &[ExecutionId]) -> Result<()>;

    /// Remembers a file that was made of results.
    async fn remember(&self, trace: Trace) -> Result<()>;

    /// Finds the last file of an owner that had these bytes.
    async fn trace(&self, owner_id: &str, sha256: &str) -> Result<Option<Trace>>;
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "objects"))]
pub(crate) fn untellable(error: serde_json::Error) -> Error {
    Error::unexpected("a manifest cannot be kept or read back").caused_by(error)
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "objects"))]
pub(crate) fn uncompressible(error: std::io::Error) -> Error {
    Error::unexpected("AMC's bytes cannot be compressed or read back").caused_by(error)
}

/// The error of a reader whose result was replaced under its eyes.
pub(crate) fn replaced(execution: ExecutionId) -> crate::Error {
    let message = format!("the result of {execution} was replaced while it was read");
    crate::Error::new(crate::ErrorKind::Conflict, "result_replaced", message).hint("read it again")
}

/// The error of a reader of bytes that are not those that were written.
pub(crate) fn damaged(execution: ExecutionId, chunk: ChunkRef) -> crate::Error {
    let message = format!("chunk {} of the result of {execution} is not what was written", chunk.number);
    crate::Error::new(crate::ErrorKind::Unexpected, "chunk_damaged", message)
        .hint("restore the database from a copy, or run the query again")
}

/// The error of a writer that was overtaken.
pub(crate) fn stale(execution: ExecutionId) -> crate::Error {
    let message = format!("the result of {execution} is being written by another worker");
    crate::Error::new(crate::ErrorKind::Conflict, "stale_result", message)
}
