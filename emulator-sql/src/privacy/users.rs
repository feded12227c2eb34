//! A plan that carries the users behind each of its rows in one more column.

use std::sync::Arc;

use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, Join, JoinType, LogicalPlan, LogicalPlanBuilder, Projection, SubqueryAlias,
    TableScan, Union, lit,
};
use datafusion::scalar::ScalarValue;

use crate::catalogue::Catalogue;
use crate::functions::hidden;

/// The name of the column; no query can write it, for the space in it is not quoted by anyone.
pub(crate) const HIDDEN: &str = "users behind";
/// Its names on the sides of a join.
const LEFT: &str = "users behind left";
const RIGHT: &str = "users behind right";

/// Rewrites a plan so that it has the hidden column, once.
pub(crate) fn carry(plan: &LogicalPlan, catalogue: &Catalogue) -> Result<LogicalPlan> {
    match plan {
        LogicalPlan::TableScan(scan) => scanned(scan, plan, catalogue),
        LogicalPlan::Join(join) => joined(join, catalogue),
        LogicalPlan::Projection(projection) => {
            let input = carry(&projection.input, catalogue)?;
            let mut exprs: Vec<Expr> =
                projection.expr.iter().filter(|expr| !is_hidden(expr)).cloned().collect();
            exprs.push(users_of(&input));
            Ok(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(input))?))
        }
        LogicalPlan::Aggregate(aggregate) => {
            let input = carry(&aggregate.input, catalogue)?;
            grouped(input, aggregate.group_expr.clone(), aggregate.aggr_expr.clone())
        }
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let input = carry(input, catalogue)?;
            let columns = visible(input.schema());
            grouped(input, columns, Vec::new())
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let input = carry(&alias.input, catalogue)?;
            Ok(LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(Arc::new(input), alias.alias.clone())?))
        }
        LogicalPlan::Union(union) => {
            let inputs = union.inputs.iter().map(|input| last(carry(input, catalogue)?).map(Arc::new));
            Ok(LogicalPlan::Union(Union::try_new_with_loose_types(inputs.collect::<Result<_>>()?)?))
        }
        leaf if leaf.inputs().is_empty() => with(leaf.clone(), nobody()?),
        other => {
            let inputs = other
                .inputs()
                .into_iter()
                .map(|input| carry(input, catalogue))
                .collect::<Result<Vec<_>>>()?;
            other.with_new_exprs(other.expressions(), inputs)
        }
    }
}

fn scanned(scan: &TableScan, plan: &LogicalPlan, catalogue: &Catalogue) -> Result<LogicalPlan> {
    if find(plan.schema()).is_some() {
        return Ok(plan.clone());
    }
    let name = scan.table_name.table().split(' ').next().unwrap_or_default();
    let number = catalogue.keys().position(|known| known == name);
    let user = plan.schema().columns().into_iter().find(|column| column.name == "user_id");
    match (number, user) {
        (Some(number), Some(user)) => with(plan.clone(), hidden::mark(number as u64, Expr::Column(user))),
        _ => with(plan.clone(), nobody()?),
    }
}

fn joined(join: &Join, catalogue: &Catalogue) -> Result<LogicalPlan> {
    let left = named(carry(&join.left, catalogue)?, LEFT)?;
    let right = named(carry(&join.right, catalogue)?, RIGHT)?;
    let both = Join::try_new(
        Arc::new(left),
        Arc::new(right),
        join.on.clone(),
        join.filter.clone(),
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    let both = LogicalPlan::Join(both);
    let (left, right) = (Expr::from(Column::from_name(LEFT)), Expr::from(Column::from_name(RIGHT)));
    let users = match join.join_type {
        JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => left,
        JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => right,
        _ => hidden::join(left, right),
    };
    with(both, users)
}

/// The plan with its hidden column under the name of a side of a join.
fn named(plan: LogicalPlan, name: &str) -> Result<LogicalPlan> {
    let mut exprs = visible(plan.schema());
    let users = find(plan.schema()).map_or_else(nobody, |users| Ok(Expr::Column(users)))?;
    exprs.push(users.alias(name));
    LogicalPlanBuilder::from(plan).project(exprs)?.build()
}

/// The plan with its visible columns and these users.
fn with(plan: LogicalPlan, users: Expr) -> Result<LogicalPlan> {
    let mut exprs = visible(plan.schema());
    exprs.push(users.alias(HIDDEN));
    LogicalPlanBuilder::from(plan).project(exprs)?.build()
}

fn grouped(input: LogicalPlan, groups: Vec<Expr>, mut aggregates: Vec<Expr>) -> Result<LogicalPlan> {
    if let Some(users) = find(input.schema()) {
        aggregates.push(hidden::union_of(Expr::Column(users)).alias(HIDDEN));
    }
    Ok(LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), groups, aggregates)?))
}

/// The plan with the hidden column behind all others.
fn last(plan: LogicalPlan) -> Result<LogicalPlan> {
    let users = users_of(&plan);
    with(plan, users)
}

fn users_of(plan: &LogicalPlan) -> Expr {
    find(plan.schema())
        .map_or_else(|| nobody().unwrap_or_else(|_| lit(ScalarValue::Null)), Expr::Column)
        .alias(HIDDEN)
}

fn nobody() -> Result<Expr> {
    Ok(lit(ScalarValue::try_from(&hidden::users_type())?))
}

fn visible(schema: &DFSchema) -> Vec<Expr> {
    let hidden = |column: &Column| [HIDDEN, LEFT, RIGHT].contains(&column.name.as_str());
    schema.columns().into_iter().filter(|column| !hidden(column)).map(Expr::Column).collect()
}

fn find(schema: &DFSchema) -> Option<Column> {
    schema.columns().into_iter().find(|column| column.name == HIDDEN)
}

fn is_hidden(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == HIDDEN)
}
