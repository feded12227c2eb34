//! Owners, and work by the piece.

use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{InstanceRef, Span};
use crate::local::Local;
use crate::records::DriveReport;
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// The same fleet as another owner sees it: nothing that one of them writes is read or changed by the other.
    ///
    /// Parameters
    /// ----------
    /// owner : str
    ///     Whose things it sees.
    /// actor : str, optional
    ///     The person, kept with what is written.
    ///
    /// Returns
    /// -------
    /// Fleet
    ///     It shares this fleet's database, client and worker, and closing it closes nothing.
    ///
    /// Examples
    /// --------
    /// >>> fleet.as_owner("acme", actor="ada").batches()
    /// []
    #[pyo3(signature = (owner, *, actor=None))]
    fn as_owner(&self, owner: String, actor: Option<String>) -> PyResult<Self> {
        Local::new(self.open()?.as_owner(owner, actor)).map(Self)
    }

    /// The person who acts, kept with what is written.
    #[getter]
    fn actor(&self) -> PyResult<Option<String>> {
        Ok(self.0.get()?.actor().map(str::to_owned))
    }

    /// Lets another owner run on instances of this one.
    ///
    /// Parameters
    /// ----------
    /// owner : str
    ///     Who may run on them.
    /// instances : sequence of Instance or str
    ///     The instances, or their ids.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance``.
    /// ForbiddenError
    ///     ``host_only`` from a fleet that ``as_owner`` gave.
    ///
    /// Examples
    /// --------
    /// >>> fleet.grant_instances("acme", fleet.instances()[:1])
    /// 1
    #[pyo3(signature = (owner, instances: "Sequence[Instance | str]"))]
    fn grant_instances(&self, py: Python<'_>, owner: String, instances: Vec<InstanceRef>) -> PyResult<usize> {
        let (fleet, ids) = (self.open()?, InstanceRef::ids(instances));
        wait(py, async move { fleet.grant_instances(&owner, &ids).await })
    }

    /// Takes back what ``grant_instances`` gave, with what that owner said about the instances.
    ///
    /// What runs there already goes on.
    ///
    /// Parameters
    /// ----------
    /// owner : str
    ///     Who may run on them no more.
    /// instances : sequence of Instance or str
    ///     The instances, or their ids.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many.
    ///
    /// Examples
    /// --------
    /// >>> fleet.revoke_instances("acme", fleet.instances()[:1])
    /// 1
    #[pyo3(signature = (owner, instances: "Sequence[Instance | str]"))]
    fn revoke_instances(
        &self,
        py: Python<'_>,
        owner: String,
        instances: Vec<InstanceRef>,
    ) -> PyResult<usize> {
        let (fleet, ids) = (self.open()?, InstanceRef::ids(instances));
        wait(py, async move { fleet.revoke_instances(&owner, &ids).await })
    }

    /// Works for a while, then puts down what it has in hand and says what is left: for hosts that freeze between calls.
    ///
    /// Parameters
    /// ----------
    /// max_seconds : float or datetime.timedelta
    ///     How long to work at most; it returns sooner where nothing is left, or nothing before that is over.
    ///
    /// Returns
    /// -------
    /// DriveReport
    ///     Whether there is more work, and when something becomes due.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``already_working`` for a fleet that works by itself.
    ///
    /// Examples
    /// --------
    /// >>> with amc_fleet.Fleet("memory:", credentials=amc_fleet.Credentials.from_env(), worker=False) as idle:
    /// ...     idle.drive(10).more_work
    /// False
    #[pyo3(signature = (max_seconds: "float | timedelta"))]
    fn drive(&self, py: Python<'_>, max_seconds: Span) -> PyResult<DriveReport> {
        let fleet = self.open()?;
        wait(py, async move { fleet.drive(max_seconds.0).await }).map(DriveReport::from)
    }
}
