//! Window functions as grouping keys (`GROUP BY 2` with a `ROW_NUMBER() OVER …` second).
//!
//! They are computed in a derived table first: `SELECT x, w … FROM t … GROUP BY …` becomes
//! `SELECT column_0, window_key_1 … FROM (SELECT x AS column_0, w AS window_key_1 FROM t …) AS windowed GROUP BY …`.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, Query, Select, SelectItem, SetExpr, TableAlias, TableFactor, TableWithJoins,
    VisitMut, VisitorMut,
};

use super::aliases::{Found, has};
use super::{names, tree};

/// Rewrites a SELECT whose grouping keys contain window functions.
pub(super) fn rewrite(select: &mut Select) {
    let keys = windowed_keys(select);
    if keys.is_empty() {
        return;
    }
    names::rewrite(select);
    select.projection.iter_mut().for_each(names::keep);
    let mut below = Below { columns: Vec::new(), depth: 0 };
    let mut inner = select.clone();
    inner.projection = keys.iter().filter_map(|place| take(&mut select.projection[*place], *place)).collect();
    inner.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
    inner.having = None;
    inner.distinct = None;
    for part in outer(select) {
        let _: ControlFlow<()> = part.visit(&mut below);
    }
    inner
        .projection
        .extend(below.columns.into_iter().map(|(alias, expr)| SelectItem::ExprWithAlias { expr, alias }));
    select.selection = None;
    select.named_window.clear();
    select.from = vec![derived(inner)];
}

/// Places of the select list that are grouping keys by number and contain window functions.
fn windowed_keys(select: &Select) -> Vec<usize> {
    let GroupByExpr::Expressions(groups, _) = &select.group_by else { return Vec::new() };
    let windowed = |place: &usize| {
        select
            .projection
            .get(*place)
            .and_then(tree::item)
            .is_some_and(|expr| has(expr, Found::Window) && !has(expr, Found::Aggregate))
    };
    groups.iter().filter_map(tree::place).filter(windowed).collect()
}

/// The window function of an item, which from now on is read from the derived table.
fn take(item: &mut SelectItem, place: usize) -> Option<SelectItem> {
    let alias = Ident::new(format!("window_key_{place}"));
    let (SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr)) = item else { return None };
    let expr = std::mem::replace(expr, Expr::Identifier(alias.clone()));
    Some(SelectItem::ExprWithAlias { expr, alias })
}

/// The expressions that stay above the derived table.
fn outer(select: &mut Select) -> impl Iterator<Item = &mut Expr> {
    let items = select.projection.iter_mut().filter_map(|item| match item {
        SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => Some(expr),
        _ => None,
    });
    let groups = match &mut select.group_by {
        GroupByExpr::Expressions(groups, _) => groups.iter_mut(),
        GroupByExpr::All(_) => [].iter_mut(),
    };
    items.chain(groups).chain(&mut select.having)
}

/// Replaces columns by their names in the derived table.
struct Below {
    columns: Vec<(Ident, Expr)>,
    depth: usize,
}

impl VisitorMut for Below {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let is_key = |name: &Ident| name.value.starts_with("window_key_");
        let is_column = match expr {
            Expr::Identifier(name) => !is_key(name),
            Expr::CompoundIdentifier(_) => true,
            _ => false,
        };
        if is_column && self.depth == 0 {
            *expr = Expr::Identifier(self.name(expr));
        }
        ControlFlow::Continue(())
    }
}

impl Below {
    fn name(&mut self, column: &Expr) -> Ident {
        if let Some((name, _)) = self.columns.iter().find(|(_, known)| known == column) {
            return name.clone();
        }
        let name = Ident::new(format!("column_{}", self.columns.len()));
        self.columns.push((name.clone(), column.clone()));
        name
    }
}

fn derived(select: Select) -> TableWithJoins {
    let alias = TableAlias { explicit: true, name: Ident::new("windowed"), columns: Vec::new(), at: None };
    let subquery = Box::new(tree::query(SetExpr::Select(Box::new(select))));
    let relation = TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None };
    TableWithJoins { relation, joins: Vec::new() }
}
