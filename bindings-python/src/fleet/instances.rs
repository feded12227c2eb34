//! Accounts and instances.

use std::collections::BTreeMap;

use amc_fleet::AccountSpec;
use pyo3::prelude::*;

use super::Fleet;
use crate::records::{Instance, SyncReport};
use crate::runtime::wait;

#[pymethods]
impl Fleet {
    /// Reads every account and instance the credentials see.
    ///
    /// Returns
    /// -------
    /// SyncReport
    ///     How many were found.
    ///
    /// Raises
    /// ------
    /// UnavailableError
    ///     ``amc_unreachable`` when AMC does not answer.
    /// UnauthorizedError
    ///     When AMC does not accept a credential.
    ///
    /// Examples
    /// --------
    /// >>> fleet.sync_instances()
    /// <SyncReport 2 accounts: 0 added, 3 updated, 0 lost, 0 denied>
    fn sync_instances(&self, py: Python<'_>) -> PyResult<SyncReport> {
        let fleet = self.open()?;
        wait(py, async move { fleet.sync_instances().await }).map(SyncReport::from)
    }

    /// Lists the instances a query can run on, by name.
    ///
    /// Sandboxes, unfinished and unreachable instances are left out.
    ///
    /// Returns
    /// -------
    /// list of Instance
    ///     The instances.
    ///
    /// Examples
    /// --------
    /// >>> len(fleet.instances())
    /// 3
    fn instances(&self, py: Python<'_>) -> PyResult<Vec<Instance>> {
        let fleet = self.open()?;
        Ok(wait(py, async move { fleet.instances().await })?.into_iter().map(Instance::from).collect())
    }

    /// Lists every instance of this owner, by name.
    ///
    /// Returns
    /// -------
    /// list of Instance
    ///     The instances; ``unavailable`` says why a query cannot run on one.
    ///
    /// Examples
    /// --------
    /// >>> [instance.unavailable for instance in fleet.all_instances()]
    /// [None, None, None]
    fn all_instances(&self, py: Python<'_>) -> PyResult<Vec<Instance>> {
        let fleet = self.open()?;
        Ok(wait(py, async move { fleet.all_instances().await })?.into_iter().map(Instance::from).collect())
    }

    /// Adds an account that AMC does not list for a credential, with all its instances; later syncs include it.
    ///
    /// Parameters
    /// ----------
    /// account_id : str
    ///     The entity id of the AMC account (``ENTITY…``).
    /// marketplace_id : str
    ///     The marketplace of the AMC account.
    /// account_name : str, optional
    ///     What to call it; its id if not given.
    /// credential_key : str, default "default"
    ///     The key of the credential that reaches it.
    /// extra_headers : dict of str to str, optional
    ///     Headers AMC wants for it beyond the usual ones. They are stored as they are: no place for a secret.
    ///
    /// Returns
    /// -------
    /// SyncReport
    ///     How many instances were found in it.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``unknown_credential`` for a key this fleet does not hold; ``header_unusable``.
    /// ForbiddenError
    ///     ``account_denied``: the credential may not see the account.
    ///
    /// Examples
    /// --------
    /// >>> account = amc.accounts[0]
    /// >>> name, marketplace = account["accountName"], account["marketplaceId"]
    /// >>> fleet.add_account(account["accountId"], marketplace_id=marketplace, account_name=name).accounts
    /// 1
    #[pyo3(signature = (
        account_id,
        *,
        marketplace_id,
        account_name = None,
        credential_key = "default",
        extra_headers: "Mapping[str, str] | None" = None,
    ))]
    fn add_account(
        &self,
        py: Python<'_>,
        account_id: String,
        marketplace_id: String,
        account_name: Option<String>,
        credential_key: &str,
        extra_headers: Option<BTreeMap<String, String>>,
    ) -> PyResult<SyncReport> {
        let (credential_key, extra_headers) = (credential_key.to_owned(), extra_headers.unwrap_or_default());
        let account = AccountSpec { account_id, marketplace_id, account_name, credential_key, extra_headers };
        let fleet = self.open()?;
        wait(py, async move { fleet.add_account(account).await }).map(SyncReport::from)
    }
}
