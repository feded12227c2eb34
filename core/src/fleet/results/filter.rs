//! The rows of a merged result that meet conditions.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use async_trait::async_trait;
use futures::{FutureExt, TryStreamExt};

use super::Results;
use super::piece::{Piece, Read, Source, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::results::{Filter, FilterPlan, MergePlan};

impl Results {
    /// The rows that meet conditions, as a result like any other: it can be paged, written, rolled up and filtered again.
    ///
    /// The columns of the conditions are read once, here, to count the rows that meet them; stretches without any are
    /// never read again.
    ///
    /// # Errors
    /// `InvalidInput`: `unknown_column`, `not_comparable` when a value does not fit its column.
    ///
    /// ```no_run
    /// # async fn example(results: amc_fleet::Results) -> amc_fleet::Result<()> {
    /// use amc_fleet::results::{Comparison, Filter};
    ///
    /// let large = results.filter(&Filter::new().and("impressions", Comparison::AtLeast, 1000)).await?;
    /// println!("{} rows of {}", large.total_rows(), results.total_rows());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn filter(&self, filter: &Filter) -> Result<Self> {
        let asked = Arc::new(FilterPlan::new(filter, &self.schema())?);
        let counts = self.wanted_rows(&asked).await?;
        let mut summary = self.summary.as_ref().clone();
        summary.notes.push(format!("only rows where {filter}"));
        let mut counts_of = vec![Vec::new(); self.pieces.len()];
        counts.into_iter().for_each(|(number, count)| counts_of[number].push(count));
        let filtered = |(piece, counts)| Arc::new(self.filtered(piece, counts, &asked));
        let pieces: Vec<Arc<Piece>> = self.pieces.iter().zip(counts_of).map(filtered).collect();
        for (instance, piece) in summary.instances.iter_mut().zip(&pieces) {
            instance.row_count = piece.instance.row_count;
        }
        summary.total_rows = pieces.iter().map(|piece| piece.instance.row_count).sum();
        Ok(Self { pieces: Arc::new(pieces), summary: Arc::new(summary), ..self.clone() })
    }

    fn filtered(&self, piece: &Arc<Piece>, counts: Vec<u64>, filter: &Arc<FilterPlan>) -> Piece {
        let mut instance = piece.instance.clone();
        instance.row_count = counts.iter().sum();
        let (piece, plan, filter) = (Arc::clone(piece), Arc::clone(&self.plan), Arc::clone(filter));
        Piece { instance, origin: None, source: Arc::new(Filtered { piece, plan, filter, counts }) }
    }

    /// How many rows of each stretch that has any are wanted, each with the number of its piece.
    async fn wanted_rows(&self, filter: &Arc<FilterPlan>) -> Result<Vec<(usize, u64)>> {
        let selection = Arc::new(self.plan.select(&columns(&self.schema(), filter.columns())));
        let filter = Arc::clone(filter);
        let count = move |batches: Vec<RecordBatch>| {
            let wanted = batches.iter().map(|batch| filter.mask(batch).map(|mask| mask.true_count()));
            wanted.sum::<Result<usize>>().map(|count| u64::try_from(count).unwrap_or_default())
        };
        self.each_stretch(selection, 0, count).try_collect().await
    }
}

/// The wanted rows of a piece, under the merged schema.
#[derive(Debug)]
struct Filtered {
    piece: Arc<Piece>,
    plan: Arc<MergePlan>,
    filter: Arc<FilterPlan>,
    /// How many there are in each stretch of the piece that has rows.
    counts: Vec<u64>,
}

#[async_trait]
impl Source for Filtered {
    fn schema(&self) -> SchemaRef {
        self.plan.schema()
    }

    async fn stretches(self: Arc<Self>) -> Result<Vec<Stretch>> {
        let mut stretches = Arc::clone(&self.piece.source).stretches().await?;
        stretches.retain(|stretch| stretch.row_count > 0);
        if stretches.len() != self.counts.len() {
            let message = "a result was replaced after it was filtered";
            return Err(Error::new(ErrorKind::Conflict, "result_replaced", message).hint("filter it again"));
        }
        let wanted = |(stretch, row_count): (Stretch, &u64)| {
            let (filtered, row_count) = (Arc::clone(&self), *row_count);
            let fetch = async move {
                let read = stretch.fetch.await?;
                Ok(Box::new(move |asked: &MergePlan| filtered.read(read, asked)) as Read)
            };
            Stretch { row_count, fetch: fetch.boxed() }
        };
        let wanted = stretches.into_iter().zip(&self.counts).filter(|(_, count)| **count > 0).map(wanted);
        Ok(wanted.collect())
    }
}

impl Filtered {
    fn read(&self, read: Read, asked: &MergePlan) -> Result<Vec<RecordBatch>> {
        let (merged, asked) = (self.plan.schema(), asked.schema());
        let names = asked.fields().iter().map(|field| field.name().as_str()).chain(self.filter.columns());
        let selection = self.plan.select(&columns(&merged, names));
        let wanted =
            |batch: &RecordBatch| self.filter.apply(&selection.conform(batch, self.piece.origin.as_ref())?);
        read(&selection)?.iter().map(wanted).collect()
    }
}

/// The numbers of columns by their names, each once.
fn columns<'a>(schema: &SchemaRef, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut columns: Vec<usize> = names.filter_map(|name| schema.index_of(name).ok()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}
