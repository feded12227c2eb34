//! Constructs that parse but that AMC does not run.

use std::ops::ControlFlow;

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CastKind, Cte, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, JoinConstraint, JoinOperator, Query, Select, SelectItem, SetExpr, Spanned,
    TableFactor, Visit, Visitor,
};
use jiff::tz::TimeZone;

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
            if is_unconditional(&join.join_operator) {
                return refuse(
                    join.relation.span(),
                    "INNER, LEFT or FULL join requires a condition (ON or USING clause)",
                );
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Self::Break> {
        let (TableFactor::Table { sample, .. } | TableFactor::Derived { sample, .. }) = factor else {
            return ControlFlow::Continue(());
        };
        if sample.is_some() {
            refuse(factor.span(), "TABLESAMPLE is not supported")
        } else {
            ControlFlow::Continue(())
        }
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Self::Break> {
        if let Expr::Function(function) = expr
            && let Some(message) = misused(function)
        {
            return refuse(function.name.span(), &message);
        }
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

fn is_unconditional(join: &JoinOperator) -> bool {
    use JoinOperator::{FullOuter, Inner, Join, Left, LeftOuter};
    matches!(
        join,
        Join(JoinConstraint::None)
            | Inner(JoinConstraint::None)
            | Left(JoinConstraint::None)
            | LeftOuter(JoinConstraint::None)
            | FullOuter(JoinConstraint::None)
    )
}

/// What a function cannot be given, where the text tells it.
fn misused(function: &Function) -> Option<String> {
    const UNITS: [&str; 8] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
    let arguments = tree::arguments(function);
    let text = |place: usize| arguments.get(place).and_then(|argument| tree::literal_text(argument));
    match tree::function_name(function).as_str() {
        "date_trunc" => {
            let unit = text(0).filter(|unit| !UNITS.contains(&unit.to_lowercase().as_str()))?;
            Some(format!("'{unit}' is not a valid time frame"))
        }
        "convert_time_zone_from_utc" => {
            let zone = text(1).filter(|zone| TimeZone::get(zone).is_err())?;
            Some(format!("'{zone}' is not a valid time zone"))
        }
        "count" if is_distinct(function) && arguments.len() > 1 => {
            Some("COUNT(DISTINCT) takes one expression".to_owned())
        }
        _ => None,
    }
}

fn is_distinct(function: &Function) -> bool {
    let FunctionArguments::List(list) = &function.args else { return false };
    list.duplicate_treatment == Some(DuplicateTreatment::Distinct)
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
