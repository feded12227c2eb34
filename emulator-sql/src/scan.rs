//! A data source as a DataFusion table: restricted to a window, made when read, only the columns asked for.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, AsArray, BooleanArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::{cast, filter_record_batch};
use datafusion::arrow::datatypes::{DataType, SchemaRef, TimeUnit, TimestampMillisecondType};
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::StreamExt;

use crate::catalogue::Table;
use crate::recipe::column;
use crate::world::{Fact, Span, World};

/// Rows made at a time.
const BATCH: usize = 8192;

/// One table of one instance within one window.
#[derive(Clone)]
pub(crate) struct Scan {
    /// What is read.
    pub(crate) table: Arc<Table>,
    /// The world it is read from.
    pub(crate) world: Arc<World>,
    /// The window.
    pub(crate) span: Span,
    /// Rows that a test loaded in place of the synthetic ones.
    pub(crate) loaded: Option<RecordBatch>,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("table", &self.table.name)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for Scan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.table.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = projection.cloned().unwrap_or_else(|| (0..self.table.columns.len()).collect());
        let schema = Arc::new(self.table.schema.project(&columns)?);
        let rows = Rows { scan: self.clone(), columns, schema: Arc::clone(&schema) };
        Ok(Arc::new(StreamingTableExec::try_new(schema, vec![Arc::new(rows)], None, [], false, limit)?))
    }
}

/// The chosen columns of a scan.
#[derive(Debug)]
struct Rows {
    scan: Scan,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl PartitionStream for Rows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = match &self.scan.loaded {
            Some(loaded) => vec![self.kept(loaded)],
            None => self.made(),
        };
        let stream = futures::stream::iter(batches).map(|batch| batch.map_err(DataFusionError::from));
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream))
    }
}

impl Rows {
    fn made(&self) -> Vec<Result<RecordBatch, ArrowError>> {
        let mut facts = self.scan.world.facts(self.scan.table.source, self.scan.span);
        facts.retain(|fact| !(self.scan.table.hides_deals && fact.has_deal()));
        facts.chunks(BATCH).map(|facts| self.batch(facts)).collect()
    }

    fn batch(&self, facts: &[Fact]) -> Result<RecordBatch, ArrowError> {
        let world = &self.scan.world;
        let made = |index: &usize| {
            let described = &self.scan.table.columns[*index];
            column(&described.kind, facts.iter().map(|fact| described.recipe.value(world, fact)))
        };
        let arrays = self.columns.iter().map(made).collect::<Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(facts.len()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
    }

    fn kept(&self, loaded: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let clock = self.scan.table.clock.as_ref().and_then(|clock| loaded.column_by_name(clock));
        let inside = match clock {
            Some(times) => within(times, self.scan.span)?,
            None => BooleanArray::from(vec![true; loaded.num_rows()]),
        };
        filter_record_batch(loaded, &inside)?.project(&self.columns)
    }
}

fn within(times: &dyn Array, span: Span) -> Result<BooleanArray, ArrowError> {
    let instants = cast(times, &DataType::Timestamp(TimeUnit::Millisecond, None))?;
    let inside = |at: Option<i64>| at.is_some_and(|at| (span.start..span.end).contains(&at));
    Ok(instants.as_primitive::<TimestampMillisecondType>().iter().map(|at| Some(inside(at))).collect())
}
