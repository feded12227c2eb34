//! Results in SQL. Compiled once for each database, like the files of `store/sql`.

use arrow_array::RecordBatch;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::Transaction;

use super::{Backend, Db, Rooms, database_error};
use crate::error::Result;
use crate::model::ExecutionId;
use crate::results::export::{Chunk, ChunkEncoder, IpcEncoder, read_ipc};
use crate::results::store::segments::{Segment, Segments};
use crate::results::store::{
    ChunkRef, Manifest, ResultKey, ResultStore, ResultWriter, StoredChunk, Trace, damaged, replaced, stale,
    uncompressible, untellable,
};

const NEWEST: &str = "INSERT INTO result_tokens (execution, token) VALUES ($1, $2)
    ON CONFLICT (execution) DO UPDATE SET token =
        CASE WHEN excluded.token > result_tokens.token THEN excluded.token ELSE result_tokens.token END
    RETURNING token";
const TOKEN: &str = "SELECT token FROM result_tokens WHERE execution = $1";
const FORGET_CHUNKS: &str = "DELETE FROM result_chunks WHERE execution = $1 AND token < $2
    AND token NOT IN (SELECT token FROM result_manifests WHERE execution = $1)";
const FORGET_PARTS: &str = "DELETE FROM raw_parts WHERE execution = $1 AND token < $2
    AND token NOT IN (SELECT token FROM result_manifests WHERE execution = $1)";
const PUT_CHUNK: &str = "INSERT INTO result_chunks (execution, token, number, row_count, parquet, sha256) VALUES ($1, $2, $3, $4, $5, $6)";
const PUT_RAW: &str =
    "INSERT INTO raw_parts (execution, token, part, segment, bytes) VALUES ($1, $2, $3, $4, $5)";
const COMMIT: &str = "INSERT INTO result_manifests (execution, token, schema, row_count, chunk_count, size_bytes, completed_at, marked_rows)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (execution) DO UPDATE SET token = excluded.token, schema = excluded.schema, row_count = excluded.row_count,
        chunk_count = excluded.chunk_count, size_bytes = excluded.size_bytes, completed_at = excluded.completed_at,
        marked_rows = excluded.marked_rows";
const MANIFEST: &str = "SELECT schema, row_count, size_bytes, completed_at, marked_rows FROM result_manifests WHERE execution = $1";
const CHUNKS: &str = "SELECT c.token, c.number, c.row_count FROM result_chunks c
    JOIN result_manifests m ON m.execution = c.execution AND m.token = c.token
    WHERE c.execution = $1 ORDER BY c.number";
const CHUNK: &str =
    "SELECT parquet, sha256 FROM result_chunks WHERE execution = $1 AND token = $2 AND number = $3";
const RAW: &str = "SELECT p.bytes FROM raw_parts p JOIN result_manifests m ON m.execution = p.execution AND m.token = p.token
    WHERE p.execution = $1 AND p.part = $2 ORDER BY p.segment";

const DELETE: [&str; 4] = [
    "DELETE FROM result_manifests WHERE execution = $1",
    "DELETE FROM result_chunks WHERE execution = $1",
    "DELETE FROM raw_parts WHERE execution = $1",
    "DELETE FROM result_tokens WHERE execution = $1",
];

const REMEMBER: &str =
    "INSERT INTO exports (sha256, owner_id, path, written_at, manifest) VALUES ($1, $2, $3, $4, $5)";
const TRACE: &str = "SELECT path, written_at, manifest FROM exports WHERE owner_id = $1 AND sha256 = $2
    ORDER BY written_at DESC LIMIT 1";

/// Bytes held back so that they are written together: a small result costs one transaction, its manifest's.
const HELD_BYTES: usize = 1 << 20;

/// A row that is not written yet.
enum Held {
    Chunk { number: i64, rows: i64, bytes: Vec<u8> },
    Raw(Segment),
}

impl Held {
    fn len(&self) -> usize {
        match self {
            Self::Chunk { bytes, .. } | Self::Raw(Segment { bytes, .. }) => bytes.len(),
        }
    }
}

struct Writer {
    held: Vec<Held>,
    rooms: Rooms,
    execution: ExecutionId,
    token: i64,
    chunks: ChunkEncoder,
    chunk_count: i64,
    raw: Segments,
}

impl Writer {
    async fn put_chunk(&mut self, chunk: Chunk) -> Result<()> {
        let rows = i64::try_from(chunk.rows).unwrap_or(i64::MAX);
        let number = self.chunk_count;
        self.chunk_count += 1;
        self.hold(Held::Chunk { number, rows, bytes: chunk.bytes }).await
    }

