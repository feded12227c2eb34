//! `x IN (SELECT …)` outside `WHERE`: a join with the distinct values and a test for a match.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, GroupByExpr, Ident, Join, JoinConstraint, JoinOperator, Query, Select, SetExpr,
    TableAlias, TableAliasColumnDef, TableFactor, TableWithJoins, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::{aliases, tree};

/// Rewrites the memberships of the select list; `count` numbers the joins of a query.
pub(super) fn rewrite(select: &mut Select, count: &mut usize) {
    let grouped = matches!(&select.group_by, GroupByExpr::Expressions(groups, _) if !groups.is_empty());
    let mut tests = Tests { joins: Vec::new(), found: Vec::new(), count: *count, depth: 0, inside: 0 };
    for (place, item) in select.projection.iter_mut().enumerate() {
        let before = tests.found.len();
        let _: ControlFlow<()> = item.visit(&mut tests);
        if !grouped || is_key(&select.group_by, place) {
            tests.found.truncate(before);
        }
    }
    *count = tests.count;
    if tests.joins.is_empty() {
        return;
    }
    // A match depends on the grouping column it is looked up by, so that grouping by it splits no group.
    if let GroupByExpr::Expressions(groups, _) = &mut select.group_by {
        groups.append(&mut tests.found);
    }
    let mut from = std::mem::take(&mut select.from).into_iter();
    let Some(mut first) = from.next() else { return };
    first.joins.extend(from.flat_map(crossed));
    first.joins.extend(tests.joins);
    select.from = vec![first];
}

fn is_key(group_by: &GroupByExpr, place: usize) -> bool {
    matches!(group_by, GroupByExpr::Expressions(groups, _) if groups.iter().any(|group| tree::place(group) == Some(place)))
}

fn crossed(table: TableWithJoins) -> Vec<Join> {
    let cross = JoinOperator::CrossJoin(JoinConstraint::None);
    let mut joins = vec![Join { relation: table.relation, global: false, join_operator: cross }];
    joins.extend(table.joins);
    joins
}

struct Tests {
    joins: Vec<Join>,
    /// What the tests outside aggregates read of their joins.
    found: Vec<Expr>,
    count: usize,
    depth: usize,
    /// Aggregates around the expression.
    inside: usize,
}

impl VisitorMut for Tests {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.inside += usize::from(aliases::aggregates(expr));
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.inside -= usize::from(aliases::aggregates(expr));
        if self.depth == 0
            && let Expr::InSubquery { expr: value, subquery, negated } = expr
        {
            let alias = format!("members_{}", self.count);
            self.count += 1;
            self.joins.push(join(value, subquery, &alias));
            if self.inside == 0 {
                self.found.push(column(&alias, "found"));
            }
            *expr = test(value.as_ref().clone(), &alias, *negated);
        }
        ControlFlow::Continue(())
    }
}

/// `LEFT JOIN (SELECT DISTINCT member, TRUE AS found FROM (subquery) AS m(member)) AS alias ON value = alias.member`.
fn join(value: &Expr, subquery: &Query, alias: &str) -> Join {
    let members = Parser::new(&GenericDialect {})
        .try_with_sql("SELECT DISTINCT member, TRUE AS found FROM source")
        .and_then(|mut parser| parser.parse_query())
        .map(|mut query| {
            if let SetExpr::Select(select) = query.body.as_mut() {
                select.from[0].relation = derived(subquery.clone(), "source", &["member"]);
            }
            *query
        });
    let same = Expr::BinaryOp {
        left: Box::new(value.clone()),
        op: BinaryOperator::Eq,
        right: Box::new(column(alias, "member")),
    };
    Join {
        relation: derived(members.unwrap_or_else(|_| subquery.clone()), alias, &["member", "found"]),
        global: false,
        join_operator: JoinOperator::LeftOuter(JoinConstraint::On(same)),
    }
}

/// `CASE WHEN value IS NOT NULL THEN alias.found IS [NOT] NULL END`.
fn test(value: Expr, alias: &str, negated: bool) -> Expr {
    let found = Box::new(column(alias, "found"));
    let result = if negated { Expr::IsNull(found) } else { Expr::IsNotNull(found) };
    let known = Expr::IsNotNull(Box::new(value));
    let both = Expr::BinaryOp { left: Box::new(known), op: BinaryOperator::And, right: Box::new(result) };
    Expr::Nested(Box::new(both))
}

fn column(table: &str, name: &str) -> Expr {
    Expr::CompoundIdentifier(vec![Ident::new(table), Ident::new(name)])
}

fn derived(query: Query, name: &str, columns: &[&str]) -> TableFactor {
    let defined = |name: &&str| TableAliasColumnDef { name: Ident::new(*name), data_type: None };
    let alias = TableAlias {
        explicit: true,
        name: Ident::new(name),
        columns: columns.iter().map(defined).collect(),
        at: None,
    };
    TableFactor::Derived { lateral: false, subquery: Box::new(query), alias: Some(alias), sample: None }
}
