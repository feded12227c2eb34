//! AMC's own saved workflows, awaited.

use std::sync::Arc;

use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{InstanceRef, Items, Values, amc_workflow};
use crate::records::AmcWorkflow;
use crate::runtime::{awaitable, nothing};

#[pymethods]
impl AsyncFleet {
    /// Lists every workflow saved at an instance of AMC; see ``Fleet.amc_workflows``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.amc_workflows((await fleet.instances())[1])
    /// []
    #[pyo3(signature = (instance: "Instance | str") -> "Awaitable[list[AmcWorkflow]]")]
    fn amc_workflows<'py>(&self, py: Python<'py>, instance: InstanceRef) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.amc_workflows(&instance.0).await }, |found| {
            Ok(found.into_iter().map(AmcWorkflow::from).collect::<Vec<_>>())
        })
    }

    /// Reads a workflow saved at an instance of AMC; see ``Fleet.amc_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> instance = (await fleet.instances())[2]
    /// >>> await fleet.create_amc_workflow(instance, "reach", sql_query=sql)
    /// >>> await fleet.amc_workflow(instance, "reach")
    /// <AmcWorkflow 'reach'>
    #[pyo3(signature = (instance: "Instance | str", workflow_id) -> "Awaitable[AmcWorkflow]")]
    fn amc_workflow<'py>(
        &self,
        py: Python<'py>,
        instance: InstanceRef,
        workflow_id: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.amc_workflow(&instance.0, &workflow_id).await };
        awaitable(py, call, |found| Ok(AmcWorkflow::from(found)))
    }

    /// Saves a new workflow at an instance of AMC; see ``Fleet.create_amc_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> instance = (await fleet.instances())[2]
    /// >>> await fleet.create_amc_workflow(instance, "daily_reach", sql_query=sql)
    #[pyo3(signature = (
        instance: "Instance | str",
        workflow_id,
        *,
        sql_query,
        input_parameters: "Iterable[Mapping[str, Any]] | None" = None,
        options: "Mapping[str, Any] | None" = None,
    ) -> "Awaitable[None]")]
    fn create_amc_workflow<'py>(
        &self,
        py: Python<'py>,
        instance: InstanceRef,
        workflow_id: String,
        sql_query: String,
        input_parameters: Option<Items>,
        options: Option<Values>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let workflow = amc_workflow(workflow_id, sql_query, input_parameters, options);
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.create_amc_workflow(&instance.0, &workflow).await };
        awaitable(py, call, nothing)
    }

    /// Replaces a workflow saved at an instance of AMC, all its fields; see ``Fleet.update_amc_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> instance = (await fleet.instances())[2]
    /// >>> await fleet.create_amc_workflow(instance, "weekly_reach", sql_query=sql)
    /// >>> await fleet.update_amc_workflow(instance, "weekly_reach", sql_query=sql)
    #[pyo3(signature = (
        instance: "Instance | str",
        workflow_id,
        *,
        sql_query,
        input_parameters: "Iterable[Mapping[str, Any]] | None" = None,
        options: "Mapping[str, Any] | None" = None,
    ) -> "Awaitable[None]")]
    fn update_amc_workflow<'py>(
        &self,
        py: Python<'py>,
        instance: InstanceRef,
        workflow_id: String,
        sql_query: String,
        input_parameters: Option<Items>,
        options: Option<Values>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let workflow = amc_workflow(workflow_id, sql_query, input_parameters, options);
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.update_amc_workflow(&instance.0, &workflow).await };
        awaitable(py, call, nothing)
    }

    /// Deletes a workflow saved at an instance of AMC; see ``Fleet.delete_amc_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> instance = (await fleet.instances())[2]
    /// >>> await fleet.create_amc_workflow(instance, "old_reach", sql_query=sql)
    /// >>> await fleet.delete_amc_workflow(instance, "old_reach")
    #[pyo3(signature = (instance: "Instance | str", workflow_id) -> "Awaitable[None]")]
    fn delete_amc_workflow<'py>(
        &self,
        py: Python<'py>,
        instance: InstanceRef,
        workflow_id: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.delete_amc_workflow(&instance.0, &workflow_id).await };
        awaitable(py, call, nothing)
    }
}
