//! One instance's part of a merged result, and where its rows are.

use std::fmt;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::summary::InstanceResult;
use crate::error::Result;
use crate::results::store::{Manifest, ResultStore};
use crate::results::{MergePlan, Origin};

/// One instance's part of a merged result.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) instance: InstanceResult,
    pub(super) origin: Origin,
    pub(super) source: Arc<dyn Source>,
}

/// Where the rows of a piece are.
#[async_trait]
pub(super) trait Source: fmt::Debug + Send + Sync {
    /// Their columns.
    fn schema(&self) -> SchemaRef;

    /// The rows, in order, in stretches of bounded size.
    async fn stretches(self: Arc<Self>) -> Result<Vec<Stretch>>;
}

/// Some rows that lie together.
pub(super) struct Stretch {
    pub(super) row_count: u64,
    /// Fetches them, once it is asked for.
    pub(super) fetch: BoxFuture<'static, Result<Read>>,
}

/// Reads rows that were fetched, in bounded batches: at least the columns that a plan needs.
pub(super) type Read = Box<dyn FnOnce(&MergePlan) -> Result<Vec<RecordBatch>> + Send>;

/// Rows in a result store.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) store: Arc<dyn ResultStore>,
    pub(super) manifest: Manifest,
}

#[async_trait]
impl Source for Stored {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.manifest.schema)
    }

    async fn stretches(self: Arc<Self>) -> Result<Vec<Stretch>> {
        let execution = self.manifest.execution;
        let chunks = self.store.chunks(execution).await?;
        let stretch = |chunk| {
            let store = Arc::clone(&self.store);
            let fetch = async move {
                let stored = store.chunk(execution, chunk).await?;
                let read = move |plan: &MergePlan| {
                    let wanted: &Schema = &plan.schema();
                    stored.read(|name| wanted.index_of(name).is_ok())
                };
                Ok(Box::new(read) as Read)
            };
            Stretch { row_count: chunk.row_count, fetch: fetch.boxed() }
        };
        Ok(chunks.into_iter().map(stretch).collect())
    }
}