    async fn hold(&mut self, held: Held) -> Result<()> {
        self.held.push(held);
        if self.held.iter().map(Held::len).sum::<usize>() < HELD_BYTES {
            return Ok(());
        }
        let mut transaction = self.rooms.begin().await?;
        self.fence(&mut transaction).await?;
        self.put_held(&mut transaction).await?;
        transaction.commit().await.map_err(database_error)
    }

    async fn put_held(&mut self, transaction: &mut Transaction<'static, Db>) -> Result<()> {
        for held in self.held.drain(..) {
            let put = match held {
                Held::Chunk { number, rows, bytes } => {
                    let put = sqlx::query(PUT_CHUNK).bind(self.execution.0).bind(self.token);
                    let checksum = Sha256::digest(&bytes).to_vec();
                    put.bind(number).bind(rows).bind(bytes).bind(checksum)
                }
                Held::Raw(Segment { part, number, bytes }) => {
                    let put = sqlx::query(PUT_RAW).bind(self.execution.0).bind(self.token);
                    put.bind(i64::from(part)).bind(i64::from(number)).bind(bytes)
                }
            };
            put.execute(&mut **transaction).await.map_err(database_error)?;
        }
        Ok(())
    }

    /// Locks the execution's result for this transaction, unless a newer writer has been there.
    async fn fence(&mut self, transaction: &mut Transaction<'static, Db>) -> Result<()> {
        let query = sqlx::query_scalar(NEWEST).bind(self.execution.0).bind(self.token);
        let newest: i64 = query.fetch_one(&mut **transaction).await.map_err(database_error)?;
        if newest > self.token { Err(stale(self.execution)) } else { Ok(()) }
    }

    async fn write_manifest(
        &mut self,
        transaction: &mut Transaction<'static, Db>,
        manifest: &Manifest,
    ) -> Result<()> {
        let schema = IpcEncoder::new(&manifest.schema)?.finish()?;
        sqlx::query(COMMIT)
            .bind(self.execution.0)
            .bind(self.token)
            .bind(schema)
            .bind(i64::try_from(manifest.row_count).unwrap_or(i64::MAX))
            .bind(self.chunk_count)
            .bind(i64::try_from(manifest.size_bytes).unwrap_or(i64::MAX))
            .bind(manifest.completed_at)
            .bind(manifest.marked_rows.map(|marked| i64::try_from(marked).unwrap_or(i64::MAX)))
            .execute(&mut **transaction)
            .await
            .map_err(database_error)?;
        forget(transaction, self.execution, self.token).await
    }
}

