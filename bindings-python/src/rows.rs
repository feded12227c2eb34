//! Some rows of a result.

use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::results::capsule;

/// Some rows of a result: prints as a table, and any Arrow library takes it.
///
/// Examples
/// --------
/// >>> len(results.head(2))
/// 2
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    table: String,
}

impl Rows {
    /// Reads a page of a result: at most `rows` rows after the first `offset`.
    pub(crate) async fn of(
        results: amc_fleet::Results,
        offset: usize,
        rows: usize,
    ) -> amc_fleet::Result<Self> {
        let batches = results.page(offset, rows).await?;
        let table = amc_fleet::results::export::table(&results.schema(), &batches, rows)?;
        Ok(Self { schema: results.schema(), batches, table })
    }
}

#[pymethods]
impl Rows {
    /// Exports the rows as an Arrow C stream, fresh each time.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "object")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let batches = self.batches.clone().into_iter().map(Ok);
        capsule(
            py,
            Box::new(RecordBatchIterator::new(batches, SchemaRef::clone(&self.schema))),
            requested_schema,
        )
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> &str {
        self.table.trim_end()
    }

    #[pyo3(signature = () -> "str")]
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::from_package(py, "amc_fleet._html", "text")?.call1((self.table.as_str(),))
    }
}
