//! The values of a column, as what they are added up as.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, Decimal128Array, Float64Array, Int64Array, PrimitiveArray, StringArray};
use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType};

use crate::results::column::type_name;
use crate::{Error, Result};

/// The values of a column in a batch.
#[derive(Debug)]
pub(in crate::results) enum Numbers<'a> {
    /// Whole numbers, or the digits of decimals of one scale.
    Exact(Vec<i128>),
    /// Floating ones.
    Float(Vec<f64>),
    /// Texts.
    Text(&'a StringArray),
}

impl<'a> Numbers<'a> {
    pub(in crate::results) fn of(array: &'a dyn Array) -> Self {
        match array.data_type() {
            DataType::Int8 => Self::Exact(wide::<Int8Type>(array)),
            DataType::Int16 => Self::Exact(wide::<Int16Type>(array)),
            DataType::Int32 => Self::Exact(wide::<Int32Type>(array)),
            DataType::Int64 => Self::Exact(wide::<Int64Type>(array)),
            DataType::Date32 => Self::Exact(wide::<Date32Type>(array)),
            DataType::Timestamp(..) => Self::Exact(wide::<TimestampMicrosecondType>(array)),
            DataType::Decimal128(..) => Self::Exact(array.as_primitive::<Decimal128Type>().values().to_vec()),
            DataType::Float32 => Self::Float(floats::<Float32Type>(array)),
            DataType::Float64 => Self::Float(floats::<Float64Type>(array)),
            _ => Self::Text(array.as_string()),
        }
    }

    /// One value as a double, of a decimal with this many digits behind the point.
    pub(in crate::results) fn double(&self, row: usize, scale: i32) -> f64 {
        match self {
            Self::Exact(values) => double(values[row], scale),
            Self::Float(values) => values[row],
            Self::Text(_) => f64::NAN,
        }
    }
}

fn wide<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &dyn Array) -> Vec<i128> {
    array.as_primitive::<T>().values().iter().map(|value| (*value).into()).collect()
}

fn floats<T: ArrowPrimitiveType<Native: Into<f64>>>(array: &dyn Array) -> Vec<f64> {
    array.as_primitive::<T>().values().iter().map(|value| (*value).into()).collect()
}

/// Digits of a scale as the nearest double.
#[allow(clippy::cast_precision_loss, reason = "the nearest double is what is asked for")]
pub(super) fn double(digits: i128, scale: i32) -> f64 {
    digits as f64 / 10_f64.powi(scale)
}

/// The digits behind the point of a type.
pub(in crate::results) fn scale(data_type: &DataType) -> i32 {
    if let DataType::Decimal128(_, scale) = data_type { i32::from(*scale) } else { 0 }
}

/// Refuses a column that cannot be added up.
pub(super) fn check_number(name: &str, data_type: &DataType) -> Result<()> {
    match data_type {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Ok(()),
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => Ok(()),
        _ => Err(Error::invalid(
            "not_a_number",
            format!("column {name:?} is {} and cannot be added up", type_name(data_type)),
        )
        .hint("leave it out, group by it, or CAST it in the query")),
    }
}

/// Refuses a column of which there is no smallest and largest value here.
pub(in crate::results) fn check_ordered(name: &str, data_type: &DataType) -> Result<()> {
    match data_type {
        DataType::Utf8 | DataType::Date32 | DataType::Timestamp(..) => Ok(()),
        _ => check_number(name, data_type),
    }
}

/// Exact values as an array of the type they came from.
pub(super) fn exact_array(values: &[Option<i128>], data_type: &DataType) -> Result<ArrayRef> {
    match data_type {
        DataType::Decimal128(..) => Ok(std::sync::Arc::new(
            values.iter().copied().collect::<Decimal128Array>().with_data_type(data_type.clone()),
        )),
        DataType::Int8 => narrow::<Int8Type>(values, data_type),
        DataType::Int16 => narrow::<Int16Type>(values, data_type),
        DataType::Int32 => narrow::<Int32Type>(values, data_type),
        DataType::Date32 => narrow::<Date32Type>(values, data_type),
        DataType::Timestamp(..) => narrow::<TimestampMicrosecondType>(values, data_type),
        _ => narrow::<Int64Type>(values, data_type),
    }
}

fn narrow<T: ArrowPrimitiveType<Native: TryFrom<i128>>>(
    values: &[Option<i128>],
    data_type: &DataType,
) -> Result<ArrayRef> {
    let narrowed = values.iter().map(|value| value.map(T::Native::try_from).transpose());
    let array = narrowed.collect::<std::result::Result<Vec<_>, _>>().map_err(|_| too_large())?;
    Ok(std::sync::Arc::new(
        array.into_iter().collect::<PrimitiveArray<T>>().with_data_type(data_type.clone()),
    ))
}

/// Sums as an array: whole ones as LONG, or as DECIMAL where 64 bits do not hold one.
pub(super) fn sum_array(values: &[Option<i128>], data_type: &DataType) -> Result<ArrayRef> {
    if matches!(data_type, DataType::Decimal128(..)) {
        return exact_array(values, data_type);
    }
    let longs: std::result::Result<Vec<_>, _> =
        values.iter().map(|value| value.map(i64::try_from).transpose()).collect();
    match longs {
        Ok(longs) => Ok(std::sync::Arc::new(Int64Array::from(longs))),
        Err(_) => exact_array(values, &DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0)),
    }
}

pub(super) fn float_array(values: Vec<Option<f64>>) -> ArrayRef {
    std::sync::Arc::new(Float64Array::from(values))
}

pub(super) fn too_large() -> Error {
    Error::invalid("sum_too_large", "a sum needs more than the 38 digits a DECIMAL can hold")
        .hint("group by more columns, or CAST the column in the query")
}
