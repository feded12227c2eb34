//! Constructs that parse but that AMC does not run.

use std::ops::ControlFlow;

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CastKind, Cte, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    JoinOperator, Query, Select, SelectItem, SetExpr, Spanned, Visit, Visitor,
};

use super::{Context, tree};
use crate::refusal;

/// Refuses queries of a shape that AMC does not support.
pub(super) fn check(query: &Query, context: &Context<'_>) -> Result<(), Refusal> {
    match query.visit(&mut Shapes { strict: context.strict }) {
        ControlFlow::Break(refusal) => Err(*refusal),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// Refuses operators that AMC does not support.
pub(super) fn expression(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    match expr {
        Expr::Interval(interval) => {
            Err(refusal::at(interval.value.span(), "interval data types are not enabled"))
        }
        Expr::BinaryOp { op: BinaryOperator::StringConcat, .. } => {
            Err(refusal::at(expr.span(), "Unsupported scalar operation type: ||"))
        }
        _ => Ok(()),
    }
}

struct Shapes {
    strict: bool,
}

impl Visitor for Shapes {
    type Break = Box<Refusal>;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Self::Break> {
        let clauses = [
            (query.limit_clause.is_some() || query.fetch.is_some(), "LIMIT is not supported"),
            (query.order_by.is_some(), "ORDER BY is not supported outside of OVER"),
        ];
        if let Some(refusal) = query.with.iter().flat_map(|with| &with.cte_tables).find_map(misfit) {
            return ControlFlow::Break(Box::new(refusal));
        }
        match clauses.into_iter().find(|(present, _)| self.strict && *present) {
            Some((_, message)) => refuse(query.span(), message),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Self::Break> {
        if let Some(qualify) = select.qualify.as_ref().filter(|_| self.strict) {
            return refuse(qualify.span(), "QUALIFY is not supported");
        }
        for item in &select.projection {
            if let SelectItem::Wildcard(options) = item {
                return refuse(options.wildcard_token.0.span, "SELECT * is not supported: name the columns");
            }
        }
        for join in select.from.iter().flat_map(|table| &table.joins) {
            let right = matches!(join.join_operator, JoinOperator::Right(_) | JoinOperator::RightOuter(_));
            if right {
                return refuse(join.relation.span(), "RIGHT JOIN is not supported: use LEFT JOIN");
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Self::Break> {
        match expr {
            Expr::Function(function) if self.strict => match unsupported(function) {
                Some(message) => refuse(function.name.span(), message),
                None => ControlFlow::Continue(()),
            },
            Expr::Cast { kind: CastKind::DoubleColon | CastKind::TryCast, .. } if self.strict => {
                refuse(expr.span(), "Use CAST(value AS type)")
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// A list of column names that is not as long as the rows of its `VALUES`.
fn misfit(cte: &Cte) -> Option<Refusal> {
    let names = &cte.alias.columns;
    let SetExpr::Values(values) = cte.query.body.as_ref() else { return None };
    let width = values.rows.first().map_or(0, |row| row.content.len());
    let spans = names.iter().map(|column| column.name.span);
    let span = spans.reduce(|first, last| first.union(&last)).filter(|_| names.len() != width)?;
    Some(refusal::at(span, "Number of columns must match number of query columns"))
}

/// What some queries in production use but AMC was seen to refuse.
fn unsupported(function: &Function) -> Option<&'static str> {
    match tree::function_name(function).as_str() {
        "ntile" => Some("NTILE is not supported"),
        "count" if function.over.is_some() && counts_rows(function) => Some("COUNT(*) OVER is not supported"),
        "collect" if tree::arguments(function).iter().any(|argument| !is_column(argument)) => {
            Some("COLLECT takes a column, not a computed expression")
        }
        _ => None,
    }
}

fn counts_rows(function: &Function) -> bool {
    let FunctionArguments::List(list) = &function.args else { return false };
    matches!(&list.args[..], [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)])
}

fn is_column(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
}

fn refuse(span: datafusion::sql::sqlparser::tokenizer::Span, message: &str) -> ControlFlow<Box<Refusal>> {
    ControlFlow::Break(Box::new(refusal::at(span, message)))
}
