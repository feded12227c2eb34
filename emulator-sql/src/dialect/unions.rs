//! `NULL AS x` in the first branch of a UNION takes the type of the other branches.
//!
//! DataFusion plans what is above a union by its first branch; an untyped NULL there fits nothing.

use datafusion::sql::sqlparser::ast::{DataType, Expr, Select, SelectItem, SetExpr, Value};

use super::kinds::Kinds;
use super::tree;

/// Gives the untyped columns of the first branch a type.
pub(super) fn rewrite(body: &mut SetExpr, kinds: &Kinds<'_>) {
    let SetExpr::SetOperation { left, right, .. } = body else { return };
    let mut others = Vec::new();
    branches(right, &mut others);
    let others: Vec<Vec<SelectItem>> = others.into_iter().map(|select| select.projection.clone()).collect();
    let Some(first) = first(left) else { return };
    for (place, item) in first.projection.iter_mut().enumerate() {
        let Some(expr) = expression(item).filter(|expr| is_null(expr)) else { continue };
        let guess =
            others.iter().filter_map(|items| items.get(place)).find_map(|item| kinds.kind(tree::item(item)?));
        *expr = tree::cast(tree::null(), guess.unwrap_or(DataType::BigInt(None)));
    }
}

fn first(body: &mut SetExpr) -> Option<&mut Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(query) => first(&mut query.body),
        SetExpr::SetOperation { left, .. } => first(left),
        _ => None,
    }
}

fn branches<'a>(body: &'a SetExpr, selects: &mut Vec<&'a Select>) {
    match body {
        SetExpr::Select(select) => selects.push(select),
        SetExpr::Query(query) => branches(&query.body, selects),
        SetExpr::SetOperation { left, right, .. } => {
            branches(left, selects);
            branches(right, selects);
        }
        _ => {}
    }
}

fn expression(item: &mut SelectItem) -> Option<&mut Expr> {
    match item {
        SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => Some(expr),
        _ => None,
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if value.value == Value::Null)
}
