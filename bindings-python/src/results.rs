//! A merged result, for programs that wait.

use std::path::{Path, PathBuf};

use amc_fleet::results::{CsvOptions, Filter, Format, Order, RollUp};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};
use pyo3_arrow::PyRecordBatchReader;
use tokio::runtime::Handle;

use crate::ctrl_c::CtrlC;
use crate::errors::python;
use crate::from_package;
use crate::json;
use crate::local::Local;
use crate::records::{Export, ResultSummary};
use crate::roles::Role;
use crate::rows::Rows;
use crate::runtime::{handle, wait};

/// The merged result of a batch: one table over all instances, ``_instance_id`` and ``_instance_name`` first.
///
/// Rows are read when they are asked for, a bounded batch at a time. Any library that takes the Arrow PyCapsule
/// interface takes it as it is: ``polars.DataFrame(results)``, ``pyarrow.table(results)``, DuckDB.
///
/// Examples
/// --------
/// >>> import polars
/// >>> polars.DataFrame(results).columns[:2]
/// ['_instance_id', '_instance_name']
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Results(Local<amc_fleet::Results>);

impl Results {
    pub(crate) fn new(results: amc_fleet::Results) -> PyResult<Self> {
        Local::new(results).map(Self)
    }

    pub(crate) fn core(&self) -> PyResult<amc_fleet::Results> {
        self.0.get().cloned()
    }
}

#[pymethods]
impl Results {
    /// The names of the columns.
    #[getter]
    pub(crate) fn columns(&self) -> PyResult<Vec<String>> {
        Ok(self.0.get()?.schema().fields().iter().map(|field| field.name().clone()).collect())
    }

    /// Says what it is made of and what it lacks.
    ///
    /// Returns
    /// -------
    /// ResultSummary
    ///     Rows, instances, missing instances, widened columns.
    ///
    /// Examples
    /// --------
    /// >>> results.summary().complete
    /// '3 of 3'
    fn summary(&self) -> PyResult<ResultSummary> {
        Ok(self.0.get()?.summary().clone().into())
    }

    /// Reads the first rows.
    ///
    /// Parameters
    /// ----------
    /// rows : int, default 10
    ///     How many at most.
    ///
    /// Returns
    /// -------
    /// Rows
    ///     The rows: prints as a table, and any Arrow library takes it.
    ///
    /// Examples
    /// --------
    /// >>> len(results.head(5))
    /// 5
    #[pyo3(signature = (rows=10))]
    fn head(&self, py: Python<'_>, rows: usize) -> PyResult<Rows> {
        wait(py, Rows::of(self.core()?, 0, rows))
    }

    /// Reads a page of the rows.
    ///
    /// Parameters
    /// ----------
    /// offset : int
    ///     How many rows to leave out first.
    /// rows : int, default 100
    ///     How many at most.
    ///
    /// Returns
    /// -------
    /// Rows
    ///     The rows, in the order of the whole; none behind its end.
    ///
    /// Examples
    /// --------
    /// >>> len(results.page(50, rows=20))
    /// 10
    #[pyo3(signature = (offset, rows=100))]
    fn page(&self, py: Python<'_>, offset: usize, rows: usize) -> PyResult<Rows> {
        wait(py, Rows::of(self.core()?, offset, rows))
    }

    /// Makes a polars DataFrame of all rows.
    ///
    /// Returns
    /// -------
    /// polars.DataFrame
    ///     Every row. Polars must be installed.
    ///
    /// Examples
    /// --------
    /// >>> len(results.to_polars()) == len(results)
    /// True
    #[pyo3(signature = () -> "polars.DataFrame")]
    fn to_polars(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        from_package(slf.py(), "amc_fleet._tables", "to_polars")?.call1((slf,))
    }

    /// Makes a pandas DataFrame of all rows.
    ///
    /// Returns
    /// -------
    /// pandas.DataFrame
    ///     Every row. Pandas and pyarrow must be installed.
    ///
    /// Examples
    /// --------
    /// >>> len(results.to_pandas()) == len(results)
    /// True
    #[pyo3(signature = () -> "pandas.DataFrame")]
    fn to_pandas(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        from_package(slf.py(), "amc_fleet._tables", "to_pandas")?.call1((slf,))
    }

