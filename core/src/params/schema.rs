//! Declarations for forms and for other programs: JSON Schema, and what a form shows.

use serde_json::{Map, Value, json};

use super::declaration::Declaration;
use super::kind::ParameterType;

/// The declarations as a JSON Schema (2020-12) of the object that holds a run's values.
///
/// ```
/// use amc_fleet::params::{Declaration, ParameterType, json_schema};
///
/// let schema = json_schema(&[Declaration::list("asins", ParameterType::Asin)]);
/// assert_eq!(schema["properties"]["asins"]["items"]["pattern"], "^[A-Z0-9]{10}$");
/// assert_eq!(schema["required"][0], "asins");
/// ```
#[must_use]
pub fn json_schema(declarations: &[Declaration]) -> Map<String, Value> {
    let properties: Map<String, Value> =
        declarations.iter().map(|it| (it.name.clone(), property(it))).collect();
    let is_required = |it: &&Declaration| it.default.is_none() && it.default_by.is_none() && !it.optional;
    let required: Vec<_> = declarations.iter().filter(is_required).map(|it| it.name.as_str()).collect();
    object(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    }))
}

/// What a form shows for each declaration: its control, its label, its options, its default, its help.
#[must_use]
pub fn ui_schema(declarations: &[Declaration]) -> Map<String, Value> {
    let fields = declarations.iter().map(|it| {
        let mut field = json!({
            "name": it.name,
            "control": control(it),
            "label": it.label.clone().unwrap_or_else(|| label(&it.name)),
            "required": it.default.is_none() && it.default_by.is_none() && !it.optional,
        });
        let options: Vec<Value> =
            it.allowed.iter().map(|value| json!({"value": value, "label": shown(value)})).collect();
        set(&mut field, "options", (!options.is_empty()).then(|| Value::from(options)));
        set(&mut field, "default", it.default.clone());
        set(&mut field, "default_by", it.default_by.as_ref().map(|by| json!(by)));
        set(&mut field, "help", it.description.clone().map(Value::from));
        field
    });
    object(json!({"fields": fields.collect::<Vec<_>>()}))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

fn property(declaration: &Declaration) -> Value {
    let mut schema = element(declaration);
    if declaration.list {
        schema = json!({"type": "array", "items": schema});
        set(&mut schema, "minItems", declaration.min_items.map(Value::from));
        set(&mut schema, "maxItems", declaration.max_items.map(Value::from));
    }
    set(&mut schema, "title", declaration.label.clone().map(Value::from));
    set(&mut schema, "description", declaration.description.clone().map(Value::from));
    set(&mut schema, "default", declaration.default.clone());
    schema
}

fn element(declaration: &Declaration) -> Value {
    use ParameterType::{
        Any, Asin, Boolean, CampaignId, Date, Decimal, Identifier, Integer, Pattern, String, Timestamp,
    };
    let mut schema = match declaration.parameter_type {
        Any => json!({"type": ["string", "number", "boolean"]}),
        String | Pattern | Identifier => json!({"type": "string"}),
        Integer => json!({"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}),
        Decimal => json!({"type": ["number", "string"], "pattern": "^-?[0-9]+([.][0-9]+)?$"}),
        Boolean => json!({"type": "boolean"}),
        Date => json!({"type": "string", "format": "date"}),
        Timestamp => json!({"type": "string", "format": "date-time"}),
        Asin => json!({"type": "string", "pattern": "^[A-Z0-9]{10}$"}),
        CampaignId => json!({"type": ["string", "integer"], "pattern": "^([0-9]+|A[A-Z0-9]+)$"}),
    };
    let is_number = matches!(declaration.parameter_type, Integer | Decimal);
    let (least, most) = if is_number { ("minimum", "maximum") } else { ("formatMinimum", "formatMaximum") };
    set(&mut schema, least, declaration.min.clone());
    set(&mut schema, most, declaration.max.clone());
    set(&mut schema, "maxLength", declaration.max_length.map(Value::from));
    set(
        &mut schema,
        "enum",
        (!declaration.allowed.is_empty()).then(|| Value::from(declaration.allowed.clone())),
    );
    schema
}

fn control(declaration: &Declaration) -> &'static str {
    match (declaration.list, declaration.allowed.is_empty(), declaration.parameter_type) {
        (true, false, _) => "multi_select",
        (true, true, _) => "tags",
        (false, false, _) => "select",
        (_, _, ParameterType::Integer | ParameterType::Decimal) => "number",
        (_, _, ParameterType::Boolean) => "checkbox",
        (_, _, ParameterType::Date) => "date",
        (_, _, ParameterType::Timestamp) => "datetime",
        _ => "text",
    }
}

/// `lookback_days` as people read it: `Lookback days`.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn set(schema: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        schema[key] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Presets;

    #[test]
    fn every_preset_has_a_schema_and_a_control() {
        let presets: Vec<Declaration> = Presets::default().iter().cloned().collect();
        let (schema, form) = (json_schema(&presets), ui_schema(&presets));
        assert_eq!(schema["properties"]["granularity"]["enum"], json!(["daily", "weekly", "monthly"]));
        assert_eq!(schema["properties"]["lookback_days"]["default"], 30);
        assert_eq!(schema["properties"]["asin_list"]["maxItems"], 10_000);
        let controls: Vec<_> =
            form["fields"].as_array().unwrap().iter().map(|it| it["control"].as_str()).collect();
        assert!(controls.contains(&Some("select")) && controls.contains(&Some("tags")));
        assert!(controls.contains(&Some("date")) && controls.contains(&Some("datetime")));
        assert_eq!(form["fields"][0]["label"], "Attribution window");
        assert_eq!(form["fields"][0]["options"][2], json!({"value": 14, "label": "14"}));
    }
}
