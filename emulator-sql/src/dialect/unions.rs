//! `NULL AS x` in the first branch of a UNION takes the type of the other branches.
//!
//! DataFusion plans what is above a union by its first branch; an untyped NULL there fits nothing.

use datafusion::sql::sqlparser::ast::{DataType, Expr, Select, SelectItem, SetExpr, Value};

use super::{Context, parameters, tree};
use crate::catalogue::Kind;

/// Gives the untyped columns of the first branch a type.
pub(super) fn rewrite(body: &mut SetExpr, context: &Context<'_>) {
    let SetExpr::SetOperation { left, right, .. } = body else { return };
    let mut others = Vec::new();
    branches(right, &mut others);
    let others: Vec<Vec<SelectItem>> = others.into_iter().map(|select| select.projection.clone()).collect();
    let Some(first) = first(left) else { return };
    for (place, item) in first.projection.iter_mut().enumerate() {
        let Some(expr) = expression(item).filter(|expr| is_null(expr)) else { continue };
        let guess = others.iter().filter_map(|items| items.get(place)).find_map(|item| typed(item, context));
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

/// The type of a column that the data sources know by name, or of a literal; numbers widen by themselves.
fn typed(item: &SelectItem, context: &Context<'_>) -> Option<DataType> {
    let expr = match item {
        SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => expr,
        _ => return None,
    };
    match expr {
        Expr::Identifier(name) => known(&tree::folded(name), context),
        Expr::CompoundIdentifier(parts) => known(&tree::folded(parts.last()?), context),
        Expr::Cast { data_type, .. } => Some(data_type.clone()),
        expr if tree::literal_text(expr).is_some() => Some(DataType::Varchar(None)),
        Expr::Case { conditions, .. } => {
            let texts = conditions.iter().any(|branch| tree::literal_text(&branch.result).is_some());
            texts.then_some(DataType::Varchar(None))
        }
        _ => None,
    }
}

fn known(name: &str, context: &Context<'_>) -> Option<DataType> {
    match context.catalogue.values().find_map(|table| table.column(name))?.kind {
        Kind::String => Some(DataType::Varchar(None)),
        Kind::Date => Some(DataType::Date),
        Kind::Timestamp => Some(parameters::milliseconds()),
        Kind::Boolean => Some(DataType::Boolean),
        _ => None,
    }
}
