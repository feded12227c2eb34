//! Results in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::RecordBatch;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;

use super::{ChunkRef, Manifest, ResultKey, ResultStore, ResultWriter, StoredChunk, Trace, replaced, stale};
use crate::error::Result;
use crate::model::ExecutionId;

#[derive(Debug, Clone)]
struct Stored {
    token: i64,
    manifest: Manifest,
    batches: Vec<RecordBatch>,
    parts: BTreeMap<u32, BytesMut>,
}

#[derive(Debug, Default)]
struct State {
    tokens: HashMap<ExecutionId, i64>,
    results: HashMap<ExecutionId, Stored>,
    traces: Vec<Trace>,
}

/// Results that live as long as the process.
#[derive(Debug, Clone, Default)]
pub struct MemoryResults(Arc<Mutex<State>>);

impl MemoryResults {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

struct Writer {
    state: Arc<Mutex<State>>,
    execution: ExecutionId,
    token: i64,
    batches: Vec<RecordBatch>,
    parts: BTreeMap<u32, BytesMut>,
}

#[async_trait]
impl ResultWriter for Writer {
    async fn raw(&mut self, part: u32, bytes: Bytes) -> Result<()> {
        self.parts.entry(part).or_default().extend_from_slice(&bytes);
        Ok(())
    }

    async fn rows(&mut self, batch: RecordBatch) -> Result<()> {
        self.batches.push(batch);
        Ok(())
    }

    async fn commit(self: Box<Self>, manifest: Manifest) -> Result<()> {
        let mut state = self.state.lock();
        if state.tokens.get(&self.execution) != Some(&self.token) {
            return Err(stale(self.execution));
        }
        let Self { token, batches, parts, .. } = *self;
        state.results.insert(self.execution, Stored { token, manifest, batches, parts });
        Ok(())
    }
}

#[async_trait]
impl ResultStore for MemoryResults {
    async fn begin(&self, key: &ResultKey, token: i64) -> Result<Box<dyn ResultWriter>> {
        let execution = key.execution;
        let mut state = self.0.lock();
        let newest = state.tokens.entry(execution).or_insert(token);
        if *newest > token {
            return Err(stale(execution));
        }
        *newest = token;
        let state = Arc::clone(&self.0);
        Ok(Box::new(Writer { state, execution, token, batches: Vec::new(), parts: BTreeMap::new() }))
    }

    async fn manifest(&self, execution: ExecutionId) -> Result<Option<Manifest>> {
        Ok(self.0.lock().results.get(&execution).map(|stored| stored.manifest.clone()))
    }

    async fn chunks(&self, execution: ExecutionId) -> Result<Vec<ChunkRef>> {
        let state = self.0.lock();
        let Some(stored) = state.results.get(&execution) else { return Ok(Vec::new()) };
        let token = stored.token;
        let rows = stored.batches.iter().map(|batch| u64::try_from(batch.num_rows()).unwrap_or_default());
        Ok((0..).zip(rows).map(|(number, row_count)| ChunkRef { token, number, row_count }).collect())
    }

    async fn chunk(&self, execution: ExecutionId, chunk: ChunkRef) -> Result<StoredChunk> {
        let state = self.0.lock();
        let stored = state.results.get(&execution).filter(|stored| stored.token == chunk.token);
        let number = usize::try_from(chunk.number).unwrap_or(usize::MAX);
        let batch =
            stored.and_then(|stored| stored.batches.get(number)).ok_or_else(|| replaced(execution))?;
        Ok(StoredChunk::Rows(vec![batch.clone()]))
    }

    async fn raw(&self, execution: ExecutionId, part: u32) -> Result<Option<Bytes>> {
        let state = self.0.lock();
        Ok(state
            .results
            .get(&execution)
            .and_then(|it| it.parts.get(&part))
            .map(|bytes| bytes.clone().freeze()))
    }

    async fn forget(&self, executions: &[ExecutionId]) -> Result<()> {
        self.0.lock().results.retain(|execution, _| !executions.contains(execution));
        Ok(())
    }

    async fn remember(&self, trace: Trace) -> Result<()> {
        self.0.lock().traces.push(trace);
        Ok(())
    }

    async fn trace(&self, owner_id: &str, sha256: &str) -> Result<Option<Trace>> {
        let state = self.0.lock();
        let mut latest = state.traces.iter().rev();
        Ok(latest.find(|trace| trace.owner_id == owner_id && trace.sha256 == sha256).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryResults;

    crate::result_suite!(memory, async { (MemoryResults::new(), ()) });
}
