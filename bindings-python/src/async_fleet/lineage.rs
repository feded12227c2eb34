//! Where a number comes from, awaited.

use std::sync::Arc;

use pyo3::prelude::*;

use super::AsyncFleet;
use crate::records::Plain;
use crate::runtime::awaitable;
use crate::standing::document_of;

#[pymethods]
impl AsyncFleet {
    /// Walks from an execution back to what asked for it; see ``Fleet.trace``.
    ///
    /// Examples
    /// --------
    /// >>> execution = (await batch.status()).executions[0]
    /// >>> (await fleet.trace(execution.execution_id))["triggered_by"]
    /// 'manual'
    #[pyo3(signature = (execution_id) -> "Awaitable[dict[str, Any]]")]
    fn trace<'py>(&self, py: Python<'py>, execution_id: String) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.trace(&execution_id).await }, document_of)
    }

    /// Lists what is kept and cannot be true; see ``Fleet.verify``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.verify()
    /// []
    #[pyo3(signature = () -> "Awaitable[list[Broken]]")]
    fn verify<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.verify().await }, |found| Ok(found.plain()))
    }
}
