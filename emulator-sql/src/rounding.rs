//! `ROUND(decimal, places)` keeps one type from the plan to the data.
//!
//! Its type follows from the places where they are a literal. Coercion to 32 bits would hide the literal behind a cast
//! until it is folded, and what was compared with the number by then would be of another type.

use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::scalar::ScalarValue;

/// Whether a call is of `ROUND` with places.
pub(crate) fn is_places(call: &ScalarFunction) -> bool {
    call.func.name() == "round" && call.args.len() == 2
}

/// The call with its places in 32 bits, if they are a literal.
pub(crate) fn places(mut call: ScalarFunction) -> ScalarFunction {
    if let Some(Expr::Literal(places, _)) = call.args.get_mut(1)
        && let ScalarValue::Int64(Some(number)) = places
        && let Ok(number) = i32::try_from(*number)
    {
        *places = ScalarValue::Int32(Some(number));
    }
    call
}
