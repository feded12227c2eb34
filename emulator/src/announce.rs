//! The one line on standard output: where the emulator listens and what it accepts.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::api::TOKEN_PATH;
use crate::service::Service;
use crate::world::World;
use crate::world::instance::{Instance, Kind};

/// What a client needs to know.
#[derive(Clone, Serialize)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct Announcement {
    pub url: String,
    pub token_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
    pub accounts: Vec<AccountEntry>,
}

/// An account and its instances by kind.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountEntry {
    /// The entity id of the headers.
    pub account_id: String,
    /// What a person calls it.
    pub account_name: String,
    /// The marketplace of the headers.
    pub marketplace_id: String,
    /// Whether `/amc/accounts` leaves it out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unlisted: bool,
    /// Whether it is a sponsored-ads entity with a self-service instance.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub self_service: bool,
    /// The standard, completed, reachable instances.
    pub instances: Vec<String>,
    /// The sandbox instances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sandbox: Vec<String>,
    /// The instances whose creation never ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfinished: Vec<String>,
    /// The instances that refuse every reporting call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
}

impl Announcement {
    pub(crate) fn of(service: &Arc<Service>, url: &str) -> Self {
        let tokens = &service.tokens;
        Self {
            url: url.to_owned(),
            token_url: format!("{url}{TOKEN_PATH}"),
            client_id: tokens.client_id.clone(),
            client_secret: tokens.client_secret.clone(),
            refresh_token: tokens.refresh_token.clone(),
            accounts: service
                .world(|world, _| (0..world.accounts.len()).map(|index| entry(world, index)).collect()),
        }
    }

    /// Writes shell `export`s; the values are quoted.
    pub fn env(&self) -> String {
        let variables = [
            ("AMC_API_URL", &self.url),
            ("AMC_TOKEN_URL", &self.token_url),
            ("AMC_CLIENT_ID", &self.client_id),
            ("AMC_CLIENT_SECRET", &self.client_secret),
            ("AMC_REFRESH_TOKEN", &self.refresh_token),
        ];
        variables.iter().fold("export".to_owned(), |line, (name, value)| format!("{line} {name}='{value}'"))
    }
}

impl fmt::Debug for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Announcement")
            .field("url", &self.url)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

fn entry(world: &World, index: usize) -> AccountEntry {
    let account = &world.accounts[index];
    let ids = |wanted: fn(&Instance) -> bool| -> Vec<String> {
        let own = world.instances.values().filter(|instance| instance.account == index);
        own.filter(|instance| wanted(instance)).map(|instance| instance.id.clone()).collect()
    };
    AccountEntry {
        account_id: account.id.clone(),
        account_name: account.name.clone(),
        marketplace_id: account.marketplace_id.clone(),
        unlisted: account.unlisted,
        self_service: account.self_service,
        instances: ids(|i| i.kind == Kind::Standard && i.is_completed() && !i.denied),
        sandbox: ids(|i| i.kind == Kind::Sandbox),
        unfinished: ids(|i| !i.is_completed()),
        denied: ids(|i| i.denied),
    }
}
