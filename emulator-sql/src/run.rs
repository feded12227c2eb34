//! One run of one query: rewrite, plan, compute what is shared, compute the answer.

use std::collections::HashMap;
use std::sync::Arc;

use amc_fleet_emulator::query::{Answer, OutputColumn, Query, Refusal};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::collect;
use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::tokenizer::Span;
use futures::StreamExt;

use crate::catalogue::{Catalogue, Kind};
use crate::dialect::{self, Context, Shared};
use crate::engine::{Options, role};
use crate::output;
use crate::parse::parse;
use crate::privacy::{HIDDEN, Origin, Origins, Policy, carry};
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

/// A query ready to be planned.
struct Rewritten {
    shared: Vec<Shared>,
    query: ast::Query,
    /// Whether it reads nothing but tables for audiences, so that it returns users.
    audience: bool,
    /// Where the items of the select list stand in the text.
    spans: Vec<Span>,
}

impl Run {
    /// Checks the query and describes its columns without reading data.
    pub(crate) async fn compile(&self) -> Result<Vec<OutputColumn>, Refusal> {
        let rewritten = self.rewritten()?;
        let (mut scope, mut origins) = (self.scope(), self.origins());
        for part in rewritten.shared {
            let plan = planned(&scope, part.query)?;
            let schema = self.analyzed(&plan)?;
            share(&mut scope, &part.name, schema, Vec::new())?;
            origins.shared.insert(part.name, origins.of(&plan)?);
        }
        let plan = planned(&scope, rewritten.query)?;
        let behind = origins.returned(&plan, rewritten.audience, &rewritten.spans)?;
        let policy = self.policy(&behind, rewritten.audience);
        let physical = self.state.create_physical_plan(&plan).await;
        let schema = physical.map_err(|error| refusal::rejected(&error))?.schema();
        Ok([columns(&schema, &behind), policy.added()].concat())
    }

    /// Runs the query to its end.
    pub(crate) async fn execute(&self) -> Result<Answer, Refusal> {
        let rewritten = self.rewritten()?;
        let (mut scope, mut origins) = (self.scope(), self.origins());
        let carries = self.carries(rewritten.audience);
        for part in rewritten.shared {
            let plan = planned(&scope, part.query)?;
            let behind = origins.of(&plan)?;
            let (schema, rows) = self.collect(plan, carries).await?;
            share(&mut scope, &part.name, schema, rows)?;
            origins.shared.insert(part.name, behind);
        }
        let plan = planned(&scope, rewritten.query)?;
        let behind = origins.returned(&plan, rewritten.audience, &rewritten.spans)?;
        let policy = self.policy(&behind, rewritten.audience);
        let (schema, batches) = self.collect(plan, carries).await?;
        let columns = columns(&schema, &behind);
        self.answer(&batches, columns, &policy)
    }

    fn answer(
        &self,
        batches: &[RecordBatch],
        columns: Vec<OutputColumn>,
        policy: &Policy,
    ) -> Result<Answer, Refusal> {
        let mut rows = Vec::new();
        for batch in batches {
            rows.extend(output::counted(batch).map_err(|error| Refusal::Failed(error.to_string()))?);
        }
        // Without synthetic data, switching the controls off gives a run without output.
        if self.query.privacy.disable_aggregation_controls && !self.query.synthetic {
            rows.clear();
        }
        let rows = policy.apply(rows, &columns);
        let chunks: Vec<_> = rows.chunks(ROWS).map(|chunk| Ok(chunk.to_vec())).collect();
        Ok(Answer {
            columns: [columns, policy.added()].concat(),
            rows: futures::stream::iter(chunks).boxed(),
        })
    }

    fn rewritten(&self) -> Result<Rewritten, Refusal> {
        let mut query = parse(&self.query.sql)?;
        let context = Context {
            query: &self.query,
            windows: &self.windows,
            catalogue: self.catalogue,
            strict: self.options.strict,
        };
        let spans = spans(&query.body);
        let audience = dialect::rewrite(&mut query, &context)?;
        let shared = dialect::split(&mut query);
        Ok(Rewritten { shared, query, audience, spans })
    }

    fn origins(&self) -> Origins<'static> {
        Origins { catalogue: self.catalogue, shared: HashMap::new() }
    }

    fn policy(&self, behind: &[Origin], audience: bool) -> Policy {
        Policy::new(behind, self.catalogue, &self.query.privacy, self.enforces() && !audience)
    }

    fn enforces(&self) -> bool {
        self.options.thresholds && !(self.query.synthetic && self.query.privacy.disable_aggregation_controls)
    }

    /// Whether the users behind each row have to be known.
    fn carries(&self, audience: bool) -> bool {
        let privacy = &self.query.privacy;
        let asked = privacy.user_count_column.is_some() || privacy.reason_column.is_some();
        asked || self.enforces() && !audience
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

    /// The schema of a plan once types are settled.
    fn analyzed(&self, plan: &LogicalPlan) -> Result<SchemaRef, Refusal> {
        let plan = self.state.optimize(plan).map_err(|error| refusal::rejected(&error))?;
        Ok(Arc::new(plan.schema().as_arrow().clone()))
    }

    async fn collect(
        &self,
        plan: LogicalPlan,
        carries: bool,
    ) -> Result<(SchemaRef, Vec<RecordBatch>), Refusal> {
        let plan = match carries {
            true => carry(&plan, self.catalogue).map_err(|error| refusal::rejected(&error))?,
            false => plan,
        };
        let planned =
            self.state.create_physical_plan(&plan).await.map_err(|error| refusal::rejected(&error))?;
        let schema = planned.schema();
        let rows = collect(planned, self.state.task_ctx()).await.map_err(|error| refusal::failed(&error))?;
        Ok((schema, rows))
    }
}

/// Places of the select list; of the first one if there are several.
fn spans(body: &ast::SetExpr) -> Vec<Span> {
    match body {
        ast::SetExpr::Select(select) => select.projection.iter().map(ast::Spanned::span).collect(),
        ast::SetExpr::Query(query) => spans(&query.body),
        ast::SetExpr::SetOperation { left, .. } => spans(left),
        _ => Vec::new(),
    }
}

fn planned(scope: &Scope<'_>, query: ast::Query) -> Result<LogicalPlan, Refusal> {
    scope.plan(query).map_err(|error| refusal::rejected(&error))
}

/// Puts computed rows under a name.
fn share(
    scope: &mut Scope<'_>,
    name: &str,
    schema: SchemaRef,
    rows: Vec<RecordBatch>,
) -> Result<(), Refusal> {
    let table = MemTable::try_new(schema, vec![rows]).map_err(|error| refusal::rejected(&error))?;
    scope.shared.insert(name.to_owned(), provider_as_source(Arc::new(table)));
    Ok(())
}

/// The columns of a result as AMC describes them.
fn columns(schema: &Schema, behind: &[Origin]) -> Vec<OutputColumn> {
    let visible = schema.fields().iter().filter(|field| field.name() != HIDDEN);
    visible
        .zip(behind)
        .map(|(field, origin)| {
            let kind = Kind::of(field.data_type());
            let (precision, scale) = match kind {
                Kind::Decimal(precision, scale) => (Some(precision), Some(scale)),
                _ => (None, None),
            };
            OutputColumn {
                name: field.name().to_lowercase(),
                data_type: kind.name().to_owned(),
                column_type: role(origin.metric).to_owned(),
                precision,
                scale,
            }
        })
        .collect()
}
