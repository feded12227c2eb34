//! What a batch would run, and what is wrong with a query, awaited.

use std::sync::Arc;

use amc_fleet::BatchSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{
    Anything, Chosen, InstanceRef, Values, WorkflowRef, declared, lint_spec, readiness, rendering,
};
use crate::records::{Plain, Preview};
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// Shows what a batch would run, exactly; see ``Fleet.preview``.
    ///
    /// Examples
    /// --------
    /// >>> preview = await fleet.preview(sql="SELECT COUNT(1) AS n FROM t", window="last 30 days")
    /// >>> preview.runs[0].sql
    /// 'SELECT COUNT(1) AS n FROM t'
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
    ) -> "Awaitable[Preview]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn preview<'py>(
        &self,
        py: Python<'py>,
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
    ) -> PyResult<Bound<'py, PyAny>> {
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
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.preview(spec).await }, |it| Ok(Preview::from(it)))
    }

    /// Says what AMC will refuse about a query; see ``Fleet.lint``.
    ///
    /// Examples
    /// --------
    /// >>> [finding.code for finding in await fleet.lint("SELECT user_id FROM t GROUP BY 1")]
    /// ['raw_user_id']
    #[pyo3(signature = (
        sql,
        data_sources: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
        *,
        instance: "Instance | str | None" = None,
    ) -> "Awaitable[list[Finding]]")]
    fn lint<'py>(
        &self,
        py: Python<'py>,
        sql: String,
        data_sources: Option<Anything>,
        declarations: Option<Anything>,
        instance: Option<InstanceRef>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let spec = lint_spec(data_sources, declarations, instance)?;
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.lint(&sql, spec).await };
        awaitable(py, call, |found| Ok(found.plain()))
    }
}