    /// Makes a pyarrow Table of all rows.
    ///
    /// Returns
    /// -------
    /// pyarrow.Table
    ///     Every row. Pyarrow must be installed.
    ///
    /// Examples
    /// --------
    /// >>> results.to_arrow().num_rows == len(results)
    /// True
    #[pyo3(signature = () -> "pyarrow.Table")]
    fn to_arrow(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        from_package(slf.py(), "amc_fleet._tables", "to_arrow")?.call1((slf,))
    }

    /// Writes every row as CSV, and beside it a manifest that says what the file is made of and lacks.
    ///
    /// The file appears when it is complete, or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file.
    ///
    /// Returns
    /// -------
    /// Export
    ///     The files, their rows and size.
    ///
    /// Raises
    /// ------
    /// UnavailableError
    ///     ``file_not_writable``.
    ///
    /// Examples
    /// --------
    /// >>> results.write_csv(folder / "reach.csv").rows == len(results)
    /// True
    fn write_csv(&self, py: Python<'_>, path: PathBuf) -> PyResult<Export> {
        let results = self.core()?;
        wait(py, async move { results.write_csv(path).await }).map(Export::from)
    }

    /// Writes every row in a format, and beside it a manifest that says what the file is made of and lacks.
    ///
    /// The file appears when it is complete, or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file.
    /// format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, optional
    ///     Its format; what the ending of its name says where absent.
    /// byte_order_mark : bool, default False
    ///     Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
    /// spreadsheet_safe : bool, default False
    ///     Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.
    ///
    /// Returns
    /// -------
    /// Export
    ///     The files, their rows, size and checksum.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_format``, ``csv_only``, ``too_many_rows`` for a workbook.
    /// UnavailableError
    ///     ``file_not_writable``.
    ///
    /// Examples
    /// --------
    /// >>> results.write(folder / "reach.parquet").rows == len(results)
    /// True
    #[pyo3(signature = (
        path,
        *,
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx'] | None" = None,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ))]
    fn write(
        &self,
        py: Python<'_>,
        path: PathBuf,
        format: Option<&str>,
        byte_order_mark: bool,
        spreadsheet_safe: bool,
    ) -> PyResult<Export> {
        let results = self.core()?;
        let format = written_as(&path, format, byte_order_mark, spreadsheet_safe)?;
        wait(py, async move { results.write(path, Some(format)).await }).map(Export::from)
    }

