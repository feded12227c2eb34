//! Accounts and instances.

use std::collections::BTreeMap;

use amc_fleet::AccountSpec;
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{InstanceRef, Profiles, Values, profile_change};
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
    /// <SyncReport 2 accounts: 0 added, 0 changed, 0 gone, 0 unreachable>
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

    /// Says something about an instance. Syncs keep it, and other owners never see it.
    ///
    /// What is not given stays; what is empty is cleared.
    ///
    /// Parameters
    /// ----------
    /// instance : Instance or str
    ///     The instance, or its id.
    /// label : str, optional
    ///     What to call it.
    /// tags, brands : sequence of str, optional
    ///     Words to select it by, and the brands its data are about.
    /// timezone : str, optional
    ///     The zone in which its days begin.
    /// currency : str, optional
    ///     The currency of its amounts, by its ISO 4217 code.
    /// parameters : dict, optional
    ///     Values of parameters that differ by instance, for queries that have them.
    ///
    /// Returns
    /// -------
    /// Instance
    ///     The instance as it is now.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_instance``.
    /// InvalidInputError
    ///     ``zone_unknown``, ``currency_unknown``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.update_instance(fleet.instances()[0], label="Nova", tags=["dach"]).label
    /// 'Nova'
    #[pyo3(signature = (
        instance: "Instance | str",
        *,
        label = None,
        tags: "Sequence[str] | None" = None,
        brands: "Sequence[str] | None" = None,
        timezone = None,
        currency = None,
        parameters: "Mapping[str, Any] | None" = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn update_instance(
        &self,
        py: Python<'_>,
        instance: InstanceRef,
        label: Option<String>,
        tags: Option<Vec<String>>,
        brands: Option<Vec<String>>,
        timezone: Option<String>,
        currency: Option<String>,
        parameters: Option<Values>,
    ) -> PyResult<Instance> {
        let change = profile_change(label, tags, brands, timezone, currency, parameters);
        let fleet = self.open()?;
        wait(py, async move { fleet.update_instance(&instance.0, change).await }).map(Instance::from)
    }

    /// Reads profiles from a table: ``instance_id`` and any of ``label``, ``tags``, ``brands`` (in CSV several are parted
    /// by ``;``), ``timezone``, ``currency``, ``parameters`` and ``parameters.<name>``.
    ///
    /// A column that is not there leaves what it is about as it is; an empty cell of CSV clears it, a NULL of a data
    /// frame leaves it.
    ///
    /// Parameters
    /// ----------
    /// table : str, os.PathLike, or a data frame
    ///     CSV as a text, a CSV file, or anything that gives Arrow: pandas, polars, pyarrow.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many instances it names.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``profiles_unreadable`` with the row; nothing is written then.
    /// NotFoundError
    ///     ``unknown_instance``.
    ///
    /// Examples
    /// --------
    /// >>> fleet.import_profiles(f"instance_id,currency\n{fleet.instances()[0].instance_id},EUR\n")
    /// 1
    #[pyo3(signature = (table: "object"))]
    fn import_profiles(&self, py: Python<'_>, table: Profiles) -> PyResult<usize> {
        let fleet = self.open()?;
        wait(py, async move { table.import(&fleet).await })
    }
}
