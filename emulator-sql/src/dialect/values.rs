//! `VALUES` with numbers and texts in one column: the column is text.

use datafusion::sql::sqlparser::ast::{Expr, UnaryOperator, Value, Values};

use super::tree;

/// Turns the numbers of mixed columns into texts.
pub(super) fn rewrite(values: &mut Values) {
    let width = values.rows.iter().map(|row| row.content.len()).max().unwrap_or(0);
    for column in 0..width {
        let has_text =
            |row: &Vec<Expr>| row.get(column).is_some_and(|expr| tree::literal_text(expr).is_some());
        if values.rows.iter().any(|row| has_text(&row.content)) {
            values.rows.iter_mut().filter_map(|row| row.content.get_mut(column)).for_each(textual);
        }
    }
}

fn textual(expr: &mut Expr) {
    if let Some(digits) = digits(expr) {
        *expr = tree::text(&digits);
    }
}

fn digits(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => Some(digits.clone()),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => digits(expr).map(|digits| format!("-{digits}")),
        _ => None,
    }
}