    /// Rolls the rows up by what each column means: few rows instead of many.
    ///
    /// Counts of distinct users are never added up: they come as ``<name>_at_least`` and ``<name>_at_most``; the second
    /// is NULL, with the reason in its metadata, when rows or instances are missing.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns that are grouped by.
    /// columns : Mapping[str, Role], optional
    ///     What becomes of other columns; what the query itself says where absent.
    /// suppressed : str, optional
    ///     The column that marks rows with suppressed values, where the query's options do not name it.
    ///
    /// Returns
    /// -------
    /// Results
    ///     A table like any other: it says what it lacks, and can be written, read and rolled up on.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``not_additive``, ``mixed_currencies``, ``role_unknown``, ``unknown_column``, ``not_a_number``.
    ///
    /// Examples
    /// --------
    /// >>> rolled = results.roll_up(by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
    /// >>> rolled.columns
    /// ['_instance_id', 'reach_at_least', 'reach_at_most', '_instances', '_rows']
    #[pyo3(signature = (
        by: "Iterable[str]",
        columns: "Mapping[str, Role] | None" = None,
        *,
        suppressed = None,
    ) -> "Results")]
    fn roll_up(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
        suppressed: Option<String>,
    ) -> PyResult<Self> {
        let results = self.core()?;
        let asked = asked(by, columns.as_ref(), suppressed)?;
        wait(py, async move { results.roll_up(asked).await }).and_then(Self::new)
    }

    /// Gives the rows that meet conditions, as results like any other.
    ///
    /// Parameters
    /// ----------
    /// *conditions : tuple
    ///     A column, a comparison and a value each; a row must meet all of them. Comparisons are ``=``, ``!=``, ``<``,
    ///     ``<=``, ``>``, ``>=``, ``in``, ``not in`` (with a list), ``contains``, ``starts with`` (of texts), ``is null`` and
    ///     ``is not null`` (without a value). NULL meets none but ``is null``.
    ///
    /// Returns
    /// -------
    /// Results
    ///     They can be paged, written, rolled up and filtered again; the note in their summary says what was left out.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_column``, ``not_comparable`` when a value does not fit its column, ``filter_unreadable``.
    ///
    /// Examples
    /// --------
    /// >>> few = results.filter(("reach", ">=", 0), ("_instance_id", "in", [fleet.instances()[0].instance_id]))
    /// >>> len(few)
    /// 20
    #[pyo3(signature = (*conditions: "tuple[str, str] | tuple[str, str, object]") -> "Results")]
    fn filter(&self, py: Python<'_>, conditions: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let (results, filter) = (self.core()?, conditions_of(conditions)?);
        wait(py, async move { results.filter(&filter).await }).and_then(Self::new)
    }

    /// Puts the rows in order.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns, the first counting most. NULL comes last; equal rows stay as they were.
    /// descending : bool, default False
    ///     From large to small.
    /// limit : int, optional
    ///     Only the first so many rows, for which memory holds little more than those.
    ///
    /// Returns
    /// -------
    /// Results
    ///     A table like any other.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_column``, ``not_a_number`` when a column has no order, ``too_many_rows`` without a limit.
    ///
    /// Examples
    /// --------
    /// >>> len(results.sort(["reach"], descending=True, limit=5))
    /// 5
    #[pyo3(signature = (by: "Iterable[str]", *, descending = false, limit = None) -> "Results")]
    fn sort(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        descending: bool,
        limit: Option<usize>,
    ) -> PyResult<Self> {
        let (results, order) = (self.core()?, Order::by(by, descending));
        wait(py, async move { results.sort(&order, limit).await }).and_then(Self::new)
    }

    /// Takes the rows of some instances alone.
    ///
    /// Parameters
    /// ----------
    /// instance_ids : Iterable[str]
    ///     AMC's ids of the instances.
    ///
    /// Returns
    /// -------
    /// Results
    ///     Their rows.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance`` when one has no result here.
    ///
    /// Examples
    /// --------
    /// >>> len(results.of_instances([fleet.instances()[0].instance_id]))
    /// 20
    #[pyo3(signature = (instance_ids: "Iterable[str]") -> "Results")]
    fn of_instances(&self, instance_ids: Vec<String>) -> PyResult<Self> {
        self.core()?.of_instances(&instance_ids).map_err(python).and_then(Self::new)
    }

    /// Compares with later results: what keys are new, lost, changed or the same, and by how much.
    ///
    /// Two executions are compared by ``of_instances``, two batches as they are.
    ///
    /// Parameters
    /// ----------
    /// after : Results
    ///     The later results.
    /// by : Iterable[str]
    ///     The keys: both are rolled up by them first.
    /// columns : Mapping[str, Role], optional
    ///     What is compared; what the query itself says where absent.
    ///
    /// Returns
    /// -------
    /// Results
    ///     The keys, ``_change``, and of every column ``<name>_before``, ``<name>_after``, ``<name>_difference`` and
    ///     ``<name>_relative``; bounds of distinct users without the last two.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``; ``not_comparable`` when the keys have other types.
    ///
    /// Examples
    /// --------
    /// >>> first, second, *_ = (results.of_instances([instance.instance_id]) for instance in fleet.instances())
    /// >>> first.compare(second, by=["campaign"], columns={"reach": amc_fleet.distinct()}).columns
    /// ['campaign', '_change', 'reach_at_least_before', 'reach_at_least_after', 'reach_at_most_before', 'reach_at_most_after']
    #[pyo3(signature = (after, by: "Iterable[str]", columns: "Mapping[str, Role] | None" = None) -> "Results")]
    fn compare(
        &self,
        py: Python<'_>,
        after: &Self,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (results, after, asked) = (self.core()?, after.core()?, asked(by, columns.as_ref(), None)?);
        wait(py, async move { results.compare(&after, asked).await }).and_then(Self::new)
    }

    /// Rolls the rows up and ranks them by one column, the largest first.
    ///
    /// Parameters
    /// ----------
    /// column : str
    ///     The column of the roll-up.
    /// by : Iterable[str]
    ///     The columns that are grouped by: ``["_instance_id"]`` ranks instances.
    /// columns : Mapping[str, Role], optional
    ///     What becomes of other columns; what the query itself says where absent.
    ///
    /// Returns
    /// -------
    /// Results
    ///     ``_rank``, then the columns of the roll-up. Equal values share a rank, NULL has none.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``.
    ///
    /// Examples
    /// --------
    /// >>> ranking = results.ranking("reach_at_least", by=["_instance_id"], columns={"reach": amc_fleet.distinct()})
    /// >>> ranking.columns[:2], len(ranking)
    /// (['_rank', '_instance_id'], 3)
    #[pyo3(signature = (column, by: "Iterable[str]", columns: "Mapping[str, Role] | None" = None) -> "Results")]
    fn ranking(
        &self,
        py: Python<'_>,
        column: String,
        by: Vec<String>,
        columns: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (results, asked) = (self.core()?, asked(by, columns.as_ref(), None)?);
        wait(py, async move { results.ranking(asked, &column).await }).and_then(Self::new)
    }

    /// Rolls one column up into a table with a column for each instance.
    ///
    /// Parameters
    /// ----------
    /// by : Iterable[str]
    ///     The columns that are grouped by: the rows of the table.
    /// columns : Mapping[str, Role]
    ///     The one column, and what it means. A count of distinct users is its lower bound.
    ///
    /// Returns
    /// -------
    /// Results
    ///     The columns grouped by, then one column an instance, named by AMC's id of it.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``roll_up``; ``one_column``.
    ///
    /// Examples
    /// --------
    /// >>> table = results.across_instances(by=["campaign"], columns={"reach": amc_fleet.distinct()})
    /// >>> len(table.columns)
    /// 4
    #[pyo3(signature = (by: "Iterable[str]", columns: "Mapping[str, Role]") -> "Results")]
    fn across_instances(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        columns: Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let (results, asked) = (self.core()?, asked(by, Some(&columns), None)?);
        wait(py, async move { results.across_instances(asked).await }).and_then(Self::new)
    }

    /// Exports all rows as an Arrow C stream, fresh each time.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "object")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        capsule(py, Box::new(Reading::of(&self.core()?)?), requested_schema)
    }

    fn __len__(&self) -> PyResult<usize> {
        Ok(usize::try_from(self.0.get()?.total_rows())?)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Results {}>", self.0.get()?.summary()))
    }

    #[pyo3(signature = () -> "str")]
    fn _repr_html_<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        from_package(slf.py(), "amc_fleet._html", "results")?.call1((slf,))
    }
}

