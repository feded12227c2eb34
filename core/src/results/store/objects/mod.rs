//! Results as objects: a folder of this machine, or a bucket. Rows lie there as Hive-partitioned Parquet, which DuckDB,
//! Athena or Spark read as they are:
//!
//! ```text
//! batch_id=batch_…/instance_id=amc…/<execution>-<token>-<number>.parquet
//! _manifests/<execution>/<token>.json      only a manifest makes a result; the highest token counts
//! _tokens/<execution>/<token>              who has begun
//! _unfinished/<execution>/<token>/…        rows of a result that has no manifest yet
//! _raw/<execution>/<token>/…               AMC's own bytes, zstd
//! _exports/<owner>/<sha256>/<instant>.json files that were made of results
//! ```
//!
//! Nothing is ever written over, so that no store of objects needs to compare before it writes: names say who is newer.

mod manifest;
mod place;
mod writer;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parking_lot::Mutex;

use self::manifest::ManifestFile;
pub use self::place::ResultsPlace;
use self::writer::Writer;
use super::{
    ChunkRef, Manifest, ResultKey, ResultStore, ResultWriter, StoredChunk, Trace, damaged, replaced, stale,
};
use crate::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ExecutionId;

/// The most manifests that are remembered: a reader asks for each chunk by itself.
const REMEMBERED: usize = 1024;

/// Manifests by execution and token.
type Known = HashMap<(ExecutionId, i64), Arc<ManifestFile>>;

/// Results in a store of objects.
#[derive(Debug, Clone)]
pub struct ObjectResults {
    objects: Arc<dyn ObjectStore>,
    /// Manifests never change: each token has its own.
    known: Arc<Mutex<Known>>,
}

impl ObjectResults {
    /// Results in these objects.
    #[must_use]
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, known: Arc::default() }
    }

    /// The names below a folder of objects, in order.
    async fn names(&self, folder: &str) -> Result<Vec<Path>> {
        let folder = Path::from(folder);
        let listed = self.objects.list(Some(&folder)).map_ok(|object| object.location);
        let mut names: Vec<Path> = listed.try_collect().await.map_err(unavailable)?;
        names.sort();
        Ok(names)
    }

    async fn get(&self, path: &Path) -> Result<Option<Bytes>> {
        match self.objects.get(path).await {
            Ok(found) => found.bytes().await.map(Some).map_err(unavailable),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn put(&self, path: &Path, bytes: impl Into<Bytes>) -> Result<()> {
        self.objects.put(path, bytes.into().into()).await.map(drop).map_err(unavailable)
    }

    /// Removes objects; those that are gone already are gone.
    async fn remove(&self, paths: impl IntoIterator<Item = Path>) -> Result<()> {
        for path in paths {
            match self.objects.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(unavailable(error)),
            }
        }
        Ok(())
    }

    /// The token that began last.
    async fn newest_token(&self, execution: ExecutionId) -> Result<Option<i64>> {
        Ok(self.names(&tokens_of(execution)).await?.iter().filter_map(token_in).max())
    }

    /// The manifest that counts.
    async fn newest(&self, execution: ExecutionId) -> Result<Option<Arc<ManifestFile>>> {
        let tokens = self.names(&manifests_of(execution)).await?;
        match tokens.iter().filter_map(token_in).max() {
            Some(token) => self.manifest_of(execution, token).await,
            None => Ok(None),
        }
    }

    async fn manifest_of(&self, execution: ExecutionId, token: i64) -> Result<Option<Arc<ManifestFile>>> {
        if let Some(known) = self.known.lock().get(&(execution, token)) {
            return Ok(Some(Arc::clone(known)));
        }
        let path = manifest_path(execution, token);
        let Some(bytes) = self.get(&path).await? else { return Ok(None) };
        let file = Arc::new(ManifestFile::read(&bytes)?);
        let mut known = self.known.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert((execution, token), Arc::clone(&file));
        Ok(Some(file))
    }
}

#[async_trait]
impl ResultStore for ObjectResults {
    async fn begin(&self, key: &ResultKey, token: i64) -> Result<Box<dyn ResultWriter>> {
        if self.newest_token(key.execution).await?.is_some_and(|newest| newest > token) {
            return Err(stale(key.execution));
        }
        self.put(&token_path(key.execution, token), Bytes::new()).await?;
        Ok(Box::new(Writer::new(self.clone(), key.clone(), token)))
    }

    async fn manifest(&self, execution: ExecutionId) -> Result<Option<Manifest>> {
        self.newest(execution).await?.map(|file| file.manifest(execution)).transpose()
    }

