//! A batch, for programs that wait.

use amc_fleet::results::MergeOptions;
use amc_fleet::{BatchHandle, ResultsOptions};
use pyo3::prelude::*;

use crate::arguments::{Span, word};
use crate::events::Events;
use crate::from_package;
use crate::local::Local;
use crate::records::{BatchReport, CancelReport, Cause, Plain, Skipped};
use crate::results::Results;
use crate::runtime::{wait, wait_showing};

/// One query on many instances, as written by ``Fleet.run_batch``.
///
/// Dropping it stops nothing; only ``cancel`` cancels.
///
/// Examples
/// --------
/// >>> batch
/// <Batch batch_... 'Reach by campaign' completed: 3 completed of 3 · ... rows · ...>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Batch(Local<BatchHandle>);

impl Batch {
    pub(crate) fn new(handle: BatchHandle) -> PyResult<Self> {
        Local::new(handle).map(Self)
    }
}

#[pymethods]
impl Batch {
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

    /// Waits until every execution has ended; Ctrl-C ends the waiting, not the batch.
    ///
    /// Parameters
    /// ----------
    /// timeout : float or datetime.timedelta, optional
    ///     How long to wait, in seconds; without end if not given.
    /// progress : bool or "auto", default "auto"
    ///     Whether to show progress on standard error, or in the notebook; auto: where a person is looking.
    /// raise_on_failure : bool, default True
    ///     Whether an execution that did not complete is an error.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     This batch.
    ///
    /// Raises
    /// ------
    /// RemoteTimeoutError
    ///     ``wait_timed_out``: the time was over first. The batch goes on.
    /// RemoteFailedError
    ///     ``batch_failed``: some executions did not complete; ``instances`` names them.
    ///
    /// Examples
    /// --------
    /// >>> batch.wait(timeout=60).status().status
    /// 'completed'
    #[pyo3(
        signature = (
            timeout: "float | timedelta | None" = None,
            progress: "bool | Literal['auto']" = Option::None,
            raise_on_failure = true,
        ) -> "Self",
        text_signature = "($self, timeout=None, progress='auto', raise_on_failure=True)"
    )]
    fn wait<'py>(
        slf: Bound<'py, Self>,
        timeout: Option<Span>,
        progress: Option<&Bound<'py, PyAny>>,
        raise_on_failure: bool,
    ) -> PyResult<Bound<'py, Self>> {
        let py = slf.py();
        let handle = slf.get().0.get()?.clone();
        let display = from_package(py, "amc_fleet._progress", "display")?.call1((progress, &slf))?;
        let waiting =
            wait_showing(py, async move { ended(&handle, timeout, raise_on_failure).await }, |_| {
                display.call_method0("update").map(drop)
            });
        display.call_method0("close")?;
        waiting.map(|()| slf)
    }

    /// Reads where it stands at this moment.
    ///
    /// Returns
    /// -------
    /// BatchReport
    ///     Its status, its counts, and every execution.
    ///
    /// Examples
    /// --------
    /// >>> report = batch.status()
    /// >>> report.status, report.completed_instances, report.total_instances
    /// ('completed', 3, 3)
    fn status(&self, py: Python<'_>) -> PyResult<BatchReport> {
        report(py, self.0.get()?.clone())
    }

    /// Opens the merged result of every completed execution.
    ///
    /// Parameters
    /// ----------
    /// missing : {"raise", "include"}, default "raise"
    ///     What to do about executions without a result: refuse, or give what there is and say what is missing.
    /// drift : {"union", "by_name", "strict"}, default "union"
    ///     What to do when results differ in their columns: take every column and widen types, demand the same columns,
    ///     or demand the same columns of the same types.
    /// region, segment, execution_id : bool, default False
    ///     Whether to add ``_region``, ``_segment`` (the window) and ``_execution_id``.
    ///
    /// Returns
    /// -------
    /// Results
    ///     One table over all instances, ``_instance_id`` and ``_instance_name`` first.
    ///
    /// Raises
    /// ------
    /// IncompleteError
    ///     ``results_incomplete``; ``instances`` names the missing ones.
    /// InvalidInputError
    ///     ``schema_drift``; ``instances`` names those that differ.
    ///
    /// Examples
    /// --------
    /// >>> batch.results()
    /// <Results batch_... 'Reach by campaign': ... rows, 3 of 3 instances · ...>
    #[pyo3(signature = (
        missing: "Literal['raise', 'include']" = "raise",
        *,
        drift: "Literal['union', 'by_name', 'strict']" = "union",
        region = false,
        segment = false,
        execution_id = false,
    ))]
    fn results(
        &self,
        py: Python<'_>,
        missing: &str,
        drift: &str,
        region: bool,
        segment: bool,
        execution_id: bool,
    ) -> PyResult<Results> {
        let handle = self.0.get()?.clone();
        let options = taken(missing, drift, [region, segment, execution_id])?;
        wait(py, async move { handle.results(options).await }).and_then(Results::new)
    }

    /// Iterates over its events in order, as they happen; ends when the batch has ended.
    ///
    /// Parameters
    /// ----------
    /// after : int, default 0
    ///     The sequence to begin after; 0 begins at the first event.
    ///
    /// Returns
    /// -------
    /// iterator of Event
    ///     The events.
    ///
    /// Examples
    /// --------
    /// >>> [event.kind for event in batch.events()][-1]
    /// 'batch_finished'
    #[pyo3(signature = (after=0))]
    fn events(&self, after: i64) -> PyResult<Events> {
        Events::new(self.0.get()?.events(after))
    }

    /// Runs again what did not complete, each under the same parameters and over the same window, in this batch.
    ///
    /// Parameters
    /// ----------
    /// only : {"failed", "cancelled", "incomplete"}, default "failed"
    ///     Those that failed, those that were cancelled, or both.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many run again. What they take the place of stays in ``status().superseded``.
    ///
    /// Examples
    /// --------
    /// >>> batch.retry(only="failed")
    /// 0
    #[pyo3(signature = (only: "Literal['failed', 'cancelled', 'incomplete']" = "failed"))]
    fn retry(&self, py: Python<'_>, only: &str) -> PyResult<usize> {
        let (handle, only) = (self.0.get()?.clone(), word(only)?);
        wait(py, async move { handle.retry(only).await })
    }

    /// Cancels what has not ended: nothing more is submitted, and AMC is told about what it runs.
    ///
    /// Returns
    /// -------
    /// CancelReport
    ///     What could and what could not be stopped.
    ///
    /// Examples
    /// --------
    /// >>> batch.cancel()
    /// <CancelReport 0 cancelled, 3 finished before, 0 not cancelled>
    fn cancel(&self, py: Python<'_>) -> PyResult<CancelReport> {
        let handle = self.0.get()?.clone();
        wait(py, async move { handle.cancel().await }).map(CancelReport::from)
    }

    /// Says why executions did not complete, instances of the same cause together, the most frequent cause first.
    ///
    /// Returns
    /// -------
    /// list of Cause
    ///     The causes; empty when nothing went wrong.
    ///
    /// Examples
    /// --------
    /// >>> batch.errors()
    /// []
    fn errors(&self, py: Python<'_>) -> PyResult<Vec<Cause>> {
        let handle = self.0.get()?.clone();
        Ok(wait(py, async move { handle.status().await })?.causes.plain())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<Batch {}>", self.status(py)?.summary))
    }

    #[pyo3(signature = () -> "str")]
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_package(py, "amc_fleet._html", "batch")?.call1((self.status(py)?,))
    }
}

/// Reads where a batch stands at this moment.
pub(crate) fn report(py: Python<'_>, handle: BatchHandle) -> PyResult<BatchReport> {
    wait(py, async move { handle.status().await }).map(BatchReport::from)
}

/// Waits for the end of a batch; what did not complete is an error where the caller says so.
pub(crate) async fn ended(handle: &BatchHandle, timeout: Option<Span>, raise: bool) -> amc_fleet::Result<()> {
    let report = handle.wait(timeout.map(|it| it.0)).await?;
    report.failure().filter(|_| raise).map_or(Ok(()), Err)
}

/// Reads how results are taken.
pub(crate) fn taken(
    missing: &str,
    drift: &str,
    [region, segment, execution_id]: [bool; 3],
) -> PyResult<ResultsOptions> {
    let merge =
        MergeOptions { drift: word(drift)?, region, segment, execution_id, ..MergeOptions::default() };
    Ok(ResultsOptions { missing: word(missing)?, merge })
}
