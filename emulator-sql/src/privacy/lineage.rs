//! Where each column of a plan comes from: the strictest class behind it, and whether metrics or literals are.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use amc_fleet_emulator::query::Refusal;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::expr::{AggregateFunction, Case, InSubquery, ScalarFunction, WindowFunction};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    Aggregate, BinaryExpr, Expr, Join, LogicalPlan, Operator, TableScan, Window, WindowFunctionDefinition,
};

use datafusion::sql::sqlparser::tokenizer::Span;

use super::users::HIDDEN;
use crate::catalogue::{Catalogue, Class};
use crate::refusal;

/// What is behind a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The strictest class.
    pub(crate) class: Class,
    /// Whether a metric is.
    pub(crate) metric: bool,
    /// Whether nothing but literals is.
    pub(crate) literal: bool,
    /// Whether each value is a user's id as it was read.
    pub(crate) user: bool,
}

const NOTHING: Origin = Origin { class: Class::None, metric: false, literal: false, user: false };
const LITERAL: Origin = Origin { literal: true, ..NOTHING };

impl Origin {
    fn and(self, other: Self) -> Self {
        Self {
            class: self.class.max(other.class),
            metric: self.metric || other.metric,
            literal: self.literal && other.literal,
            user: self.user && other.user,
        }
    }

    fn of_all(origins: impl IntoIterator<Item = Self>) -> Self {
        origins.into_iter().reduce(Self::and).unwrap_or(NOTHING)
    }

    /// Computed from rows, and so no literal any more.
    fn computed(self) -> Self {
        Self { literal: false, user: false, ..self }
    }

    /// What remains when values are only tested: no value can be read from the result.
    fn hidden(self) -> Self {
        let class = if self.class >= Class::High { Class::None } else { self.class };
        Self { class, metric: false, user: false, ..self }
    }

    /// What remains when values are only counted or ranked, which INTERNAL ones may not be.
    fn counted(self) -> Self {
        if self.class == Class::Internal { self } else { self.hidden() }
    }
}

/// Whether a result is a list of users, as an audience is made from.
pub(crate) fn returns_users(columns: &[Origin]) -> bool {
    matches!(columns, [only] if only.user)
}

/// Follows columns through plans.
pub(crate) struct Origins<'a> {
    /// The data sources.
    pub(crate) catalogue: &'a Catalogue,
    /// Origins of the columns of tables that were computed beforehand.
    pub(crate) shared: HashMap<String, Vec<Origin>>,
    /// Those of the tables computed beforehand whose rows are events.
    pub(crate) events: HashSet<String>,
    /// The columns that the subqueries being walked can see from outside.
    pub(crate) outer: RefCell<Vec<(DFSchema, Vec<Origin>)>>,
}

