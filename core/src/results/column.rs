//! A column as AMC describes it in `outputColumns`, and the Arrow field that carries it.

use std::collections::HashMap;
use std::fmt;

use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType, Field, TimeUnit};
use serde::{Deserialize, Serialize};

/// Field metadata: the column's type in AMC's words, for example `DECIMAL(38,4)`.
pub const AMC_TYPE: &str = "amc.type";
/// Field metadata: AMC's `columnType`, `METRIC` or `DIMENSION`.
pub const AMC_COLUMN_TYPE: &str = "amc.column_type";
/// Field metadata of a decimal: the most digits before the point that any value of the column has.
pub const INTEGER_DIGITS: &str = "amc.integer_digits";

/// Field metadata of a text column that AMC did not describe: what its texts look like.
pub(super) const GUESS: &str = "amc.guess";

/// The scale of a DECIMAL whose scale AMC did not say: its documented metrics are DECIMAL(38,4).
const UNSAID_SCALE: i8 = 4;

/// One entry of AMC's `outputColumns`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputColumn {
    /// The column's name; the CSV header may spell it in another case.
    pub name: String,
    /// The type of its values.
    pub data_type: AmcType,
    /// The digits of a DECIMAL, before and after the point together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type_precision: Option<u8>,
    /// The digits of a DECIMAL after the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type_scale: Option<i8>,
    /// `METRIC` or `DIMENSION`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_type: Option<String>,
}

/// A type in AMC's words: a name, or an object where a name does not suffice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AmcType {
    /// A plain type such as `LONG`; names nobody foresaw are kept as they are.
    Named(String),
    /// An array: `{"type": "ARRAY", "elementDataType": …}`.
    Array(ArrayType),
    /// Any other object, kept as it is.
    Other(serde_json::Value),
}

/// The type of an array's elements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArrayType {
    /// Always `ARRAY`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type of one element.
    pub element_data_type: Box<AmcType>,
    /// Whether an element may be NULL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element_nullable: Option<bool>,
}

impl OutputColumn {
    /// Describes a column of a plain type.
    pub fn new(name: impl Into<String>, data_type: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: AmcType::Named(data_type.into()),
            data_type_precision: None,
            data_type_scale: None,
            column_type: None,
        }
    }

    /// Describes a DECIMAL column of `precision` digits, `scale` of them after the point.
    pub fn decimal(name: impl Into<String>, precision: u8, scale: i8) -> Self {
        Self {
            data_type_precision: Some(precision),
            data_type_scale: Some(scale),
            ..Self::new(name, "DECIMAL")
        }
    }

    /// The Arrow type its values are kept in; what has no exact counterpart stays text.
    #[must_use]
    pub fn arrow_type(&self) -> DataType {
        let AmcType::Named(name) = &self.data_type else { return DataType::Utf8 };
        match name.to_ascii_uppercase().as_str() {
            "LONG" => DataType::Int64,
            "INTEGER" => DataType::Int32,
            "SHORT" => DataType::Int16,
            "BYTE" => DataType::Int8,
            "DOUBLE" => DataType::Float64,
            "FLOAT" => DataType::Float32,
            "BOOLEAN" => DataType::Boolean,
            "DATE" => DataType::Date32,
            "TIMESTAMP" => timestamp(),
            "DECIMAL" => self.decimal_type(),
            _ => DataType::Utf8,
        }
    }

    /// The field under which the values appear, named as the file names it.
    pub(crate) fn field(&self, name: &str, data_type: DataType) -> Field {
        let mut metadata = HashMap::from([(AMC_TYPE.to_owned(), self.type_text(&data_type))]);
        if let Some(column_type) = &self.column_type {
            metadata.insert(AMC_COLUMN_TYPE.to_owned(), column_type.clone());
        }
        Field::new(name, data_type, true).with_metadata(metadata)
    }

    // Precision is AMC's word, not a promise: the widest one costs nothing and holds every value.
    fn decimal_type(&self) -> DataType {
        let scale = self.data_type_scale.unwrap_or(UNSAID_SCALE).clamp(0, 38);
        DataType::Decimal128(DECIMAL128_MAX_PRECISION, scale)
    }

    fn type_text(&self, data_type: &DataType) -> String {
        match (self.data_type_precision, data_type) {
            (Some(precision), DataType::Decimal128(_, scale)) => format!("DECIMAL({precision},{scale})"),
            (None, DataType::Decimal128(..)) => type_name(data_type),
            _ => self.data_type.to_string(),
        }
    }
}

impl fmt::Display for AmcType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Array(array) => write!(f, "ARRAY<{}>", array.element_data_type),
            Self::Other(value) => write!(f, "{value}"),
        }
    }
}

/// The Arrow type of AMC's TIMESTAMP: an instant, in microseconds.
pub(crate) fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// An Arrow type in AMC's words.
pub(crate) fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Int64 => "LONG".into(),
        DataType::Int32 => "INTEGER".into(),
        DataType::Int16 => "SHORT".into(),
        DataType::Int8 => "BYTE".into(),
        DataType::Float64 => "DOUBLE".into(),
        DataType::Float32 => "FLOAT".into(),
        DataType::Boolean => "BOOLEAN".into(),
        DataType::Date32 => "DATE".into(),
        DataType::Timestamp(..) => "TIMESTAMP".into(),
        DataType::Utf8 => "STRING".into(),
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => {
            format!("DECIMAL({precision},{scale})")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_amc_recorded() {
        let column: OutputColumn =
            serde_json::from_value(json!({"name": "reach", "dataType": "LONG", "columnType": "DIMENSION"}))
                .unwrap();
        assert_eq!(column.arrow_type(), DataType::Int64);
        assert_eq!(column.field("reach", DataType::Int64).metadata()[AMC_COLUMN_TYPE], "DIMENSION");
    }

    #[test]
    fn arrays_stay_text_and_keep_their_name() {
        let array = json!({"name": "path", "dataType": {"type": "ARRAY", "elementDataType": "LONG"}});
        let column: OutputColumn = serde_json::from_value(array.clone()).unwrap();
        assert_eq!(column.arrow_type(), DataType::Utf8);
        assert_eq!(column.field("path", DataType::Utf8).metadata()[AMC_TYPE], "ARRAY<LONG>");
        assert_eq!(serde_json::to_value(&column).unwrap(), array);
    }

    #[test]
    fn keeps_types_nobody_foresaw() {
        let geo = json!({"name": "place", "dataType": {"type": "GEO", "grid": 7}});
        let column: OutputColumn = serde_json::from_value(geo.clone()).unwrap();
        assert_eq!(column.arrow_type(), DataType::Utf8);
        assert_eq!(serde_json::to_value(&column).unwrap(), geo);
        assert_eq!(OutputColumn::new("x", "CALENDAR_INTERVAL").arrow_type(), DataType::Utf8);
    }

    #[test]
    fn decimals_take_the_scale_amc_says() {
        assert_eq!(OutputColumn::decimal("ratio", 20, 17).arrow_type(), DataType::Decimal128(38, 17));
        assert_eq!(OutputColumn::new("sales", "DECIMAL").arrow_type(), DataType::Decimal128(38, 4));
    }
}