#[async_trait]
impl ResultWriter for Writer {
    async fn raw(&mut self, part: u32, bytes: Bytes) -> Result<()> {
        for segment in self.raw.add(part, &bytes)? {
            self.hold(Held::Raw(segment)).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, batch: RecordBatch) -> Result<()> {
        for chunk in self.chunks.encode(&batch)? {
            self.put_chunk(chunk).await?;
        }
        Ok(())
    }

    async fn commit(mut self: Box<Self>, manifest: Manifest) -> Result<()> {
        if let Some(segment) = self.raw.close()? {
            self.hold(Held::Raw(segment)).await?;
        }
        if let Some(chunk) = std::mem::take(&mut self.chunks).finish()? {
            self.put_chunk(chunk).await?;
        }
        let mut transaction = self.rooms.begin().await?;
        self.fence(&mut transaction).await?;
        self.put_held(&mut transaction).await?;
        self.write_manifest(&mut transaction, &manifest).await?;
        transaction.commit().await.map_err(database_error)
    }
}

async fn forget(
    transaction: &mut Transaction<'static, Db>,
    execution: ExecutionId,
    below: i64,
) -> Result<()> {
    for statement in [FORGET_CHUNKS, FORGET_PARTS] {
        let forget = sqlx::query(statement).bind(execution.0).bind(below);
        forget.execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(())
}

#[async_trait]
impl ResultStore for Backend {
    async fn begin(&self, key: &ResultKey, token: i64) -> Result<Box<dyn ResultWriter>> {
        let execution = key.execution;
        let query = sqlx::query_scalar(TOKEN).bind(execution.0);
        let newest: Option<i64> = query.fetch_optional(self.0.reads()).await.map_err(database_error)?;
        if newest.is_some_and(|newest| newest > token) {
            return Err(stale(execution));
        }
        Ok(Box::new(Writer {
            held: Vec::new(),
            rooms: self.0.clone(),
            execution,
            token,
            chunks: ChunkEncoder::new(),
            chunk_count: 0,
            raw: Segments::default(),
        }))
    }

    async fn manifest(&self, execution: ExecutionId) -> Result<Option<Manifest>> {
        let query =
            sqlx::query_as::<_, (Vec<u8>, i64, i64, DateTime<Utc>, Option<i64>)>(MANIFEST).bind(execution.0);
        let Some((schema, row_count, size_bytes, completed_at, marked)) =
            query.fetch_optional(self.0.reads()).await.map_err(database_error)?
        else {
            return Ok(None);
        };
        Ok(Some(Manifest {
            execution,
            schema: read_ipc(&schema)?.0,
            row_count: u64::try_from(row_count).unwrap_or_default(),
            marked_rows: marked.and_then(|marked| u64::try_from(marked).ok()),
            size_bytes: u64::try_from(size_bytes).unwrap_or_default(),
            completed_at,
        }))
    }

    async fn chunks(&self, execution: ExecutionId) -> Result<Vec<ChunkRef>> {
        let query = sqlx::query_as::<_, (i64, i64, i64)>(CHUNKS).bind(execution.0);
        let found = query.fetch_all(self.0.reads()).await.map_err(database_error)?;
        let chunk = |(token, number, row_count)| ChunkRef {
            token,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            row_count: u64::try_from(row_count).unwrap_or_default(),
        };
        Ok(found.into_iter().map(chunk).collect())
    }

    async fn chunk(&self, execution: ExecutionId, chunk: ChunkRef) -> Result<StoredChunk> {
        let query =
            sqlx::query_as::<_, (Vec<u8>, Option<Vec<u8>>)>(CHUNK).bind(execution.0).bind(chunk.token);
        let query = query.bind(i64::from(chunk.number));
        let found = query.fetch_optional(self.0.reads()).await.map_err(database_error)?;
        let (bytes, checksum) = found.ok_or_else(|| replaced(execution))?;
        let is_whole = checksum.is_none_or(|checksum| checksum == Sha256::digest(&bytes).as_slice());
        if is_whole { Ok(StoredChunk::Parquet(bytes.into())) } else { Err(damaged(execution, chunk)) }
    }

    async fn raw(&self, execution: ExecutionId, part: u32) -> Result<Option<Bytes>> {
        let query = sqlx::query_scalar::<_, Vec<u8>>(RAW).bind(execution.0).bind(i64::from(part));
        let segments = query.fetch_all(self.0.reads()).await.map_err(database_error)?;
        if segments.is_empty() {
            return Ok(None);
        }
        let mut whole = BytesMut::new();
        for segment in segments {
            whole.extend_from_slice(&zstd::stream::decode_all(segment.as_slice()).map_err(uncompressible)?);
        }
        Ok(Some(whole.freeze()))
    }

    async fn forget(&self, executions: &[ExecutionId]) -> Result<()> {
        let mut transaction = self.0.begin().await?;
        for execution in executions {
            for statement in DELETE {
                let delete = sqlx::query(statement).bind(execution.0);
                delete.execute(&mut *transaction).await.map_err(database_error)?;
            }
        }
        transaction.commit().await.map_err(database_error)
    }

    async fn remember(&self, trace: Trace) -> Result<()> {
        let Trace { sha256, owner_id, path, written_at, manifest } = trace;
        let manifest = serde_json::to_string(&manifest).map_err(untellable)?;
        let query = sqlx::query(REMEMBER).bind(sha256).bind(owner_id).bind(path).bind(written_at);
        query.bind(manifest).execute(self.0.writes()).await.map_err(database_error)?;
        Ok(())
    }

    async fn trace(&self, owner_id: &str, sha256: &str) -> Result<Option<Trace>> {
        let query = sqlx::query_as::<_, (String, DateTime<Utc>, String)>(TRACE).bind(owner_id).bind(sha256);
        let found = query.fetch_optional(self.0.reads()).await.map_err(database_error)?;
        let Some((path, written_at, manifest)) = found else { return Ok(None) };
        let manifest = serde_json::from_str(&manifest).map_err(untellable)?;
        let (owner_id, sha256) = (owner_id.to_owned(), sha256.to_owned());
        Ok(Some(Trace { sha256, owner_id, path, written_at, manifest }))
    }
}
