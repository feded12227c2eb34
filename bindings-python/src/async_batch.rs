//! A batch, for programs of an event loop.

use amc_fleet::BatchHandle;
use pyo3::prelude::*;

use crate::arguments::{Span, word};
use crate::async_results::AsyncResults;
use crate::batch::{ended, report, taken};
use crate::events::AsyncEvents;
use crate::from_package;
use crate::local::Local;
use crate::records::{BatchReport, CancelReport, Plain, Skipped};
use crate::runtime::awaitable;

/// One query on many instances, as written by ``AsyncFleet.run_batch``; see ``Batch``.
///
/// Examples
/// --------
/// >>> batch
/// <AsyncBatch batch_... 'Reach by campaign' completed: 3 completed of 3 · ... rows · ...>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct AsyncBatch(Local<BatchHandle>);

impl AsyncBatch {
    pub(crate) fn new(handle: BatchHandle) -> PyResult<Self> {
        Local::new(handle).map(Self)
    }
}

#[pymethods]
impl AsyncBatch {
    /// Its id (``batch_…``).
    #[getter]
    fn id(&self) -> PyResult<String> {
        Ok(self.0.get()?.id().public())
    }

    /// Its name.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        Ok(self.0.get()?.name())
    }

    /// What was asked for and left out.
    #[getter]
    fn skipped(&self) -> PyResult<Vec<Skipped>> {
        Ok(self.0.get()?.skipped().iter().cloned().map(Skipped::from).collect())
    }

    /// Waits until every execution has ended; see ``Batch.wait``. Cancelling the task ends the waiting, not the batch.
    ///
    /// Examples
    /// --------
    /// >>> (await (await batch.wait(timeout=60)).status()).status
    /// 'completed'
    #[pyo3(
        signature = (
            timeout: "float | timedelta | None" = None,
            progress: "bool | Literal['auto']" = Option::None,
            raise_on_failure = true,
        ) -> "Awaitable[Self]",
        text_signature = "($self, timeout=None, progress='auto', raise_on_failure=True)"
    )]
    fn wait<'py>(
        slf: Bound<'py, Self>,
        timeout: Option<Span>,
        progress: Option<&Bound<'py, PyAny>>,
        raise_on_failure: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.clone().unbind());
        let handle = slf.get().0.get()?.clone();
        let waiting =
            awaitable(py, async move { ended(&handle, timeout, raise_on_failure).await }, |()| Ok(this))?;
        from_package(py, "amc_fleet._progress", "follow")?.call1((progress, &slf, waiting))
    }

    /// Reads where it stands at this moment; see ``Batch.status``.
    ///
    /// Examples
    /// --------
    /// >>> (await batch.status()).completed_instances
    /// 3
    #[pyo3(signature = () -> "Awaitable[BatchReport]")]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let handle = self.0.get()?.clone();
        awaitable(py, async move { handle.status().await }, |report| Ok(BatchReport::from(report)))
    }

    /// Opens the merged result of every completed execution; see ``Batch.results``.
    ///
    /// Examples
    /// --------
    /// >>> (await batch.results()).summary().complete
    /// '3 of 3'
    #[pyo3(signature = (
        missing: "Literal['raise', 'include']" = "raise",
        *,
        drift: "Literal['union', 'by_name', 'strict']" = "union",
        region = false,
        segment = false,
        execution_id = false,
    ) -> "Awaitable[AsyncResults]")]
    fn results<'py>(
        &self,
        py: Python<'py>,
        missing: &str,
        drift: &str,
        region: bool,
        segment: bool,
        execution_id: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let handle = self.0.get()?.clone();
        let options = taken(missing, drift, [region, segment, execution_id])?;
        awaitable(py, async move { handle.results(options).await }, AsyncResults::new)
    }

    /// Iterates over its events in order, as they happen; see ``Batch.events``.
    ///
    /// Examples
    /// --------
    /// >>> [event.kind async for event in batch.events()][-1]
    /// 'batch_finished'
    #[pyo3(signature = (after=0))]
    fn events(&self, after: i64) -> PyResult<AsyncEvents> {
        AsyncEvents::new(self.0.get()?.events(after))
    }

    /// Runs again what did not complete; see ``Batch.retry``.
    ///
    /// Examples
    /// --------
    /// >>> await batch.retry(only="failed")
    /// 0
    #[pyo3(signature = (only: "Literal['failed', 'cancelled', 'incomplete']" = "failed") -> "Awaitable[int]")]
    fn retry<'py>(&self, py: Python<'py>, only: &str) -> PyResult<Bound<'py, PyAny>> {
        let (handle, only) = (self.0.get()?.clone(), word(only)?);
        awaitable(py, async move { handle.retry(only).await }, Ok)
    }

    /// Cancels what has not ended; see ``Batch.cancel``.
    ///
    /// Examples
    /// --------
    /// >>> (await batch.cancel()).cancelled
    /// 0
    #[pyo3(signature = () -> "Awaitable[CancelReport]")]
    fn cancel<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let handle = self.0.get()?.clone();
        awaitable(py, async move { handle.cancel().await }, |report| Ok(CancelReport::from(report)))
    }

    /// Says why executions did not complete; see ``Batch.errors``.
    ///
    /// Examples
    /// --------
    /// >>> await batch.errors()
    /// []
    #[pyo3(signature = () -> "Awaitable[list[Cause]]")]
    fn errors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let handle = self.0.get()?.clone();
        awaitable(py, async move { handle.status().await }, |report| Ok(report.causes.plain()))
    }

    // Nobody can await a repr: it reads the database at once.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<AsyncBatch {}>", report(py, self.0.get()?.clone())?.summary))
    }

    #[pyo3(signature = () -> "str")]
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_package(py, "amc_fleet._html", "batch")?.call1((report(py, self.0.get()?.clone())?,))
    }
}
