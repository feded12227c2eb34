//! The merged result of a batch: streamed, typed, and honest about what it lacks.

mod compare;
mod file;
mod filter;
mod folder;
mod open;
mod order;
mod piece;
mod query;
mod roles;
mod roll_up;
mod series;
mod summary;
mod table;
mod write;

use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use futures::future::ready;
use futures::{Stream, StreamExt, TryStreamExt, stream};

use self::piece::{Piece, Stretch};
pub(super) use self::query::Query;
use super::in_order::{aside, in_order};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::results::store::ResultStore;
use crate::results::{MergeOptions, MergePlan, export};

pub use self::folder::FolderOptions;
pub use self::open::{Missing, ResultsOptions};
pub use self::summary::{InstanceResult, ResultSummary};
pub use self::write::Export;
pub(super) use self::write::checksum;

/// A merged result. Rows are read from where they are kept when they are asked for, a batch at a time.
#[derive(Debug, Clone)]
pub struct Results {
    plan: Arc<MergePlan>,
    pieces: Arc<Vec<Arc<Piece>>>,
    summary: Arc<ResultSummary>,
    query: Arc<Query>,
    home: Option<Arc<Home>>,
}

/// Where files made of a result are remembered.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) store: Arc<dyn ResultStore>,
    pub(super) owner: String,
    pub(super) clock: Arc<dyn Clock>,
}

impl Results {
    fn merged(
        pieces: Vec<Piece>,
        mut summary: ResultSummary,
        query: Query,
        options: &MergeOptions,
    ) -> Result<Self> {
        let schemas: Vec<SchemaRef> = pieces.iter().map(|piece| piece.source.schema()).collect();
        let instances = pieces.iter().map(|piece| piece.instance.instance_id.as_str());
        let plan = MergePlan::new(instances.zip(schemas.iter().map(AsRef::as_ref)), options)?;
        summary.widenings = plan.widenings().to_vec();
        summary.notes.clone_from(&query.notes);
        let plan = plan.with_metadata(summary.metadata(&query.sql_hashes));
        let plan = plan.with_roles(|column| query.meaning(column).map(|meaning| meaning.to_string()));
        let pieces = pieces.into_iter().map(Arc::new).collect();
        let (plan, summary) = (Arc::new(plan), Arc::new(summary));
        Ok(Self { plan, pieces: Arc::new(pieces), summary, query: Arc::new(query), home: None })
    }