impl Origins<'_> {
    /// The origin of each column of a plan.
    ///
    /// # Errors
    /// [`Refusal::Rejected`] when a HIGH or VERY_HIGH column is compared with a literal.
    pub(crate) fn of(&self, plan: &LogicalPlan) -> Result<Vec<Origin>, Refusal> {
        match plan {
            LogicalPlan::TableScan(scan) => Ok(self.scanned(scan)),
            LogicalPlan::Join(join) => self.joined(join),
            LogicalPlan::Aggregate(aggregate) => self.aggregated(aggregate),
            LogicalPlan::Window(window) => self.windowed(window),
            LogicalPlan::Union(union) => {
                let inputs =
                    union.inputs.iter().map(|input| self.of(input)).collect::<Result<Vec<_>, _>>()?;
                let width = plan.schema().fields().len();
                let column = |n| Origin::of_all(inputs.iter().filter_map(|input| input.get(n).copied()));
                Ok((0..width).map(column).collect())
            }
            LogicalPlan::Values(_) => Ok(vec![LITERAL; plan.schema().fields().len()]),
            other => self.through(other),
        }
    }

    /// The origin of each column of a query's result.
    ///
    /// # Errors
    /// As [`Origins::of`], and when a VERY_HIGH or INTERNAL column would be returned; audience queries return users
    /// and nothing else.
    /// `spans` are the places of the select list in the text.
    pub(crate) fn returned(
        &self,
        plan: &LogicalPlan,
        audience: bool,
        spans: &[Span],
    ) -> Result<Vec<Origin>, Refusal> {
        let origins = self.of(plan)?;
        if audience && returns_users(&origins) {
            return Ok(origins);
        }
        let secret = |(_, origin): &(usize, &Origin)| origin.class >= Class::VeryHigh;
        match origins.iter().enumerate().find(secret) {
            Some((place, origin)) if audience && origin.user => {
                let other = spans.get(usize::from(place == 0)).copied().unwrap_or_else(Span::empty);
                Err(refusal::at(other, "A query for an audience returns user_id and nothing else"))
            }
            Some((place, origin)) => Err(refused(plan, place, *origin, spans)),
            None => Ok(origins),
        }
    }

    /// The origin of a value computed from the rows of a plan.
    pub(super) fn value(&self, expr: &Expr, input: &LogicalPlan) -> Result<Origin, Refusal> {
        self.expr(expr, input.schema(), &self.of(input)?)
    }

    /// A node of one input: columns of its own expressions, or those of its input.
    fn through(&self, plan: &LogicalPlan) -> Result<Vec<Origin>, Refusal> {
        let inputs = plan.inputs();
        let below = inputs.iter().map(|input| self.of(input)).collect::<Result<Vec<_>, _>>()?.concat();
        let schema = merge_schema(&inputs);
        let own = plan
            .expressions()
            .iter()
            .map(|expr| self.expr(expr, &schema, &below))
            .collect::<Result<Vec<_>, _>>()?;
        let width = plan.schema().fields().len();
        Ok(match plan {
            LogicalPlan::Projection(_) => own,
            _ if below.len() == width => below,
            _ => vec![Origin::of_all(below); width],
        })
    }

    fn scanned(&self, scan: &TableScan) -> Vec<Origin> {
        let name = scan.table_name.table();
        if let Some(origins) = self.shared.get(name) {
            let mut origins = origins.clone();
            origins.resize(scan.projected_schema.fields().len(), NOTHING);
            return origins;
        }
        let table = self.catalogue.get(name.split(' ').next().unwrap_or(name));
        let origin = |field: &str| {
            let column = table.and_then(|table| table.column(field));
            column.map_or(NOTHING, |column| Origin {
                class: column.class,
                metric: column.metric,
                literal: false,
                user: field == "user_id",
            })
        };
        scan.projected_schema.fields().iter().map(|field| origin(field.name())).collect()
    }

    fn joined(&self, join: &Join) -> Result<Vec<Origin>, Refusal> {
        let (left, right) = (self.of(&join.left)?, self.of(&join.right)?);
        let both = [left, right].concat();
        let schema = merge_schema(&[&join.left, &join.right]);
        for (left, right) in &join.on {
            let (first, second) = (self.expr(left, &schema, &both)?, self.expr(right, &schema, &both)?);
            allowed(first, second, left)?;
            allowed(second, first, right)?;
        }
        if let Some(filter) = &join.filter {
            self.expr(filter, &schema, &both)?;
        }
        let mut own = both;
        own.resize(join.schema.fields().len(), NOTHING);
        Ok(own)
    }

    fn aggregated(&self, aggregate: &Aggregate) -> Result<Vec<Origin>, Refusal> {
        let below = self.of(&aggregate.input)?;
        let exprs = aggregate.group_expr.iter().chain(&aggregate.aggr_expr);
        exprs.map(|expr| self.expr(expr, aggregate.input.schema(), &below)).collect()
    }

    fn windowed(&self, window: &Window) -> Result<Vec<Origin>, Refusal> {
        let mut below = self.of(&window.input)?;
        let own = window.window_expr.iter().map(|expr| self.expr(expr, window.input.schema(), &below));
        let own = own.collect::<Result<Vec<_>, _>>()?;
        below.extend(own);
        Ok(below)
    }

    fn expr(&self, expr: &Expr, schema: &DFSchema, below: &[Origin]) -> Result<Origin, Refusal> {
        Walk { origins: self, schema, below }.expr(expr)
    }
}

