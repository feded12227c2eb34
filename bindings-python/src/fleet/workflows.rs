//! Saved queries.

use amc_fleet::WorkflowSpec;
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Anything, Values, declared};
use crate::records::Workflow;
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Saves a query by name; one of the same name is updated and keeps its id.
    ///
    /// Parameters
    /// ----------
    /// name : str
    ///     Its name.
    /// sql : str
    ///     The query.
    /// description : str, optional
    ///     What it is for.
    /// window : str, optional
    ///     The window of batches that name none.
    /// parameters : dict, optional
    ///     Values for parameters that a batch does not give.
    /// amc_options : dict, optional
    ///     Fields AMC takes beside the query, sent as they are.
    /// declarations : list of dict or dict, optional
    ///     What the parameters are; what is not declared is what its value says it is.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The workflow as saved.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``sql_unreadable`` with line and column, ``window_invalid``, ``workflow_unnamed``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.save_workflow("Reach by campaign", sql=sql).name
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
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn save_workflow(
        &self,
        py: Python<'_>,
        name: String,
        sql: String,
        description: Option<String>,
        window: Option<String>,
        parameters: Option<Values>,
        amc_options: Option<Values>,
        declarations: Option<Anything>,
    ) -> PyResult<Workflow> {
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
        let fleet = self.open()?;
        wait(py, async move { fleet.save_workflow(spec).await }).map(Workflow::from)
    }

    /// Finds a workflow by either id, or by name.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     ``wf_…``, a UUID, or the name.
    ///
    /// Returns
    /// -------
    /// Workflow
    ///     The workflow.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.workflow("Reach by campaign").sql == sql
    /// True
    fn workflow(&self, py: Python<'_>, id_or_name: String) -> PyResult<Workflow> {
        let fleet = self.open()?;
        wait(py, async move { fleet.workflow(&id_or_name).await }).map(Workflow::from)
    }

    /// Puts a workflow away: it is found and listed no more, and its batches stay.
    ///
    /// Saving a query under its name brings it back.
    ///
    /// Parameters
    /// ----------
    /// id_or_name : str
    ///     ``wf_…``, a UUID, or the name.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_workflow``.
    ///
    /// Examples
    /// --------
    /// >>> old = fleet.save_workflow("Old", sql=sql)
    /// >>> fleet.archive_workflow(old.id)
    fn archive_workflow(&self, py: Python<'_>, id_or_name: String) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.archive_workflow(&id_or_name).await })
    }
}
