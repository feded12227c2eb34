//! The rows of a batch as JSON objects, for small tables that people write.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, Field};
use serde_json::{Map, Value};

use crate::{Error, Result};

/// Reads every row as an object: whole numbers, doubles, booleans, texts and lists of texts.
///
/// # Errors
/// `InvalidInput` (`table_unreadable`) naming a column of any other type.
pub(crate) fn records(batch: &RecordBatch) -> Result<Vec<Map<String, Value>>> {
    let mut rows = vec![Map::new(); batch.num_rows()];
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let column = simple(column).map_err(|error| unreadable(field, error))?;
        for (number, row) in rows.iter_mut().enumerate() {
            row.insert(field.name().clone(), cell(column.as_ref(), number));
        }
    }
    Ok(rows)
}

/// The column in one of the few types that a cell is read from.
fn simple(column: &ArrayRef) -> Result<ArrayRef, arrow_schema::ArrowError> {
    let simpler = match column.data_type() {
        DataType::Boolean => DataType::Boolean,
        number if number.is_integer() => DataType::Int64,
        number if number.is_floating() => DataType::Float64,
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
            DataType::new_list(DataType::Utf8, true)
        }
        _ => DataType::Utf8,
    };
    cast(column, &simpler)
}

fn cell(column: &dyn Array, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            (0..items.len()).map(|item| cell(items.as_ref(), item)).collect()
        }
        _ => column.as_string::<i32>().value(row).into(),
    }
}

fn unreadable(field: &Field, error: arrow_schema::ArrowError) -> Error {
    let message = format!("the column {} of type {} cannot be read", field.name(), field.data_type());
    Error::invalid("table_unreadable", message).caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Float64Array, LargeStringArray, ListArray};
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_objects() {
        let tags = ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1)]), None]);
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("id", Arc::new(LargeStringArray::from(vec!["a", "b"]))),
            ("share", Arc::new(Float64Array::from(vec![Some(0.5), None]))),
            ("tags", Arc::new(tags)),
        ];
        let batch =
            RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true)));
        let rows = records(&batch.unwrap()).unwrap();
        assert_eq!(Value::from(rows[0].clone()), json!({"id": "a", "share": 0.5, "tags": ["1"]}));
        assert_eq!(Value::from(rows[1].clone()), json!({"id": "b", "share": null, "tags": null}));
    }
}
