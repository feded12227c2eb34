//! `JSON_EXTRACT(text, '$.path')` and `JSON_SERIALIZE(value)`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use serde_json::Value;

use super::scalar::Scalar;
use crate::output;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![
        Scalar::new("json_extract", 2, |_| Ok(DataType::Utf8), extract_all),
        Scalar::new("json_serialize", 1, |_| Ok(DataType::Utf8), serialize_all),
    ]
}

fn extract_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (texts, paths) = (cast(&columns[0], &DataType::Utf8)?, cast(&columns[1], &DataType::Utf8)?);
    let pairs = texts.as_string::<i32>().iter().zip(paths.as_string::<i32>().iter());
    Ok(Arc::new(pairs.map(|(text, path)| extract(text?, path?)).collect::<StringArray>()))
}

/// The value at a path of `.name` and `[number]` steps: texts bare, the rest as JSON.
fn extract(text: &str, path: &str) -> Option<String> {
    let document: Value = serde_json::from_str(text).ok()?;
    let pointer = path.trim_start_matches('$').replace(['.', '['], "/").replace(']', "");
    match document.pointer(&pointer)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn serialize_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let column = &columns[0];
    let rows = (0..column.len()).map(|row| output::json(column, row).to_string());
    Ok(Arc::new(rows.map(Some).collect::<StringArray>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let text = r#"{"a": {"b": [1, {"c": "x"}]}}"#;
        assert_eq!(extract(text, "$.a.b[1].c").as_deref(), Some("x"));
        assert_eq!(extract(text, "$.a.b[0]").as_deref(), Some("1"));
        assert_eq!(extract(text, "$.z"), None);
    }
}