    async fn chunks(&self, execution: ExecutionId) -> Result<Vec<ChunkRef>> {
        let Some(file) = self.newest(execution).await? else { return Ok(Vec::new()) };
        let token = file.token;
        let chunk = |(number, row_count)| ChunkRef { token, number, row_count };
        Ok((0..).zip(file.chunks.iter().map(|chunk| chunk.row_count)).map(chunk).collect())
    }

    async fn chunk(&self, execution: ExecutionId, chunk: ChunkRef) -> Result<StoredChunk> {
        let file = self.manifest_of(execution, chunk.token).await?.ok_or_else(|| replaced(execution))?;
        let number = usize::try_from(chunk.number).unwrap_or(usize::MAX);
        let stored = file.chunks.get(number).ok_or_else(|| replaced(execution))?;
        let bytes = self.get(&Path::from(stored.path.as_str())).await?;
        let bytes = bytes.ok_or_else(|| replaced(execution))?;
        let is_whole = sha256(&bytes) == stored.sha256;
        if is_whole { Ok(StoredChunk::Parquet(bytes)) } else { Err(damaged(execution, chunk)) }
    }

    async fn raw(&self, execution: ExecutionId, part: u32) -> Result<Option<Bytes>> {
        let Some(file) = self.newest(execution).await? else { return Ok(None) };
        let names = self.names(&raw_of(execution, file.token)).await?;
        let own = format!("{part:05}-");
        let mut whole = BytesMut::new();
        let of_part = names.iter().filter(|path| path.filename().is_some_and(|name| name.starts_with(&own)));
        let mut is_kept = false;
        for path in of_part {
            let bytes = self.get(path).await?.ok_or_else(|| replaced(execution))?;
            let bytes = zstd::stream::decode_all(bytes.as_ref());
            whole.extend_from_slice(&bytes.map_err(super::uncompressible)?);
            is_kept = true;
        }
        Ok(is_kept.then(|| whole.freeze()))
    }

    async fn forget(&self, executions: &[ExecutionId]) -> Result<()> {
        for execution in executions {
            let file = self.newest(*execution).await?;
            let rows = file.iter().flat_map(|file| &file.chunks).map(|chunk| chunk.path.as_str().into());
            let mut left = self.names(&manifests_of(*execution)).await?;
            left.extend(rows);
            for folder in [unfinished_of(*execution), format!("_raw/{}", execution.0), tokens_of(*execution)]
            {
                left.extend(self.names(&folder).await?);
            }
            self.remove(left).await?;
            self.known.lock().retain(|(known, _), _| known != execution);
        }
        Ok(())
    }

    async fn remember(&self, trace: Trace) -> Result<()> {
        let folder = exports_of(&trace.owner_id, &trace.sha256);
        let name = format!("{folder}/{:020}.json", trace.written_at.timestamp_micros());
        let text = serde_json::to_vec(&trace).map_err(super::untellable)?;
        self.put(&Path::from(name), text).await
    }

    async fn trace(&self, owner_id: &str, sha256: &str) -> Result<Option<Trace>> {
        let names = self.names(&exports_of(owner_id, sha256)).await?;
        let Some(last) = names.last() else { return Ok(None) };
        let found = self.get(last).await?;
        found.map(|bytes| serde_json::from_slice(&bytes).map_err(super::untellable)).transpose()
    }
}

fn tokens_of(execution: ExecutionId) -> String {
    format!("_tokens/{}", execution.0)
}

fn token_path(execution: ExecutionId, token: i64) -> Path {
    Path::from(format!("{}/{token:019}", tokens_of(execution)))
}

fn manifests_of(execution: ExecutionId) -> String {
    format!("_manifests/{}", execution.0)
}

fn manifest_path(execution: ExecutionId, token: i64) -> Path {
    Path::from(format!("{}/{token:019}.json", manifests_of(execution)))
}

fn unfinished_of(execution: ExecutionId) -> String {
    format!("_unfinished/{}", execution.0)
}

fn raw_of(execution: ExecutionId, token: i64) -> String {
    format!("_raw/{}/{token:019}", execution.0)
}

fn exports_of(owner: &str, digest: &str) -> String {
    format!("_exports/{}/{digest}", sha256(owner.as_bytes()))
}

/// The token that a name ends with, or a folder in it is named by.
fn token_in(path: &Path) -> Option<i64> {
    path.filename()?.trim_end_matches(".json").parse().ok()
}

/// Where the rows of a result lie.
fn rows_of(key: &ResultKey) -> String {
    let batch = key.batch.public();
    format!("batch_id={batch}/instance_id={}", key.instance_id)
}

fn unavailable(error: object_store::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "results_unavailable", "the place of the results does not answer")
        .hint("look whether it is there and this process may read and write it")
        .caused_by(error)
}

#[cfg(test)]
mod tests;
