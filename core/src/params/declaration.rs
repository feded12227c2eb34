//! What a query says about a parameter.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A parameter as its query declares it; everything but the name may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Declaration {
    /// The name, as in `{{name}}` and `CUSTOM_PARAMETER('name')`.
    pub name: String,
    /// The type of the value, or of each element of a list.
    #[serde(rename = "type")]
    pub parameter_type: ParameterType,
    /// Whether the value is a list.
    pub list: bool,
    /// What it is, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The value of a run that gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The only values there are; any, if empty. An identifier needs them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Value>,
    /// The smallest number, or the earliest date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Value>,
    /// The largest number, or the latest date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Value>,
    /// The most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The most elements of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
}

impl Declaration {
    /// Declares a parameter of one value.
    pub fn new(name: impl Into<String>, parameter_type: ParameterType) -> Self {
        Self { name: name.into(), parameter_type, ..Self::default() }
    }

    /// Declares a parameter with a list of values.
    pub fn list(name: impl Into<String>, parameter_type: ParameterType) -> Self {
        Self { list: true, ..Self::new(name, parameter_type) }
    }
}

/// The type of a parameter's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// Any text.
    #[default]
    String,
    /// A whole number; as a text of digits where JSON would lose some.
    Integer,
    /// A number with a fraction; as a text of digits where JSON would lose some.
    Decimal,
    /// True or false.
    Boolean,
    /// `yyyy-MM-dd`.
    Date,
    /// `yyyy-MM-ddTHH:mm:ss`.
    Timestamp,
    /// A pattern of LIKE or SIMILAR TO, written as it is.
    Pattern,
    /// The name of a table or column, one of the allowed ones.
    Identifier,
    /// An Amazon product id: ten capital letters and digits.
    Asin,
    /// A campaign id: digits, as a number or a text.
    CampaignId,
}

impl ParameterType {
    /// The name of the type in AMC's `inputParameters`.
    #[must_use]
    pub const fn amc_type(self) -> &'static str {
        match self {
            Self::Integer => "LONG",
            Self::Decimal => "DECIMAL",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
            Self::String | Self::Pattern | Self::Identifier | Self::Asin | Self::CampaignId => "STRING",
        }
    }

    /// What a value must look like, for messages.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        match self {
            Self::String | Self::Pattern => "a text",
            Self::Integer => "a whole number",
            Self::Decimal => "a number",
            Self::Boolean => "true or false",
            Self::Date => "a date like \"2025-09-01\"",
            Self::Timestamp => "a time like \"2025-09-01T06:00:00\"",
            Self::Identifier => "one of the allowed names",
            Self::Asin => "an ASIN: ten capital letters and digits",
            Self::CampaignId => "a campaign id: digits",
        }
    }
}
