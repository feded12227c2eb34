//! `FORMAT(template, arguments…)` with the conversions of Java's formatter: `%s`, `%d`, `%f` and `%.nf`, `%%`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};

use super::scalar::Scalar;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![Scalar::variadic("format", |_| Ok(DataType::Utf8), format_all)]
}

fn format_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let texts = columns
        .iter()
        .map(|column| Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()))
        .collect::<Result<Vec<StringArray>>>()?;
    let row = |row: usize| {
        let field = |column: &StringArray| column.is_valid(row).then(|| column.value(row).to_owned());
        let mut fields = texts.iter().map(field);
        match fields.next().flatten() {
            Some(template) => filled(&template, fields).map(Some),
            None => Ok(None),
        }
    };
    Ok(Arc::new((0..columns[0].len()).map(row).collect::<Result<StringArray>>()?))
}

fn filled(template: &str, mut fields: impl Iterator<Item = Option<String>>) -> Result<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let end = after.find(|letter: char| letter.is_alphabetic() || letter == '%').unwrap_or(0);
        let conversion = after.get(end..=end).unwrap_or_default();
        rest = after.get(end + 1..).unwrap_or_default();
        match conversion {
            "%" => text.push('%'),
            _ => text.push_str(&converted(conversion, &after[..end], fields.next().flatten())?),
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn converted(conversion: &str, precision: &str, field: Option<String>) -> Result<String> {
    let Some(field) = field else { return Ok("null".to_owned()) };
    let digits = precision.strip_prefix('.').and_then(|digits| digits.parse().ok()).unwrap_or(6);
    match conversion {
        "s" | "d" => Ok(field),
        "f" => match field.parse::<f64>() {
            Ok(number) => Ok(format!("{number:.digits$}")),
            Err(_) => Err(DataFusionError::Execution(format!("FORMAT: '{field}' is no number for %f"))),
        },
        other => Err(DataFusionError::Execution(format!("FORMAT: no conversion %{other}"))),
    }
}
