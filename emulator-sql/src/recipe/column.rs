//! From facts to an Arrow column.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, ListBuilder,
    PrimitiveBuilder, StringArray, StringBuilder, TimestampMillisecondArray,
};
use datafusion::arrow::datatypes::{ArrowPrimitiveType, DataType, Int32Type, Int64Type};
use datafusion::arrow::error::ArrowError;

use super::Value;
use crate::catalogue::Kind;

/// Builds a column of `kind` from made values.
pub(crate) fn column(kind: &Kind, values: impl Iterator<Item = Value>) -> Result<ArrayRef, ArrowError> {
    let whole = |value: Value| value.whole();
    let small = |value: Value| value.whole().and_then(|number| i32::try_from(number).ok());
    Ok(match kind {
        Kind::String => Arc::new(values.map(Value::text).collect::<StringArray>()),
        Kind::Long => Arc::new(values.map(whole).collect::<Int64Array>()),
        Kind::Integer => Arc::new(values.map(small).collect::<Int32Array>()),
        Kind::Date => Arc::new(values.map(small).collect::<Date32Array>()),
        Kind::Timestamp => Arc::new(values.map(whole).collect::<TimestampMillisecondArray>()),
        Kind::Boolean => Arc::new(values.map(truth).collect::<BooleanArray>()),
        Kind::Double => Arc::new(values.map(float).collect::<Float64Array>()),
        Kind::Decimal(precision, scale) => {
            let numbers: Decimal128Array = values.map(|value| value.scaled(*scale)).collect();
            Arc::new(numbers.with_precision_and_scale(*precision, *scale)?)
        }
        Kind::Array(element) => list(&element.arrow(), values),
    })
}

fn truth(value: Value) -> Option<bool> {
    value.text().map(|text| text == "true")
}

#[allow(clippy::cast_precision_loss, reason = "made numbers are far below 2^53")]
fn float(value: Value) -> Option<f64> {
    match value {
        Value::Number(number, scale) => Some(number as f64 / 10_f64.powi(i32::try_from(scale).unwrap_or(0))),
        other => other.text().and_then(|text| text.parse().ok()),
    }
}

fn list(element: &DataType, values: impl Iterator<Item = Value>) -> ArrayRef {
    match element {
        DataType::Int32 => numbers::<Int32Type>(values, |number| i32::try_from(number).ok()),
        DataType::Int64 => numbers::<Int64Type>(values, Some),
        _ => texts(values),
    }
}

fn numbers<T: ArrowPrimitiveType>(
    values: impl Iterator<Item = Value>,
    narrow: fn(i64) -> Option<T::Native>,
) -> ArrayRef {
    let mut builder = ListBuilder::new(PrimitiveBuilder::<T>::new());
    for value in values {
        match value {
            Value::Numbers(numbers) => builder.append_value(numbers.into_iter().map(narrow)),
            _ => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

fn texts(values: impl Iterator<Item = Value>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for value in values {
        match value {
            Value::Texts(texts) => builder.append_value(texts.into_iter().map(Some)),
            _ => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}
