//! Lists of batches and workflows, awaited.

use std::sync::Arc;

use amc_fleet::{BatchFilter, WorkflowFilter};
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{page, word};
use crate::async_batch::AsyncBatch;
use crate::records::Workflow;
use crate::runtime::awaitable;
use crate::standing::InstantGiven;

#[pymethods]
impl AsyncFleet {
    /// Lists batches; see ``Fleet.batches``.
    ///
    /// Examples
    /// --------
    /// >>> [batch.name for batch in await fleet.batches(text="reach", limit=1)]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, text = None, instance = None, status = None, created_from: "datetime | str | None" = None, created_before: "datetime | str | None" = None, sort: "Literal['newest', 'oldest', 'name']" = "newest", limit = None, offset = 0) -> "Awaitable[list[AsyncBatch]]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn batches<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        instance: Option<String>,
        status: Option<&str>,
        created_from: Option<InstantGiven>,
        created_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = BatchFilter {
            text,
            instance,
            workflow: None,
            status: status.map(word).transpose()?,
            created_from: created_from.map(|it| it.instant()).transpose()?,
            created_before: created_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.batches(&filter, page(limit, offset)).await };
        awaitable(py, call, |found| {
            found.items.into_iter().map(AsyncBatch::new).collect::<PyResult<Vec<_>>>()
        })
    }

    /// Lists workflows; see ``Fleet.workflows``.
    ///
    /// Examples
    /// --------
    /// >>> [workflow.name for workflow in await fleet.workflows(text="reach")]
    /// ['Reach by campaign']
    #[pyo3(signature = (*, text = None, instance = None, updated_from: "datetime | str | None" = None, updated_before: "datetime | str | None" = None, sort: "Literal['name', 'newest', 'oldest']" = "name", limit = None, offset = 0) -> "Awaitable[list[Workflow]]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn workflows<'py>(
        &self,
        py: Python<'py>,
        text: Option<String>,
        instance: Option<String>,
        updated_from: Option<InstantGiven>,
        updated_before: Option<InstantGiven>,
        sort: &str,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = WorkflowFilter {
            text,
            instance,
            updated_from: updated_from.map(|it| it.instant()).transpose()?,
            updated_before: updated_before.map(|it| it.instant()).transpose()?,
            sort: word(sort)?,
        };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.workflows(&filter, page(limit, offset)).await };
        awaitable(py, call, |found| Ok(found.items.into_iter().map(Workflow::from).collect::<Vec<_>>()))
    }
}
