//! AMC accounts.

use amc_fleet::client::{AmcAccount, DEFAULT_CREDENTIAL};
use napi_derive::napi;

/// An account that AMC does not list.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone)]
pub struct AccountOptions {
    /// The entity id of the AMC account (`ENTITY…`).
    pub account_id: String,
    /// The marketplace of the AMC account.
    pub marketplace_id: String,
    /// What to call it.
    pub name: Option<String>,
    /// The name of the credential that reaches it; `default` where absent.
    pub credential: Option<String>,
}

impl AccountOptions {
    /// The key of its credential, and the account.
    pub(crate) fn account(self) -> (String, AmcAccount) {
        let Self { account_id, marketplace_id, name, credential } = self;
        let credential = credential.unwrap_or_else(|| DEFAULT_CREDENTIAL.to_owned());
        (credential, AmcAccount { account_id, account_name: name.unwrap_or_default(), marketplace_id })
    }
}
