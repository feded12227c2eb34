//! Rows as JSON, for hosts without Arrow: what JSON cannot hold exactly is a text.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use serde::Serialize;
use serde_json::Value;

use crate::results::text::Cells;
use crate::{Error, Result};

/// How the cells of a column are written as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellForm {
    /// A text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A number that JSON holds exactly.
    Number,
    /// A double: a number, or one of the texts `NaN`, `Infinity` and `-Infinity`.
    Double,
    /// A whole number of 64 bits, as the text of its digits.
    Long,
    /// A decimal, as the text of its digits.
    Decimal,
    /// A date, as the text `2025-09-01`.
    Date,
    /// An instant, as the text `2025-09-01T06:00:00Z`.
    Timestamp,
}

impl CellForm {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Double => "double",
            Self::Long => "long",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
        }
    }

    pub(super) fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Boolean => Self::Boolean,
            DataType::Int8 | DataType::Int16 | DataType::Int32 => Self::Number,
            DataType::Float32 | DataType::Float64 => Self::Double,
            DataType::Int64 => Self::Long,
            DataType::Decimal128(..) | DataType::Decimal256(..) => Self::Decimal,
            DataType::Date32 => Self::Date,
            DataType::Timestamp(..) => Self::Timestamp,
            _ => Self::Text,
        }
    }
}

/// A column of a merged result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// How its cells are written as JSON.
    pub form: CellForm,
}

impl From<&Field> for Column {
    fn from(field: &Field) -> Self {
        Self { name: field.name().clone(), form: CellForm::of(field.data_type()) }
    }
}

/// Writes rows as JSON: an array of rows, each an array of cells in the forms of their [`Column`]s.
///
/// # Errors
/// `Unexpected` when a column's type has no text form.
pub fn json_rows(batches: &[RecordBatch]) -> Result<String> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for batch in batches {
        let columns =
            batch.columns().iter().map(|column| JsonCells::new(column)).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            rows.push(columns.iter().map(|cells| cells.get(row)).collect::<Result<_>>()?);
        }
    }
    serde_json::to_string(&rows).map_err(unwritable)
}

/// Writes a table as JSON: `{"columns": [names], "rows": [[cells]]}`, its rows as [`json_rows`] writes them.
///
/// # Errors
/// `Unexpected` when a column's type has no text form.
pub fn json_table(schema: &Schema, batches: &[RecordBatch]) -> Result<String> {
    let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
    let names = serde_json::to_string(&names).map_err(unwritable)?;
    Ok(format!(r#"{{"columns":{names},"rows":{}}}"#, json_rows(batches)?))
}

/// The cells of one column as JSON.
struct JsonCells<'a> {
    form: CellForm,
    array: &'a dyn Array,
    texts: Cells<'a>,
}

impl<'a> JsonCells<'a> {
    fn new(array: &'a dyn Array) -> Result<Self> {
        Ok(Self { form: CellForm::of(array.data_type()), array, texts: Cells::new(array)? })
    }

    fn get(&self, row: usize) -> Result<Value> {
        if self.array.is_null(row) {
            return Ok(Value::Null);
        }
        match self.form {
            CellForm::Boolean => Ok(self.array.as_boolean().value(row).into()),
            CellForm::Double => Ok(double(self.array, row)),
            CellForm::Number => self.texts.text(row)?.parse::<i64>().map(Value::from).map_err(unwritable),
            _ => self.texts.text(row).map(Value::from),
        }
    }
}

fn double(array: &dyn Array, row: usize) -> Value {
    let value = match array.as_primitive_opt::<Float64Type>() {
        Some(doubles) => doubles.value(row),
        None => array.as_primitive::<Float32Type>().value(row).into(),
    };
    match value {
        _ if value.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        finite => finite.into(),
    }
}

fn unwritable<E: std::error::Error + Send + Sync + 'static>(error: E) -> Error {
    Error::unexpected("rows cannot be written as JSON").caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Array, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn cells_keep_every_digit() {
        let columns: Vec<Arc<dyn Array>> = vec![
            Arc::new(StringArray::from(vec![Some("a\"b"), None])),
            Arc::new(Int64Array::from(vec![9_007_199_254_740_993, -1])),
            Arc::new(Int32Array::from(vec![7, 8])),
            Arc::new(Float64Array::from(vec![0.1, f64::NEG_INFINITY])),
            Arc::new(BooleanArray::from(vec![true, false])),
            Arc::new(Date32Array::from(vec![0, 1])),
        ];
        let named = columns
            .iter()
            .enumerate()
            .map(|(at, it)| Field::new(format!("c{at}"), it.data_type().clone(), true));
        let schema = Arc::new(Schema::new(named.collect::<Vec<_>>()));
        let batch = RecordBatch::try_new(schema, columns).unwrap();
        assert_eq!(
            json_rows(std::slice::from_ref(&batch)).unwrap(),
            r#"[["a\"b","9007199254740993",7,0.1,true,"1970-01-01"],[null,"-1",8,"-Infinity",false,"1970-01-02"]]"#
        );
        let table = json_table(&batch.schema(), &[batch.slice(1, 1)]).unwrap();
        let expected = r#"{"columns":["c0","c1","c2","c3","c4","c5"],"rows":[[null,"-1",8,"-Infinity",false,"1970-01-02"]]}"#;
        assert_eq!(table, expected);
    }
}
