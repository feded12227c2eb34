//! What a workflow's body must look like, saved or inline.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::ApiError;
use super::fields::Fields;
use crate::csv::Dialect;
use crate::switches::Switches;

const MAX_ITEMS: usize = 100;

/// The data types of a parameter; an array is an object with `type` and `elementDataType`.
pub(crate) const DATA_TYPES: [&str; 14] = [
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
            items.for_each(|item| *item = stored_item(known, item));
        }
    }
    Ok(stored)
}

/// Gives a parameter or a column as the service stores it: it says of an array whether elements can be null.
fn stored_item(known: &[&str], item: &Map<String, Value>) -> Map<String, Value> {
    let mut stored = only(known, item);
    let data_type = stored.get_mut("dataType").and_then(Value::as_object_mut);
    if let Some(array) =
        data_type.filter(|data_type| data_type.get("type").is_some_and(|word| word == "ARRAY"))
    {
        array.entry("elementNullable").or_insert(Value::Bool(false));
    }
    stored
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
    let legacy = fields.get("query");
    legacy.map_or(Ok(()), check_operations)?;
    if sql.trim().is_empty() && legacy.is_none() {
        return Err(ApiError::bad_request("Either sqlQuery or query is required."));
    }
    let max = switches.max_sql_length;
    if max > 0 && sql.chars().count() > max {
        return Err(ApiError::bad_request(format!("sqlQuery must not be longer than {max} characters.")));
    }
    Ok(())
}

/// Checks a legacy operation list: encoded as specified, or an object as recorded.
fn check_operations(query: &Value) -> Result<(), ApiError> {
    let valid = match query {
        Value::Array(items) => items.len() <= MAX_ITEMS && items.iter().all(|item| is_base64(item.as_str())),
        Value::Object(query) => query.get("operations").is_some_and(Value::is_array),
        _ => false,
    };
    if valid {
        return Ok(());
    }
    Err(ApiError::bad_request(format!(
        "query must be a list of at most {MAX_ITEMS} base64 texts, or an object with a list of operations."
    )))
}

fn is_base64(text: Option<&str>) -> bool {
    let Some(text) = text.filter(|text| text.len() % 4 == 0) else { return false };
    let digits = text.strip_suffix("==").or(text.strip_suffix('=')).unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
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
