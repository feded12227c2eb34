//! One run of one query: rewrite, plan, compute what is shared, compute the answer.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
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
use crate::functions::ledger::Ledger;
use crate::output;
use crate::parse::parse;
use crate::privacy::{Carrier, Counted, HIDDEN, Origin, Origins, Paths, Policy, returns_users};
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
    /// Whether it reads nothing but tables for audiences, so that it may return users.
    audience: bool,
    /// Where the items of the select list stand in the text.
    spans: Vec<Span>,
}

impl Run {
    /// Checks the query and describes its columns without reading data.
    pub(crate) async fn compile(&self) -> Result<Vec<OutputColumn>, Refusal> {
        let rewritten = self.rewritten()?;
        let (mut scope, mut origins) = (self.scope(), self.origins());
        for part in &rewritten.shared {
            let plan = planned(&scope, part.query.clone())?;
            let schema = self.analyzed(&plan)?;
            share(&mut scope, &part.name, schema, Vec::new())?;
            note(&mut origins, &part.name, &plan)?;
        }
        let plan = planned(&scope, rewritten.query.clone())?;
        let behind = self.returned(&origins, &plan, &rewritten)?;
        let policy = self.policy(&behind, Paths::default(), rewritten.audience && returns_users(&behind));
        let physical = self.state.create_physical_plan(&plan).await;
        let schema = physical.map_err(|error| refusal::rejected(&error))?.schema();
        Ok([columns(&schema, &behind), policy.added()].concat())
    }

    /// Runs the query to its end.
    pub(crate) async fn execute(&self) -> Result<Answer, Refusal> {
        let rewritten = self.rewritten()?;
        let (mut scope, mut origins, mut paths) = (self.scope(), self.origins(), Paths::default());
        let (carries, ledger) = (self.carries(), Arc::new(Ledger::default()));
        for part in &rewritten.shared {
            let plan = planned(&scope, part.query.clone())?;
            let carried = carries.then(|| carried(&plan, &origins, &mut paths, &ledger)).transpose()?;
            let (schema, rows) = self.collect(carried.as_ref().unwrap_or(&plan)).await?;
            share(&mut scope, &part.name, schema, rows)?;
            note(&mut origins, &part.name, &plan)?;
        }
        let plan = planned(&scope, rewritten.query.clone())?;
        let behind = self.returned(&origins, &plan, &rewritten)?;
        let carried = carries.then(|| carried(&plan, &origins, &mut paths, &ledger)).transpose()?;
        let (schema, batches) = self.collect(carried.as_ref().unwrap_or(&plan)).await?;
        let columns = columns(&schema, &behind);
        let audience = rewritten.audience && returns_users(&behind);
        self.answer(batches, columns, self.policy(&behind, paths, audience), ledger)
    }

    /// The answer; rows become texts as they are taken, unless they depend on each other.
    fn answer(
        &self,
        batches: Vec<RecordBatch>,
        columns: Vec<OutputColumn>,
        policy: Policy,
        ledger: Arc<Ledger>,
    ) -> Result<Answer, Refusal> {
        let all = [columns.clone(), policy.added()].concat();
        // Without synthetic data, switching the controls off gives a run without output.
        let silent = self.query.privacy.disable_aggregation_controls && !self.query.synthetic;
        let batches = if silent { Vec::new() } else { batches };
        let rows = if policy.blanks() {
            let rows = batches.iter().map(|batch| counted(batch, &ledger)).collect::<Result<Vec<_>, _>>()?;
            let rows = policy.blanked(rows.into_iter().flatten().collect(), &columns);
            futures::stream::iter([Ok(rows)]).boxed()
        } else {
            let kept = move |batch| counted(&batch, &ledger).map(|rows| policy.kept(rows));
            futures::stream::iter(batches.into_iter().flat_map(slices).map(kept)).boxed()
        };
        Ok(Answer { columns: all, rows })
    }

    /// What is behind each column of the result, if it may be returned.
    fn returned(
        &self,
        origins: &Origins<'_>,
        plan: &LogicalPlan,
        rewritten: &Rewritten,
    ) -> Result<Vec<Origin>, Refusal> {
        let behind = origins.returned(plan, rewritten.audience, &rewritten.spans)?;
        let audience = rewritten.audience && returns_users(&behind);
        if self.enforces() && !audience && origins.are_events(plan) {
            let first = rewritten.spans.first().copied().unwrap_or_else(Span::empty);
            return Err(refusal::at(first, "The query returns events: at least one aggregation is required"));
        }
        Ok(behind)
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
        Origins {
            catalogue: self.catalogue,
            shared: HashMap::new(),
            events: HashSet::new(),
            outer: RefCell::default(),
        }
    }

    fn policy(&self, behind: &[Origin], paths: Paths, audience: bool) -> Policy {
        Policy::new(behind, paths, &self.query.privacy, self.enforces() && !audience)
    }

    fn enforces(&self) -> bool {
        self.options.thresholds && !(self.query.synthetic && self.query.privacy.disable_aggregation_controls)
    }

    /// Whether the users behind each row have to be known.
    fn carries(&self) -> bool {
        let privacy = &self.query.privacy;
        let asked = privacy.user_count_column.is_some() || privacy.reason_column.is_some();
        asked || self.enforces()
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

    async fn collect(&self, plan: &LogicalPlan) -> Result<(SchemaRef, Vec<RecordBatch>), Refusal> {
        let planned =
            self.state.create_physical_plan(plan).await.map_err(|error| refusal::rejected(&error))?;
        let schema = planned.schema();
        let rows = collect(planned, self.state.task_ctx()).await.map_err(|error| refusal::failed(&error))?;
        Ok((schema, rows))
    }
}

/// The plan with the users behind each row.
fn carried(
    plan: &LogicalPlan,
    origins: &Origins<'_>,
    paths: &mut Paths,
    ledger: &Arc<Ledger>,
) -> Result<LogicalPlan, Refusal> {
    Carrier { origins, paths, ledger }.carry(plan).map_err(|error| refusal::rejected(&error))
}

fn counted(batch: &RecordBatch, ledger: &Ledger) -> Result<Vec<Counted>, Refusal> {
    output::counted(batch, ledger).map_err(|error| Refusal::Failed(error.to_string()))
}

/// A batch in pieces that are handed over at a time.
fn slices(batch: RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let rows = batch.num_rows();
    (0..rows).step_by(ROWS).map(move |start| batch.slice(start, ROWS.min(rows - start)))
}

/// Remembers what is behind a table computed beforehand.
fn note(origins: &mut Origins<'_>, name: &str, plan: &LogicalPlan) -> Result<(), Refusal> {
    let behind = origins.of(plan)?;
    if origins.are_events(plan) {
        origins.events.insert(name.to_owned());
    }
    origins.shared.insert(name.to_owned(), behind);
    Ok(())
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
