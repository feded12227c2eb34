//! Lists of batches and workflows.

use amc_fleet::{BatchFilter, WorkflowFilter};
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{page, word};
use crate::batch::Batch;
use crate::records::Workflow;
use crate::runtime::wait;
use crate::standing::InstantGiven;

#[pymethods]
impl Fleet {
    /// Lists batches.
    ///
    /// Parameters
    /// ----------
    /// text : str, optional
    ///     Only those with this text in their name, description or key, in any case.
    /// instance : str, optional
    ///     Only those on the instance of this AMC id, among others.
    /// status : str, optional
    ///     Only those with this status.
    /// created_from, created_before : datetime or str, optional
    ///     Only those written at or after, and before.
    /// sort : {"newest", "oldest", "name"}, default "newest"
    ///     In which order.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Batch
    ///     The batches.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_status``, ``unknown_sort``, ``instant_naive``, ``instant_invalid``.
    ///
    /// Examples
    /// --------
    /// >>> [batch.name for batch in fleet.batches(text="reach", limit=1)]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, text = None, instance = None, status = None, created_from: "datetime | str | None" = None, created_before: "datetime | str | None" = None, sort: "Literal['newest', 'oldest', 'name']" = "newest", limit = None, offset = 0))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn batches(
        &self,
        py: Python<'_>,
        text: Option<String>,
        instance: Option<String>,
        status: Option<&str>,
        created_from: Option<InstantGiven>,
        created_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Batch>> {
        let filter = BatchFilter {
            text,
            instance,
            workflow: None,
            status: status.map(word).transpose()?,
            created_from: created_from.map(|it| it.instant()).transpose()?,
            created_before: created_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.batches(&filter, page(limit, offset)).await })?;
        found.items.into_iter().map(Batch::new).collect()
    }

    /// Lists workflows.
    ///
    /// Parameters
    /// ----------
    /// text : str, optional
    ///     Only those with this text in their name, description or query, in any case.
    /// instance : str, optional
    ///     Only those that ran, or are to run, on the instance of this AMC id.
    /// updated_from, updated_before : datetime or str, optional
    ///     Only those last changed at or after, and before.
    /// sort : {"name", "newest", "oldest"}, default "name"
    ///     In which order; the newest is the last changed.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Workflow
    ///     The workflows.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_sort``, ``instant_naive``, ``instant_invalid``.
    ///
    /// Examples
    /// --------
    /// >>> [workflow.name for workflow in fleet.workflows(text="reach")]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, text = None, instance = None, updated_from: "datetime | str | None" = None, updated_before: "datetime | str | None" = None, sort: "Literal['name', 'newest', 'oldest']" = "name", limit = None, offset = 0))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn workflows(
        &self,
        py: Python<'_>,
        text: Option<String>,
        instance: Option<String>,
        updated_from: Option<InstantGiven>,
        updated_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Workflow>> {
        let filter = WorkflowFilter {
            text,
            instance,
            updated_from: updated_from.map(|it| it.instant()).transpose()?,
            updated_before: updated_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.workflows(&filter, page(limit, offset)).await })?;
        Ok(found.items.into_iter().map(Workflow::from).collect())
    }
}