    /// The columns: `_instance_id`, `_instance_name`, then the query's own.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.plan.schema()
    }

    /// What it is made of and what it lacks.
    #[must_use]
    pub fn summary(&self) -> &ResultSummary {
        &self.summary
    }

    /// Rows in all.
    #[must_use]
    pub fn total_rows(&self) -> u64 {
        self.summary.total_rows
    }

    /// Every row, instance by instance, a bounded batch at a time. A fresh stream each time.
    ///
    /// It is read by tasks of the runtime that first polls it, a little ahead of what is asked for.
    pub fn stream(&self) -> impl Stream<Item = Result<RecordBatch>> + Send + 'static {
        self.each(Arc::clone(&self.plan), 0, Ok)
    }

    /// What `make` makes of every batch of rows, side by side, in order.
    pub(super) fn made<T: Send + 'static>(
        &self,
        make: impl Fn(RecordBatch) -> Result<T> + Send + Sync + 'static,
    ) -> impl Stream<Item = Result<T>> + Send + 'static {
        self.each(Arc::clone(&self.plan), 0, make)
    }

    /// What `make` makes of every batch of rows after the first `offset`, side by side, in order.
    fn each<T: Send + 'static>(
        &self,
        plan: Arc<MergePlan>,
        offset: u64,
        make: impl Fn(RecordBatch) -> Result<T> + Send + Sync + 'static,
    ) -> impl Stream<Item = Result<T>> + Send + 'static {
        let made = move |batches: Vec<RecordBatch>| batches.into_iter().map(&make).collect();
        let stretches = self.each_stretch(plan, offset, made);
        stretches.map_ok(|(_, made): (_, Vec<T>)| stream::iter(made.into_iter().map(Ok))).try_flatten()
    }

    /// What `make` makes of the rows of every stretch after the first `offset`, side by side, in order, each with the
    /// number of its piece.
    fn each_stretch<T: Send + 'static>(
        &self,
        plan: Arc<MergePlan>,
        offset: u64,
        make: impl Fn(Vec<RecordBatch>) -> Result<T> + Send + Sync + 'static,
    ) -> impl Stream<Item = Result<(usize, T)>> + Send + 'static {
        let make = Arc::new(make);
        let jobs = self.stretches(offset).map(move |found| {
            let (plan, make) = (Arc::clone(&plan), Arc::clone(&make));
            async move {
                let (number, piece, stretch, skip) = found?;
                let read = stretch.fetch.await?;
                aside(move || {
                    let merged = behind(read(&plan)?, skip).into_iter();
                    let merged = merged.map(|batch| plan.conform(&batch, piece.origin.as_ref()));
                    Ok((number, make(merged.collect::<Result<_>>()?)?))
                })
                .await
            }
        });
        in_order(jobs)
    }

    /// Where the rows after the first `offset` lie, in order: the piece and its number, and how many rows of each stretch
    /// are before them.
    fn stretches(
        &self,
        offset: u64,
    ) -> impl Stream<Item = Result<(usize, Arc<Piece>, Stretch, u64)>> + Send + 'static {
        let mut skipped = 0;
        let begun = self.pieces.iter().enumerate().skip_while(|(_, piece)| {
            let skip = skipped + piece.instance.row_count <= offset;
            skipped += if skip { piece.instance.row_count } else { 0 };
            skip
        });
        let begun: Vec<(usize, Arc<Piece>)> =
            begun.map(|(number, piece)| (number, Arc::clone(piece))).collect();
        let list = |(number, piece): (usize, Arc<Piece>)| async move {
            let stretches = Arc::clone(&piece.source).stretches().await?;
            let found = stretches.into_iter().map(move |stretch| Ok((number, Arc::clone(&piece), stretch)));
            Ok::<_, Error>(stream::iter(found))
        };
        let mut over = offset - skipped;
        stream::iter(begun).then(list).try_flatten().try_filter_map(move |(number, piece, stretch)| {
            let skip = over.min(stretch.row_count);
            over -= skip;
            ready(Ok((skip < stretch.row_count).then_some((number, piece, stretch, skip))))
        })
    }

    /// The first rows, at most `rows` of them.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn head(&self, rows: usize) -> Result<Vec<RecordBatch>> {
        self.page(0, rows).await
    }

    /// A page of the rows: at most `rows` of them after the first `offset`. What lies before them is not read.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn page(&self, offset: usize, rows: usize) -> Result<Vec<RecordBatch>> {
        let (mut batches, mut left) = (Vec::new(), rows);
        let offset = u64::try_from(offset).unwrap_or(u64::MAX);
        let mut stream = std::pin::pin!(self.each(Arc::clone(&self.plan), offset, Ok));
        while left > 0 {
            let Some(batch) = stream.try_next().await? else { break };
            let taken = batch.slice(0, left.min(batch.num_rows()));
            left -= taken.num_rows();
            batches.push(taken);
        }
        Ok(batches)
    }

    /// The first rows as a table for people.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn table(&self, rows: usize) -> Result<String> {
        export::table(&self.schema(), &self.head(rows).await?, rows)
    }
}

/// The rows behind the first `skip`.
fn behind(batches: Vec<RecordBatch>, skip: u64) -> Vec<RecordBatch> {
    let mut over = usize::try_from(skip).unwrap_or(usize::MAX);
    let rest = batches.into_iter().map(|batch| {
        let skip = over.min(batch.num_rows());
        over -= skip;
        batch.slice(skip, batch.num_rows() - skip)
    });
    rest.filter(|batch| batch.num_rows() > 0).collect()
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "file_not_readable", format!("{} cannot be read", path.display()))
        .caused_by(error)
}

#[cfg(test)]
mod tests;
