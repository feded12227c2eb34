//! Instances: what AMC shows us, and which of them can run a query.

use std::collections::BTreeMap;
use std::fmt;

use super::Fleet;
use crate::client::endpoint::Region;
use crate::client::{AccountTarget, AmcAccount, AmcInstance, DEFAULT_CREDENTIAL};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Account, AccountKey, Instance, SyncedAccount, SyncedInstance};
use crate::store::SyncChanges;

/// What a sync found, instances by AMC's ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Accounts seen.
    pub accounts: usize,
    /// Instances this owner did not have before.
    pub added: Vec<String>,
    /// Instances of which AMC says something else than before, or which are in reach again.
    pub changed: Vec<String>,
    /// How many instances are as they were.
    pub unchanged: usize,
    /// Instances that AMC listed before and does not list any more. They stay known.
    pub gone: Vec<String>,
    /// Accounts whose instances AMC refused to list.
    pub unreachable: Vec<UnreachableAccount>,
}

/// An account whose instances AMC refused to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreachableAccount {
    /// The entity id.
    pub account_id: String,
    /// The marketplace.
    pub marketplace_id: String,
    /// Why, in AMC's words.
    pub reason: String,
    /// The instances of it that were in reach before.
    pub instances: Vec<String>,
}

impl SyncReport {
    /// Counts what a sync of one account changed.
    fn count(&mut self, changes: SyncChanges, refused: Option<UnreachableAccount>) {
        self.accounts += 1;
        self.added.extend(changes.added);
        self.changed.extend(changes.changed);
        self.unchanged += changes.unchanged;
        match refused {
            Some(account) => self.unreachable.push(UnreachableAccount { instances: changes.lost, ..account }),
            None => self.gone.extend(changes.lost),
        }
    }
}

impl fmt::Display for SyncReport {
    /// One line: "2 accounts: 3 added, 0 changed, 0 gone, 0 unreachable".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accounts, added, changed, gone, unreachable, .. } = self;
        let [added, changed, gone] = [added, changed, gone].map(Vec::len);
        let unreachable = unreachable.len();
        let plural = if *accounts == 1 { "" } else { "s" };
        write!(
            f,
            "{accounts} account{plural}: {added} added, {changed} changed, {gone} gone, {unreachable} unreachable"
        )
    }
}

/// An account to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSpec {
    /// The entity id (`ENTITY…`).
    pub account_id: String,
    /// The marketplace of the AMC account.
    pub marketplace_id: String,
    /// Its name; its id where none is given.
    pub account_name: Option<String>,
    /// Which credential reaches it.
    pub credential_key: String,
    /// Headers AMC wants for it beyond the usual ones. They are stored as they are: no place for a secret.
    pub extra_headers: BTreeMap<String, String>,
}

impl AccountSpec {
    /// An account reached by the default credential.
    pub fn new(account_id: impl Into<String>, marketplace_id: impl Into<String>) -> Self {
        Self {
            account_id: account_id.into(),
            marketplace_id: marketplace_id.into(),
            account_name: None,
            credential_key: DEFAULT_CREDENTIAL.to_owned(),
            extra_headers: BTreeMap::new(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.account_id, &self.marketplace_id) == (&other.account_id, &other.marketplace_id)
    }
}

impl Fleet {
    /// Reads every account and instance the credentials see and grants them to this owner.
    ///
    /// Profiles (label, tags, …) are kept; what AMC does not list any more stays known as unreachable. The tables that
    /// queries may read are asked for where they are not known, or were listed more than a week ago.
    ///
    /// # Errors
    /// `Unavailable` (`amc_unreachable`) when AMC does not answer, `Unauthorized` when it does not accept a credential,
    /// `Forbidden` (`host_only`) from a fleet that [`as_owner`](Self::as_owner) gave.
    pub async fn sync_instances(&self) -> Result<SyncReport> {
        self.ensure_host()?;
        let client = self.client()?;
        let mut report = SyncReport::default();
        // In sequence: AMC throttles parallel listing of many accounts (AMC-documented).
        for key in &self.0.credential_keys {
            let listed = client.accounts(key, self.0.hosts.of_all()).await?;
            for account in self.accounts_of(key, listed).await? {
                self.sync_account(account, &mut report).await?;
            }
        }
        self.read_data_sources().await?;
        Ok(report)
    }

