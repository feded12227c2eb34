//! A result on its way into objects.

use arrow_array::RecordBatch;
use async_trait::async_trait;
use bytes::Bytes;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::manifest::{ManifestFile, StoredObject};
use super::{
    ObjectResults, manifest_path, manifests_of, raw_of, rows_of, token_in, tokens_of, unavailable,
    unfinished_of,
};
use crate::digest::sha256;
use crate::error::Result;
use crate::results::export::{Chunk, ChunkEncoder};
use crate::results::store::segments::{Segment, Segments};
use crate::results::store::{Manifest, ResultKey, ResultWriter, stale};

/// The result that is written, and by whom.
struct Own {
    results: ObjectResults,
    key: ResultKey,
    token: i64,
}

pub(super) struct Writer {
    own: Own,
    encoder: ChunkEncoder,
    /// The last chunk: a result of one is written once, to where it stays.
    last: Option<Chunk>,
    /// Those before it, with where they wait.
    chunks: Vec<(StoredObject, Path)>,
    raw: Segments,
}

impl Own {
    async fn keep(&self, segment: Segment) -> Result<()> {
        let folder = raw_of(self.key.execution, self.token);
        let path = Path::from(format!("{folder}/{:05}-{:05}.zst", segment.part, segment.number));
        self.results.put(&path, segment.bytes).await
    }

    async fn fence(&self) -> Result<()> {
        let newest = self.results.newest_token(self.key.execution).await?;
        if newest.is_some_and(|newest| newest > self.token) { Err(stale(self.key.execution)) } else { Ok(()) }
    }

    /// Forgets what older tokens left.
    async fn forget(&self) -> Result<()> {
        let (execution, token) = (self.key.execution, self.token);
        let id = execution.0;
        for folder in [tokens_of(execution), manifests_of(execution)] {
            let names = self.results.names(&folder).await?;
            let old = names.into_iter().filter(|path| token_in(path).is_some_and(|old| old < token));
            self.results.remove(old).await?;
        }
        let (rows, own) = (rows_of(&self.key), format!("{id}-"));
        let current = format!("{id}-{token:019}-");
        for folder in [rows, unfinished_of(execution), format!("_raw/{id}")] {
            let is_old = |path: &Path| {
                let mut parts = path.parts();
                parts.any(|part| {
                    let name = part.as_ref();
                    let of_rows = name.starts_with(&own) && name < current.as_str();
                    of_rows || name.parse::<i64>().is_ok_and(|old| name.len() == 19 && old < token)
                })
            };
            let names = self.results.names(&folder).await?;
            self.results.remove(names.into_iter().filter(is_old)).await?;
        }
        Ok(())
    }
}

impl Writer {
    pub(super) fn new(results: ObjectResults, key: ResultKey, token: i64) -> Self {
        Self {
            own: Own { results, key, token },
            encoder: ChunkEncoder::new(),
            last: None,
            chunks: Vec::new(),
            raw: Segments::default(),
        }
    }

    async fn add(&mut self, chunk: Chunk) -> Result<()> {
        let Some(before) = self.last.replace(chunk) else { return Ok(()) };
        let object = self.object(&before);
        let waits =
            format!("{}/{:019}/{}", unfinished_of(self.own.key.execution), self.own.token, self.chunks.len());
        let waits = Path::from(waits);
        self.own.results.put(&waits, before.bytes).await?;
        self.chunks.push((object, waits));
        Ok(())
    }

    /// Where the next chunk will stay.
    fn object(&self, chunk: &Chunk) -> StoredObject {
        let (folder, number) = (rows_of(&self.own.key), self.chunks.len());
        StoredObject {
            path: format!("{folder}/{}-{:019}-{number:05}.parquet", self.own.key.execution.0, self.own.token),
            row_count: u64::try_from(chunk.rows).unwrap_or_default(),
            sha256: sha256(&chunk.bytes),
        }
    }

    /// Brings the rows to where they stay.
    async fn place(&mut self) -> Result<Vec<StoredObject>> {
        let last = self.last.take().map(|chunk| (self.object(&chunk), chunk));
        let mut placed = Vec::with_capacity(self.chunks.len() + 1);
        for (object, waits) in self.chunks.drain(..) {
            let stays = Path::from(object.path.as_str());
            self.own.results.objects.rename(&waits, &stays).await.map_err(unavailable)?;
            placed.push(object);
        }
        if let Some((object, chunk)) = last {
            self.own.results.put(&Path::from(object.path.as_str()), chunk.bytes).await?;
            placed.push(object);
        }
        Ok(placed)
    }
}

#[async_trait]
impl ResultWriter for Writer {
    async fn raw(&mut self, part: u32, bytes: Bytes) -> Result<()> {
        for segment in self.raw.add(part, &bytes)? {
            self.own.keep(segment).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, batch: RecordBatch) -> Result<()> {
        for chunk in self.encoder.encode(&batch)? {
            self.add(chunk).await?;
        }
        Ok(())
    }

    async fn commit(mut self: Box<Self>, manifest: Manifest) -> Result<()> {
        if let Some(segment) = self.raw.close()? {
            self.own.keep(segment).await?;
        }
        if let Some(chunk) = std::mem::take(&mut self.encoder).finish()? {
            self.add(chunk).await?;
        }
        self.own.fence().await?;
        let chunks = self.place().await?;
        let file = ManifestFile::new(&manifest, self.own.token, chunks)?;
        self.own.results.put(&manifest_path(self.own.key.execution, self.own.token), file.write()?).await?;
        self.own.forget().await
    }
}
