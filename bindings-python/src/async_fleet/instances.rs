//! Accounts and instances, awaited.

use std::collections::BTreeMap;
use std::sync::Arc;

use amc_fleet::AccountSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::records::{Instance, SyncReport};
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// Reads every account and instance the credentials see; see ``Fleet.sync_instances``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.sync_instances()
    /// <SyncReport 2 accounts: 0 added, 3 updated, 0 lost, 0 denied>
    #[pyo3(signature = () -> "Awaitable[SyncReport]")]
    fn sync_instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.sync_instances().await }, |found| {
            Ok(SyncReport::from(found))
        })
    }

    /// Lists the instances a query can run on, by name; see ``Fleet.instances``.
    ///
    /// Examples
    /// --------
    /// >>> len(await fleet.instances())
    /// 3
    #[pyo3(signature = () -> "Awaitable[list[Instance]]")]
    fn instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.instances().await }, instances)
    }

    /// Lists every instance of this owner, by name; see ``Fleet.all_instances``.
    ///
    /// Examples
    /// --------
    /// >>> [instance.unavailable for instance in await fleet.all_instances()]
    /// [None, None, None]
    #[pyo3(signature = () -> "Awaitable[list[Instance]]")]
    fn all_instances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { lazy.fleet().await?.all_instances().await }, instances)
    }

    /// Adds an account that AMC does not list for a credential; see ``Fleet.add_account``.
    ///
    /// Examples
    /// --------
    /// >>> account = amc.accounts[0]
    /// >>> name, marketplace = account["accountName"], account["marketplaceId"]
    /// >>> (await fleet.add_account(account["accountId"], marketplace_id=marketplace, account_name=name)).accounts
    /// 1
    #[pyo3(signature = (
        account_id,
        *,
        marketplace_id,
        account_name = None,
        credential_key = "default",
        extra_headers: "Mapping[str, str] | None" = None,
    ) -> "Awaitable[SyncReport]")]
    fn add_account<'py>(
        &self,
        py: Python<'py>,
        account_id: String,
        marketplace_id: String,
        account_name: Option<String>,
        credential_key: &str,
        extra_headers: Option<BTreeMap<String, String>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (credential_key, extra_headers) = (credential_key.to_owned(), extra_headers.unwrap_or_default());
        let account = AccountSpec { account_id, marketplace_id, account_name, credential_key, extra_headers };
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.add_account(account).await };
        awaitable(py, call, |found| Ok(SyncReport::from(found)))
    }
}

fn instances(found: Vec<amc_fleet::Instance>) -> PyResult<Vec<Instance>> {
    Ok(found.into_iter().map(Instance::from).collect())
}
