//! Every name a query uses must exist: tables here, functions too; columns are found while planning.

use std::collections::HashSet;
use std::ops::ControlFlow;

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Expr, ObjectName, Query, Spanned, Visit, Visitor};

use super::{Context, aliases, tree};
use crate::functions::is_function;
use crate::refusal;

/// Refuses tables and functions that AMC does not have.
pub(super) fn check(query: &Query, context: &Context<'_>) -> Result<(), Refusal> {
    let mut names = Names { context, scopes: Vec::new() };
    match query.visit(&mut names) {
        ControlFlow::Break(refusal) => Err(*refusal),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Names<'a> {
    context: &'a Context<'a>,
    scopes: Vec<HashSet<String>>,
}

impl Visitor for Names<'_> {
    type Break = Box<Refusal>;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Self::Break> {
        let defined = query.with.iter().flat_map(|with| &with.cte_tables);
        self.scopes.push(defined.map(|cte| tree::folded(&cte.alias.name)).collect());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<Self::Break> {
        self.scopes.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<Self::Break> {
        let name = relation.0.last().and_then(|part| part.as_ident()).map(tree::folded).unwrap_or_default();
        let known = self.scopes.iter().any(|scope| scope.contains(&name))
            || self.context.catalogue.contains_key(name.as_str())
            || name == "extend_time_window";
        if known {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(Box::new(refusal::at(relation.span(), &format!("Object '{relation}' not found"))))
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Self::Break> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let name = tree::function_name(function);
        if is_function(&name, self.context.strict) || aliases::is_rewritten(&name) {
            return ControlFlow::Continue(());
        }
        let message = format!("No match found for function signature {}", name.to_uppercase());
        ControlFlow::Break(Box::new(refusal::at(function.name.span(), &message)))
    }
}
