//! Writes a value as SQL, in the form of its place.

use super::place::{Form, Slot};
use super::value::{Argument, Scalar};

/// Writes `argument` for `slot`. The error says why it cannot stand there.
pub(super) fn write(slot: &Slot, argument: &Argument) -> Result<String, String> {
    match argument {
        Argument::One(scalar) if slot.whole_string => inside_string(scalar).map(|text| literal(&text)),
        Argument::One(scalar) => one(slot.form, scalar),
        Argument::Many(items) if items.is_empty() => Err(EMPTY.to_owned()),
        Argument::Many(items) => many(slot, items),
        Argument::Rows(rows) if slot.form == Form::Rows => Ok(in_rows(rows)),
        Argument::Rows(_) => {
            Err("rows can stand only after VALUES, without parentheses: VALUES {{x}}".to_owned())
        }
    }
}

const EMPTY: &str = "an empty list cannot be written into a query; \
    give a value, or use CUSTOM_PARAMETER, which takes an empty array";

fn one(form: Form, scalar: &Scalar) -> Result<String, String> {
    match (form, scalar) {
        (Form::Text, scalar) => inside_string(scalar),
        (Form::Name | Form::Value | Form::Elements, Scalar::Identifier(name)) => Ok(name.clone()),
        (Form::QuotedName, Scalar::Identifier(name)) => Ok(name.clone()),
        (Form::Name | Form::QuotedName, _) => Err("the name of a table or column stands here; \
            declare the parameter as an identifier with its allowed values"
            .to_owned()),
        (_, Scalar::Identifier(_)) => Err("an identifier cannot stand here".to_owned()),
        (Form::Value | Form::Elements, scalar) => Ok(plain(scalar)),
        (Form::List | Form::Rows, scalar) => Ok(format!("({})", plain(scalar))),
        (Form::Pattern, Scalar::Text(text)) => Ok(literal(&containing(text))),
        (Form::Pattern | Form::Typed, scalar) => inside_string(scalar).map(|text| literal(&text)),
    }
}

fn many(slot: &Slot, items: &[Scalar]) -> Result<String, String> {
    let written: Vec<String> = items.iter().map(|item| element(slot, item)).collect::<Result<_, _>>()?;
    let names = items.iter().all(|item| matches!(item, Scalar::Identifier(_)));
    match slot.form {
        Form::Elements => Ok(written.join(", ")),
        Form::List => Ok(format!("({})", written.join(", "))),
        Form::Rows => Ok(written.iter().map(|item| format!("({item})")).collect::<Vec<_>>().join(", ")),
        Form::Value if names && !slot.whole_string => Ok(written.join(", ")),
        _ => Err("a list can stand only in IN (…), in ARRAY[…] or after VALUES, there without parentheses"
            .to_owned()),
    }
}

// Quotes around a list say that its elements are texts: IN ('{{x}}').
fn element(slot: &Slot, item: &Scalar) -> Result<String, String> {
    if slot.whole_string { inside_string(item).map(|text| literal(&text)) } else { Ok(plain(item)) }
}

fn in_rows(rows: &[Vec<Scalar>]) -> String {
    let row = |row: &Vec<Scalar>| format!("({})", row.iter().map(plain).collect::<Vec<_>>().join(", "));
    rows.iter().map(row).collect::<Vec<_>>().join(", ")
}

/// A value where the query expects one.
fn plain(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Null => "NULL".to_owned(),
        Scalar::Boolean(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
        Scalar::Number(digits) => digits.clone(),
        Scalar::Text(text) | Scalar::Pattern(text) => literal(&doubled(text)),
        Scalar::Date(date) => format!("CAST('{date}' AS DATE)"),
        Scalar::Timestamp(time) => format!("CAST('{time}' AS TIMESTAMP)"),
        Scalar::Identifier(name) => name.clone(),
    }
}

/// A value as part of a string, its quotes doubled.
fn inside_string(scalar: &Scalar) -> Result<String, String> {
    match scalar {
        Scalar::Null => Err("NULL cannot stand inside a string".to_owned()),
        Scalar::Text(text) | Scalar::Pattern(text) => Ok(doubled(text)),
        Scalar::Number(text) | Scalar::Date(text) | Scalar::Timestamp(text) | Scalar::Identifier(text) => {
            Ok(text.clone())
        }
        Scalar::Boolean(flag) => Ok(flag.to_string()),
    }
}

// People who write LIKE {{x}} mean "contains", unless they bring wildcards of their own.
fn containing(text: &str) -> String {
    let text = doubled(text);
    if text.contains('%') { text } else { format!("%{text}%") }
}

fn literal(inner: &str) -> String {
    format!("'{inner}'")
}

fn doubled(text: &str) -> String {
    text.replace('\'', "''")
}
