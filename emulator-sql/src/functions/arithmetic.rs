//! Division that keeps the fraction, and multiplication of decimals that does not overflow.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Float64Type, i256};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ScalarUDF};

use super::scalar::Scalar;

/// Digits of a DECIMAL that AMC computes, and those after the point: a ratio of LONGs was seen as DECIMAL(38,17).
const DIGITS: u8 = 38;
const SCALE: i8 = 17;
/// The largest 38-digit number.
const LARGEST: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;

static DIVIDE: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(division())));
static MULTIPLY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(product())));

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![division(), product()]
}

/// `left / right` as AMC divides: with its fraction; NULL by zero.
pub(crate) fn divide(left: Expr, right: Expr) -> Expr {
    DIVIDE.call(vec![left, right])
}

/// `left * right` of decimals.
pub(crate) fn multiply(left: Expr, right: Expr) -> Expr {
    MULTIPLY.call(vec![left, right])
}

fn division() -> Scalar {
    Scalar::new("ratio", 2, |kinds| Ok(ratio_type(kinds)), ratios)
}

fn product() -> Scalar {
    Scalar::new("decimal_product", 2, |_| Ok(DataType::Decimal128(DIGITS, SCALE)), products)
}

fn ratio_type(kinds: &[DataType]) -> DataType {
    let exact = |kind: &DataType| kind.is_integer() || matches!(kind, DataType::Decimal128(_, _));
    if kinds.iter().all(exact) { DataType::Decimal128(DIGITS, SCALE) } else { DataType::Float64 }
}

fn ratios(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let kinds = [columns[0].data_type().clone(), columns[1].data_type().clone()];
    match ratio_type(&kinds) {
        DataType::Float64 => floats(columns),
        _ => exact(columns, |(left, left_scale), (right, right_scale)| {
            // left·10^-l / (right·10^-r), as a whole number of 10^-17.
            let up = power(i32::from(SCALE) - i32::from(left_scale) + i32::from(right_scale))?;
            rounded(i256::from_i128(left).checked_mul(up)?, i256::from_i128(right))
        }),
    }
}

fn products(columns: &[ArrayRef]) -> Result<ArrayRef> {
    exact(columns, |(left, left_scale), (right, right_scale)| {
        let whole = i256::from_i128(left).checked_mul(i256::from_i128(right))?;
        let scale = i32::from(left_scale) + i32::from(right_scale) - i32::from(SCALE);
        match scale {
            0.. => rounded(whole, power(scale)?),
            _ => whole.checked_mul(power(-scale)?)?.to_i128(),
        }
    })
}

fn floats(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (left, right) = (cast(&columns[0], &DataType::Float64)?, cast(&columns[1], &DataType::Float64)?);
    let pairs = left.as_primitive::<Float64Type>().iter().zip(right.as_primitive::<Float64Type>().iter());
    let ratios = pairs.map(|(left, right)| Some(left? / right.filter(|right| *right != 0.0)?));
    Ok(Arc::new(ratios.collect::<Float64Array>()))
}

type Scaled = (i128, i8);

fn exact(columns: &[ArrayRef], compute: fn(Scaled, Scaled) -> Option<i128>) -> Result<ArrayRef> {
    let (left, right) = (decimals(&columns[0])?, decimals(&columns[1])?);
    let (left_scale, right_scale) = (left.scale(), right.scale());
    let pairs = left.iter().zip(right.iter());
    let fits = |number: &i128| number.unsigned_abs() <= LARGEST.unsigned_abs();
    let results = pairs.map(|(left, right)| compute((left?, left_scale), (right?, right_scale)).filter(fits));
    Ok(Arc::new(results.collect::<Decimal128Array>().with_precision_and_scale(DIGITS, SCALE)?))
}

fn decimals(column: &ArrayRef) -> Result<Decimal128Array> {
    let kind = match column.data_type() {
        DataType::Decimal128(digits, scale) => DataType::Decimal128(*digits, *scale),
        _ => DataType::Decimal128(20, 0),
    };
    Ok(cast(column, &kind)?.as_primitive::<Decimal128Type>().clone())
}

fn power(exponent: i32) -> Option<i256> {
    i256::from_i128(10).checked_pow(u32::try_from(exponent).ok()?)
}

/// Half away from zero; nothing by zero or beyond 128 bits.
fn rounded(number: i256, by: i256) -> Option<i128> {
    let zero = i256::ZERO;
    let whole = number.checked_div(by)?;
    let rest = number.checked_rem(by)?;
    let away = if (number < zero) == (by < zero) { i256::ONE } else { i256::MINUS_ONE };
    let half = rest.wrapping_abs().checked_mul(i256::from_i128(2))? >= by.wrapping_abs();
    if half { whole.checked_add(away)?.to_i128() } else { whole.to_i128() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(left: i128, right: i128) -> Option<i128> {
        rounded(i256::from_i128(left).checked_mul(power(17)?)?, i256::from_i128(right))
    }

    #[test]
    fn a_ratio_has_seventeen_digits_rounded() {
        assert_eq!(ratio(2, 3), Some(66_666_666_666_666_667));
        assert_eq!(ratio(-2, 3), Some(-66_666_666_666_666_667));
        assert_eq!(ratio(3, 4), Some(75_000_000_000_000_000));
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(ratio(1, 0), None);
    }
}
