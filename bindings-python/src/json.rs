//! JSON values across the border, as text: Python's own `json` knows its types best.

use amc_fleet::Error;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::errors::python;
use crate::from_package;

/// Reads a mapping of names to values; dates, decimals and the scalars of numpy are taken as what they say.
pub(crate) fn fields(object: &Bound<'_, PyAny>) -> PyResult<Map<String, Value>> {
    read(object, "parameters_no_object", "parameters are a mapping of names to values")
}

/// Reads anything JSON can say.
pub(crate) fn anything(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    read(object, "value_unreadable", "this is nothing JSON can say")
}

/// Reads a list of anything JSON can say.
pub(crate) fn list(object: &Bound<'_, PyAny>) -> PyResult<Vec<Value>> {
    read(object, "parameters_no_list", "the declarations of parameters are a list")
}

fn read<T: DeserializeOwned>(
    object: &Bound<'_, PyAny>,
    code: &'static str,
    message: &'static str,
) -> PyResult<T> {
    let text: String = from_package(object.py(), "amc_fleet._json", "text")?.call1((object,))?.extract()?;
    serde_json::from_str(&text).map_err(|error| python(Error::invalid(code, message).caused_by(error)))
}

/// Names and their values, for Python.
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

impl<'py> IntoPyObject<'py> for Fields<'_> {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(PyDict::TYPE_HINT, String::OUTPUT_TYPE, type_hint_identifier!("typing", "Any"));

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(loads(py, &Value::Object(self.0.clone()))?.cast_into()?)
    }
}

/// The same, kept in a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept(pub(crate) Map<String, Value>);

impl<'py> IntoPyObject<'py> for Kept {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = Fields::OUTPUT_TYPE;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Fields(&self.0).into_pyobject(py)
    }
}

/// A list of JSON, for Python.
pub(crate) struct List<'a>(pub(crate) &'a [Value]);

impl<'py> IntoPyObject<'py> for List<'_> {
    type Target = PyList;
    type Output = Bound<'py, PyList>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(PyList::TYPE_HINT, type_hint_identifier!("typing", "Any"));

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(loads(py, &Value::Array(self.0.to_vec()))?.cast_into()?)
    }
}

/// A list of JSON of one's own, for Python.
pub(crate) struct Items(pub(crate) Vec<Value>);

impl<'py> IntoPyObject<'py> for Items {
    type Target = PyList;
    type Output = Bound<'py, PyList>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = List::OUTPUT_TYPE;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        List(&self.0).into_pyobject(py)
    }
}

/// One value of JSON, for Python.
pub(crate) fn object<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    loads(py, value)
}

fn loads<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (value.to_string(),))
}
