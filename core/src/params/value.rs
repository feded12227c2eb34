//! A value that was checked against its declaration.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::{Number, Value};

use super::declaration::Declaration;
use super::kind::ParameterType;

/// One value: what it says, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scalar {
    /// No value.
    Null,
    /// Any text.
    Text(String),
    /// The pattern of a LIKE, written as it is.
    Pattern(String),
    /// The digits of a number, with their sign.
    Number(String),
    /// True or false.
    Boolean(bool),
    /// `yyyy-MM-dd`.
    Date(String),
    /// `yyyy-MM-dd HH:mm:ss`, perhaps with a fraction.
    Timestamp(String),
    /// A name from an allow-list.
    Identifier(String),
}

/// A parameter's value in the shape it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// One value.
    One(Scalar),
    /// A list of values.
    Many(Vec<Scalar>),
    /// A list of rows, all of one length.
    Rows(Vec<Vec<Scalar>>),
}

impl Scalar {
    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// A text that a pattern must not read as one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Whether AMC takes such a value for a parameter of its own.
    pub(super) fn is_for_amc(&self) -> bool {
        !matches!(self, Self::Null | Self::Identifier(_) | Self::Pattern(_))
    }
}

impl Argument {
    /// Every single value.
    pub(super) fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        let (one, many, rows): (_, &[Scalar], &[Vec<Scalar>]) = match self {
            Self::One(scalar) => (Some(scalar), &[], &[]),
            Self::Many(items) => (None, items, &[]),
            Self::Rows(rows) => (None, &[], rows),
        };
        one.into_iter().chain(many).chain(rows.iter().flatten())
    }

    /// Every single value that is a free text.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.scalars().filter_map(|scalar| match scalar {
            Scalar::Text(text) | Scalar::Pattern(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Checks a value against its declaration, or infers from JSON what it is. The error says what is wrong with it.
    pub(super) fn read(value: &Value, declaration: Option<&Declaration>) -> Result<Self, String> {
        match (value, declaration) {
            (Value::Array(items), Some(declaration)) if declaration.list && is_rows(items, declaration) => {
                rows(items)
            }
            (Value::Array(items), Some(declaration)) if declaration.list => many(items, declaration),
            (Value::Null, Some(declaration)) if declaration.list => Ok(Self::Many(Vec::new())),
            (_, Some(declaration)) if declaration.list => Err("it must be a list".to_owned()),
            (Value::Array(_), Some(declaration)) => {
                Err(format!("it must be {}, not a list", declaration.parameter_type.expected()))
            }
            (value, Some(declaration)) => one(value, declaration).map(Self::One),
            (Value::Array(items), None) if items.iter().any(Value::is_array) => rows(items),
            (Value::Array(items), None) => {
                items.iter().map(inferred).collect::<Result<_, _>>().map(Self::Many)
            }
            (value, None) => inferred(value).map(Self::One),
        }
    }
}

/// Rows can only be declared as a list of anything.
fn is_rows(items: &[Value], declaration: &Declaration) -> bool {
    declaration.parameter_type == ParameterType::Any && items.iter().any(Value::is_array)
}

fn many(items: &[Value], declaration: &Declaration) -> Result<Argument, String> {
    if let Some(most) = declaration.max_items.filter(|most| items.len() > *most) {
        return Err(format!("it has {} elements, at most {most} are allowed", items.len()));
    }
    if let Some(fewest) = declaration.min_items.filter(|fewest| items.len() < *fewest) {
        return Err(format!("it has {} elements, at least {fewest} are needed", items.len()));
    }
    items.iter().map(|item| one(item, declaration)).collect::<Result<_, _>>().map(Argument::Many)
}

fn rows(items: &[Value]) -> Result<Argument, String> {
    let row = |item: &Value| match item {
        Value::Array(fields) => fields.iter().map(inferred).collect::<Result<Vec<_>, _>>(),
        _ => Err("some of its elements are rows and some are not".to_owned()),
    };
    let rows = items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 || rows.iter().any(|row| row.len() != width) {
        return Err("its rows must all have the same number of values, at least one".to_owned());
    }
    Ok(Argument::Rows(rows))
}

fn inferred(value: &Value) -> Result<Scalar, String> {
    match value {
        Value::Null => Ok(Scalar::Null),
        Value::Bool(flag) => Ok(Scalar::Boolean(*flag)),
        Value::Number(number) => Ok(Scalar::Number(digits(number))),
        Value::String(text) => Ok(Scalar::Text(text.clone())),
        Value::Array(_) => Err("a list inside a row is nothing a query can take".to_owned()),
        Value::Object(_) => Err("an object is nothing a query can take".to_owned()),
    }
}

fn one(value: &Value, declaration: &Declaration) -> Result<Scalar, String> {
    let kind = declaration.parameter_type;
    if value.is_null() {
        return Ok(Scalar::Null);
    }
    let scalar = typed(value, kind).ok_or_else(|| format!("{} is not {}", short(value), kind.expected()))?;
    is_allowed(value, declaration)?;
    in_range(value, declaration)?;
    Ok(scalar)
}

