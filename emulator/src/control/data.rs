//! Test data over HTTP: rows of a table of an instance.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ControlError, read_known};
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
    rows: Option<Rows>,
}

/// The fields that hold rows.
pub(super) const ROWS: [&str; 3] = ["csv", "columns", "rows"];

/// What is said where no form of rows is there.
pub(super) const NO_ROWS: &str = "rows are needed: csv, columns and rows as lists, or rows as objects";

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
    let known = [&["instance", "table"], &ROWS[..]].concat();
    let Load { instance, table, rows } = read_known(&body, &known)?;
    let rows = rows.ok_or_else(|| NO_ROWS.to_owned()).and_then(read_rows).map_err(ControlError)?;
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
    if table.is_empty() {
        return Err("table must name a data source".to_owned());
    }
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
        Rows::Objects { rows } => read_objects(rows)?,
    })
}

fn checked(table: LoadedTable) -> Result<LoadedTable, String> {
    let width = table.columns.len();
    if let Some(name) = twice(&table.columns) {
        return Err(format!("column {name} is there twice"));
    }
    match table.rows.iter().position(|row| row.len() != width) {
        None => Ok(table),
        Some(index) => Err(format!("row {} has not {width} fields, as there are columns", index + 1)),
    }
}

fn twice(names: &[String]) -> Option<&String> {
    names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name)
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

/// Reads objects; a field that one does not have is NULL, one that the first has not is refused.
fn read_objects(rows: Vec<Map<String, Value>>) -> Result<LoadedTable, String> {
    let columns: Vec<String> = rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let row = |(at, mut row): (usize, Map<String, Value>)| -> Result<Row, String> {
        let fields = columns.iter().map(|name| row.remove(name).and_then(field)).collect();
        match row.keys().next() {
            None => Ok(fields),
            Some(name) => Err(format!("row {} has a field {name} that the first has not", at + 1)),
        }
    };
    let rows = rows.into_iter().enumerate().map(row).collect::<Result<_, _>>()?;
    Ok(LoadedTable { columns, rows })
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

    #[test]
    fn a_field_that_would_be_lost_is_named() {
        let refusal = rows(json!({"rows": [{"a": 1}, {"b": 2}]})).unwrap_err();
        assert_eq!(refusal, "row 2 has a field b that the first has not");
        assert_eq!(rows(json!({"csv": "a,a\n1,2\n"})).unwrap_err(), "column a is there twice");
    }
}
