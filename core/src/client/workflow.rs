//! A workflow saved at AMC itself, which is not one of ours.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A workflow as an instance stores it. Our runs never use one: they carry their query inline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AmcWorkflow {
    /// Its name: letters, digits, `.`, `-` and `_`, unique in the instance (AMC-documented).
    pub workflow_id: String,
    /// The query; empty where AMC still holds it as a list of operations, which is then in `options`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sql_query: String,
    /// The declarations of its parameters, as AMC writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input_parameters: Vec<Value>,
    /// Every further field (`outputFormat`, `privacyFilteringBehavior`, …), as it is.
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

impl AmcWorkflow {
    /// A workflow of a name and a query.
    pub fn new(workflow_id: impl Into<String>, sql_query: impl Into<String>) -> Self {
        Self { workflow_id: workflow_id.into(), sql_query: sql_query.into(), ..Self::default() }
    }
}
