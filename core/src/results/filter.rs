//! Which rows are wanted: conditions on columns, all of which a row must meet.

use std::cmp::Ordering;
use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::filter::filter_record_batch;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::column::type_name;
use super::decode::column as typed_column;
use super::roll_up::{Numbers, check_ordered, number_of, scale};
use crate::{Error, Result};

/// Conditions on columns. A row is wanted if it meets all of them.
///
/// As JSON: `[["impressions", ">=", 1000], ["campaign", "in", ["Summer", "Autumn"]], ["reach", "is not null"]]`. NULL
/// meets no condition but `is null`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter {
    conditions: Vec<Condition>,
}

/// A column, how it is compared, and with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Condition(String, Comparison, #[serde(default)] Value);

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `=`: it is that value.
    #[serde(rename = "=", alias = "==")]
    Equal,
    /// `!=`: it is another.
    #[serde(rename = "!=", alias = "<>")]
    NotEqual,
    /// `<`: it is smaller.
    #[serde(rename = "<")]
    Less,
    /// `<=`: it is smaller, or the same.
    #[serde(rename = "<=")]
    AtMost,
    /// `>`: it is larger.
    #[serde(rename = ">")]
    Greater,
    /// `>=`: it is larger, or the same.
    #[serde(rename = ">=")]
    AtLeast,
    /// `in`: it is one of a list.
    #[serde(rename = "in")]
    In,
    /// `not in`: it is none of a list.
    #[serde(rename = "not in")]
    NotIn,
    /// `contains`: a text has that text in it.
    #[serde(rename = "contains")]
    Contains,
    /// `starts with`: a text begins with that text.
    #[serde(rename = "starts with")]
    StartsWith,
    /// `is null`: there is no value.
    #[serde(rename = "is null")]
    IsNull,
    /// `is not null`: there is one.
    #[serde(rename = "is not null")]
    IsNotNull,
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Filter {
    /// No conditions: every row is wanted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads conditions from JSON: a list of lists of a column, a comparison and a value.
    ///
    /// # Errors
    /// `InvalidInput`, code `filter_unreadable`.
    pub fn from_json(asked: Value) -> Result<Self> {
        serde_json::from_value(asked).map_err(|error| {
            Error::invalid("filter_unreadable", format!("the conditions cannot be read: {error}"))
                .hint("a condition is a column, a comparison and a value: [\"impressions\", \">=\", 1000]; comparisons are = != < <= > >= in, not in, contains, starts with, is null, is not null")
        })
    }

    /// Adds a condition. Dates and instants are texts, a list is an array.
    #[must_use]
    pub fn and(mut self, column: impl Into<String>, comparison: Comparison, value: impl Into<Value>) -> Self {
        self.conditions.push(Condition(column.into(), comparison, value.into()));
        self
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Condition(column, comparison, value)) in self.conditions.iter().enumerate() {
            write!(f, "{}{column} {comparison}", if at > 0 { " and " } else { "" })?;
            if !value.is_null() {
                write!(f, " {value}")?;
            }
        }
        Ok(())
    }
}

/// A filter of columns that exist, with values that fit them.
#[derive(Debug)]
pub(crate) struct FilterPlan {
    conditions: Vec<Planned>,
}

#[derive(Debug)]
struct Planned {
    column: String,
    comparison: Comparison,
    wanted: Vec<Wanted>,
}

/// A value that cells are compared with.
#[derive(Debug)]
enum Wanted {
    /// Digits and how many of them are behind the point.
    Exact(i128, i32),
    Float(f64),
    Text(String),
}

impl FilterPlan {
    /// Checks conditions against the columns there are.
    pub(crate) fn new(filter: &Filter, schema: &Schema) -> Result<Self> {
        let planned = |Condition(column, comparison, value): &Condition| {
            let field = schema.field(number_of(column, schema)?);
            let wanted = match comparison {
                Comparison::IsNull | Comparison::IsNotNull => Vec::new(),
                Comparison::In | Comparison::NotIn => {
                    let values = value.as_array().ok_or_else(|| unfit(field, value))?;
                    values.iter().map(|value| Wanted::of(field, value)).collect::<Result<_>>()?
                }
                Comparison::Contains | Comparison::StartsWith if *field.data_type() != DataType::Utf8 => {
                    return Err(unfit(field, value));
                }
                _ => vec![Wanted::of(field, value)?],
            };
            Ok(Planned { column: column.clone(), comparison: *comparison, wanted })
        };
        Ok(Self { conditions: filter.conditions.iter().map(planned).collect::<Result<_>>()? })
    }

