//! What happened to a batch.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;

use super::Plain;
use crate::json::Fields;

/// One change of a batch or of one of its executions.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Event(amc_fleet::Event);

impl From<amc_fleet::Event> for Event {
    fn from(event: amc_fleet::Event) -> Self {
        Self(event)
    }
}

#[pymethods]
impl Event {
    /// Its place among the events of its batch, from 1.
    #[getter]
    fn sequence(&self) -> i64 {
        self.0.sequence
    }

    /// The batch (``batch_…``).
    #[getter]
    fn batch_id(&self) -> String {
        self.0.batch.public()
    }

    /// The execution (``exec_…``), where it is about one.
    #[getter]
    fn execution_id(&self) -> Option<String> {
        self.0.execution.map(|execution| execution.public())
    }

    /// AMC's id of the instance, where it is about one.
    #[getter]
    fn instance_id(&self) -> Option<&str> {
        self.0.instance_id.as_deref()
    }

    /// What happened: ``submitted``, ``completed``, ``batch_finished``, …
    #[getter]
    fn kind(&self) -> String {
        self.0.kind.plain()
    }

    /// The fields that changed.
    #[getter]
    fn detail(&self) -> Fields<'_> {
        Fields(&self.0.detail)
    }

    /// When it happened.
    #[getter]
    fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    fn __repr__(&self) -> String {
        let about = self.0.instance_id.as_deref().unwrap_or("batch");
        format!("<Event {} {} {about}>", self.0.sequence, self.0.kind)
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
    /// >>> next(batch.events()).to_dict()["kind"]
    /// 'batch_created'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(
            slf.as_any(),
            &["sequence", "batch_id", "execution_id", "instance_id", "kind", "detail", "at"],
        )
    }
}
