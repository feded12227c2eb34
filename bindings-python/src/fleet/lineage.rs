//! Where a number comes from, and whether what is kept can be true.

use pyo3::prelude::*;

use super::Fleet;
use crate::json::Json;
use crate::records::{Broken, Plain};
use crate::runtime::wait;
use crate::standing::document_of;

#[pymethods]
impl Fleet {
    /// Walks from an execution back to what asked for it.
    ///
    /// What is missing on the way is a warning, no error.
    ///
    /// Parameters
    /// ----------
    /// execution_id : str
    ///     ``exec_…`` or a UUID.
    ///
    /// Returns
    /// -------
    /// dict
    ///     Its attempts, AMC's run, the query as it was sent, parameters, window, batch, schedule and nominal time or
    ///     backfill, report, and ``warnings``.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_execution``.
    ///
    /// Examples
    /// --------
    /// >>> execution = batch.status().executions[0]
    /// >>> fleet.trace(execution.execution_id)["triggered_by"]
    /// 'manual'
    #[pyo3(signature = (execution_id) -> "dict[str, Any]")]
    fn trace(&self, py: Python<'_>, execution_id: String) -> PyResult<Json> {
        let fleet = self.open()?;
        wait(py, async move { fleet.trace(&execution_id).await }).and_then(document_of)
    }

    /// Lists what is kept and cannot be true: counts, references, results. It reads everything of this owner.
    ///
    /// Returns
    /// -------
    /// list of Broken
    ///     By code; none where all is well.
    ///
    /// Examples
    /// --------
    /// >>> fleet.verify()
    /// []
    #[pyo3(signature = () -> "list[Broken]")]
    fn verify(&self, py: Python<'_>) -> PyResult<Vec<Broken>> {
        let fleet = self.open()?;
        wait(py, async move { fleet.verify().await }).map(Plain::plain)
    }
}