    /// The columns it looks at.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().map(|planned| planned.column.as_str())
    }

    /// Which rows of a batch are wanted.
    pub(crate) fn mask(&self, batch: &RecordBatch) -> Result<BooleanArray> {
        let mut wanted = vec![true; batch.num_rows()];
        for planned in &self.conditions {
            let column = batch.column_by_name(&planned.column);
            let column = column.ok_or_else(|| Error::unexpected("a filtered column is not read"))?;
            planned.narrow(&comparable(column)?, &mut wanted);
        }
        Ok(wanted.into())
    }

    /// The rows of a batch that are wanted.
    pub(crate) fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        filter_record_batch(batch, &self.mask(batch)?)
            .map_err(|error| Error::unexpected("a batch cannot be filtered").caused_by(error))
    }
}

impl Planned {
    fn narrow(&self, column: &ArrayRef, wanted: &mut [bool]) {
        if let Comparison::IsNull | Comparison::IsNotNull = self.comparison {
            let null = self.comparison == Comparison::IsNull;
            (0..).zip(wanted).for_each(|(row, wanted)| *wanted &= column.is_null(row) == null);
            return;
        }
        let (cells, scale) = (Numbers::of(column), scale(column.data_type()));
        for (row, wanted) in wanted.iter_mut().enumerate() {
            *wanted = *wanted && column.is_valid(row) && self.holds(&cells, row, scale);
        }
    }

    fn holds(&self, cells: &Numbers<'_>, row: usize, scale: i32) -> bool {
        let order = |wanted: &Wanted| wanted.order(cells, row, scale);
        let is = |orders: &[Ordering]| {
            self.wanted.iter().any(|wanted| order(wanted).is_some_and(|order| orders.contains(&order)))
        };
        let text = |test: fn(&str, &str) -> bool| match (cells, self.wanted.first()) {
            (Numbers::Text(texts), Some(Wanted::Text(wanted))) => test(texts.value(row), wanted),
            _ => false,
        };
        match self.comparison {
            Comparison::Equal | Comparison::In => is(&[Ordering::Equal]),
            Comparison::NotEqual | Comparison::NotIn => !is(&[Ordering::Equal]),
            Comparison::Less => is(&[Ordering::Less]),
            Comparison::AtMost => is(&[Ordering::Less, Ordering::Equal]),
            Comparison::Greater => is(&[Ordering::Greater]),
            Comparison::AtLeast => is(&[Ordering::Greater, Ordering::Equal]),
            Comparison::Contains => text(|text, wanted| text.contains(wanted)),
            Comparison::StartsWith => text(|text, wanted| text.starts_with(wanted)),
            Comparison::IsNull | Comparison::IsNotNull => false,
        }
    }
}

impl Wanted {
    fn of(field: &Field, value: &Value) -> Result<Self> {
        check_ordered(field.name(), field.data_type()).or_else(|error| match field.data_type() {
            DataType::Boolean => Ok(()),
            _ => Err(error),
        })?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return Err(unfit(field, value)),
        };
        let exact = |data_type: &DataType, text: &str| {
            let mut column = typed_column(data_type);
            column.push(Some(text.as_bytes())).ok()?;
            let array = column.finish().ok().and_then(|array| comparable(&array).ok())?;
            match Numbers::of(&array) {
                Numbers::Exact(digits) => Some(Self::Exact(digits[0], scale(array.data_type()))),
                _ => None,
            }
        };
        let wanted = match field.data_type() {
            DataType::Utf8 => Some(Self::Text(text)),
            DataType::Float32 | DataType::Float64 => text.parse().ok().map(Self::Float),
            DataType::Date32 | DataType::Boolean => exact(field.data_type(), &text),
            DataType::Timestamp(..) => exact(field.data_type(), &text)
                .or_else(|| exact(field.data_type(), &format!("{text}T00:00:00Z"))),
            _ => exact(&DataType::Decimal128(38, 0), &text),
        };
        wanted
            .filter(|_| !value.is_boolean() || *field.data_type() == DataType::Boolean)
            .ok_or_else(|| unfit(field, value))
    }

    /// How a cell stands to it; nothing where they cannot be compared.
    fn order(&self, cells: &Numbers<'_>, row: usize, scale: i32) -> Option<Ordering> {
        match (cells, self) {
            (Numbers::Exact(values), Self::Exact(wanted, wanted_scale)) => {
                Some(order_exact((values[row], scale), (*wanted, *wanted_scale)))
            }
            (Numbers::Float(values), Self::Float(wanted)) => values[row].partial_cmp(wanted),
            (Numbers::Text(texts), Self::Text(wanted)) => Some(texts.value(row).cmp(wanted)),
            _ => None,
        }
    }
}

