//! Types as AMC has them: what operators do with operands of different types.
//!
//! Operators are planned here with their operands' types in view; lists, ranges and `ROUND` are mended by a rule that
//! runs before DataFusion's own coercion.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::expr::{Between, InList, InSubquery};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, cast, try_cast};
use datafusion::optimizer::{Analyzer, AnalyzerRule};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use crate::functions::{divide, multiply};
use crate::rounding;

/// Adds the rules of this file before DataFusion's own.
pub(crate) fn with_rules(state: SessionStateBuilder) -> SessionStateBuilder {
    let mut rules: Vec<Arc<dyn AnalyzerRule + Send + Sync>> = vec![Arc::new(Lists)];
    rules.extend(Analyzer::new().rules);
    state.with_analyzer_rules(rules)
}

/// Plans operators.
#[derive(Debug)]
pub(crate) struct Types;

impl ExprPlanner for Types {
    fn plan_binary_op(&self, raw: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let (Ok(left), Ok(right)) = (raw.left.get_type(schema), raw.right.get_type(schema)) else {
            return Ok(PlannerResult::Original(raw));
        };
        Ok(match raw.op {
            BinaryOperator::Divide => {
                PlannerResult::Planned(divide(numeric(raw.left, &left), numeric(raw.right, &right)))
            }
            BinaryOperator::Multiply if overflows(&left, &right) => {
                PlannerResult::Planned(multiply(raw.left, raw.right))
            }
            ref op if is_comparison(op) => {
                let (left, right) = comparable(raw.left, &left, raw.right, &right);
                PlannerResult::Original(RawBinaryExpr { op: raw.op, left, right })
            }
            _ => PlannerResult::Original(raw),
        })
    }
}

fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn overflows(left: &DataType, right: &DataType) -> bool {
    match (left, right) {
        (DataType::Decimal128(_, left), DataType::Decimal128(_, right)) => left + right > 8,
        _ => false,
    }
}

/// Texts are divided as numbers.
fn numeric(expr: Expr, kind: &DataType) -> Expr {
    if is_text(kind) { try_cast(expr, DataType::Float64) } else { expr }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Two sides of a comparison in one type: numbers become texts beside texts, truth becomes a number beside numbers, and what texts beside it are read as.
fn comparable(left: Expr, left_kind: &DataType, right: Expr, right_kind: &DataType) -> (Expr, Expr) {
    let (left, new_left) = beside(left, left_kind, right_kind);
    let (right, _) = beside(right, right_kind, &new_left);
    (left, right)
}

/// The expression as it stands beside one of another type.
fn beside(expr: Expr, kind: &DataType, other: &DataType) -> (Expr, DataType) {
    let target = match (kind, other) {
        (DataType::Boolean, other) if other.is_numeric() => DataType::Int32,
        (kind, other) if kind.is_integer() && is_text(other) => DataType::Utf8,
        (kind, other) if is_text(kind) && (other.is_floating() || other.is_decimal()) => {
            return (try_cast(expr, DataType::Float64), DataType::Float64);
        }
        (kind, DataType::Boolean) if is_text(kind) => {
            return (try_cast(expr, DataType::Boolean), DataType::Boolean);
        }
        _ => return (expr, kind.clone()),
    };
    (cast(expr, target.clone()), target)
}

/// Mends lists, subqueries and ranges whose elements are of another type than what is compared.
#[derive(Debug)]
struct Lists;

impl AnalyzerRule for Lists {
    fn name(&self) -> &str {
        "amc_mixed_lists"
    }

    fn analyze(&self, plan: LogicalPlan, _options: &ConfigOptions) -> Result<LogicalPlan> {
        let mended = plan.transform_up_with_subqueries(|plan| {
            let schema = merge_schema(&plan.inputs());
            // Plans above name a group or an aggregate by its text.
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let mended = expr.transform_up(|expr| mend(expr, &schema))?;
                Ok(mended.update_data(|expr| name.restore(expr)))
            })
        })?;
        mended.map_data(LogicalPlan::recompute_schema).map(|mended| mended.data)
    }
}

fn mend(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    Ok(match expr {
        Expr::InList(list) => Transformed::yes(Expr::InList(in_list(list, schema))),
        Expr::InSubquery(test) => Transformed::yes(Expr::InSubquery(in_subquery(test, schema)?)),
        Expr::Between(range) => Transformed::yes(Expr::Between(between(range, schema))),
        Expr::ScalarFunction(call) if rounding::is_places(&call) => {
            Transformed::yes(Expr::ScalarFunction(rounding::places(call)))
        }
        other => Transformed::no(other),
    })
}

fn in_list(list: InList, schema: &DFSchema) -> InList {
    let kind = |expr: &Expr| expr.get_type(schema).unwrap_or(DataType::Null);
    let has_text = list.list.iter().any(|item| is_text(&kind(item)));
    let own = kind(&list.expr);
    let has_number = list.list.iter().any(|item| kind(item).is_numeric());
    let (value, own) = match (has_text, has_number) {
        (_, true) if own == DataType::Boolean => beside(*list.expr, &own, &DataType::Int64),
        (true, _) => beside(*list.expr, &own, &DataType::Utf8),
        _ => (*list.expr, own),
    };
    let items = list.list.into_iter().map(|item| {
        let kind = kind(&item);
        beside(item, &kind, &own).0
    });
    InList { expr: Box::new(value), list: items.collect(), negated: list.negated }
}

fn in_subquery(test: InSubquery, schema: &DFSchema) -> Result<InSubquery> {
    let own = test.expr.get_type(schema).unwrap_or(DataType::Null);
    let element = test.subquery.subquery.schema().field(0).data_type().clone();
    if own.is_integer() && is_text(&element) {
        return Ok(InSubquery { expr: Box::new(cast(*test.expr, DataType::Utf8)), ..test });
    }
    if is_text(&own) && element.is_integer() {
        let mut subquery = test.subquery;
        let column = Expr::from(subquery.subquery.schema().qualified_field(0));
        let texts = datafusion::logical_expr::LogicalPlanBuilder::from(Arc::clone(&subquery.subquery))
            .project([cast(column, DataType::Utf8).alias("member")])?;
        subquery.subquery = Arc::new(texts.build()?);
        return Ok(InSubquery { subquery, ..test });
    }
    Ok(test)
}

fn between(range: Between, schema: &DFSchema) -> Between {
    let kind = |expr: &Expr| expr.get_type(schema).unwrap_or(DataType::Null);
    let (own, low, high) = (kind(&range.expr), kind(&range.low), kind(&range.high));
    let (value, own) = beside(*range.expr, &own, &low);
    Between {
        expr: Box::new(value),
        low: Box::new(beside(*range.low, &low, &own).0),
        high: Box::new(beside(*range.high, &high, &own).0),
        negated: range.negated,
    }
}
