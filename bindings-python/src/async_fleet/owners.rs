//! Owners, and work by the piece, awaited.

use std::sync::Arc;

use pyo3::prelude::*;

use super::{AsyncFleet, Lazy};
use crate::arguments::{InstanceRef, Span};
use crate::local::Local;
use crate::records::DriveReport;
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// The same fleet as another owner sees it; see ``Fleet.as_owner``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.as_owner("acme", actor="ada").batches()
    /// []
    #[pyo3(signature = (owner, *, actor=None))]
    fn as_owner(&self, owner: String, actor: Option<String>) -> PyResult<Self> {
        Local::new(Arc::new(Lazy::guest(self.0.get()?, owner, actor))).map(Self)
    }

    /// The person who acts, kept with what is written.
    #[getter]
    fn actor(&self) -> PyResult<Option<String>> {
        Ok(self.0.get()?.options.actor.clone())
    }

    /// Lets another owner run on instances of this one; see ``Fleet.grant_instances``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.grant_instances("acme", (await fleet.instances())[:1])
    /// 1
    #[pyo3(signature = (owner, instances: "Sequence[Instance | str]") -> "Awaitable[int]")]
    fn grant_instances<'py>(
        &self,
        py: Python<'py>,
        owner: String,
        instances: Vec<InstanceRef>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (lazy, ids) = (Arc::clone(self.0.get()?), InstanceRef::ids(instances));
        awaitable(py, async move { lazy.fleet().await?.grant_instances(&owner, &ids).await }, Ok)
    }

    /// Takes back what ``grant_instances`` gave; see ``Fleet.revoke_instances``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.revoke_instances("acme", (await fleet.instances())[:1])
    /// 1
    #[pyo3(signature = (owner, instances: "Sequence[Instance | str]") -> "Awaitable[int]")]
    fn revoke_instances<'py>(
        &self,
        py: Python<'py>,
        owner: String,
        instances: Vec<InstanceRef>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (lazy, ids) = (Arc::clone(self.0.get()?), InstanceRef::ids(instances));
        awaitable(py, async move { lazy.fleet().await?.revoke_instances(&owner, &ids).await }, Ok)
    }

    /// Works for a while, then says what is left; see ``Fleet.drive``.
    ///
    /// Examples
    /// --------
    /// >>> async with amc_fleet.AsyncFleet("memory:", credentials=amc_fleet.Credentials.from_env(), worker=False) as idle:
    /// ...     (await idle.drive(10)).more_work
    /// False
    #[pyo3(signature = (max_seconds: "float | timedelta") -> "Awaitable[DriveReport]")]
    fn drive<'py>(&self, py: Python<'py>, max_seconds: Span) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.drive(max_seconds.0).await };
        awaitable(py, call, |report| Ok(DriveReport::from(report)))
    }
}
