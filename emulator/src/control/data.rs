//! Test data over HTTP: rows of a table of an instance.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ControlError, read};
use crate::csv::Dialect;
use crate::query::{LoadedTable, Row};
use crate::service::Service;

/// Rows for a table.
#[derive(Debug, Deserialize)]
struct Load {
    /// The instance; every one if not given.
    instance: Option<String>,
    table: String,
    #[serde(flatten)]
    rows: Rows,
}

/// Rows in one of three forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Rows {
    /// CSV with a header line, in AMC's own dialect or with doubled quotes.
    Csv { csv: String },
    /// Columns by name, rows as lists.
    Lists { columns: Vec<String>, rows: Vec<Vec<Value>> },
    /// Rows as objects; the first one names the columns.
    Objects { rows: Vec<Map<String, Value>> },
}

/// Loads rows in place of the synthetic ones.
pub(super) async fn post(
    State(service): State<Arc<Service>>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let Load { instance, table, rows } = read(&body)?;
    let rows = read_rows(rows).map_err(ControlError)?;
    let count = rows.rows.len();
    load(&service, instance.as_deref(), &table, &rows).map_err(ControlError)?;
    Ok(Json(json!({"table": table, "rows": count})))
}

/// Loads rows into a table of one instance or of all.
pub(crate) fn load(
    service: &Arc<Service>,
    instance: Option<&str>,
    table: &str,
    rows: &LoadedTable,
) -> Result<(), String> {
    let known: Vec<String> = service.world(|world, _| world.instances.keys().cloned().collect());
    let chosen: Vec<&String> =
        known.iter().filter(|id| instance.is_none_or(|wanted| wanted == *id)).collect();
    if chosen.is_empty() {
        return Err(format!("there is no instance {}", instance.unwrap_or_default()));
    }
    chosen.into_iter().try_for_each(|id| service.engine.load(id, table, rows.clone()))
}

/// Reads rows of any form.
///
/// # Errors
/// The sentence that says which line or row is wrong.
pub(super) fn read_rows(rows: Rows) -> Result<LoadedTable, String> {
    checked(match rows {
        Rows::Csv { csv } => split_csv(&csv)?,
        Rows::Lists { columns, rows } => {
            let row = |row: Vec<Value>| row.into_iter().map(field).collect();
            LoadedTable { columns, rows: rows.into_iter().map(row).collect() }
        }
        Rows::Objects { rows } => read_objects(rows),
    })
}

fn checked(table: LoadedTable) -> Result<LoadedTable, String> {
    let width = table.columns.len();
    match table.rows.iter().position(|row| row.len() != width) {
        None => Ok(table),
        Some(index) => Err(format!("row {} has not {width} fields, as there are columns", index + 1)),
    }
}

/// Reads CSV with a header line.
///
/// # Errors
/// The sentence that says which line is wrong.
pub(crate) fn read_csv(csv: &str) -> Result<LoadedTable, String> {
    checked(split_csv(csv)?)
}

fn split_csv(csv: &str) -> Result<LoadedTable, String> {
    let mut lines = Dialect::default().parse(csv)?.into_iter();
    let header = lines.next().ok_or("the CSV has no header line")?;
    let columns = header.into_iter().map(Option::unwrap_or_default).collect();
    Ok(LoadedTable { columns, rows: lines.collect() })
}

fn read_objects(rows: Vec<Map<String, Value>>) -> LoadedTable {
    let columns: Vec<String> = rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let row = |mut row: Map<String, Value>| -> Row {
        columns.iter().map(|name| row.remove(name).and_then(field)).collect()
    };
    let rows = rows.into_iter().map(row).collect();
    LoadedTable { columns, rows }
}

/// Writes a JSON value as a field.
fn field(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(value: Value) -> Result<LoadedTable, String> {
        read_rows(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn the_three_forms_say_the_same() {
        let csv = rows(json!({"csv": "a,b\n1,\nx,\"\"\n"})).unwrap();
        let lists = rows(json!({"columns": ["a", "b"], "rows": [[1, null], ["x", ""]]})).unwrap();
        let objects = rows(json!({"rows": [{"a": 1, "b": null}, {"b": "", "a": "x"}]})).unwrap();
        for table in [&lists, &objects] {
            assert_eq!((&csv.columns, &csv.rows), (&table.columns, &table.rows));
        }
        assert_eq!(csv.rows[0], [Some("1".to_owned()), None]);
    }

    #[test]
    fn a_row_of_another_width_is_named() {
        let refusal = rows(json!({"csv": "a,b\n1,2\n3\n"})).unwrap_err();
        assert_eq!(refusal, "row 2 has not 2 fields, as there are columns");
    }
}
