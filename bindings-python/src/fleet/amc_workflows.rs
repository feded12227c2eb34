//! AMC's own saved workflows.

use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{InstanceRef, Items, Values, amc_workflow};
use crate::records::AmcWorkflow;
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Lists every workflow saved at an instance of AMC. Our own batches never use them.
    ///
    /// Parameters
    /// ----------
    /// instance : Instance or str
    ///     The instance, or its id.
    ///
    /// Returns
    /// -------
    /// list of AmcWorkflow
    ///     What AMC holds.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.amc_workflows(fleet.instances()[1])
    /// []
    #[pyo3(signature = (instance: "Instance | str"))]
    fn amc_workflows(&self, py: Python<'_>, instance: InstanceRef) -> PyResult<Vec<AmcWorkflow>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.amc_workflows(&instance.0).await })?;
        Ok(found.into_iter().map(AmcWorkflow::from).collect())
    }

    /// Reads a workflow saved at an instance of AMC.
    ///
    /// Parameters
    /// ----------
    /// instance : Instance or str
    ///     The instance, or its id.
    /// workflow_id : str
    ///     Its name at AMC.
    ///
    /// Returns
    /// -------
    /// AmcWorkflow
    ///     The workflow.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance``, ``workflow_unknown``.
    ///
    /// Examples
    /// --------
    /// >>> instance = fleet.instances()[0]
    /// >>> fleet.create_amc_workflow(instance, "reach", sql_query=sql)
    /// >>> fleet.amc_workflow(instance, "reach")
    /// <AmcWorkflow 'reach'>
    #[pyo3(signature = (instance: "Instance | str", workflow_id))]
    fn amc_workflow(
        &self,
        py: Python<'_>,
        instance: InstanceRef,
        workflow_id: String,
    ) -> PyResult<AmcWorkflow> {
        let fleet = self.open()?;
        wait(py, async move { fleet.amc_workflow(&instance.0, &workflow_id).await }).map(AmcWorkflow::from)
    }

    /// Saves a new workflow at an instance of AMC, which compiles it and runs nothing.
    ///
    /// Parameters
    /// ----------
    /// instance : Instance or str
    ///     The instance, or its id.
    /// workflow_id : str
    ///     Its name: letters, digits, ``.``, ``-`` and ``_``.
    /// sql_query : str
    ///     The query.
    /// input_parameters : list of dict, optional
    ///     The declarations of its parameters, as AMC writes them.
    /// options : dict, optional
    ///     Every further field (``outputFormat``, …), sent as it is.
    ///
    /// Raises
    /// ------
    /// ConflictError
    ///     ``workflow_exists``.
    /// InvalidInputError
    ///     ``query_invalid`` and others, with AMC's words.
    ///
    /// Examples
    /// --------
    /// >>> instance = fleet.instances()[0]
    /// >>> fleet.create_amc_workflow(instance, "daily_reach", sql_query=sql)
    #[pyo3(signature = (
        instance: "Instance | str",
        workflow_id,
        *,
        sql_query,
        input_parameters: "Iterable[Mapping[str, Any]] | None" = None,
        options: "Mapping[str, Any] | None" = None,
    ))]
    fn create_amc_workflow(
        &self,
        py: Python<'_>,
        instance: InstanceRef,
        workflow_id: String,
        sql_query: String,
        input_parameters: Option<Items>,
        options: Option<Values>,
    ) -> PyResult<()> {
        let workflow = amc_workflow(workflow_id, sql_query, input_parameters, options);
        let fleet = self.open()?;
        wait(py, async move { fleet.create_amc_workflow(&instance.0, &workflow).await })
    }

    /// Replaces a workflow saved at an instance of AMC, all its fields.
    ///
    /// Parameters
    /// ----------
    /// instance, workflow_id, sql_query, input_parameters, options
    ///     As for ``create_amc_workflow``.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``workflow_unknown``.
    /// InvalidInputError
    ///     ``query_invalid`` and others, with AMC's words.
    ///
    /// Examples
    /// --------
    /// >>> instance = fleet.instances()[0]
    /// >>> fleet.create_amc_workflow(instance, "weekly_reach", sql_query=sql)
    /// >>> fleet.update_amc_workflow(instance, "weekly_reach", sql_query=sql)
    #[pyo3(signature = (
        instance: "Instance | str",
        workflow_id,
        *,
        sql_query,
        input_parameters: "Iterable[Mapping[str, Any]] | None" = None,
        options: "Mapping[str, Any] | None" = None,
    ))]
    fn update_amc_workflow(
        &self,
        py: Python<'_>,
        instance: InstanceRef,
        workflow_id: String,
        sql_query: String,
        input_parameters: Option<Items>,
        options: Option<Values>,
    ) -> PyResult<()> {
        let workflow = amc_workflow(workflow_id, sql_query, input_parameters, options);
        let fleet = self.open()?;
        wait(py, async move { fleet.update_amc_workflow(&instance.0, &workflow).await })
    }

    /// Deletes a workflow saved at an instance of AMC.
    ///
    /// Parameters
    /// ----------
    /// instance : Instance or str
    ///     The instance, or its id.
    /// workflow_id : str
    ///     Its name at AMC.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``workflow_unknown``.
    /// InvalidInputError
    ///     While a schedule of AMC's own needs it.
    ///
    /// Examples
    /// --------
    /// >>> instance = fleet.instances()[0]
    /// >>> fleet.create_amc_workflow(instance, "old_reach", sql_query=sql)
    /// >>> fleet.delete_amc_workflow(instance, "old_reach")
    #[pyo3(signature = (instance: "Instance | str", workflow_id))]
    fn delete_amc_workflow(
        &self,
        py: Python<'_>,
        instance: InstanceRef,
        workflow_id: String,
    ) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.delete_amc_workflow(&instance.0, &workflow_id).await })
    }
}