/// Reads in which format a file is wanted.
pub(crate) fn written_as(
    path: &Path,
    format: Option<&str>,
    byte_order_mark: bool,
    spreadsheet_safe: bool,
) -> PyResult<Format> {
    Format::asked(path, format, CsvOptions { byte_order_mark, spreadsheet_safe }).map_err(python)
}

/// Reads a roll-up.
pub(crate) fn asked(
    by: Vec<String>,
    columns: Option<&Bound<'_, PyDict>>,
    suppressed: Option<String>,
) -> PyResult<RollUp> {
    let column = |(name, role): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        Ok((name.extract::<String>()?, role.cast::<Role>()?.get().0.clone()))
    };
    let columns = columns.map(|columns| columns.iter().map(column).collect::<PyResult<_>>()).transpose()?;
    Ok(RollUp { by, columns: columns.unwrap_or_default(), suppressed })
}

/// Reads the conditions of a filter.
pub(crate) fn conditions_of(conditions: &Bound<'_, PyTuple>) -> PyResult<Filter> {
    Filter::from_json(json::anything(conditions)?).map_err(python)
}

/// Makes the capsule of an Arrow C stream.
pub(crate) fn capsule<'py>(
    py: Python<'py>,
    rows: Box<dyn RecordBatchReader + Send>,
    requested_schema: Option<Bound<'py, PyCapsule>>,
) -> PyResult<Bound<'py, PyAny>> {
    PyRecordBatchReader::new(rows).into_pyobject(py)?.call_method1("__arrow_c_stream__", (requested_schema,))
}

/// The rows of a result, read as a consumer pulls them, on its own thread.
struct Reading {
    schema: SchemaRef,
    stream: Local<parking_lot::Mutex<BoxStream<'static, amc_fleet::Result<RecordBatch>>>>,
    runtime: Handle,
    ctrl_c: CtrlC,
}

impl Reading {
    fn of(results: &amc_fleet::Results) -> PyResult<Self> {
        let stream = Local::new(parking_lot::Mutex::new(Box::pin(results.stream()) as _))?;
        Ok(Self { schema: results.schema(), stream, runtime: handle()?, ctrl_c: CtrlC::default() })
    }
}

impl Iterator for Reading {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = match self.ctrl_c.heard().and_then(|()| self.stream.get()) {
            Ok(stream) => stream,
            Err(error) => return Some(Err(ArrowError::ExternalError(error.into()))),
        };
        let next = self.runtime.block_on(stream.lock().try_next());
        next.map_err(|error| ArrowError::ExternalError(error.into())).transpose()
    }
}

impl RecordBatchReader for Reading {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}
