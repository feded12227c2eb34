//! `CUSTOM_PARAMETER('name')` and `BUILT_IN_PARAMETER('TIME_WINDOW_START')`: values of the execution as literals.

use amc_fleet_emulator::query::{Parameter, Refusal};
use chrono::{DateTime, Utc};
use datafusion::sql::sqlparser::ast::{Array, DataType, Expr, Function, Spanned, TimezoneInfo};
use serde_json::Value;

use super::{Context, tree};
use crate::refusal;

/// Rewrites a parameter into the literal of its type.
pub(super) fn rewrite(expr: &mut Expr, context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(function) = expr else { return Ok(()) };
    let literal = match tree::function_name(function).as_str() {
        "custom_parameter" => custom(function, context)?,
        "built_in_parameter" => built_in(function, context)?,
        _ => return Ok(()),
    };
    *expr = literal;
    Ok(())
}

fn named(function: &Function) -> Result<String, Refusal> {
    let name = tree::arguments(function).first().and_then(|name| tree::literal_text(name)).map(str::to_owned);
    name.ok_or_else(|| refusal::at(function.name.span(), "a parameter is named by one STRING literal"))
}

fn built_in(function: &Function, context: &Context<'_>) -> Result<Expr, Refusal> {
    let window = &context.query.window;
    let name = named(function)?;
    match name.to_uppercase().as_str() {
        "TIME_WINDOW_START" => Ok(instant(window.start)),
        "TIME_WINDOW_END" => Ok(instant(window.end)),
        _ => Err(refusal::at(function.name.span(), &format!("There is no built-in parameter '{name}'"))),
    }
}

fn instant(at: DateTime<Utc>) -> Expr {
    tree::cast(tree::text(&at.format("%Y-%m-%dT%H:%M:%S%.3f").to_string()), milliseconds())
}

/// TIMESTAMP as AMC has it.
pub(super) fn milliseconds() -> DataType {
    DataType::Timestamp(Some(3), TimezoneInfo::None)
}

fn custom(function: &Function, context: &Context<'_>) -> Result<Expr, Refusal> {
    let name = named(function)?;
    let declared = context.query.parameters.iter().find(|parameter| parameter.name == name);
    let parameter = declared.ok_or_else(|| {
        refusal::at(
            function.name.span(),
            &format!("Filter operation referenced an undeclared parameter {name}."),
        )
    })?;
    literal(parameter).map_err(|problem| refusal::at(function.name.span(), &problem))
}

fn literal(parameter: &Parameter) -> Result<Expr, String> {
    let name = &parameter.name;
    if parameter.is_list() {
        let element = parameter.data_type.get("elementDataType").and_then(Value::as_str);
        return array(parameter, element.unwrap_or("STRING"));
    }
    let kind = parameter.data_type.as_str().unwrap_or("STRING");
    match &parameter.value {
        None | Some(Value::Null) => Err(format!("Parameter {name} has no value and no default value")),
        Some(Value::Array(_)) => Err(format!("Parameter {name} is declared as {kind} but given an array")),
        Some(value) => scalar(value, kind).map_err(|problem| format!("Parameter {name}: {problem}")),
    }
}

fn scalar(value: &Value, kind: &str) -> Result<Expr, String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let readable = match kind {
        "BYTE" | "SHORT" | "INTEGER" | "LONG" => text.parse::<i64>().is_ok(),
        "DECIMAL" | "DOUBLE" | "FLOAT" => text.parse::<f64>().is_ok(),
        "BOOLEAN" => text.parse::<bool>().is_ok(),
        "DATE" => text.parse::<jiff::civil::Date>().is_ok(),
        "TIMESTAMP" => text.trim_end_matches('Z').parse::<jiff::civil::DateTime>().is_ok(),
        _ => true,
    };
    if !readable {
        return Err(format!("'{text}' is no {kind}"));
    }
    Ok(match sql_type(kind) {
        Some(data_type) => tree::cast(tree::text(text.trim_end_matches('Z')), data_type),
        None => tree::text(&text),
    })
}

fn sql_type(kind: &str) -> Option<DataType> {
    match kind {
        "BYTE" | "SHORT" | "INTEGER" => Some(DataType::Int(None)),
        "LONG" => Some(DataType::BigInt(None)),
        "DECIMAL" | "DOUBLE" | "FLOAT" => {
            Some(DataType::Double(datafusion::sql::sqlparser::ast::ExactNumberInfo::None))
        }
        "BOOLEAN" => Some(DataType::Boolean),
        "DATE" => Some(DataType::Date),
        "TIMESTAMP" => Some(milliseconds()),
        _ => None,
    }
}

/// An unset list is NULL: `… OR param IS NULL OR CARDINALITY(param) = 0` is how queries make lists optional.
fn array(parameter: &Parameter, element: &str) -> Result<Expr, String> {
    let values = match &parameter.value {
        None | Some(Value::Null) => return Ok(empty(element)),
        Some(Value::Array(values)) => values.clone(),
        Some(Value::String(text)) => listed(text),
        Some(other) => vec![other.clone()],
    };
    if values.is_empty() {
        return Ok(empty(element));
    }
    let elem = values.iter().map(|value| scalar(value, element)).collect::<Result<_, _>>()?;
    Ok(Expr::Array(Array { elem, named: true }))
}

fn listed(text: &str) -> Vec<Value> {
    let json = serde_json::from_str(text).ok().and_then(|value: Value| value.as_array().cloned());
    json.unwrap_or_else(|| text.split(',').map(|part| Value::String(part.trim().to_owned())).collect())
}

fn empty(element: &str) -> Expr {
    let arrow = match element {
        "BYTE" | "SHORT" | "INTEGER" => "List(Int32)",
        "LONG" => "List(Int64)",
        "DECIMAL" | "DOUBLE" | "FLOAT" => "List(Float64)",
        "BOOLEAN" => "List(Boolean)",
        _ => "List(Utf8)",
    };
    tree::call("arrow_cast", vec![tree::null(), tree::text(arrow)])
}
