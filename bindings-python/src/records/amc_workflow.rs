//! A workflow saved at AMC itself.

use amc_fleet::client;
use pyo3::prelude::*;

use crate::json::{Fields, List};

/// A workflow saved at an instance of AMC, which is not one of ours.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct AmcWorkflow(client::AmcWorkflow);

impl From<client::AmcWorkflow> for AmcWorkflow {
    fn from(workflow: client::AmcWorkflow) -> Self {
        Self(workflow)
    }
}

#[pymethods]
impl AmcWorkflow {
    /// Its name, unique in the instance.
    #[getter]
    fn workflow_id(&self) -> &str {
        &self.0.workflow_id
    }

    /// The query; empty where AMC still holds it as a list of operations, which is then in ``options``.
    #[getter]
    fn sql_query(&self) -> &str {
        &self.0.sql_query
    }

    /// The declarations of its parameters, as AMC writes them.
    #[getter]
    fn input_parameters(&self) -> List<'_> {
        List(&self.0.input_parameters)
    }

    /// Every further field (``outputFormat``, …), as AMC writes it.
    #[getter]
    fn options(&self) -> Fields<'_> {
        Fields(&self.0.options)
    }

    fn __repr__(&self) -> String {
        format!("<AmcWorkflow '{}'>", self.0.workflow_id)
    }

    /// Returns the same as plain dicts, lists, strings, numbers and datetimes.
    ///
    /// Returns
    /// -------
    /// dict
    ///     One entry for each attribute.
    ///
    /// Examples
    /// --------
    /// >>> amc_workflow.to_dict()["workflow_id"]
    /// 'saved'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["workflow_id", "sql_query", "input_parameters", "options"])
    }
}
