//! A merged result, for programs of an event loop.

use std::path::PathBuf;

use amc_fleet::results::Order;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};

use crate::bytes::{AsyncChunks, Chunks};
use crate::errors::python;
use crate::from_package;
use crate::records::{Export, ResultSummary};
use crate::results::{Results, asked, conditions_of, written_as};
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

    /// Gives the bytes of a file of every row as they become ready, for ``async for``; see ``Results.stream``.
    ///
    /// Examples
    /// --------
    /// >>> chunks = [chunk async for chunk in results.stream("csv")]
    /// >>> b"".join(chunks)[:13]
    /// b'_instance_id,'
    #[pyo3(signature = (
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx']" = "csv",
        *,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ))]
    fn stream(&self, format: &str, byte_order_mark: bool, spreadsheet_safe: bool) -> PyResult<AsyncChunks> {
        AsyncChunks::of(&self.0.get().core()?, format, byte_order_mark, spreadsheet_safe)
    }

    /// Writes the bytes of a file of every row to anything with ``write(bytes)``, on a thread; see ``Results.write_to``.
    ///
    /// Examples
    /// --------
    /// >>> import io
    /// >>> file = io.BytesIO()
    /// >>> await results.write_to(file, "csv") == len(file.getvalue())
    /// True
    #[pyo3(signature = (
        file: "SupportsWrite[bytes]",
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx']" = "csv",
        *,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ) -> "Awaitable[int]")]
    fn write_to<'py>(
        &self,
        py: Python<'py>,
        file: Bound<'py, PyAny>,
        format: &str,
        byte_order_mark: bool,
        spreadsheet_safe: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let chunks = Chunks::of(&self.0.get().core()?, format, byte_order_mark, spreadsheet_safe)?;
        let write_to = from_package(py, "amc_fleet._tables", "write_to")?;
        py.import("asyncio")?.call_method1("to_thread", (write_to, chunks, file))
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
        awaitable(py, async move { results.roll_up(asked).await }, Self::new)
    }

    /// Gives the rows that meet conditions; see ``Results.filter``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.filter(("_instance_id", "is not null"))) == len(results)
    /// True
    #[pyo3(signature = (
        *conditions: "tuple[str, str] | tuple[str, str, object]"
    ) -> "Awaitable[AsyncResults]")]
    fn filter<'py>(&self, py: Python<'py>, conditions: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let (results, filter) = (self.0.get().core()?, conditions_of(conditions)?);
        awaitable(py, async move { results.filter(&filter).await }, Self::new)
    }

    /// Puts the rows in order; see ``Results.sort``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.sort(["reach"], descending=True, limit=5))
    /// 5
    #[pyo3(signature = (by: "Iterable[str]", *, descending = false, limit = None) -> "Awaitable[AsyncResults]")]
    fn sort<'py>(
        &self,
        py: Python<'py>,
        by: Vec<String>,
        descending: bool,
        limit: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (results, order) = (self.0.get().core()?, Order::by(by, descending));
        awaitable(py, async move { results.sort(&order, limit).await }, Self::new)
    }

    /// Takes the rows of some instances alone; see ``Results.of_instances``.
    ///
    /// Examples
    /// --------
    /// >>> len(results.of_instances([(await fleet.instances())[0].instance_id]))
    /// 20
    #[pyo3(signature = (instance_ids: "Iterable[str]") -> "AsyncResults")]
    fn of_instances(&self, instance_ids: Vec<String>) -> PyResult<Self> {
        self.0.get().core()?.of_instances(&instance_ids).map_err(python).and_then(Self::new)
    }

    /// Compares with later results; see ``Results.compare``.
    ///
    /// Examples
    /// --------
    /// >>> same = await results.compare(results, ["campaign"], {"reach": amc_fleet.distinct()})
    /// >>> same.columns[:2]
    /// ['campaign', '_change']
    #[pyo3(signature = (
        after,
        by: "Iterable[str]",
        columns: "Mapping[str, Role] | None" = None,
    ) -> "Awaitable[AsyncResults]")]
    fn compare<'py>(
        &self,
        py: Python<'py>,
        after: &Self,
        by: Vec<String>,
        columns: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (results, after) = (self.0.get().core()?, after.0.get().core()?);
        let asked = asked(by, columns.as_ref(), None)?;
        awaitable(py, async move { results.compare(&after, asked).await }, Self::new)
    }

    /// Rolls the rows up and ranks them by one column; see ``Results.ranking``.
    ///
    /// Examples
    /// --------
    /// >>> len(await results.ranking("reach_at_least", ["_instance_id"], {"reach": amc_fleet.distinct()}))
    /// 3
    #[pyo3(signature = (
        column,
        by: "Iterable[str]",
        columns: "Mapping[str, Role] | None" = None,
    ) -> "Awaitable[AsyncResults]")]
    fn ranking<'py>(
        &self,
        py: Python<'py>,
        column: String,
        by: Vec<String>,
        columns: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (results, asked) = (self.0.get().core()?, asked(by, columns.as_ref(), None)?);
        awaitable(py, async move { results.ranking(asked, &column).await }, Self::new)
    }

    /// Rolls one column up into a table with a column for each instance; see ``Results.across_instances``.
    ///
    /// Examples
    /// --------
    /// >>> len((await results.across_instances(["campaign"], {"reach": amc_fleet.distinct()})).columns)
    /// 4
    #[pyo3(signature = (by: "Iterable[str]", columns: "Mapping[str, Role]") -> "Awaitable[AsyncResults]")]
    fn across_instances<'py>(
        &self,
        py: Python<'py>,
        by: Vec<String>,
        columns: Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (results, asked) = (self.0.get().core()?, asked(by, Some(&columns), None)?);
        awaitable(py, async move { results.across_instances(asked).await }, Self::new)
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
