//! Errors of the core as Python exceptions: `amc_fleet.errors` picks the class and keeps every field.

use std::error::Error as StdError;

use amc_fleet::{Error, ErrorKind, Position};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::from_package;

/// The error of a task that ended without an answer.
pub(crate) fn lost(task: tokio::task::JoinError) -> Error {
    Error::unexpected("a call ended without an answer").caused_by(task)
}

/// Makes an exception of an error.
pub(crate) fn python(error: Error) -> PyErr {
    Python::attach(|py| exception(py, &error).map_or_else(|error| error, PyErr::from_value))
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let place = error.position();
    let fields = PyDict::new(py);
    fields.set_item("kind", error.kind().as_str())?;
    fields.set_item("code", error.code())?;
    fields.set_item("hint", error.what_to_do())?;
    fields.set_item("line", place.map(|Position { line, .. }| line))?;
    fields.set_item("column", place.map(|Position { column, .. }| column))?;
    fields.set_item("instances", error.concerned_instances())?;
    fields.set_item("request_id", error.remote_request_id())?;
    fields.set_item("raw", error.raw_text())?;
    fields.set_item("retryable", error.is_retryable())?;
    fields.set_item("retry_after", error.retry_after().map(|after| after.as_secs_f64()))?;
    fields.set_item("excerpt", error.excerpt())?;
    fields.set_item("causes", causes(error))?;
    from_package(py, "amc_fleet.errors", "exception")?.call((error.message(),), Some(&fields))
}

fn causes(error: &Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause| StdError::source(*cause)).map(ToString::to_string).collect()
}

/// Gives the name of every kind of error.
#[pyfunction]
pub(crate) fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.map(ErrorKind::as_str).to_vec()
}
