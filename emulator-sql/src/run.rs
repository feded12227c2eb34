//! One run of one query: rewrite, plan, compute what is shared, compute the answer.

use std::collections::HashMap;
use std::sync::Arc;

use amc_fleet_emulator::query::{Answer, OutputColumn, Query, Refusal, Row};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::Schema;
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::collect;
use datafusion::sql::sqlparser::ast;
use futures::StreamExt;

use crate::catalogue::{Catalogue, Kind};
use crate::dialect::{self, Context, Shared};
use crate::engine::{Options, role};
use crate::output;
use crate::parse::parse;
use crate::refusal;
use crate::session::{Loaded, Scope};
use crate::window::Windows;
use crate::world::World;

/// Rows of an answer handed over at a time.
const ROWS: usize = 4096;

/// Everything a run needs.
pub(crate) struct Run {
    pub(crate) options: Options,
    pub(crate) state: SessionState,
    pub(crate) catalogue: &'static Catalogue,
    pub(crate) world: Arc<World>,
    pub(crate) windows: Windows,
    pub(crate) loaded: Loaded,
    pub(crate) query: Query,
}

impl Run {
    /// Checks the query and describes its columns without reading data.
    pub(crate) async fn compile(&self) -> Result<Vec<OutputColumn>, Refusal> {
        let (shared, query) = self.rewritten()?;
        let mut scope = self.scope();
        for part in shared {
            let plan = scope.plan(part.query).map_err(|error| refusal::rejected(&error))?;
            share(&mut scope, part.name, &plan, Vec::new()).map_err(|error| refusal::rejected(&error))?;
        }
        let plan = scope.plan(query).map_err(|error| refusal::rejected(&error))?;
        self.state.optimize(&plan).map_err(|error| refusal::rejected(&error))?;
        Ok(columns(&plan))
    }

    /// Runs the query to its end.
    pub(crate) async fn execute(&self) -> Result<Answer, Refusal> {
        let (shared, query) = self.rewritten()?;
        let mut scope = self.scope();
        for part in shared {
            let plan = scope.plan(part.query).map_err(|error| refusal::rejected(&error))?;
            let rows = self.collect(&plan).await?;
            share(&mut scope, part.name, &plan, rows).map_err(|error| refusal::rejected(&error))?;
        }
        let plan = scope.plan(query).map_err(|error| refusal::rejected(&error))?;
        let columns = columns(&plan);
        let batches = self.collect(&plan).await?;
        Ok(Answer { rows: stream(&batches, columns.len()), columns })
    }

    fn rewritten(&self) -> Result<(Vec<Shared>, ast::Query), Refusal> {
        let mut query = parse(&self.query.sql)?;
        let context = Context {
            query: &self.query,
            windows: &self.windows,
            catalogue: self.catalogue,
            strict: self.options.strict,
        };
        dialect::rewrite(&mut query, &context)?;
        let shared = dialect::split(&mut query);
        Ok((shared, query))
    }

    fn scope(&self) -> Scope<'_> {
        Scope {
            state: &self.state,
            catalogue: self.catalogue,
            world: &self.world,
            windows: &self.windows,
            loaded: &self.loaded,
            shared: HashMap::new(),
        }
    }

    async fn collect(&self, plan: &LogicalPlan) -> Result<Vec<RecordBatch>, Refusal> {
        let planned = self.state.create_physical_plan(plan).await.map_err(|error| refusal::rejected(&error))?;
        collect(planned, self.state.task_ctx()).await.map_err(|error| refusal::failed(&error))
    }
}

/// Puts computed rows under a name.
fn share(scope: &mut Scope<'_>, name: String, plan: &LogicalPlan, rows: Vec<RecordBatch>) -> Result<()> {
    let schema = rows.first().map_or_else(|| bare(plan), RecordBatch::schema);
    let table = MemTable::try_new(schema, vec![rows])?;
    scope.shared.insert(name, provider_as_source(Arc::new(table)));
    Ok(())
}

fn bare(plan: &LogicalPlan) -> Arc<Schema> {
    Arc::new(plan.schema().as_arrow().clone())
}

/// The columns of a plan as AMC describes them.
fn columns(plan: &LogicalPlan) -> Vec<OutputColumn> {
    plan.schema()
        .fields()
        .iter()
        .map(|field| {
            let kind = Kind::of(field.data_type());
            let (precision, scale) = match kind {
                Kind::Decimal(precision, scale) => (Some(precision), Some(scale)),
                _ => (None, None),
            };
            OutputColumn {
                name: field.name().to_lowercase(),
                data_type: kind.name().to_owned(),
                column_type: role(false).to_owned(),
                precision,
                scale,
            }
        })
        .collect()
}

fn stream(batches: &[RecordBatch], columns: usize) -> futures::stream::BoxStream<'static, Result<Vec<Row>, Refusal>> {
    let chunks: Vec<RecordBatch> = batches.iter().flat_map(sliced).collect();
    let rows = move |batch: RecordBatch| {
        output::rows(&batch, columns).map_err(|error| Refusal::Failed(error.to_string()))
    };
    futures::stream::iter(chunks).map(rows).boxed()
}

fn sliced(batch: &RecordBatch) -> Vec<RecordBatch> {
    let starts = (0..batch.num_rows()).step_by(ROWS);
    starts.map(|start| batch.slice(start, ROWS.min(batch.num_rows() - start))).collect()
}