/// The way through one expression over the columns of one input.
struct Walk<'a> {
    origins: &'a Origins<'a>,
    schema: &'a DFSchema,
    below: &'a [Origin],
}

impl Walk<'_> {
    fn expr(&self, expr: &Expr) -> Result<Origin, Refusal> {
        match expr {
            Expr::Column(column) => Ok(read(column, self.schema, self.below)),
            Expr::Literal(_, _) => Ok(LITERAL),
            Expr::OuterReferenceColumn(_, column) => Ok(self.outside(column)),
            Expr::BinaryExpr(operation) => self.operation(operation),
            Expr::Like(like) | Expr::SimilarTo(like) => self.tested(&like.expr, [like.pattern.as_ref()]),
            Expr::InList(list) => self.tested(&list.expr, &list.list),
            Expr::Between(range) => self.tested(&range.expr, [range.low.as_ref(), range.high.as_ref()]),
            Expr::InSubquery(test) => self.member(test),
            Expr::Exists(test) => self.below(&test.subquery.subquery).map(|_| NOTHING),
            Expr::ScalarSubquery(query) => self.below(&query.subquery),
            Expr::SetComparison(test) => {
                let (origin, others) = (self.expr(&test.expr)?, self.below(&test.subquery.subquery)?);
                allowed(origin, others, &test.expr)?;
                Ok(origin.hidden())
            }
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => Ok(self.expr(inner)?.hidden().computed()),
            Expr::AggregateFunction(AggregateFunction { func, params }) => {
                let arguments = self.all(&params.args)?;
                self.all(params.filter.as_deref())?;
                self.all(params.order_by.iter().map(|sort| &sort.expr))?;
                Ok(match func.name() {
                    name if counts(name) => arguments.counted().computed(),
                    // The greatest of literals is one of them.
                    "min" | "max" => arguments,
                    _ => Origin { literal: arguments.literal, ..arguments.computed() },
                })
            }
            Expr::WindowFunction(window) => {
                let params = &window.params;
                let arguments = self.all(&params.args)?;
                self.all(params.filter.as_deref())?;
                self.all(&params.partition_by)?;
                self.all(params.order_by.iter().map(|sort| &sort.expr))?;
                Ok(if ranks(window) { arguments.counted() } else { arguments }.computed())
            }
            Expr::ScalarFunction(call) => self.call(call),
            Expr::Case(case) => self.case(case),
            Expr::Alias(alias) => self.expr(&alias.expr),
            other => Ok(Origin { user: false, ..self.children(other)? }),
        }
    }

    fn all<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Result<Origin, Refusal> {
        let origins = exprs.into_iter().map(|expr| self.expr(expr)).collect::<Result<Vec<_>, _>>()?;
        Ok(Origin::of_all(origins))
    }

    fn operation(&self, BinaryExpr { left, op, right }: &BinaryExpr) -> Result<Origin, Refusal> {
        let (first, second) = (self.expr(left)?, self.expr(right)?);
        if !compares(*op) {
            return Ok(first.and(second));
        }
        allowed(first, second, left)?;
        allowed(second, first, right)?;
        Ok(first.and(second).hidden().computed())
    }

    /// A value tested against others.
    fn tested<'e>(
        &self,
        value: &Expr,
        others: impl IntoIterator<Item = &'e Expr>,
    ) -> Result<Origin, Refusal> {
        let origin = self.expr(value)?;
        for other in others {
            allowed(origin, self.expr(other)?, value)?;
        }
        Ok(origin.hidden())
    }

    fn call(&self, ScalarFunction { func, args }: &ScalarFunction) -> Result<Origin, Refusal> {
        let name = func.name();
        match (name, &args[..]) {
            ("matches_pattern", [value, patterns @ ..]) => return self.tested(value, patterns),
            ("contains_element" | "array_has", [list, value]) => {
                allowed(self.expr(value)?, self.expr(list)?, value)?;
                return self.tested(list, [value]);
            }
            (_, [value, patterns @ ..]) if name.starts_with("regexp_") => {
                self.tested(value, patterns)?;
            }
            _ => {}
        }
        let all = self.all(args)?;
        Ok(Origin { user: all.user && name == "coalesce", ..all })
    }

    fn case(&self, case: &Case) -> Result<Origin, Refusal> {
        let conditions = self.all(case.when_then_expr.iter().map(|(when, _)| when.as_ref()))?;
        let results = case.when_then_expr.iter().map(|(_, then)| then).chain(&case.else_expr);
        let results = self.all(results.map(AsRef::as_ref).filter(|result| !is_null(result)))?;
        let literal = results.literal && conditions.literal;
        Ok(Origin { user: results.user, literal, ..conditions.and(results) })
    }

    /// The origin of what a subquery returns, which may look at the columns around it.
    fn below(&self, plan: &LogicalPlan) -> Result<Origin, Refusal> {
        self.origins.outer.borrow_mut().push((self.schema.clone(), self.below.to_vec()));
        let origins = self.origins.of(plan);
        self.origins.outer.borrow_mut().pop();
        origins.map(Origin::of_all)
    }

    fn outside(&self, column: &Column) -> Origin {
        let around = self.origins.outer.borrow();
        let found = around.iter().rev().find(|(schema, _)| schema.maybe_index_of_column(column).is_some());
        found.map_or(NOTHING, |(schema, below)| read(column, schema, below))
    }

    fn member(&self, test: &InSubquery) -> Result<Origin, Refusal> {
        let origin = self.expr(&test.expr)?;
        let members = self.below(&test.subquery.subquery)?;
        allowed(origin, members, &test.expr)?;
        Ok(origin.hidden())
    }

    fn children(&self, expr: &Expr) -> Result<Origin, Refusal> {
        let mut parts = Vec::new();
        let walked = expr.apply_children(|child| {
            parts.push(self.expr(child));
            Ok(TreeNodeRecursion::Continue)
        });
        walked.map_err(|error| refusal::rejected(&error))?;
        Ok(Origin::of_all(parts.into_iter().collect::<Result<Vec<_>, _>>()?))
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.is_null())
}

