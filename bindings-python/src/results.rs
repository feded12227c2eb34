//! A merged result, for programs that wait.

mod derived;

use std::path::{Path, PathBuf};

use amc_fleet::results::{CsvOptions, Format};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyRecordBatchReader;
use tokio::runtime::Handle;

use crate::bytes::Chunks;
use crate::ctrl_c::CtrlC;
use crate::errors::python;
use crate::from_package;
use crate::local::Local;
use crate::records::{Export, ResultSummary};
use crate::rows::Rows;
use crate::runtime::{handle, wait};

pub(crate) use derived::{asked, conditions_of};

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

    /// Gives the bytes of a file of every row as they become ready: for a web server's answer, or a writer.
    ///
    /// Parameters
    /// ----------
    /// format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, default "csv"
    ///     The format.
    /// byte_order_mark : bool, default False
    ///     Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
    /// spreadsheet_safe : bool, default False
    ///     Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.
    ///
    /// Returns
    /// -------
    /// Chunks
    ///     An iterator of ``bytes``, fresh each time.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_format``, ``csv_only``, ``too_many_rows`` for a workbook.
    ///
    /// Examples
    /// --------
    /// >>> b"".join(results.stream("csv"))[:13]
    /// b'_instance_id,'
    #[pyo3(signature = (
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx']" = "csv",
        *,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ))]
    fn stream(&self, format: &str, byte_order_mark: bool, spreadsheet_safe: bool) -> PyResult<Chunks> {
        Chunks::of(self.0.get()?, format, byte_order_mark, spreadsheet_safe)
    }

    /// Writes the bytes of a file of every row to an open file or anything else with ``write(bytes)``.
    ///
    /// There is no manifest beside it: take ``summary()`` along.
    ///
    /// Parameters
    /// ----------
    /// file : file object
    ///     Where the bytes go, opened for binary writing. It stays open.
    /// format : {"csv", "json_lines", "parquet", "arrow", "arrow_stream", "xlsx"}, default "csv"
    ///     The format.
    /// byte_order_mark : bool, default False
    ///     Begin CSV with a byte order mark, by which some spreadsheets know UTF-8.
    /// spreadsheet_safe : bool, default False
    ///     Put an apostrophe before texts of CSV that a spreadsheet would take for a formula.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many bytes were written.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As for ``stream``.
    ///
    /// Examples
    /// --------
    /// >>> import io
    /// >>> file = io.BytesIO()
    /// >>> results.write_to(file, "csv") == len(file.getvalue())
    /// True
    #[pyo3(signature = (
        file: "SupportsWrite[bytes]",
        format: "Literal['csv', 'json_lines', 'parquet', 'arrow', 'arrow_stream', 'xlsx']" = "csv",
        *,
        byte_order_mark = false,
        spreadsheet_safe = false,
    ) -> "int")]
    fn write_to<'py>(
        slf: &Bound<'py, Self>,
        file: Bound<'py, PyAny>,
        format: &str,
        byte_order_mark: bool,
        spreadsheet_safe: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let chunks = slf.get().stream(format, byte_order_mark, spreadsheet_safe)?;
        from_package(slf.py(), "amc_fleet._tables", "write_to")?.call1((chunks, file))
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
