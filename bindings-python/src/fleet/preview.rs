//! What a batch would run, and what is wrong with a query: AMC hears nothing.

use amc_fleet::BatchSpec;
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{
    Anything, Chosen, InstanceRef, Values, WorkflowRef, declared, lint_spec, readiness, rendering,
};
use crate::records::{Finding, Plain, Preview};
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Shows what a batch would run, exactly, and what is said about it. Nothing is written and AMC hears nothing.
    ///
    /// Parameters
    /// ----------
    /// workflow : Workflow or str, optional
    ///     The workflow, or its id or name; or give ``sql``.
    /// parameters : dict, optional
    ///     Values for all instances.
    /// window : str, optional
    ///     Which days to read; the workflow's own if not given.
    /// sql : str, optional
    ///     The query, without a workflow.
    /// instances : iterable of Instance or str, mapping, or "all", optional
    ///     What it would run on; every available instance if not given.
    /// timezone : str, optional
    ///     The zone of the window: a name, or ``"instance"`` for each instance's own; UTC if not given.
    /// instance_parameters : dict of str to dict, optional
    ///     Values by instance id, over the shared ones.
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
    ///
    /// Returns
    /// -------
    /// Preview
    ///     The exact query, window and values of each instance, and what is said about them.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     As ``run_batch``.
    ///
    /// Examples
    /// --------
    /// >>> preview = fleet.preview(sql="SELECT COUNT({{x}}) AS n FROM t", parameters={"x": "a"}, window="last 30 days")
    /// >>> preview.runs[0].sql
    /// "SELECT COUNT('a') AS n FROM t"
    #[pyo3(signature = (
        workflow: "Workflow | str | None" = None,
        parameters: "Mapping[str, Any] | None" = None,
        window = None,
        *,
        sql = None,
        instances: "Iterable[Instance | str] | Mapping[str, str | Iterable[str]] | Literal['all'] | None" = None,
        timezone = None,
        instance_parameters: "Mapping[str, Mapping[str, Any]] | None" = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        prefer_native = false,
        literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
        freshness: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
        maturity: "Literal['flag', 'move', 'refuse', 'wait']" = "flag",
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn preview(
        &self,
        py: Python<'_>,
        workflow: Option<WorkflowRef>,
        parameters: Option<Values>,
        window: Option<String>,
        sql: Option<String>,
        instances: Option<Chosen>,
        timezone: Option<String>,
        instance_parameters: Option<Values>,
        declarations: Option<Anything>,
        prefer_native: bool,
        literal_dialect: &str,
        freshness: &str,
        maturity: &str,
    ) -> PyResult<Preview> {
        let spec = BatchSpec {
            workflow: workflow.map(|it| it.0),
            sql,
            instances: instances.map(|it| it.0).unwrap_or_default(),
            window,
            timezone,
            parameters: parameters.unwrap_or_default().0,
            instance_parameters: instance_parameters.unwrap_or_default().0,
            declarations: declared(declarations)?,
            render: rendering(prefer_native, literal_dialect)?,
            readiness: readiness(freshness, maturity)?,
            ..BatchSpec::default()
        };
        let fleet = self.open()?;
        wait(py, async move { fleet.preview(spec).await }).map(Preview::from)
    }

    /// Says what AMC will refuse about a query, or may read in another way, without asking it.
    ///
    /// Parameters
    /// ----------
    /// sql : str
    ///     The query.
    /// data_sources : list of dict, optional
    ///     The tables there are, as AMC's ``dataSources`` gives them.
    /// declarations : list of dict or dict, optional
    ///     What the parameters are.
    /// instance : Instance or str, optional
    ///     The instance whose tables are meant, as it listed them at the last sync. With neither this nor
    ///     ``data_sources`` no table and no column is unknown.
    ///
    /// Returns
    /// -------
    /// list of Finding
    ///     In the order of the text.
    ///
    /// Examples
    /// --------
    /// >>> [finding.code for finding in fleet.lint("SELECT user_id FROM t GROUP BY 1")]
    /// ['raw_user_id']
    #[pyo3(signature = (
        sql,
        data_sources: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        *,
        instance: "Instance | str | None" = None,
    ))]
    fn lint(
        &self,
        py: Python<'_>,
        sql: String,
        data_sources: Option<Anything>,
        declarations: Option<Anything>,
        instance: Option<InstanceRef>,
    ) -> PyResult<Vec<Finding>> {
        let (spec, fleet) = (lint_spec(data_sources, declarations, instance)?, self.open()?);
        wait(py, async move { fleet.lint(&sql, spec).await }).map(Plain::plain)
    }
}
