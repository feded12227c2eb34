//! AMC accounts.

use std::collections::HashMap;

use amc_fleet::AccountSpec;
use napi_derive::napi;

/// An account that AMC does not list.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone)]
pub struct AccountOptions {
    /// The entity id of the AMC account (`ENTITY…`).
    pub account_id: String,
    /// The marketplace of the AMC account.
    pub marketplace_id: String,
    /// What to call it; its id where absent.
    pub account_name: Option<String>,
    /// The name of the credential that reaches it; `default` where absent.
    pub credential_key: Option<String>,
    /// Headers AMC wants for it beyond the usual ones. They are stored as they are: no place for a secret.
    pub extra_headers: Option<HashMap<String, String>>,
}

impl AccountOptions {
    pub(crate) fn spec(self) -> AccountSpec {
        let Self { account_id, marketplace_id, account_name, credential_key, extra_headers } = self;
        let defaults = AccountSpec::new(account_id, marketplace_id);
        AccountSpec {
            account_name,
            credential_key: credential_key.unwrap_or(defaults.credential_key),
            extra_headers: extra_headers.unwrap_or_default().into_iter().collect(),
            ..defaults
        }
    }
}