/// Compares digits of different scales. What is too large to be brought to the other's scale is larger than it.
fn order_exact((left, left_scale): (i128, i32), (right, right_scale): (i128, i32)) -> Ordering {
    let widened = |value: i128, digits: i32| {
        let factor = 10_i128.checked_pow(u32::try_from(digits).unwrap_or_default());
        factor.and_then(|factor| value.checked_mul(factor))
    };
    match (widened(left, right_scale - left_scale), widened(right, left_scale - right_scale)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (None, _) => left.cmp(&0),
        (_, None) => 0.cmp(&right),
    }
}

/// The same column, of a type whose values have an order here: FALSE is before TRUE.
pub(super) fn comparable(column: &ArrayRef) -> Result<ArrayRef> {
    match column.as_boolean_opt() {
        None => Ok(ArrayRef::clone(column)),
        Some(_) => arrow_cast::cast(column, &DataType::Int8)
            .map_err(|error| Error::unexpected("a column cannot be compared").caused_by(error)),
    }
}

fn unfit(field: &Field, value: &Value) -> Error {
    let message = format!(
        "column {:?} is {} and cannot be compared with {value} so",
        field.name(),
        type_name(field.data_type())
    );
    Error::invalid("not_comparable", message).hint(
        "give a value of the column's type, a list for in and not in, a text for contains and starts with",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray};
    use serde_json::json;

    use super::*;

    fn rows() -> RecordBatch {
        let decimals = Decimal128Array::from(vec![Some(150), Some(-25), None]);
        let columns: [(&str, ArrayRef); 6] = [
            ("campaign", Arc::new(StringArray::from(vec![Some("Summer"), Some("Größe"), None]))),
            ("n", Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), Some(0), None]))),
            ("spend", Arc::new(decimals.with_precision_and_scale(38, 2).unwrap())),
            ("rate", Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None]))),
            ("day", Arc::new(Date32Array::from(vec![Some(0), Some(1), None]))),
            ("kept", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
    }

    /// The numbers of the rows that meet one condition.
    fn met(condition: Value) -> Result<Vec<usize>> {
        let filter = Filter::from_json(json!([condition]))?;
        let mask = FilterPlan::new(&filter, &rows().schema())?.mask(&rows())?;
        Ok((0..3).filter(|row| mask.value(*row)).collect())
    }

    #[test]
    fn conditions_are_exact_in_every_type() {
        for (condition, expected) in [
            (json!(["campaign", "=", "Summer"]), vec![0]),
            (json!(["campaign", "!=", "Summer"]), vec![1]),
            (json!(["campaign", "in", ["x", "Größe"]]), vec![1]),
            (json!(["campaign", "not in", ["x"]]), vec![0, 1]),
            (json!(["campaign", "contains", "öß"]), vec![1]),
            (json!(["campaign", "starts with", "Su"]), vec![0]),
            (json!(["campaign", "is null"]), vec![2]),
            (json!(["n", "is not null"]), vec![0, 1]),
            (json!(["n", ">", 9_007_199_254_740_992_i64]), vec![0]),
            (json!(["n", ">=", 0.5]), vec![0]),
            (json!(["spend", "<=", "1.500"]), vec![0, 1]),
            (json!(["spend", "<", 1.5]), vec![1]),
            (json!(["spend", "=", "1.5001"]), vec![]),
            (json!(["spend", "<", "9e35"]), vec![0, 1]),
            (json!(["rate", ">=", 0.5]), vec![0]),
            (json!(["day", "<", "1970-01-02"]), vec![0]),
            (json!(["kept", "=", false]), vec![1]),
        ] {
            assert_eq!(met(condition.clone()).unwrap(), expected, "{condition}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for (condition, code) in [
            (json!(["nowhere", "=", 1]), "unknown_column"),
            (json!(["n", "=", "many"]), "not_comparable"),
            (json!(["n", "=", true]), "not_comparable"),
            (json!(["n", "contains", "1"]), "not_comparable"),
            (json!(["n", "in", 1]), "not_comparable"),
            (json!(["day", "=", "yesterday"]), "not_comparable"),
            (json!(["n", "~", 1]), "filter_unreadable"),
            (json!("n > 1"), "filter_unreadable"),
        ] {
            assert_eq!(met(condition.clone()).unwrap_err().code(), code, "{condition}");
        }
    }

    #[test]
    fn a_filter_reads_as_a_sentence() {
        let filter =
            Filter::new().and("n", Comparison::AtLeast, 5).and("campaign", Comparison::IsNull, Value::Null);
        assert_eq!(filter.to_string(), "n >= 5 and campaign is null");
    }
}
