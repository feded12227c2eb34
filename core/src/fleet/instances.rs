//! Instances: what AMC shows us, and which of them can run a query.

use super::Fleet;
use crate::client::endpoint::Region;
use crate::client::{AccountTarget, AmcAccount, AmcInstance};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Account, AccountKey, Instance, SyncedAccount, SyncedInstance};

/// What a sync found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Accounts seen.
    pub accounts: usize,
    /// Instances seen for the first time.
    pub added: usize,
    /// Instances known before and seen again.
    pub updated: usize,
    /// Instances known before and not seen any more.
    pub lost: usize,
    /// Accounts whose instances AMC refused to list, each with AMC's words.
    pub denied: Vec<(String, String)>,
}

impl Fleet {
    /// Reads every account and instance the credentials see and grants them to this owner.
    ///
    /// Profiles (zone, label, …) are kept; what AMC does not list any more stays known as unreachable.
    ///
    /// # Errors
    /// `Unavailable` (`amc_unreachable`) when AMC does not answer, `Unauthorized` when it does not accept a credential.
    pub async fn sync_instances(&self) -> Result<SyncReport> {
        let client = self.client()?;
        let mut report = SyncReport::default();
        // In sequence: AMC throttles parallel listing of many accounts (AMC-documented).
        for key in &self.0.credential_keys {
            let mut accounts = client.accounts(key, &self.0.endpoint).await?;
            accounts.extend(self.unlisted(key, &accounts).await?);
            for account in accounts {
                self.sync_account(key, account, &mut report).await?;
            }
        }
        Ok(report)
    }

    /// Adds an account that AMC does not list for the credential, with all its instances; later syncs include it.
    ///
    /// # Errors
    /// `InvalidInput` (`unknown_credential`) for a key this fleet does not hold; otherwise as for a sync, and whatever
    /// AMC answers to somebody who may not see the account.
    pub async fn add_account(&self, key: &str, account: AmcAccount) -> Result<SyncReport> {
        self.client()?;
        if !self.0.credential_keys.iter().any(|known| known == key) {
            let message = format!("this fleet holds no credential '{key}'");
            return Err(Error::invalid("unknown_credential", message)
                .hint(format!("one of {}", self.0.credential_keys.join(", "))));
        }
        let mut report = SyncReport::default();
        let account_id = account.account_id.clone();
        self.sync_account(key, account, &mut report).await?;
        match report.denied.pop() {
            None => Ok(report),
            Some((_, words)) => Err(Error::new(
                ErrorKind::Forbidden,
                "account_denied",
                format!("{account_id} is denied: {words}"),
            )
            .hint("check the entity id, and that the marketplace is the one of the AMC account")),
        }
    }

    /// The accounts of a credential that are known and not among those AMC lists: they were added by hand.
    async fn unlisted(&self, key: &str, listed: &[AmcAccount]) -> Result<Vec<AmcAccount>> {
        let mut unlisted: Vec<AmcAccount> = Vec::new();
        for instance in self.all_instances().await? {
            let known = AmcAccount::from(&instance.account);
            let is_listed = |account: &AmcAccount| {
                (&account.account_id, &account.marketplace_id) == (&known.account_id, &known.marketplace_id)
            };
            let is_new = !listed.iter().chain(&unlisted).any(is_listed);
            if is_new && instance.account.credential_key == key {
                unlisted.push(known);
            }
        }
        Ok(unlisted)
    }

    async fn sync_account(&self, key: &str, account: AmcAccount, report: &mut SyncReport) -> Result<()> {
        let target = AccountTarget {
            credential_key: key.to_owned(),
            endpoint: self.0.endpoint.clone(),
            account_id: account.account_id.clone(),
            marketplace_id: account.marketplace_id.clone(),
            extra_headers: std::collections::BTreeMap::new(),
        };
        let instances = match self.client()?.instances(&target).await {
            Ok(instances) => Some(instances.into_iter().map(SyncedInstance::from).collect()),
            Err(error) if matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound) => {
                report.denied.push((account.account_id.clone(), error.message().to_owned()));
                None
            }
            Err(error) => return Err(error),
        };
        let synced = synced(account, target, instances);
        let now = self.0.surroundings.clock.now();
        let ids = self.0.surroundings.ids.as_ref();
        let counts = self.0.store.sync_account(&self.0.owner, &synced, ids, now).await?;
        report.accounts += 1;
        report.added += counts.added;
        report.updated += counts.updated;
        report.lost += counts.lost;
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

fn synced(
    account: AmcAccount,
    target: AccountTarget,
    instances: Option<Vec<SyncedInstance>>,
) -> SyncedAccount {
    let region = Region::of_marketplace(&account.marketplace_id).unwrap_or(Region::Na);
    SyncedAccount {
        key: AccountKey { account_id: account.account_id, marketplace_id: account.marketplace_id },
        name: account.account_name,
        region: region.to_string(),
        api_endpoint: target.endpoint,
        credential_key: target.credential_key,
        instances,
    }
}

impl From<&Account> for AmcAccount {
    fn from(account: &Account) -> Self {
        Self {
            account_id: account.key.account_id.clone(),
            account_name: account.name.clone(),
            marketplace_id: account.key.marketplace_id.clone(),
        }
    }
}

impl From<AmcInstance> for SyncedInstance {
    fn from(instance: AmcInstance) -> Self {
        let AmcInstance { instance_id, name, customer_name, instance_type, creation_status } = instance;
        Self { instance_id, name, customer_name, instance_type, creation_status }
    }
}
