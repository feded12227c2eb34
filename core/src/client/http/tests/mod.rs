//! The client against a server that answers what a test scripted, byte by byte.

mod auth;
mod download;
mod reads;
mod server;
mod submit;

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::{HttpClient, HttpSettings, RetryPolicy};
use crate::client::{AccountTarget, Credential, Credentials, RunRequest, Target};
use crate::clock::Surroundings;
use crate::testing::{ManualClock, run_request};
use server::Server;

/// A server, a client that knows its address and a clock that never waits.
struct Scene {
    server: Server,
    client: HttpClient,
    clock: Arc<ManualClock>,
}

impl Scene {
    async fn new() -> Self {
        Self::with(|server| Credentials::one(lwa(server)), settings()).await
    }

    async fn with(credentials: impl FnOnce(&Server) -> Credentials, settings: HttpSettings) -> Self {
        let server = Server::start().await;
        let clock = Arc::new(ManualClock::skipping("2025-10-15T00:00:00Z".parse().unwrap()));
        let client = HttpClient::new(credentials(&server), &clock.surroundings(), settings).unwrap();
        Self { server, client, clock }
    }

    fn target(&self) -> Target {
        Target { account: account(&self.server.url(), "default"), instance_id: "amcone".into() }
    }
}

fn lwa(server: &Server) -> Credential {
    Credential::lwa("client-1", "s3cret", "Atzr|1").with_token_url(server.url() + "/token")
}

fn settings() -> HttpSettings {
    HttpSettings {
        retry: RetryPolicy { jitter_seed: Some(1), ..RetryPolicy::default() },
        ..HttpSettings::default()
    }
}

/// Gives up on silence soon, for tests in which the server hangs.
fn impatient() -> HttpSettings {
    HttpSettings {
        request_timeout: Duration::from_secs(1),
        read_timeout: Duration::from_millis(300),
        ..settings()
    }
}

fn account(endpoint: &str, credential_key: &str) -> AccountTarget {
    AccountTarget {
        credential_key: credential_key.into(),
        endpoint: endpoint.into(),
        account_id: "ENTITY1".into(),
        marketplace_id: "ATVPDKIKX0DER".into(),
        extra_headers: BTreeMap::new(),
    }
}

fn request() -> RunRequest {
    run_request("af-1", "SELECT 'it''s' AS a\nFROM t")
}

#[test]
fn settings_that_cannot_be_used_are_said() {
    let settings = HttpSettings { user_agent: "two\nlines".into(), ..HttpSettings::default() };
    let client = HttpClient::new(Credentials::default(), &Surroundings::default(), settings);
    assert_eq!(client.unwrap_err().code(), "http_settings_unusable");
}

/// The environment belongs to a whole process, so this runs another test in one of its own.
#[test]
fn this_machine_is_reached_without_the_proxy_of_the_environment() {
    let nowhere = "http://127.0.0.1:9";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client::http::tests::submit::an_accepted_run_is_submitted"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, nowhere)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}
