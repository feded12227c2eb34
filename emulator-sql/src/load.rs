//! Rows that a test loads in place of synthetic ones.

use amc_fleet_emulator::query::LoadedTable;
use datafusion::arrow::array::{Array, ArrayRef, ListArray, RecordBatch, StringArray, new_null_array};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field};
use std::sync::Arc;

use crate::catalogue::{Column, Table};

/// Reads loaded rows as rows of the table: columns that are not named are NULL.
///
/// # Errors
/// A sentence naming the column that does not exist or the value that is not of its type.
pub(crate) fn batch(table: &Table, rows: &LoadedTable) -> Result<RecordBatch, String> {
    for name in &rows.columns {
        table.column(name).ok_or_else(|| format!("{} has no column {name}", table.name))?;
    }
    let columns =
        table.columns.iter().map(|described| column(described, rows)).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(&table.schema), columns).map_err(|error| error.to_string())
}

fn column(described: &Column, rows: &LoadedTable) -> Result<ArrayRef, String> {
    let kind = described.kind.arrow();
    let Some(place) = rows.columns.iter().position(|name| *name == described.name) else {
        return Ok(new_null_array(&kind, rows.rows.len()));
    };
    let texts: Vec<Option<&str>> =
        rows.rows.iter().map(|row| row.get(place).and_then(|field| field.as_deref())).collect();
    let problem = |error| format!("{}: {error}", described.name);
    match &kind {
        DataType::List(element) => lists(&texts, element).map_err(problem),
        _ => strictly(&StringArray::from(texts), &kind).map_err(problem),
    }
}

fn strictly(texts: &dyn Array, kind: &DataType) -> Result<ArrayRef, datafusion::arrow::error::ArrowError> {
    cast_with_options(texts, kind, &CastOptions { safe: false, ..CastOptions::default() })
}

/// `[a, b]`.
fn lists(
    texts: &[Option<&str>],
    element: &Arc<Field>,
) -> Result<ArrayRef, datafusion::arrow::error::ArrowError> {
    let mut builder =
        datafusion::arrow::array::ListBuilder::new(datafusion::arrow::array::StringBuilder::new());
    for text in texts {
        match text {
            Some(text) => {
                let inside = text.trim_start_matches('[').trim_end_matches(']');
                let parts = inside.split(',').map(str::trim).filter(|part| !part.is_empty());
                builder.append_value(parts.map(Some));
            }
            None => builder.append_null(),
        }
    }
    let lists: ListArray = builder.finish();
    strictly(&lists, &DataType::List(Arc::clone(element)))
}
