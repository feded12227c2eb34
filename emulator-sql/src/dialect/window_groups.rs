//! Window functions as grouping keys (`GROUP BY 2` with a `ROW_NUMBER() OVER …` second).
//!
//! They are computed in a derived table first: `FROM t` becomes `FROM (SELECT *, … AS w FROM t WHERE …) AS t`.

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Ident, Query, Select, SelectItem, SetExpr, TableAlias, TableFactor, Value,
    WildcardAdditionalOptions,
};

use super::aliases::{Found, has};
use super::tree;

/// Rewrites a SELECT over one table whose grouping keys contain window functions.
pub(super) fn rewrite(select: &mut Select) {
    let keys = windowed_keys(select);
    let [from] = &select.from[..] else { return };
    if keys.is_empty() || !from.joins.is_empty() {
        return;
    }
    let Some(alias) = alias_of(&from.relation) else { return };
    let mut inner = select.clone();
    inner.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
    inner.having = None;
    inner.distinct = None;
    inner.projection = vec![SelectItem::Wildcard(WildcardAdditionalOptions::default())];
    for place in keys {
        let name = Ident::new(format!("window_key_{place}"));
        if let Some(expr) = take(&mut select.projection[place], &name) {
            inner.projection.push(SelectItem::ExprWithAlias { expr, alias: name });
        }
    }
    select.selection = None;
    select.from[0].relation = derived(inner, alias);
}

/// Places of the select list that are grouping keys by number and contain window functions.
fn windowed_keys(select: &Select) -> Vec<usize> {
    let GroupByExpr::Expressions(groups, _) = &select.group_by else { return Vec::new() };
    let place = |group: &Expr| match group {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse::<usize>().ok()?.checked_sub(1),
            _ => None,
        },
        _ => None,
    };
    let windowed = |place: &usize| {
        select.projection.get(*place).is_some_and(|item| match item {
            SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => {
                has(expr, Found::Window) && !has(expr, Found::Aggregate)
            }
            _ => false,
        })
    };
    groups.iter().filter_map(place).filter(windowed).collect()
}

fn alias_of(factor: &TableFactor) -> Option<TableAlias> {
    match factor {
        TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. } => {
            Some(TableAlias { columns: Vec::new(), ..alias.clone() })
        }
        TableFactor::Table { name, .. } => {
            let name = name.0.last()?.as_ident()?.clone();
            Some(TableAlias { explicit: true, name, columns: Vec::new(), at: None })
        }
        _ => None,
    }
}

/// Puts a reference in the place of the expression.
fn take(item: &mut SelectItem, name: &Ident) -> Option<Expr> {
    let reference = Expr::Identifier(name.clone());
    match item {
        SelectItem::ExprWithAlias { expr, .. } => Some(std::mem::replace(expr, reference)),
        SelectItem::UnnamedExpr(expr) => Some(std::mem::replace(expr, reference)),
        _ => None,
    }
}

fn derived(select: Select, alias: TableAlias) -> TableFactor {
    TableFactor::Derived {
        lateral: false,
        subquery: Box::new(query(select)),
        alias: Some(alias),
        sample: None,
    }
}

/// A query that is nothing but a SELECT.
pub(super) fn query(select: Select) -> Query {
    tree::query(SetExpr::Select(Box::new(select)))
}
