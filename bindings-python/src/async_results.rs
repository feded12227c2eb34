//! A merged result, for programs of an event loop.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::from_package;
use crate::records::{Export, ResultSummary};
use crate::results::{Results, asked, written_as};
use crate::rows::Rows;
use crate::runtime::awaitable;

/// The merged result of a batch; see ``Results``.
///
/// Arrow libraries that take it pull its rows on their own thread, as they do with ``Results``.
///
/// Examples
/// --------
/// >>> results
/// <AsyncResults batch_... 'Reach by campaign': ... rows, 3 of 3 instances · ...>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct AsyncResults(pub(crate) Py<Results>);

impl AsyncResults {
    pub(crate) fn new(results: amc_fleet::Results) -> PyResult<Self> {
        Python::attach(|py| Ok(Self(Py::new(py, Results::new(results)?)?)))
    }

    /// Calls a function of tables on a thread, for the event loop to await.
    fn on_thread<'py>(&self, py: Python<'py>, function: &str) -> PyResult<Bound<'py, PyAny>> {
        let function = from_package(py, "amc_fleet._tables", function)?;
        py.import("asyncio")?.call_method1("to_thread", (function, &self.0))
    }
}

#[pymethods]
impl AsyncResults {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> PyResult<Vec<String>> {
        self.0.get().columns()
    }

    /// Says what it is made of and what it lacks; see ``Results.summary``.
    ///
    /// Examples
    /// --------
    /// >>> results.summary().complete
    /// '3 of 3'
    fn summary(&self) -> PyResult<ResultSummary> {
        Ok(self.0.get().core()?.summary().clone().into())
    }

    /// Reads the first rows; see ``Results.head``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.head(5))
    /// 5
    #[pyo3(signature = (rows=10) -> "Awaitable[Rows]")]
    fn head<'py>(&self, py: Python<'py>, rows: usize) -> PyResult<Bound<'py, PyAny>> {
        awaitable(py, Rows::of(self.0.get().core()?, 0, rows), Ok)
    }

    /// Reads a page of the rows; see ``Results.page``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.page(50, rows=20))
    /// 10
    #[pyo3(signature = (offset, rows=100) -> "Awaitable[Rows]")]
    fn page<'py>(&self, py: Python<'py>, offset: usize, rows: usize) -> PyResult<Bound<'py, PyAny>> {
        awaitable(py, Rows::of(self.0.get().core()?, offset, rows), Ok)
    }

    /// Makes a polars DataFrame of all rows; see ``Results.to_polars``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.to_polars()) == len(results)
    /// True
    #[pyo3(signature = () -> "Awaitable[polars.DataFrame]")]
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.on_thread(py, "to_polars")
    }

    /// Makes a pandas DataFrame of all rows; see ``Results.to_pandas``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.to_pandas()) == len(results)
    /// True
    #[pyo3(signature = () -> "Awaitable[pandas.DataFrame]")]
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.on_thread(py, "to_pandas")
    }

    /// Makes a pyarrow Table of all rows; see ``Results.to_arrow``.
    ///
    /// Examples
    /// --------
    /// >>> (await results.to_arrow()).num_rows == len(results)
    /// True
    #[pyo3(signature = () -> "Awaitable[pyarrow.Table]")]
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.on_thread(py, "to_arrow")
    }

    /// Writes every row as CSV, and a manifest beside it; see ``Results.write_csv``.
    ///
    /// Examples
    /// --------
    /// >>> (await results.write_csv(folder / "reach.csv")).rows == len(results)
    /// True
    #[pyo3(signature = (path) -> "Awaitable[Export]")]
    fn write_csv<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let results = self.0.get().core()?;
        awaitable(py, async move { results.write_csv(path).await }, |export| Ok(Export::from(export)))
    }

    /// Writes every row in a format, and a manifest beside it; see ``Results.write``.
    ///
    /// Examples
    /// --------
    /// >>> (await results.write(folder / "reach.parquet")).rows == len(results)
    /// True
    #[pyo3(signature = (
        path,
        *,
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx'] | None" = None,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ) -> "Awaitable[Export]")]
    fn write<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        format: Option<&str>,
        byte_order_mark: bool,
        spreadsheet_safe: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let results = self.0.get().core()?;
        let format = written_as(&path, format, byte_order_mark, spreadsheet_safe)?;
        let call = async move { results.write(path, Some(format)).await };
        awaitable(py, call, |export| Ok(Export::from(export)))
    }

    /// Rolls the rows up by what each column means; see ``Results.roll_up``.
    ///
    /// Examples
    /// --------
    /// >>> rolled = await results.roll_up(["_instance_id"], {"reach": amc_fleet.distinct()})
    /// >>> len(rolled)
    /// 3
    #[pyo3(signature = (
        by: "Iterable[str]",
        columns: "Mapping[str, Role] | None" = None,
        *,
        suppressed = None,
    ) -> "Awaitable[AsyncResults]")]
    fn roll_up<'py>(
        &self,
        py: Python<'py>,
        by: Vec<String>,
        columns: Option<Bound<'py, PyDict>>,
        suppressed: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let results = self.0.get().core()?;
        let asked = asked(by, columns.as_ref(), suppressed)?;
        awaitable(py, async move { results.roll_up(asked).await }, |results| {
            Python::attach(|py| Ok(Self(Py::new(py, Results::new(results)?)?)))
        })
    }

    /// Exports all rows as an Arrow C stream, fresh each time.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "object")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.0.bind(py).call_method1("__arrow_c_stream__", (requested_schema,))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.0.bind(py).len()
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<AsyncResults {}>", self.0.get().core()?.summary()))
    }

    #[pyo3(signature = () -> "str")]
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.bind(py).call_method0("_repr_html_")
    }
}
