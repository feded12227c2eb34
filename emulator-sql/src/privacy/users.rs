//! A plan that carries the users behind each of its rows in one more column.

use std::sync::Arc;

use datafusion::common::{Column, DFSchema};
use datafusion::error::Result;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, Join, JoinType, LogicalPlan, LogicalPlanBuilder, Projection, SubqueryAlias,
    TableScan, Union, lit,
};
use datafusion::scalar::ScalarValue;

use super::{Origins, Paths};
use crate::catalogue::Class;
use crate::functions::hidden;
use crate::functions::ledger::Ledger;
use crate::functions::weights::weigh;

/// The name of the column; no query can write it, for the space in it is not quoted by anyone.
pub(crate) const HIDDEN: &str = "users behind";
/// Its names on the sides of a join.
const LEFT: &str = "users behind left";
const RIGHT: &str = "users behind right";
/// What the names of shortfalls begin with until they are among the users.
const WEIGHT: &str = "users behind total";

/// Carries users through the plans of one query.
pub(crate) struct Carrier<'a> {
    /// Where the columns come from.
    pub(crate) origins: &'a Origins<'a>,
    /// The paths found so far.
    pub(crate) paths: &'a mut Paths,
    /// Where the users are noted.
    pub(crate) ledger: &'a Arc<Ledger>,
}

impl Carrier<'_> {
    /// Rewrites a plan so that it has the hidden column, once.
    pub(crate) fn carry(&mut self, plan: &LogicalPlan) -> Result<LogicalPlan> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scanned(scan, plan),
            LogicalPlan::Join(join) => self.joined(join),
            LogicalPlan::Projection(projection) => {
                let input = self.carry(&projection.input)?;
                let mut exprs: Vec<Expr> =
                    projection.expr.iter().filter(|expr| !is_hidden(expr)).cloned().collect();
                exprs.push(users_of(&input));
                Ok(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(input))?))
            }
            LogicalPlan::Aggregate(aggregate) => {
                let input = self.carry(&aggregate.input)?;
                let totals = self.totals(aggregate);
                self.grouped(input, aggregate.group_expr.clone(), aggregate.aggr_expr.clone(), totals)
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let input = self.carry(input)?;
                let columns = visible(input.schema());
                self.grouped(input, columns, Vec::new(), Vec::new())
            }
            LogicalPlan::SubqueryAlias(alias) => {
                let input = Arc::new(self.carry(&alias.input)?);
                Ok(LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(input, alias.alias.clone())?))
            }
            LogicalPlan::Union(union) => {
                let inputs = union.inputs.iter().map(|input| last(self.carry(input)?).map(Arc::new));
                Ok(LogicalPlan::Union(Union::try_new_with_loose_types(inputs.collect::<Result<_>>()?)?))
            }
            leaf if leaf.inputs().is_empty() => with(leaf.clone(), nobody()?),
            other => {
                let inputs = other.inputs().into_iter().map(|input| self.carry(input));
                other.with_new_exprs(other.expressions(), inputs.collect::<Result<Vec<_>>>()?)
            }
        }
    }

    fn scanned(&mut self, scan: &TableScan, plan: &LogicalPlan) -> Result<LogicalPlan> {
        if find(plan.schema()).is_some() {
            return Ok(plan.clone());
        }
        let name = scan.table_name.table().split(' ').next().unwrap_or_default();
        let user = plan.schema().columns().into_iter().find(|column| column.name == "user_id");
        match user.filter(|_| self.origins.catalogue.contains_key(name)) {
            Some(user) => {
                let users = hidden::mark(self.ledger, self.paths.add(name), Expr::Column(user));
                with(plan.clone(), users)
            }
            None => with(plan.clone(), nobody()?),
        }
    }

    fn joined(&mut self, join: &Join) -> Result<LogicalPlan> {
        let left = named(self.carry(&join.left)?, LEFT)?;
        let right = named(self.carry(&join.right)?, RIGHT)?;
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
            _ => hidden::join(self.ledger, left, right),
        };
        with(both, users)
    }

    fn grouped(
        &self,
        input: LogicalPlan,
        groups: Vec<Expr>,
        mut aggregates: Vec<Expr>,
        totals: Vec<(Expr, (u64, u64))>,
    ) -> Result<LogicalPlan> {
        let Some(users) = find(input.schema()).map(Expr::Column) else {
            return Ok(LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), groups, aggregates)?));
        };
        let weights: Vec<String> = (0..totals.len()).map(|place| format!("{WEIGHT} {place}")).collect();
        aggregates.push(hidden::union_of(self.ledger, users.clone()).alias(HIDDEN));
        for (name, (value, required)) in weights.iter().zip(totals) {
            aggregates.push(weigh(self.ledger, users.clone(), value, required).alias(name));
        }
        let plan = LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), groups, aggregates)?);
        let column = |name: &str| Expr::from(Column::from_name(name));
        let all = weights
            .iter()
            .map(|name| column(name))
            .fold(column(HIDDEN), |all, one| hidden::join(self.ledger, all, one));
        if weights.is_empty() { Ok(plan) } else { with(plan, all) }
    }

    /// What the sums and averages of metrics that need users add up, with the users each needs.
    fn totals(&self, aggregate: &Aggregate) -> Vec<(Expr, (u64, u64))> {
        let total = |expr: &Expr| match expr.clone().unalias() {
            Expr::AggregateFunction(AggregateFunction { func, params })
                if matches!(func.name(), "sum" | "avg") =>
            {
                params.args.into_iter().next()
            }
            _ => None,
        };
        let weighty = |value: Expr| {
            let origin = self.origins.value(&value, &aggregate.input).ok()?;
            (origin.metric && origin.class >= Class::Low).then(|| (value, origin.class.required_weight()))
        };
        aggregate.aggr_expr.iter().filter_map(total).filter_map(weighty).collect()
    }
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
    Ok(lit(ScalarValue::try_from(&hidden::USERS)?))
}

fn visible(schema: &DFSchema) -> Vec<Expr> {
    let hidden = |column: &Column| column.name.starts_with(HIDDEN);
    schema.columns().into_iter().filter(|column| !hidden(column)).map(Expr::Column).collect()
}

fn find(schema: &DFSchema) -> Option<Column> {
    schema.columns().into_iter().find(|column| column.name == HIDDEN)
}

fn is_hidden(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == HIDDEN)
}
