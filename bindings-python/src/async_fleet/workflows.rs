//! Saved queries, awaited.

use std::sync::Arc;

use amc_fleet::WorkflowSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{Anything, Values, declared};
use crate::records::Workflow;
use crate::runtime::{awaitable, nothing};

#[pymethods]
impl AsyncFleet {
    /// Saves a query by name; see ``Fleet.save_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.save_workflow("Reach by campaign", sql=sql)).name
    /// 'Reach by campaign'
    #[pyo3(signature = (
        name,
        *,
        sql,
        description = None,
        window = None,
        parameters: "Mapping[str, Any] | None" = None,
        amc_options: "Mapping[str, Any] | None" = None,
        declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
    ) -> "Awaitable[Workflow]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_workflow<'py>(
        &self,
        py: Python<'py>,
        name: String,
        sql: String,
        description: Option<String>,
        window: Option<String>,
        parameters: Option<Values>,
        amc_options: Option<Values>,
        declarations: Option<Anything>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let [parameters, amc_options] = [parameters, amc_options].map(|given| given.unwrap_or_default().0);
        let declarations = declared(declarations)?;
        let spec = WorkflowSpec {
            description,
            window,
            parameters,
            amc_options,
            declarations,
            ..WorkflowSpec::new(name, sql)
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.save_workflow(spec).await };
        awaitable(py, call, |saved| Ok(Workflow::from(saved)))
    }

    /// Finds a workflow by either id, or by name; see ``Fleet.workflow``.
    ///
    /// Examples
    /// --------
    /// >>> (await fleet.workflow("Reach by campaign")).sql == sql
    /// True
    #[pyo3(signature = (id_or_name) -> "Awaitable[Workflow]")]
    fn workflow<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.workflow(&id_or_name).await }, |found| {
            Ok(Workflow::from(found))
        })
    }

    /// Puts a workflow away; see ``Fleet.archive_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> old = await fleet.save_workflow("Old", sql=sql)
    /// >>> await fleet.archive_workflow(old.id)
    #[pyo3(signature = (id_or_name) -> "Awaitable[None]")]
    fn archive_workflow<'py>(&self, py: Python<'py>, id_or_name: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.archive_workflow(&id_or_name).await }, nothing)
    }
}
