//! Access granted and revoked while the emulator runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::service::Service;

/// A change of who may do what; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessChange {
    /// Whether the refresh token is granted.
    #[serde(default)]
    pub refresh_token: Option<bool>,
    /// Whether every access token given out ends now.
    #[serde(default)]
    pub expire_tokens: bool,
    /// Whether accounts are open to the caller, by entity id.
    #[serde(default)]
    pub accounts: BTreeMap<String, bool>,
    /// Whether instances answer reporting calls, by id.
    #[serde(default)]
    pub instances: BTreeMap<String, bool>,
}

impl AccessChange {
    /// Makes the change.
    ///
    /// # Errors
    /// The sentence that names an account or instance that does not exist; nothing has changed then.
    pub(crate) fn apply(&self, service: &Arc<Service>) -> Result<(), String> {
        service.world(|world, _| {
            let known = |id: &&String| world.accounts.iter().any(|account| account.id == **id);
            if let Some(id) = self.accounts.keys().find(|id| !known(id)) {
                return Err(format!("there is no account {id}"));
            }
            if let Some(id) = self.instances.keys().find(|id| !world.instances.contains_key(*id)) {
                return Err(format!("there is no instance {id}"));
            }
            for account in &mut world.accounts {
                account.revoked = self.accounts.get(&account.id).map_or(account.revoked, |open| !open);
            }
            for (id, instance) in &mut world.instances {
                instance.denied = self.instances.get(id).map_or(instance.denied, |open| !open);
            }
            Ok(())
        })?;
        if let Some(granted) = self.refresh_token {
            service.tokens.revoke(!granted);
        }
        if self.expire_tokens {
            service.tokens.expire_all();
        }
        Ok(())
    }
}
