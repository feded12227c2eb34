//! `ARRAY_CONTAINS(list, value)` needs a list.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Expr, Spanned};

use super::{Context, tree};
use crate::refusal;

/// Refuses lists that are literals of another type.
pub(super) fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(function) = expr else { return Ok(()) };
    if tree::function_name(function) != "array_contains" {
        return Ok(());
    }
    match tree::arguments(function).first() {
        Some(Expr::Value(_) | Expr::Cast { .. }) => {
            Err(refusal::at(function.name.span(), "Array expression is not an array data type"))
        }
        _ => Ok(()),
    }
}