fn read(column: &Column, schema: &DFSchema, below: &[Origin]) -> Origin {
    if column.name == HIDDEN {
        return NOTHING;
    }
    schema.maybe_index_of_column(column).and_then(|place| below.get(place).copied()).unwrap_or(NOTHING)
}

/// The literal rule: what few people share must not be looked up by value.
fn allowed(value: Origin, other: Origin, expr: &Expr) -> Result<(), Refusal> {
    if !matches!(value.class, Class::High | Class::VeryHigh) || !other.literal {
        return Ok(());
    }
    let column = match expr {
        Expr::OuterReferenceColumn(_, column) => Some(column),
        _ => expr.column_refs().into_iter().next(),
    };
    let name = column.map_or_else(|| expr.to_string(), |column| column.name.clone());
    let message = format!(
        "Column '{name}' with aggregation threshold {} cannot be compared with a literal or parameter",
        value.class.name()
    );
    Err(column
        .map_or_else(|| Refusal::Rejected(message.clone()), |column| refusal::of_column(column, &message)))
}

fn refused(plan: &LogicalPlan, place: usize, origin: Origin, spans: &[Span]) -> Refusal {
    let class = origin.class.name();
    let name = plan.schema().field(place).name();
    let message = format!("Column '{name}' with aggregation threshold {class} cannot be returned by a query");
    spans.get(place).map_or_else(|| Refusal::Rejected(message.clone()), |span| refusal::at(*span, &message))
}

fn counts(name: &str) -> bool {
    matches!(name, "count" | "approx_distinct")
}

fn ranks(window: &WindowFunction) -> bool {
    match &window.fun {
        WindowFunctionDefinition::AggregateUDF(function) => counts(function.name()),
        WindowFunctionDefinition::WindowUDF(function) => {
            matches!(
                function.name(),
                "rank" | "dense_rank" | "row_number" | "ntile" | "percent_rank" | "cume_dist"
            )
        }
    }
}

fn compares(op: Operator) -> bool {
    use Operator::{
        Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq, RegexIMatch, RegexMatch,
        RegexNotIMatch, RegexNotMatch,
    };
    let ordered = matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom);
    ordered || matches!(op, RegexMatch | RegexIMatch | RegexNotMatch | RegexNotIMatch)
}
