//! AMC's dialect as rewrites of the syntax tree into what DataFusion plans.
//!
//! One rewrite a file. [`rewrite`] walks the tree once, children first, so that a rewrite sees its arguments
//! already rewritten; rewrites of types are [`crate::planner`]'s.

mod aliases;
mod arrays;
mod cases;
mod casts;
mod clock;
mod functions;
mod kinds;
mod membership;
mod names;
mod objects;
mod parameters;
mod patterns;
mod shapes;
mod shared;
mod template;
mod tree;
mod unions;
mod values;
mod window_groups;
mod windows;

use std::ops::ControlFlow;

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Expr, Query, Select, SetExpr, TableFactor, VisitMut, VisitorMut};

use crate::catalogue::Catalogue;
use crate::window::Windows;
use kinds::Kinds;

pub(crate) use shared::{Shared, split};

/// What rewrites may ask about.
pub(crate) struct Context<'a> {
    /// The query as AMC received it.
    pub(crate) query: &'a amc_fleet_emulator::query::Query,
    /// Its windows.
    pub(crate) windows: &'a Windows,
    /// The data sources.
    pub(crate) catalogue: &'a Catalogue,
    /// Whether the documents decide where practice is laxer.
    pub(crate) strict: bool,
}

type Rewrite = fn(&mut Expr, &Context<'_>) -> Result<(), Refusal>;

const EXPRESSIONS: [Rewrite; 8] = [
    parameters::rewrite,
    clock::rewrite,
    cases::rewrite,
    casts::rewrite,
    patterns::rewrite,
    arrays::rewrite,
    shapes::expression,
    functions::rewrite,
];

/// Checks the names and shapes of a query, then rewrites it in place.
///
/// # Errors
/// [`Refusal::Rejected`] in AMC's words, with line and column where they are known.
///
/// Returns whether the query reads nothing but tables for audiences.
pub(crate) fn rewrite(query: &mut Query, context: &Context<'_>) -> Result<bool, Refusal> {
    let audience = objects::check(query, context)?;
    shapes::check(query, context)?;
    let kinds = Kinds::of(query, context.catalogue);
    let mut walk = Walk { context, kinds, joins: 0 };
    match query.visit(&mut walk) {
        ControlFlow::Break(refusal) => Err(*refusal),
        ControlFlow::Continue(()) => Ok(audience),
    }
}

struct Walk<'a> {
    context: &'a Context<'a>,
    kinds: Kinds<'a>,
    joins: usize,
}

impl VisitorMut for Walk<'_> {
    type Break = Box<Refusal>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        if let SetExpr::Values(rows) = query.body.as_mut() {
            values::rewrite(rows);
        }
        unions::rewrite(&mut query.body, &self.kinds);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        flow(windows::rewrite(factor, self.context))
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        aliases::rewrite(select);
        window_groups::rewrite(select);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        membership::rewrite(select, &mut self.joins);
        names::rewrite(select);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        flow(EXPRESSIONS.iter().try_for_each(|rewrite| rewrite(expr, self.context)))
    }
}

fn flow(result: Result<(), Refusal>) -> ControlFlow<Box<Refusal>> {
    match result {
        Ok(()) => ControlFlow::Continue(()),
        Err(refusal) => ControlFlow::Break(Box::new(refusal)),
    }
}
