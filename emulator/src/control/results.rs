//! Results scripted per query over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::data::{NO_ROWS, ROWS, Rows, read_rows};
use super::{ControlError, check_instance, read_known};
use crate::api::DATA_TYPES;
use crate::canned;
use crate::faults::BadEnd;
use crate::query::{LoadedTable, OutputColumn, Refusal};
use crate::scripted::{ScriptedResult, ScriptedRows};
use crate::service::Service;

/// A script: which queries, and their rows or their end.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Script {
    /// Text that the query must contain; every query if not given.
    #[serde(default)]
    contains: String,
    /// Only in this instance.
    instance: Option<String>,
    /// How long the run takes on the emulator's clock.
    seconds: Option<f64>,
    /// How it ends, instead of with rows.
    status: Option<BadEnd>,
    /// Its `statusReason`.
    #[serde(default)]
    reason: String,
    /// Types of columns by name, where the guess from the name is wrong.
    #[serde(default)]
    data_types: DataTypes,
    #[serde(flatten)]
    rows: Option<Rows>,
}

/// The fields of a script apart from its rows.
const FIELDS: [&str; 6] = ["contains", "instance", "seconds", "status", "reason", "dataTypes"];

/// Adds a script; a later one wins.
pub(super) async fn post(
    State(service): State<Arc<Service>>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let known = [&FIELDS, &ROWS[..]].concat();
    let result = scripted(read_known(&body, &known)?).map_err(ControlError)?;
    check_instance(&service, result.instance_id.as_deref())?;
    service.engine.script(result);
    Ok(Json(json!({})))
}

/// Takes away all scripts.
pub(super) async fn clear(State(service): State<Arc<Service>>) -> Json<Value> {
    service.engine.clear();
    Json(json!({}))
}

fn scripted(script: Script) -> Result<ScriptedResult, String> {
    let duration = script.seconds.map(Duration::try_from_secs_f64).transpose();
    let answer = match (script.status, script.rows) {
        (Some(BadEnd::Failed), _) => Err(Refusal::Failed(script.reason)),
        (Some(BadEnd::Rejected), _) => Err(Refusal::Rejected(script.reason)),
        (None, Some(rows)) => Ok(typed(read_rows(rows)?, &script.data_types)?),
        (None, None) => return Err(format!("{NO_ROWS}; or status")),
    };
    Ok(ScriptedResult {
        contains: script.contains,
        instance_id: script.instance,
        answer,
        duration: duration.map_err(|_| "seconds must be zero or more".to_owned())?,
    })
}

type DataTypes = BTreeMap<String, String>;

fn typed(table: LoadedTable, data_types: &DataTypes) -> Result<ScriptedRows, String> {
    if let Some(name) = data_types.keys().find(|name| !table.columns.contains(name)) {
        return Err(format!("dataTypes names {name}, which is no column"));
    }
    if let Some(other) = data_types.values().find(|name| !DATA_TYPES.contains(&name.as_str())) {
        return Err(format!("{other} is not a type; types are {}", DATA_TYPES.join(", ")));
    }
    let column = |name: &String| {
        let guessed = canned::guess_column(name);
        match data_types.get(name) {
            Some(data_type) => {
                OutputColumn { data_type: data_type.clone(), precision: None, scale: None, ..guessed }
            }
            None => guessed,
        }
    };
    Ok(ScriptedRows { columns: table.columns.iter().map(column).collect(), rows: table.rows })
}
