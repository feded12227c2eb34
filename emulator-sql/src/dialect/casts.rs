//! Types of AMC by the names DataFusion knows, and parts of dates as AMC counts them.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{BinaryOperator, CastKind, DataType, DateTimeField, Expr};

use super::{Context, parameters, tree};
use crate::refusal;

/// Rewrites `CAST` and `EXTRACT`.
pub(super) fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    match expr {
        Expr::Cast { kind, data_type, .. } => {
            // A value that cannot be read is NULL, as in the engine that AMC is taken to run on.
            *kind = CastKind::TryCast;
            *data_type = known(data_type);
        }
        Expr::Extract { field: DateTimeField::Custom(field), .. } => {
            return Err(refusal::at(field.span, &format!("'{field}' is not a valid time frame")));
        }
        Expr::Extract { field, .. } => {
            let from_sunday = matches!(field, DateTimeField::Dow | DateTimeField::DayOfWeek);
            let whole = tree::cast(expr.clone(), DataType::BigInt(None));
            *expr = if from_sunday { one_more(whole) } else { whole };
        }
        _ => {}
    }
    Ok(())
}

/// AMC has instants in milliseconds, and no lengths of texts.
fn known(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Timestamp(_, _) | DataType::Datetime(_) => parameters::milliseconds(),
        DataType::Char(_) | DataType::Character(_) | DataType::Varchar(_) | DataType::CharVarying(_) => {
            DataType::Varchar(None)
        }
        DataType::Decimal(datafusion::sql::sqlparser::ast::ExactNumberInfo::None)
        | DataType::Dec(datafusion::sql::sqlparser::ast::ExactNumberInfo::None) => {
            DataType::Decimal(datafusion::sql::sqlparser::ast::ExactNumberInfo::PrecisionAndScale(38, 4))
        }
        DataType::Custom(name, _) => match name.to_string().to_uppercase().as_str() {
            "STRING" | "SYMBOL" => DataType::Varchar(None),
            "LONG" => DataType::BigInt(None),
            _ => data_type.clone(),
        },
        DataType::String(_) => DataType::Varchar(None),
        DataType::Binary(_) | DataType::Varbinary(_) => DataType::Bytea,
        other => other.clone(),
    }
}

/// AMC counts the days of a week from Sunday = 1, DataFusion from 0.
fn one_more(expr: Expr) -> Expr {
    let sum =
        Expr::BinaryOp { left: Box::new(expr), op: BinaryOperator::Plus, right: Box::new(tree::number("1")) };
    Expr::Nested(Box::new(sum))
}
