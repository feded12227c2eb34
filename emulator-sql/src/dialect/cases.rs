//! `CASE x WHEN a THEN …` is `CASE WHEN x = a THEN …`, so that comparing follows the rules of operators.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr};

use super::Context;

/// Rewrites a simple `CASE` into a searched one.
pub(super) fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Case { operand, conditions, .. } = expr else { return Ok(()) };
    let Some(operand) = operand.take() else { return Ok(()) };
    for branch in conditions {
        let left = Box::new(Expr::Nested(operand.clone()));
        let right = Box::new(Expr::Nested(Box::new(branch.condition.clone())));
        branch.condition = Expr::BinaryOp { left, op: BinaryOperator::Eq, right };
    }
    Ok(())
}
