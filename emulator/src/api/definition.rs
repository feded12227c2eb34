//! What a workflow's body must look like, saved or inline.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::ApiError;
use super::fields::Fields;
use crate::csv::Dialect;
use crate::switches::Switches;

const MAX_ITEMS: usize = 100;

/// The data types of a parameter; an array is an object with `type` and `elementDataType`.
const DATA_TYPES: [&str; 14] = [
    "ARRAY",
    "BINARY",
    "BOOLEAN",
    "BYTE",
    "CALENDAR_INTERVAL",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INTEGER",
    "LONG",
    "SHORT",
    "STRING",
    "TIMESTAMP",
];

/// Text fields that are passed on as they are.
const TEXTS: [&str; 4] =
    ["inputSchema", "filteredMetricsDiscriminatorColumn", "distinctUserCountColumn", "filteredReasonColumn"];

/// The fields of a workflow; AMC drops every other one in silence, as it does in parameters and columns.
const WORKFLOW: [&str; 11] = [
    "workflowId",
    "sqlQuery",
    "query",
    "inputParameters",
    "outputColumns",
    "outputFormat",
    "privacyFilteringBehavior",
    TEXTS[0],
    TEXTS[1],
    TEXTS[2],
    TEXTS[3],
];

const PARAMETER: [&str; 6] = ["name", "displayName", "description", "columnType", "dataType", "defaultValue"];

const COLUMN: [&str; 6] =
    ["name", "columnType", "dataType", "dataTypePrecision", "dataTypeScale", "description"];

/// Checks everything about a definition that needs no compiler, and gives what is stored of it.
pub(super) fn read(switches: &Switches, fields: &Fields) -> Result<Map<String, Value>, ApiError> {
    check(switches, fields)?;
    let mut stored = only(&WORKFLOW, &fields.0);
    for (list, known) in [("inputParameters", &PARAMETER), ("outputColumns", &COLUMN)] {
        if let Some(Value::Array(items)) = stored.get_mut(list) {
            let items = items.iter_mut().filter_map(Value::as_object_mut);
            items.for_each(|item| *item = only(known, item));
        }
    }
    Ok(stored)
}

fn only(known: &[&str], fields: &Map<String, Value>) -> Map<String, Value> {
    let kept = fields.iter().filter(|(name, value)| known.contains(&name.as_str()) && !value.is_null());
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn check(switches: &Switches, fields: &Fields) -> Result<(), ApiError> {
    check_query(switches, fields)?;
    check_parameters(fields)?;
    check_columns(fields)?;
    for name in TEXTS {
        fields.text(name)?;
    }
    if let Some(id) = fields.text("workflowId")? {
        check_id(id)?;
    }
    if let Some(format) = fields.get("outputFormat").filter(|format| !format.is_string()) {
        Dialect::read(format).map_err(ApiError::bad_request)?;
    }
    match fields.text("privacyFilteringBehavior")? {
        None | Some("REMOVE_ROWS" | "REMOVE_VALUES") => Ok(()),
        Some(_) => {
            Err(ApiError::bad_request("privacyFilteringBehavior must be REMOVE_ROWS or REMOVE_VALUES."))
        }
    }
}

/// Checks an id: letters, digits, `.`, `-`, `_`.
pub(super) fn check_id(id: &str) -> Result<(), ApiError> {
    let valid = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !id.is_empty() && id.chars().all(valid) {
        return Ok(());
    }
    Err(ApiError::bad_request(format!(
        "{id:?} is not a valid id: only letters, digits, periods, dashes and underscores are allowed."
    )))
}

fn check_query(switches: &Switches, fields: &Fields) -> Result<(), ApiError> {
    let sql = fields.text("sqlQuery")?.unwrap_or_default();
    let legacy = fields.get("query").is_some();
    if sql.trim().is_empty() && !legacy {
        return Err(ApiError::bad_request("Either sqlQuery or query is required."));
    }
    let max = switches.max_sql_length;
    if max > 0 && sql.chars().count() > max {
        return Err(ApiError::bad_request(format!("sqlQuery must not be longer than {max} characters.")));
    }
    Ok(())
}

fn check_parameters(fields: &Fields) -> Result<(), ApiError> {
    let mut names = HashSet::new();
    for parameter in fields.list::<Fields>("inputParameters", MAX_ITEMS)? {
        let name = parameter.required_text("name")?;
        if !names.insert(name.to_owned()) {
            return Err(ApiError::bad_request(format!(
                "The workflow parameter {name} is defined multiple times"
            )));
        }
        parameter.text("displayName")?;
        check_kind(&parameter)?;
        check_data_type(name, parameter.get("dataType"))?;
    }
    Ok(())
}

fn check_columns(fields: &Fields) -> Result<(), ApiError> {
    for column in fields.list::<Fields>("outputColumns", MAX_ITEMS)? {
        let name = column.required_text("name")?;
        check_kind(&column)?;
        check_data_type(name, column.get("dataType"))?;
        column.integer("dataTypePrecision")?;
        column.integer("dataTypeScale")?;
    }
    Ok(())
}

/// Checks what parameters and columns have in common.
fn check_kind(item: &Fields) -> Result<(), ApiError> {
    item.text("description")?;
    match item.text("columnType")? {
        None | Some("DIMENSION" | "METRIC") => Ok(()),
        Some(_) => Err(ApiError::bad_request("columnType must be DIMENSION or METRIC.")),
    }
}

fn check_data_type(name: &str, data_type: Option<&Value>) -> Result<(), ApiError> {
    let word = match data_type {
        Some(Value::Object(array)) => array.get("type").and_then(Value::as_str),
        Some(Value::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match word {
        Some(word) if DATA_TYPES.contains(&word) => Ok(()),
        _ => Err(ApiError::bad_request(format!("{name} has no valid dataType."))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parameter_declared_twice_is_refused() {
        let parameter = json!({"name": "p", "dataType": "STRING"});
        let fields = json!({"sqlQuery": "SELECT 1", "inputParameters": [parameter, parameter]});
        let fields: Fields = serde_json::from_value(fields).unwrap();
        assert_eq!(
            check_parameters(&fields).unwrap_err().details,
            "The workflow parameter p is defined multiple times"
        );
    }
}
