//! Batches: one query on many instances.

use std::path::PathBuf;

use amc_fleet::BatchSpec;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fleet;
use crate::arguments::{Anything, Chosen, Span, Values, WorkflowRef, declared, readiness, rendering, word};
use crate::batch::Batch;
use crate::json::Fields;
use crate::records::{Attempt, CancelReport, Plain, PlanReport};
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Runs one query on many instances: checks everything, writes what shall run, and returns at once.
    ///
    /// Nothing is written and nothing runs when anything is wrong.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str, optional
    ///     The workflow, or its id or name; or give ``sql``.
    /// sql : str, optional
    ///     The query, for a batch without a workflow.
    /// instances : iterable of Instance or str, mapping, or "all"
    ///     What it runs on: instances, their ids, every available one, or those that a selector asks for: a mapping of
    ///     ``ids``, ``tags``, ``brand``, ``region``, ``account`` or ``type`` to a text or several.
    /// window : str, optional
    ///     Which days to read, for example ``"last 30 days"``; the workflow's own if not given.
    /// timezone : str, optional
    ///     The zone of the window: a name, or ``"instance"`` for each instance's own; UTC if not given.
    /// parameters : dict, optional
    ///     Values for all instances.
    /// instance_parameters : dict of str to dict, optional
    ///     Values by instance id, over the shared ones.
    /// key : str, optional
    ///     The same key with the same content gives the same batch, however often it is asked for.
    /// on_unavailable : {"refuse", "skip"}, default "refuse"
    ///     What to do about a named instance that cannot run a query.
    /// priority : {"interactive", "scheduled", "backfill"}, default "interactive"
    ///     Which work goes first when places are scarce.
    /// deadline : float or datetime.timedelta, optional
    ///     How long the whole may take, in seconds; what is not finished by then fails alone.
    /// check : {"first", "none"}, default "first"
    ///     What is checked before anything is written: AMC compiles the query once for each set of tables that the
    ///     instances have, or nothing more than what is known here.
    /// name : str, optional
    ///     Its name; the workflow's if not given.
    /// declarations : list of dict or dict, optional
    ///     What the parameters are; what is not declared is what its value says it is.
    /// prefer_native : bool, default False
    ///     Whether ``{{name}}`` becomes ``CUSTOM_PARAMETER('name')`` where AMC can take the value.
    /// literal_dialect : {"standard", "backslash_escapes", "refuse"}, default "standard"
    ///     What AMC is believed to take a backslash in a string for.
    /// freshness : {"flag", "move", "refuse", "wait"}, default "flag"
    ///     What to do when the window ends within the last 48 hours, whose events AMC may lack.
    /// maturity : {"flag", "move", "refuse", "wait"}, default "flag"
    ///     The same for conversions, which are attributed for 14 days.
    /// reuse : bool, default False
    ///     Whether an instance may be served with the result of an earlier or a running execution that asks AMC the same:
    ///     query, parameters, window, zone, options, and data as mature. Its ``reuse_of`` and ``age_seconds`` say so.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     The batch. Dropping it stops nothing.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``window_missing``, ``no_instances``, ``duplicate_instance``, ``sql_unreadable``, parameter errors,
    ///     ``data_source_missing``, ``amc_rejected`` with its place, …
    /// NotFoundError
    ///     ``unknown_workflow`` or ``unknown_instance``.
    /// ForbiddenError
    ///     ``instance_unavailable``.
    /// ConflictError
    ///     ``key_conflict``: the key names a batch with other content.
    ///
    /// Examples
    /// --------
    /// >>> batch = fleet.run_batch("Reach by campaign", instances=fleet.instances(), window="last 30 days")
    /// >>> batch.wait().status().status
    /// 'completed'
    #[pyo3(signature = (
        workflow: "Workflow | str | None" = None,
        *,
        sql = None,
        instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']",
        window = None,
        timezone = None,
        parameters: "Mapping[str, Any] | None" = None,
        instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None,
        key = None,
        on_unavailable: "Literal['refuse', 'skip']" = "refuse",
        priority: "Literal['interactive', 'scheduled', 'backfill']" = "interactive",
        deadline: "float | timedelta | None" = None,
        check: "Literal['first', 'none']" = "first",
        name = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        prefer_native = false,
        literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
        freshness: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        maturity: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        reuse = false,
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn run_batch(
        &self,
        py: Python<'_>,
        workflow: Option<WorkflowRef>,
        sql: Option<String>,
        instances: Chosen,
        window: Option<String>,
        timezone: Option<String>,
        parameters: Option<Values>,
        instance_parameters: Option<Values>,
        key: Option<String>,
        on_unavailable: &str,
        priority: &str,
        deadline: Option<Span>,
        check: &str,
        name: Option<String>,
        declarations: Option<Anything>,
        prefer_native: bool,
        literal_dialect: &str,
        freshness: &str,
        maturity: &str,
        reuse: bool,
    ) -> PyResult<Batch> {
        let spec = BatchSpec {
            workflow: workflow.map(|it| it.0),
            sql,
            instances: instances.0,
            window,
            timezone,
            parameters: parameters.unwrap_or_default().0,
            instance_parameters: instance_parameters.unwrap_or_default().0,
            key,
            on_unavailable: word(on_unavailable)?,
            priority: word(priority)?,
            deadline: deadline.map(|it| it.0),
            check: word(check)?,
            name,
            description: None,
            declarations: declared(declarations)?,
            render: rendering(prefer_native, literal_dialect)?,
            readiness: readiness(freshness, maturity)?,
            reuse,
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.run_batch(spec).await }).and_then(Batch::new)
    }

    /// Says what a batch would come to: its runs, the slots they take, how long it takes by what earlier runs took, and
    /// which earlier runs read the same. Nothing is written and AMC hears nothing.
    ///
    /// Parameters
    /// ----------
    /// workflow, sql, instances, window, timezone, parameters, instance_parameters, on_unavailable, name
    ///     As for ``run_batch``. So are the rest, which change nothing of a plan.
    ///
    /// Returns
    /// -------
    /// PlanReport
    ///     What it would come to.
    ///
    /// Raises
    /// ------
    /// InvalidInputError, NotFoundError, ForbiddenError
    ///     What ``run_batch`` refuses before it asks AMC.
    ///
    /// Examples
    /// --------
    /// >>> plan = fleet.plan("Reach by campaign", instances="all", window="last 30 days")
    /// >>> plan.runs, plan.slots, plan.data_sources
    /// (3, 3, ['dsp_impressions'])
    #[pyo3(signature = (
        workflow: "Workflow | str | None" = None,
        *,
        sql = None,
        instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all']",
        window = None,
        timezone = None,
        parameters: "Mapping[str, Any] | None" = None,
        instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None,
        key = None,
        on_unavailable: "Literal['refuse', 'skip']" = "refuse",
        priority: "Literal['interactive', 'scheduled', 'backfill']" = "interactive",
        deadline: "float | timedelta | None" = None,
        check: "Literal['first', 'none']" = "first",
        name = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        prefer_native = false,
        literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
        freshness: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        maturity: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn plan(
        &self,
        py: Python<'_>,
        workflow: Option<WorkflowRef>,
        sql: Option<String>,
        instances: Chosen,
        window: Option<String>,
        timezone: Option<String>,
        parameters: Option<Values>,
        instance_parameters: Option<Values>,
        key: Option<String>,
        on_unavailable: &str,
        priority: &str,
        deadline: Option<Span>,
        check: &str,
        name: Option<String>,
        declarations: Option<Anything>,
        prefer_native: bool,
        literal_dialect: &str,
        freshness: &str,
        maturity: &str,
    ) -> PyResult<PlanReport> {
        let spec = BatchSpec {
            workflow: workflow.map(|it| it.0),
            sql,
            instances: instances.0,
            window,
            timezone,
            parameters: parameters.unwrap_or_default().0,
            instance_parameters: instance_parameters.unwrap_or_default().0,
            key,
            on_unavailable: word(on_unavailable)?,
            priority: word(priority)?,
            deadline: deadline.map(|it| it.0),
            check: word(check)?,
            name,
            declarations: declared(declarations)?,
            render: rendering(prefer_native, literal_dialect)?,
            readiness: readiness(freshness, maturity)?,
            ..BatchSpec::default()
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.plan(spec).await }).map(PlanReport::from)
    }

    /// Finds a batch by either id, or by its key.
    ///
    /// Parameters
    /// ----------
    /// id_or_key : str
    ///     ``batch_…``, a UUID, or the key it was run with.
    ///
    /// Returns
    /// -------
    /// Batch
    ///     The batch.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_batch``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.batch(batch.id).name
    /// 'Reach by campaign'
    fn batch(&self, py: Python<'_>, id_or_key: String) -> PyResult<Batch> {
        let fleet = self.open()?;
        wait(py, async move { fleet.batch(&id_or_key).await }).and_then(Batch::new)
    }

    /// Says what a file is made of that was once written from results of this fleet: it is known by its content.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The file, wherever it is now and whatever its name.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``sha256``, ``path`` and ``written_at`` of the file as it was written, and its ``manifest``.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_file``: it was not written from here, or was changed since.
    ///
    /// Examples
    /// --------
    /// >>> written = results.write(folder / "reach.csv")
    /// >>> fleet.trace_file(written.path)["manifest"]["complete"]
    /// '3 of 3'
    #[pyo3(signature = (path) -> "dict[str, Any]")]
    fn trace_file<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyDict>> {
        let fleet = self.open()?;
        let trace = wait(py, async move { fleet.trace_file(path).await })?;
        Fields(&trace.to_json()).into_pyobject(py)
    }

    /// Cancels one execution; its batch goes on.
    ///
    /// Parameters
    /// ----------
    /// execution_id : str
    ///     ``exec_…`` or a UUID, as the report of its batch shows it.
    ///
    /// Returns
    /// -------
    /// CancelReport
    ///     What came of it.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_execution``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.cancel_execution(batch.status().executions[0].execution_id)
    /// <CancelReport 0 cancelled, 1 finished before, 0 not cancelled>
    fn cancel_execution(&self, py: Python<'_>, execution_id: String) -> PyResult<CancelReport> {
        let fleet = self.open()?;
        wait(py, async move { fleet.cancel_execution(&execution_id).await }).map(CancelReport::from)
    }

    /// Cancels everything of this owner that has not ended.
    ///
    /// Returns
    /// -------
    /// CancelReport
    ///     What came of it.
    ///
    /// Examples
    /// --------
    /// >>> fleet.cancel_all()
    /// <CancelReport 0 cancelled, 0 finished before, 0 not cancelled>
    fn cancel_all(&self, py: Python<'_>) -> PyResult<CancelReport> {
        let fleet = self.open()?;
        wait(py, async move { fleet.cancel_all().await }).map(CancelReport::from)
    }

    /// Lists the attempts of an execution, the first first: what was asked of AMC and what it answered.
    ///
    /// Parameters
    /// ----------
    /// execution_id : str
    ///     ``exec_…`` or a UUID, as the report of its batch shows it.
    ///
    /// Returns
    /// -------
    /// list of Attempt
    ///     The attempts; none where it was not submitted yet.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_execution``.
    ///
    /// Examples
    /// --------
    /// >>> [attempt.http_status for attempt in fleet.attempts(batch.status().executions[0].execution_id)]
    /// [200]
    fn attempts(&self, py: Python<'_>, execution_id: String) -> PyResult<Vec<Attempt>> {
        let fleet = self.open()?;
        let attempts = wait(py, async move { fleet.attempts(&execution_id).await })?;
        Ok(attempts.plain())
    }
}
