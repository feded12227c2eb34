//! AMC accounts: the entity and marketplace every call is addressed with.

use std::collections::BTreeMap;

use crate::client::AccountTarget;

use super::AccountUuid;

/// What makes an account unique at AMC.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountKey {
    /// The entity id.
    pub account_id: String,
    /// The marketplace id.
    pub marketplace_id: String,
}

/// An AMC account as we know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Our own id.
    pub id: AccountUuid,
    /// AMC's ids.
    pub key: AccountKey,
    /// Its name.
    pub name: String,
    /// `NA`, `EU` or `FE`, by its marketplace.
    pub region: String,
    /// The base URL of the API it is reached at.
    pub api_endpoint: String,
    /// Which credential of the host reaches it.
    pub credential_key: String,
    /// The zone in which its days begin.
    pub timezone: String,
    /// Headers it asks for beyond the usual ones.
    pub extra_headers: BTreeMap<String, String>,
}

impl Account {
    /// How calls for this account are addressed.
    #[must_use]
    pub fn target(&self) -> AccountTarget {
        AccountTarget {
            credential_key: self.credential_key.clone(),
            endpoint: self.api_endpoint.clone(),
            account_id: self.key.account_id.clone(),
            marketplace_id: self.key.marketplace_id.clone(),
            extra_headers: self.extra_headers.clone(),
        }
    }
}

/// An account as a sync found it, with all its instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedAccount {
    /// AMC's ids.
    pub key: AccountKey,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Where it was reached.
    pub api_endpoint: String,
    /// Which credential reached it.
    pub credential_key: String,
    /// Headers it was asked with beyond the usual ones.
    pub extra_headers: BTreeMap<String, String>,
    /// Its instances; `None` when AMC refused to list them.
    pub instances: Option<Vec<SyncedInstance>>,
}

/// An instance as a sync found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedInstance {
    /// AMC's id.
    pub instance_id: String,
    /// Its name.
    pub name: String,
    /// The customer's name.
    pub customer_name: String,
    /// `STANDARD` or `SANDBOX`.
    pub instance_type: String,
    /// AMC's creation status.
    pub creation_status: String,
}
