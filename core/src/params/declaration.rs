//! What a query says about a parameter.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::ParameterType;
use super::reading::Written;

/// A parameter as its query declares it; everything but the name may be left out.
///
/// It reads from JSON leniently (see [`declarations`](super::declarations)) and writes itself in one spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Declaration {
    /// The name, as in `{{name}}` and `CUSTOM_PARAMETER('name')`.
    pub name: String,
    /// The type of the value, or of each element of a list.
    #[serde(rename = "type")]
    pub parameter_type: ParameterType,
    /// Whether the value is a list.
    #[serde(skip_serializing_if = "is_false")]
    pub list: bool,
    /// What it is, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The name a form shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The value of a run that gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The value of a run that gives none, by the value of another parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_by: Option<DefaultBy>,
    /// Whether a run may leave it out: then the value is NULL, or an empty list.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
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
    /// The fewest elements of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<usize>,
    /// The most elements of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
}

/// A default that follows from another parameter: `lookback_days` from `granularity`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultBy {
    /// The other parameter.
    pub parameter: String,
    /// The default for each of its values, written as a text; for any value not named here there is none.
    pub values: Map<String, Value>,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(flag: &bool) -> bool {
    !flag
}
