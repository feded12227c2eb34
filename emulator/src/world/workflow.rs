//! A workflow as AMC stores it, and what the emulator reads out of it.

use serde_json::{Map, Value};

use crate::csv::Dialect;
use crate::query::{OutputColumn, Parameter, ParameterValues, Privacy, Refusal};

/// A saved or inline workflow: the body as it was sent, with what the service adds.
#[derive(Debug, Clone)]
pub(crate) struct Workflow {
    pub(crate) id: String,
    body: Map<String, Value>,
}

impl Workflow {
    pub(crate) fn new(id: String, mut body: Map<String, Value>) -> Self {
        body.insert("workflowId".to_owned(), Value::from(id.as_str()));
        Self { id, body }
    }

    /// Gives the workflow as it is answered.
    pub(crate) fn json(&self) -> Value {
        Value::Object(self.body.clone())
    }

    /// Gives the SQL text; empty for a legacy operation list.
    pub(crate) fn sql(&self) -> &str {
        self.text("sqlQuery").unwrap_or_default()
    }

    /// Gives the CSV dialect of its results.
    pub(crate) fn dialect(&self) -> Dialect {
        let format = self.body.get("outputFormat");
        format.and_then(|format| Dialect::read(format).ok()).unwrap_or_default()
    }

    /// Gives the names of its parameters in the order of declaration.
    pub(crate) fn parameter_names(&self) -> impl Iterator<Item = &str> {
        self.declared().filter_map(|parameter| parameter.get("name")?.as_str())
    }

    /// Gives its parameters with the values of an execution.
    pub(crate) fn parameters(&self, values: &ParameterValues) -> Vec<Parameter> {
        self.declared().filter_map(|declared| bind(declared, values)).collect()
    }

    /// Gives its parameters with values that stand in, while it is saved, for those of an execution.
    pub(crate) fn sample_parameters(&self) -> Vec<Parameter> {
        let sampled = |parameter: Parameter| Parameter {
            value: parameter.value.clone().or_else(|| sample(&parameter)),
            ..parameter
        };
        self.parameters(&ParameterValues::new()).into_iter().map(sampled).collect()
    }

    /// Gives the fields that change filtering and columns.
    pub(crate) fn privacy(&self) -> Privacy {
        let text = |name| self.text(name).map(str::to_owned);
        Privacy {
            filtering_behavior: text("privacyFilteringBehavior"),
            discriminator_column: text("filteredMetricsDiscriminatorColumn"),
            user_count_column: text("distinctUserCountColumn"),
            reason_column: text("filteredReasonColumn"),
            disable_aggregation_controls: false,
        }
    }

    /// Holds the columns of the query against those that were promised, if any were.
    ///
    /// # Errors
    /// Rejected, with both, unless they are the same in the same order.
    pub(crate) fn check_columns(&self, found: &[OutputColumn]) -> Result<(), Refusal> {
        let promised =
            self.body.get("outputColumns").and_then(Value::as_array).filter(|list| !list.is_empty());
        let Some(promised) = promised else { return Ok(()) };
        if promised.len() == found.len() && promised.iter().zip(found).all(|(one, other)| is_same(one, other))
        {
            return Ok(());
        }
        let promised: Vec<_> = promised.iter().map(|column| &column["name"]).collect();
        let found: Vec<_> = found.iter().map(|column| &column.name).collect();
        Err(Refusal::Rejected(format!(
            "The output columns of the query {found:?} do not match the outputColumns of the workflow {promised:?}."
        )))
    }

    fn declared(&self) -> impl Iterator<Item = &Value> {
        self.body.get("inputParameters").and_then(Value::as_array).into_iter().flatten()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }
}

/// Compares a promised column with one of the query; what is not promised may be anything.
fn is_same(promised: &Value, found: &OutputColumn) -> bool {
    let agrees = |name, value: &str| promised.get(name).is_none_or(|promised| promised == value);
    agrees("name", &found.name)
        && agrees("dataType", &found.data_type)
        && agrees("columnType", &found.column_type)
}

/// Gives a value of a scalar parameter; a list may go without.
fn sample(parameter: &Parameter) -> Option<Value> {
    let data_type = parameter.data_type.as_str().filter(|_| !parameter.is_list())?;
    Some(Value::from(match data_type {
        "BOOLEAN" => "false",
        "DATE" => "2025-01-01",
        "TIMESTAMP" => "2025-01-01T00:00:00",
        "STRING" => "",
        _ => "0",
    }))
}

fn bind(declared: &Value, values: &ParameterValues) -> Option<Parameter> {
    let name = declared.get("name")?.as_str()?;
    let value = values.get(name).or_else(|| declared.get("defaultValue")).filter(|value| !value.is_null());
    Some(Parameter {
        name: name.to_owned(),
        data_type: declared.get("dataType").cloned().unwrap_or(Value::Null),
        value: value.cloned(),
    })
}
