//! Tables of other libraries, for the emulator.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;

use crate::errors::python;

/// Writes a table of any Arrow library as JSON: ``{"columns": [names], "rows": [[cells]]}``.
#[pyfunction]
#[pyo3(signature = (table: "object"))]
pub(crate) fn json_table(py: Python<'_>, table: AnyRecordBatch) -> PyResult<String> {
    let rows = table.into_reader()?;
    let schema = rows.schema();
    py.detach(|| {
        let batches: Vec<RecordBatch> = rows.collect::<Result<_, ArrowError>>().map_err(unreadable)?;
        amc_fleet::results::export::json_table(&schema, &batches).map_err(python)
    })
}

/// Reads a table of any Arrow library.
pub(crate) fn batches(table: AnyRecordBatch) -> PyResult<Vec<RecordBatch>> {
    table.into_reader()?.collect::<Result<_, ArrowError>>().map_err(unreadable)
}

fn unreadable(error: ArrowError) -> PyErr {
    PyValueError::new_err(format!("the table cannot be read: {error}"))
}
