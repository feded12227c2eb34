//! Parameters that AMC takes itself: `inputParameters` and `parameterValues`.

use serde_json::{Map, Value, json};

use super::arguments::{Arguments, wrong_type};
use super::declaration::Declaration;
use super::kind::ParameterType;
use super::value::{Argument, Scalar, amc_type_of};
use crate::{Position, Result};

/// What AMC hears about the parameters of a query.
#[derive(Debug, Default)]
pub(super) struct Native {
    pub(super) input_parameters: Vec<Value>,
    pub(super) parameter_values: Map<String, Value>,
}

impl Native {
    /// Describes every parameter mentioned, once.
    pub(super) fn of(mentions: &[(String, Position)], arguments: &Arguments<'_>) -> Result<Self> {
        let mut native = Self::default();
        for (name, position) in mentions {
            if !native.parameter_values.contains_key(name) {
                native.add(name, *position, arguments)?;
            }
        }
        Ok(native)
    }

    fn add(&mut self, name: &str, position: Position, arguments: &Arguments<'_>) -> Result<()> {
        let (value, declaration) = (arguments.value(name, position)?, arguments.declaration(name));
        let argument = arguments.get(name, position)?;
        let data_type = data_type(&argument, value, declaration);
        let data_type = data_type.map_err(|why| wrong_type(name, position, why))?;
        self.input_parameters.push(described(name, data_type, declaration));
        self.parameter_values.insert(name.to_owned(), given(value, &argument, declaration));
        Ok(())
    }
}

fn described(name: &str, data_type: Value, declaration: Option<&Declaration>) -> Value {
    let mut described = json!({"name": name, "dataType": data_type, "columnType": "DIMENSION"});
    if let Some(description) = declaration.and_then(|declaration| declaration.description.as_ref()) {
        described["description"] = json!(description);
    }
    described
}

fn data_type(
    argument: &Argument,
    value: &Value,
    declaration: Option<&Declaration>,
) -> Result<Value, &'static str> {
    if declaration.is_some_and(|it| it.parameter_type == ParameterType::Identifier) {
        return Err("the name of a table or column cannot go through CUSTOM_PARAMETER; write {{name}}");
    }
    if argument.scalars().any(|scalar| scalar.is_null()) {
        return Err("AMC takes no NULL for a parameter");
    }
    let declared = declaration.and_then(|declaration| declaration.parameter_type.amc_type());
    match argument {
        Argument::Rows(_) => Err("AMC takes no rows for a parameter"),
        Argument::One(_) => Ok(json!(declared.or_else(|| amc_type_of(value)))),
        Argument::Many(_) => {
            let element = declared.map_or_else(|| element_type(value), Ok)?;
            Ok(json!({"type": "ARRAY", "elementDataType": element, "elementNullable": false}))
        }
    }
}

/// The one type of an undeclared list's elements; an empty list is one of texts.
fn element_type(list: &Value) -> Result<&'static str, &'static str> {
    let mut types: Vec<_> = list.as_array().into_iter().flatten().filter_map(amc_type_of).collect();
    types.sort_unstable();
    types.dedup();
    match types.as_slice() {
        [] => Ok("STRING"),
        [one] => Ok(one),
        ["DOUBLE", "LONG"] => Ok("DOUBLE"),
        _ => Err("its elements are of different types; declare the type"),
    }
}

/// The value as AMC gets it: text where the declared type is one, times in AMC's form, an empty list for an unset one.
fn given(value: &Value, argument: &Argument, declaration: Option<&Declaration>) -> Value {
    let as_text = declaration.and_then(|it| it.parameter_type.amc_type()) == Some("STRING");
    let one = |(value, scalar): (&Value, &Scalar)| match (value, scalar) {
        (_, Scalar::Date(date)) => json!(date),
        (_, Scalar::Timestamp(time)) => json!(time.replacen(' ', "T", 1)),
        (Value::Number(_), Scalar::Number(digits)) if as_text => json!(digits),
        (Value::Number(_), Scalar::Number(digits)) => {
            digits.parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        (value, _) => value.clone(),
    };
    match value {
        Value::Null => json!([]),
        Value::Array(items) => items.iter().zip(argument.scalars()).map(one).collect(),
        value => argument.scalars().next().map_or_else(|| value.clone(), |scalar| one((value, scalar))),
    }
}
