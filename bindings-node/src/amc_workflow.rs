//! AMC's own saved workflows.

use amc_fleet::client::AmcWorkflow as Core;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::record::Host;

/// A workflow saved at an instance of AMC, which is not one of ours.
#[napi(object)]
#[derive(Debug, Clone)]
pub struct AmcWorkflow {
    /// Its name, unique in the instance: letters, digits, `.`, `-` and `_`.
    pub workflow_id: String,
    /// The query; empty where AMC still holds it as a list of operations, which is then in `options`.
    pub sql_query: String,
    /// The declarations of its parameters, as AMC writes them.
    #[napi(ts_type = "Record<string, unknown>[]")]
    pub input_parameters: Option<Vec<Value>>,
    /// Every further field (`outputFormat`, …), as AMC writes it.
    #[napi(ts_type = "Record<string, unknown>")]
    pub options: Option<Map<String, Value>>,
}

impl Host<AmcWorkflow> for Core {
    fn host(self) -> AmcWorkflow {
        let Self { workflow_id, sql_query, input_parameters, options } = self;
        let (input_parameters, options) = (Some(input_parameters), Some(options));
        AmcWorkflow { workflow_id, sql_query, input_parameters, options }
    }
}

impl From<AmcWorkflow> for Core {
    fn from(workflow: AmcWorkflow) -> Self {
        let AmcWorkflow { workflow_id, sql_query, input_parameters, options } = workflow;
        let (input_parameters, options) = (input_parameters.unwrap_or_default(), options.unwrap_or_default());
        Self { workflow_id, sql_query, input_parameters, options }
    }
}
