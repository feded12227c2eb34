//! Values in the text forms of AMC's CSV.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Float64Type, TimeUnit, TimestampMillisecondType, UInt64Type,
};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::arrow::{compute::cast, error::ArrowError};
use serde_json::{Map, Value};

use crate::functions::ledger::{Ledger, counts};
use crate::functions::weights::Shortfall;
use crate::privacy::{Counted, HIDDEN};

/// `2022-10-25T22:11:00.000Z`.
const INSTANT: &str = "%Y-%m-%dT%H:%M:%S%.3fZ";

/// The rows of a batch as AMC writes them, with the users behind each if the batch carries them.
///
/// # Errors
/// When a column's type has no text form.
pub(crate) fn counted(batch: &RecordBatch, ledger: &Ledger) -> Result<Vec<Counted>, ArrowError> {
    let users = batch.column_by_name(HIDDEN).and_then(|users| users.as_primitive_opt::<UInt64Type>());
    let fields = batch.schema_ref().fields().iter().zip(batch.columns());
    let visible = fields.filter(|(field, _)| field.name() != HIDDEN);
    let columns: Vec<_> = visible.map(|(_, column)| plain(column)).collect::<Result<_, _>>()?;
    let row = |row| {
        let entry = users.filter(|users| users.is_valid(row)).map(|users| users.value(row));
        Counted {
            row: columns.iter().map(|column| text(column, row)).collect(),
            users: entry.map(|entry| counts(&ledger.users_of(entry))).unwrap_or_default(),
            shortfalls: entry
                .into_iter()
                .flat_map(|entry| ledger.shortfalls_of(entry))
                .filter_map(Shortfall::read)
                .collect(),
        }
    };
    Ok((0..batch.num_rows()).map(row).collect())
}

/// Instants in milliseconds; everything else as it is.
fn plain(column: &dyn Array) -> Result<datafusion::arrow::array::ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Timestamp(_, _) => cast(column, &DataType::Timestamp(TimeUnit::Millisecond, None)),
        _ => Ok(column.slice(0, column.len())),
    }
}

/// One value; `None` is NULL.
pub(crate) fn text(column: &dyn Array, row: usize) -> Option<String> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        return None;
    }
    Some(match column.data_type() {
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            let at = column.as_primitive::<TimestampMillisecondType>().value(row);
            chrono::DateTime::from_timestamp_millis(at)?.format(INSTANT).to_string()
        }
        DataType::Timestamp(_, _) => {
            text(&cast(column, &DataType::Timestamp(TimeUnit::Millisecond, None)).ok()?, row)?
        }
        DataType::Float64 => float(column.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, _) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::List(_) => bracketed(&column.as_list::<i32>().value(row)),
        DataType::Struct(_) => {
            let fields = column.as_struct().columns().iter();
            joined(fields.map(|field| text(field, row)))
        }
        DataType::Map(_, _) => bracketed(&column.as_map().value(row)),
        DataType::Binary => {
            column.as_binary::<i32>().value(row).iter().map(|byte| format!("{byte:02x}")).collect()
        }
        _ => displayed(column, row)?,
    })
}

fn displayed(column: &dyn Array, row: usize) -> Option<String> {
    let options = FormatOptions::new();
    ArrayFormatter::try_new(column, &options).ok()?.value(row).try_to_string().ok()
}

/// Whole numbers keep a digit after the point, as Java writes doubles.
fn float(value: f64) -> String {
    let plain = value.to_string();
    if value.is_finite() && !plain.contains('.') { format!("{plain}.0") } else { plain }
}

fn bracketed(elements: &dyn Array) -> String {
    joined((0..elements.len()).map(|element| text(elements, element)))
}

/// `[1, DSP-Video]`.
fn joined(parts: impl Iterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.map(|part| part.unwrap_or_else(|| "null".to_owned())).collect();
    format!("[{}]", parts.join(", "))
}

/// One value as JSON: numbers and truth as such, structs as objects, lists as arrays.
pub(crate) fn json(column: &dyn Array, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::List(_) => {
            let elements = column.as_list::<i32>().value(row);
            (0..elements.len()).map(|element| json(&elements, element)).collect()
        }
        DataType::Struct(fields) => {
            let parts = fields.iter().zip(column.as_struct().columns());
            Value::Object(
                parts.map(|(field, part)| (field.name().clone(), json(part, row))).collect::<Map<_, _>>(),
            )
        }
        kind if kind.is_numeric() || *kind == DataType::Boolean => {
            let text = text(column, row).unwrap_or_default();
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        _ => text(column, row).map_or(Value::Null, Value::String),
    }
}