/// The value as one of `kind`, if it is.
pub(super) fn typed(value: &Value, kind: ParameterType) -> Option<Scalar> {
    let text = value.as_str();
    match kind {
        ParameterType::Any => inferred(value).ok(),
        ParameterType::String => Some(Scalar::Text(text?.to_owned())),
        ParameterType::Pattern => Some(Scalar::Pattern(text?.to_owned())),
        ParameterType::Boolean => value.as_bool().map(Scalar::Boolean),
        ParameterType::Date => NaiveDate::parse_from_str(text?, "%Y-%m-%d")
            .ok()
            .map(|date| Scalar::Date(date.format("%Y-%m-%d").to_string())),
        ParameterType::Timestamp => timestamp(text?).map(Scalar::Timestamp),
        ParameterType::Integer => number(value).filter(|digits| is_whole(digits)).map(Scalar::Number),
        ParameterType::Decimal => number(value).map(Scalar::Number),
        ParameterType::Identifier => {
            text.filter(|name| is_name(name)).map(|name| Scalar::Identifier(name.to_owned()))
        }
        ParameterType::Asin => text.filter(|asin| is_asin(asin)).map(|asin| Scalar::Text(asin.to_owned())),
        ParameterType::CampaignId => match value {
            Value::String(id) => is_campaign_id(id).then(|| Scalar::Text(id.clone())),
            _ => number(value).filter(|id| is_digits(id)).map(Scalar::Number),
        },
    }
}

/// A time without an offset is taken as it is; one with an offset as the same instant in UTC.
fn timestamp(text: &str) -> Option<String> {
    let local = text.replacen(' ', "T", 1);
    let instant = || DateTime::parse_from_rfc3339(&local).ok().map(|instant| instant.naive_utc());
    let time = NaiveDateTime::parse_from_str(&local, "%Y-%m-%dT%H:%M:%S%.f").ok().or_else(instant)?;
    Some(time.format("%Y-%m-%d %H:%M:%S%.f").to_string())
}

fn number(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(digits(number)),
        Value::String(text) if is_decimal(text) => Some(text.clone()),
        _ => None,
    }
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole.strip_prefix('-').unwrap_or(whole)) && is_digits(fraction)
}

fn is_whole(digits: &str) -> bool {
    is_digits(digits.strip_prefix('-').unwrap_or(digits))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, or the form that sponsored ads show in their console: `A0…`.
fn is_campaign_id(text: &str) -> bool {
    let is_one = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    is_digits(text) || (text.starts_with('A') && text.bytes().all(is_one))
}

fn is_asin(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Whether a text is a name that needs no quotes, perhaps with a schema before it.
fn is_name(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

fn is_allowed(value: &Value, declaration: &Declaration) -> Result<(), String> {
    let open = declaration.allowed.is_empty() && declaration.parameter_type != ParameterType::Identifier;
    if open || declaration.allowed.contains(value) {
        return Ok(());
    }
    let allowed: Vec<String> = declaration.allowed.iter().map(short).collect();
    Err(format!("{} is not one of the allowed values: {}", short(value), allowed.join(", ")))
}

fn in_range(value: &Value, declaration: &Declaration) -> Result<(), String> {
    let is = |bound: &Option<Value>, wrong: Ordering| {
        bound.as_ref().filter(|bound| order(value, bound) == Some(wrong)).map(short)
    };
    if let Some(min) = is(&declaration.min, Ordering::Less) {
        return Err(format!("{} is less than {min}", short(value)));
    }
    if let Some(max) = is(&declaration.max, Ordering::Greater) {
        return Err(format!("{} is more than {max}", short(value)));
    }
    match (value.as_str(), declaration.max_length) {
        (Some(text), Some(most)) if text.chars().count() > most => {
            Err(format!("it has {} characters, at most {most} are allowed", text.chars().count()))
        }
        _ => Ok(()),
    }
}

/// Numbers by size, dates and times by their text; anything else has no order.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let size = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    match (size(left), size(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        _ => Some(left.as_str()?.cmp(right.as_str()?)),
    }
}

/// A value for a message, cut where it is long.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The type AMC should take an undeclared value for.
pub(super) fn amc_type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(_) => Some("STRING"),
        Value::Bool(_) => Some("BOOLEAN"),
        Value::Number(number) => Some(if is_whole(&digits(number)) { "LONG" } else { "DOUBLE" }),
        _ => None,
    }
}

/// The digits of a number. Some languages have no whole numbers: what is whole is written so.
pub(super) fn digits(number: &Number) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number.as_f64().filter(|it| number.is_f64() && it.fract() == 0.0 && it.abs() < EXACT);
    whole.map_or_else(|| number.to_string(), |whole| format!("{whole:.0}"))
}
