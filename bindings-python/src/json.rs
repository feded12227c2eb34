//! JSON values across the border, as text: Python's own `json` knows its types best.

use amc_fleet::Error;
use pyo3::prelude::*;
use serde_json::{Map, Value};

use crate::errors::python;
use crate::from_package;

/// Reads a mapping of names to values; dates, decimals and the scalars of numpy are taken as what they say.
pub(crate) fn read(object: &Bound<'_, PyAny>) -> PyResult<Map<String, Value>> {
    let text: String = from_package(object.py(), "amc_fleet._json", "text")?.call1((object,))?.extract()?;
    serde_json::from_str(&text).map_err(|error| {
        python(
            Error::invalid("parameters_no_object", "parameters are a mapping of names to values")
                .caused_by(error),
        )
    })
}

/// Makes a dict of an object.
pub(crate) fn dict<'py>(py: Python<'py>, object: &Map<String, Value>) -> PyResult<Bound<'py, PyAny>> {
    let text = Value::Object(object.clone()).to_string();
    py.import("json")?.call_method1("loads", (text,))
}
