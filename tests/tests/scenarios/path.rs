//! Paths such as `instances[0].row_count` and `executions.length`.

use serde_json::Value;

/// The value at a path; `length` is the length of a list.
pub(crate) fn at(value: &Value, path: &str) -> Value {
    let mut value = value.clone();
    for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')).filter(|step| !step.is_empty())
    {
        value = match (&value, step.parse::<usize>()) {
            (Value::Array(items), Ok(index)) => items.get(index).cloned().unwrap_or_default(),
            (Value::Array(items), Err(_)) if step == "length" => items.len().into(),
            _ => value[step].clone(),
        };
    }
    value
}
