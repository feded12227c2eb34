//! AMC instances.

use amc_fleet::Instance as Core;
use amc_fleet::model::{Account, AccountKey, Profile};
use chrono::{DateTime, Utc};
use napi::Either;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::record::Host;

/// An AMC instance as the fleet knows it, its account included.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Instance {
    /// Our own id.
    pub id: String,
    /// AMC's id (`amc…`), the one people use.
    pub instance_id: String,
    /// Its name at AMC.
    pub name: String,
    /// The customer's name at AMC.
    pub customer_name: String,
    /// `STANDARD` or `SANDBOX`.
    pub instance_type: String,
    /// AMC's creation status.
    pub creation_status: String,
    /// Whether the credential reaches it.
    #[napi(ts_type = "'ok' | 'denied' | 'unreachable'")]
    pub access: String,
    /// Why a query cannot run here; null when it can.
    pub unavailable: Option<String>,
    /// The zone in which its days begin.
    pub timezone: String,
    /// What its owner calls it.
    pub label: Option<String>,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// The brands its data are about.
    pub brands: Vec<String>,
    /// The currency of its amounts.
    pub currency: Option<String>,
    /// Values of parameters that differ by instance.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Map<String, Value>,
    /// The tables a query may read there; absent where AMC was never asked.
    pub data_sources: Option<Vec<String>>,
    /// The account's entity id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The account's marketplace.
    pub marketplace_id: String,
    /// `NA`, `EU` or `FE`.
    pub region: String,
    /// Which credential reaches it.
    pub credential_key: String,
    /// When it was last seen at AMC.
    pub synced_at: DateTime<Utc>,
}

impl Host<Instance> for Core {
    fn host(self) -> Instance {
        let (unavailable, zone) = (self.unavailability().map(|why| why.to_string()), self.zone().to_owned());
        let Self {
            id,
            instance_id,
            name,
            customer_name,
            instance_type,
            creation_status,
            access,
            profile: Profile { label, tags, brands, timezone: _, currency, parameters },
            data_sources,
            account,
            synced_at,
        } = self;
        let Home { account_id, account_name, marketplace_id, region, credential_key } = account.into();
        Instance {
            id: id.0.to_string(),
            instance_id,
            name,
            customer_name,
            instance_type,
            creation_status,
            access: access.as_str().to_owned(),
            unavailable,
            timezone: zone,
            label,
            tags,
            brands,
            currency,
            parameters,
            data_sources: data_sources.map(|listed| listed.ids),
            account_id,
            account_name,
            marketplace_id,
            region,
            credential_key,
            synced_at,
        }
    }
}

/// What an instance says about the account it belongs to.
struct Home {
    account_id: String,
    account_name: String,
    marketplace_id: String,
    region: String,
    credential_key: String,
}

impl From<Account> for Home {
    fn from(account: Account) -> Self {
        let Account {
            id: _,
            key: AccountKey { account_id, marketplace_id },
            name: account_name,
            region,
            api_endpoint: _,
            credential_key,
            timezone: _,
            extra_headers: _,
        } = account;
        Self { account_id, account_name, marketplace_id, region, credential_key }
    }
}

/// Anything with an id: an instance, a workflow.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone)]
pub struct Identified {
    /// Our own id.
    pub id: String,
}

/// The id of a thing, given as itself or as its id.
pub(crate) fn id(thing: Either<String, Identified>) -> String {
    match thing {
        Either::A(id) | Either::B(Identified { id }) => id,
    }
}