    /// Adds an account that AMC does not list for the credential, with all its instances; later syncs include it. An
    /// account that is known gets the headers named here.
    ///
    /// # Errors
    /// `InvalidInput` (`unknown_credential`) for a key this fleet does not hold, `header_unusable` for a header that
    /// cannot be sent; otherwise as for a sync, and whatever AMC answers to somebody who may not see the account.
    pub async fn add_account(&self, account: AccountSpec) -> Result<SyncReport> {
        self.ensure_host()?;
        self.client()?;
        let key = account.credential_key.as_str();
        if !self.0.credential_keys.iter().any(|known| known == key) {
            let message = format!("this fleet holds no credential '{key}'");
            return Err(Error::invalid("unknown_credential", message)
                .hint(format!("one of {}", self.0.credential_keys.join(", "))));
        }
        let mut report = SyncReport::default();
        let account_id = account.account_id.clone();
        self.sync_account(account, &mut report).await?;
        self.read_data_sources().await?;
        match report.unreachable.pop() {
            None => Ok(report),
            Some(refused) => Err(Error::new(
                ErrorKind::Forbidden,
                "account_denied",
                format!("{account_id} is denied: {}", refused.reason),
            )
            .hint("check the entity id, and that the marketplace is the one of the AMC account")),
        }
    }

    /// The accounts of a credential: those AMC lists, then those that were added by hand, each with what is kept of it.
    async fn accounts_of(&self, key: &str, listed: Vec<AmcAccount>) -> Result<Vec<AccountSpec>> {
        let mut kept: Vec<AccountSpec> = Vec::new();
        for instance in self.all_instances().await? {
            let account = AccountSpec::from(&instance.account);
            if account.credential_key == key && !kept.iter().any(|known| known.is_same(&account)) {
                kept.push(account);
            }
        }
        let mut accounts = Vec::new();
        for account in listed {
            let mut account = AccountSpec { credential_key: key.to_owned(), ..account.into() };
            if let Some(index) = kept.iter().position(|known| known.is_same(&account)) {
                account.extra_headers = kept.swap_remove(index).extra_headers;
            }
            accounts.push(account);
        }
        accounts.extend(kept);
        Ok(accounts)
    }

    async fn sync_account(&self, account: AccountSpec, report: &mut SyncReport) -> Result<()> {
        let region = Region::of_marketplace(&account.marketplace_id).unwrap_or(Region::Na);
        let target = AccountTarget {
            credential_key: account.credential_key.clone(),
            endpoint: self.0.hosts.of_region(region).to_owned(),
            account_id: account.account_id.clone(),
            marketplace_id: account.marketplace_id.clone(),
            extra_headers: account.extra_headers.clone(),
        };
        let (instances, refused) = match self.client()?.instances(&target).await {
            Ok(instances) => (Some(instances.into_iter().map(SyncedInstance::from).collect()), None),
            Err(error) if matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound) => {
                (None, Some(unreachable(&account, &error)))
            }
            Err(error) => return Err(error),
        };
        let synced = synced(account, region, target, instances);
        let now = self.0.surroundings.clock.now();
        let ids = self.0.surroundings.ids.as_ref();
        let changes = self.0.store.sync_account(&self.0.owner, &synced, ids, now).await?;
        report.count(changes, refused);
        Ok(())
    }

    /// Lists the instances of this owner that a query can run on, by name.
    ///
    /// Sandboxes, unfinished and unreachable instances are left out; [`Fleet::all_instances`] has them too.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn instances(&self) -> Result<Vec<Instance>> {
        let mut instances = self.all_instances().await?;
        instances.retain(|instance| instance.unavailability().is_none());
        Ok(instances)
    }

    /// Lists every instance of this owner, by name.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn all_instances(&self) -> Result<Vec<Instance>> {
        self.0.store.instances(&self.scope()).await
    }
}

fn unreachable(account: &AccountSpec, error: &Error) -> UnreachableAccount {
    UnreachableAccount {
        account_id: account.account_id.clone(),
        marketplace_id: account.marketplace_id.clone(),
        reason: error.message().to_owned(),
        instances: Vec::new(),
    }
}

fn synced(
    account: AccountSpec,
    region: Region,
    target: AccountTarget,
    instances: Option<Vec<SyncedInstance>>,
) -> SyncedAccount {
    SyncedAccount {
        name: account.account_name.unwrap_or_else(|| account.account_id.clone()),
        key: AccountKey { account_id: account.account_id, marketplace_id: account.marketplace_id },
        region: region.to_string(),
        api_endpoint: target.endpoint,
        credential_key: target.credential_key,
        extra_headers: target.extra_headers,
        instances,
    }
}

impl From<&Account> for AccountSpec {
    fn from(account: &Account) -> Self {
        Self {
            account_id: account.key.account_id.clone(),
            marketplace_id: account.key.marketplace_id.clone(),
            account_name: Some(account.name.clone()),
            credential_key: account.credential_key.clone(),
            extra_headers: account.extra_headers.clone(),
        }
    }
}

impl From<AmcAccount> for AccountSpec {
    fn from(account: AmcAccount) -> Self {
        Self {
            account_name: Some(account.account_name),
            ..Self::new(account.account_id, account.marketplace_id)
        }
    }
}

impl From<AmcInstance> for SyncedInstance {
    fn from(instance: AmcInstance) -> Self {
        let AmcInstance { instance_id, name, customer_name, instance_type, creation_status } = instance;
        Self { instance_id, name, customer_name, instance_type, creation_status }
    }
}
