//! A table made of a merged result: it knows what that lacked.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use async_trait::async_trait;
use futures::FutureExt;

use super::Results;
use super::piece::{Piece, Read, Source, Stretch};
use super::summary::InstanceResult;
use crate::error::Result;
use crate::results::MergePlan;

/// Rows at hand.
#[derive(Debug)]
struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[async_trait]
impl Source for Rows {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    async fn stretches(self: Arc<Self>) -> Result<Vec<Stretch>> {
        let stretch = |batch: &RecordBatch| {
            let (row_count, batch) = (count(batch), batch.clone());
            let fetch = async move { Ok(Box::new(move |_: &MergePlan| Ok(vec![batch])) as Read) };
            Stretch { row_count, fetch: fetch.boxed() }
        };
        Ok(self.batches.iter().map(stretch).collect())
    }
}

impl Results {
    /// The same with more to know about it.
    pub(super) fn noting(mut self, notes: impl Iterator<Item = String>) -> Self {
        let mut summary = self.summary.as_ref().clone();
        summary.notes.extend(notes);
        self.summary = Arc::new(summary);
        self
    }

    /// A table of rows made of this result, at least one batch of them. What this result lacks, they lack.
    pub(super) fn derived(&self, batches: Vec<RecordBatch>) -> Self {
        let row_count = batches.iter().map(count).sum();
        let fields = batches.first().map(|batch| batch.schema().fields().clone()).unwrap_or_default();
        let schema = Arc::new(Schema::new_with_metadata(fields, self.schema().metadata().clone()));
        let mut summary = self.summary.as_ref().clone();
        summary.total_rows = row_count;
        let source = Arc::new(Rows { schema: Arc::clone(&schema), batches });
        let instance = InstanceResult { row_count, ..InstanceResult::default() };
        let piece = Piece { instance, origin: None, source };
        Self {
            plan: Arc::new(MergePlan::of_table(schema)),
            pieces: Arc::new(vec![Arc::new(piece)]),
            summary: Arc::new(summary),
            query: Arc::clone(&self.query),
            home: self.home.clone(),
        }
    }
}

fn count(batch: &RecordBatch) -> u64 {
    u64::try_from(batch.num_rows()).unwrap_or_default()
}
