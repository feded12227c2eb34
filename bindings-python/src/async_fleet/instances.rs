//! Accounts and instances, awaited.

use std::collections::BTreeMap;
use std::sync::Arc;

use amc_fleet::AccountSpec;
use pyo3::prelude::*;

use super::AsyncFleet;
use crate::arguments::{InstanceRef, Profiles, Values, profile_change};
use crate::records::{Instance, SyncReport};
use crate::runtime::awaitable;

#[pymethods]
impl AsyncFleet {
    /// Reads every account and instance the credentials see; see ``Fleet.sync_instances``.
    ///
    /// Examples
    /// --------
    /// >>> await fleet.sync_instances()
    /// <SyncReport 2 accounts: 0 added, 0 changed, 0 gone, 0 unreachable>
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

    /// Says something about an instance; see ``Fleet.update_instance``.
    ///
    /// Examples
    /// --------
    /// >>> instances = await fleet.instances()
    /// >>> (await fleet.update_instance(instances[0], tags=["dach"])).tags
    /// ['dach']
    #[pyo3(signature = (
        instance: "Instance | str",
        *,
        label = None,
        tags: "Sequence[str] | None" = None,
        brands: "Sequence[str] | None" = None,
        timezone = None,
        currency = None,
        parameters: "Mapping[str, Any] | None" = None,
    ) -> "Awaitable[Instance]")]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn update_instance<'py>(
        &self,
        py: Python<'py>,
        instance: InstanceRef,
        label: Option<String>,
        tags: Option<Vec<String>>,
        brands: Option<Vec<String>>,
        timezone: Option<String>,
        currency: Option<String>,
        parameters: Option<Values>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let change = profile_change(label, tags, brands, timezone, currency, parameters);
        let lazy = Arc::clone(self.0.get()?);
        let call = async move { lazy.fleet().await?.update_instance(&instance.0, change).await };
        awaitable(py, call, |instance| Ok(Instance::from(instance)))
    }

    /// Reads profiles from a table; see ``Fleet.import_profiles``.
    ///
    /// Examples
    /// --------
    /// >>> instances = await fleet.instances()
    /// >>> await fleet.import_profiles(f"instance_id,label\n{instances[0].instance_id},Nova\n")
    /// 1
    #[pyo3(signature = (table: "object") -> "Awaitable[int]")]
    fn import_profiles<'py>(&self, py: Python<'py>, table: Profiles) -> PyResult<Bound<'py, PyAny>> {
        let lazy = Arc::clone(self.0.get()?);
        awaitable(py, async move { table.import(lazy.fleet().await?).await }, Ok)
    }
}

fn instances(found: Vec<amc_fleet::Instance>) -> PyResult<Vec<Instance>> {
    Ok(found.into_iter().map(Instance::from).collect())
}
