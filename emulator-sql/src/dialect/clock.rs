//! The present, which is the emulator's: `CURRENT_DATE`, `CURRENT_TIMESTAMP`, `CAST('today' AS DATE)`, `CAST('now' AS TIMESTAMP)`.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{DataType, Expr};

use super::{Context, parameters, tree};

/// Rewrites the present into literals.
pub(super) fn rewrite(expr: &mut Expr, context: &Context<'_>) -> Result<(), Refusal> {
    if let Some(data_type) = present(expr) {
        let now = context.query.now;
        *expr = match data_type {
            DataType::Date => tree::cast(tree::text(&now.format("%Y-%m-%d").to_string()), DataType::Date),
            _ => tree::cast(
                tree::text(&now.format("%Y-%m-%dT%H:%M:%S%.3f").to_string()),
                parameters::milliseconds(),
            ),
        };
    }
    Ok(())
}

fn present(expr: &Expr) -> Option<DataType> {
    match expr {
        Expr::Function(function) => match tree::function_name(function).as_str() {
            "current_date" | "today" => Some(DataType::Date),
            "current_timestamp" | "now" | "localtimestamp" => Some(parameters::milliseconds()),
            _ => None,
        },
        Expr::Identifier(name) if name.quote_style.is_none() => match name.value.to_lowercase().as_str() {
            "current_date" => Some(DataType::Date),
            "current_timestamp" => Some(parameters::milliseconds()),
            _ => None,
        },
        Expr::Cast { expr, data_type, .. } => {
            let word = tree::literal_text(expr)?.to_lowercase();
            matches!(word.as_str(), "today" | "now").then(|| data_type.clone())
        }
        _ => None,
    }
}
