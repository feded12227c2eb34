//! A saved query.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;

use crate::json::{Fields, Items};

/// A query by name.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Workflow(amc_fleet::Workflow);

impl From<amc_fleet::Workflow> for Workflow {
    fn from(workflow: amc_fleet::Workflow) -> Self {
        Self(workflow)
    }
}

#[pymethods]
impl Workflow {
    /// Our id (``wf_…``).
    #[getter]
    pub(crate) fn id(&self) -> String {
        self.0.id.public()
    }

    /// Its name, unique for the owner.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The query.
    #[getter]
    fn sql(&self) -> &str {
        &self.0.sql
    }

    /// The window of batches that name none.
    #[getter]
    fn window(&self) -> Option<&str> {
        self.0.window.as_deref()
    }

    /// Values for parameters that a batch does not give.
    #[getter]
    fn parameters(&self) -> Fields<'_> {
        Fields(&self.0.defaults)
    }

    /// What its parameters are, each as a declaration.
    #[getter]
    fn declarations(&self) -> Items {
        Items(amc_fleet::params::as_json(&self.0.declarations))
    }

    /// The content hash of the template it was made of.
    #[getter]
    fn template(&self) -> Option<&str> {
        self.0.template.as_deref()
    }

    /// When it was saved first.
    #[getter]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was saved last.
    #[getter]
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    fn __repr__(&self) -> String {
        format!("<Workflow {} '{}'>", self.0.id, self.0.name)
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
    /// >>> workflow.to_dict()["name"]
    /// 'Reach by campaign'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        let fields = [
            "id",
            "name",
            "description",
            "sql",
            "window",
            "parameters",
            "declarations",
            "template",
            "created_at",
            "updated_at",
        ];
        super::dict(slf.as_any(), &fields)
    }
}
