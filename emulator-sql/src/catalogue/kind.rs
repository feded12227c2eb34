//! The column types of AMC's documentation and what Arrow carries them as.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};

/// A documented column type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    String,
    /// A 64-bit integer.
    Long,
    /// A 32-bit integer.
    Integer,
    /// A fixed-point number of (digits, digits after the point).
    Decimal(u8, i8),
    /// A 64-bit float.
    Double,
    /// TRUE or FALSE.
    Boolean,
    /// A calendar day.
    Date,
    /// An instant in milliseconds.
    Timestamp,
    /// A list of one of the others.
    Array(Box<Self>),
}

impl Kind {
    /// The Arrow type of a column of this kind.
    pub(crate) fn arrow(&self) -> DataType {
        match self {
            Self::String => DataType::Utf8,
            Self::Long => DataType::Int64,
            Self::Integer => DataType::Int32,
            Self::Decimal(precision, scale) => DataType::Decimal128(*precision, *scale),
            Self::Double => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, None),
            Self::Array(element) => DataType::List(Arc::new(Field::new_list_field(element.arrow(), true))),
        }
    }

    /// The kind of a computed column; what AMC has no name for is text in its CSV.
    pub(crate) fn of(arrow: &DataType) -> Self {
        match arrow {
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 => {
                Self::Integer
            }
            DataType::Int64 | DataType::UInt32 | DataType::UInt64 => Self::Long,
            DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => {
                Self::Decimal(*precision, *scale)
            }
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Double,
            DataType::Boolean => Self::Boolean,
            DataType::Date32 | DataType::Date64 => Self::Date,
            DataType::Timestamp(_, _) => Self::Timestamp,
            DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
                Self::Array(Box::new(Self::of(field.data_type())))
            }
            _ => Self::String,
        }
    }

    /// The name without parameters, as `dataType` carries it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Long => "LONG",
            Self::Integer => "INTEGER",
            Self::Decimal(_, _) => "DECIMAL",
            Self::Double => "DOUBLE",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
            Self::Array(_) => "ARRAY",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal(precision, scale) => write!(f, "DECIMAL({precision},{scale})"),
            Self::Array(element) => write!(f, "ARRAY<{element}>"),
            simple => f.write_str(simple.name()),
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inside = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(['>', ')']));
        if let Some(element) = inside("ARRAY<") {
            return Ok(Self::Array(Box::new(element.parse()?)));
        }
        if let Some((precision, scale)) = inside("DECIMAL(").and_then(|digits| digits.split_once(',')) {
            let number = |_| format!("{text}: not a number of digits");
            return Ok(Self::Decimal(precision.parse().map_err(number)?, scale.parse().map_err(number)?));
        }
        match text {
            "STRING" => Ok(Self::String),
            "LONG" => Ok(Self::Long),
            "INTEGER" => Ok(Self::Integer),
            "DOUBLE" => Ok(Self::Double),
            "BOOLEAN" => Ok(Self::Boolean),
            "DATE" => Ok(Self::Date),
            "TIMESTAMP" => Ok(Self::Timestamp),
            other => Err(format!("{other} is no column type")),
        }
    }
}
