//! Every name a query uses must exist: tables here, functions too; columns are found while planning.

use std::collections::HashSet;
use std::ops::ControlFlow;

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Expr, ObjectName, Query, Spanned, TableFactor, Visit, Visitor};

use super::{Context, aliases, tree, windows};
use crate::functions::is_function;
use crate::refusal;

const AUDIENCE_SUFFIX: &str = "_for_audiences";

/// What a sandbox has data for.
const SANDBOX: [&str; 12] = [
    "dsp_impressions",
    "dsp_clicks",
    "dsp_views",
    "dsp_impressions_by_matched_segments",
    "dsp_impressions_by_user_segments",
    "sponsored_ads_traffic",
    "amazon_attributed_events_by_conversion_time",
    "amazon_attributed_events_by_traffic_time",
    "conversions",
    "conversions_with_relevance",
    "conversions_all",
    "experian_vehicle_purchases",
];

/// Refuses tables and functions that AMC does not have; says whether all tables are for audiences.
pub(super) fn check(query: &Query, context: &Context<'_>) -> Result<bool, Refusal> {
    let mut names = Names { context, scopes: Vec::new(), tables: Vec::new() };
    match query.visit(&mut names) {
        ControlFlow::Break(refusal) => Err(*refusal),
        ControlFlow::Continue(()) => {
            let all = names.tables.iter().all(|table| table.ends_with(AUDIENCE_SUFFIX));
            Ok(all && !names.tables.is_empty())
        }
    }
}

struct Names<'a> {
    context: &'a Context<'a>,
    scopes: Vec<HashSet<String>>,
    tables: Vec<String>,
}

impl Names<'_> {
    fn has(&self, table: &str) -> bool {
        let exists = self.context.catalogue.contains_key(table);
        exists && (!self.context.query.synthetic || SANDBOX.contains(&table))
    }
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
        if self.scopes.iter().any(|scope| scope.contains(&name)) || name == "extend_time_window" {
            return ControlFlow::Continue(());
        }
        if self.has(&name) {
            self.tables.push(name);
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(Box::new(refusal::at(relation.span(), &format!("Object '{relation}' not found"))))
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Self::Break> {
        let Some((arguments, _, span)) = windows::call(factor) else { return ControlFlow::Continue(()) };
        let Some(table) = arguments.first().and_then(tree::literal_text).map(str::to_lowercase) else {
            return ControlFlow::Continue(());
        };
        if !self.has(&table) {
            return ControlFlow::Break(Box::new(refusal::at(span, &format!("Object '{table}' not found"))));
        }
        self.tables.push(table);
        ControlFlow::Continue(())
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
