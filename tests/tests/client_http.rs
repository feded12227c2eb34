//! The HTTP client passes the client suite, with the emulator on the other side.

#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::client::http::{HttpClient, HttpSettings};
use amc_fleet::client::{
    AccountTarget, AmcClient, Credential, Credentials, DEFAULT_CREDENTIAL, Submission, Target,
};
use amc_fleet::clock::{Clock, RandomIds, Surroundings};
use amc_fleet::testing::client_suite::{ClientHarness, Mishap};
use amc_fleet::testing::run_request;
use amc_fleet_emulator::{CannedEngine, Emulator, Fault, FaultBody, FaultKind, Options};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::future::join_all;

const MINUTE: Duration = Duration::from_secs(60);

/// The emulator's clock, moved by whoever sleeps.
#[derive(Debug)]
struct EmulatorClock(Arc<Emulator>);

#[async_trait]
impl Clock for EmulatorClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration).await;
    }
}

/// An emulator of two instances whose clock stands still, and the client that talks to it.
#[derive(Debug)]
struct Harness {
    emulator: Arc<Emulator>,
    client: HttpClient,
}

impl Harness {
    async fn start() -> Self {
        let options = Options {
            accounts: 1,
            instances: 2,
            rows: 50,
            part_rows: 10,
            frozen: true,
            now: "2025-10-15T00:00:00Z".parse().ok(),
            ..Options::default()
        };
        let engine = CannedEngine::shared(&options);
        let emulator = Arc::new(Emulator::start(options, engine).await.unwrap());
        let said = emulator.announcement();
        let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
        let credentials = Credentials::one(credential.with_token_url(said.token_url));
        let clock = Arc::new(EmulatorClock(Arc::clone(&emulator)));
        let surroundings = Surroundings { clock, ids: Arc::new(RandomIds) };
        let client = HttpClient::new(credentials, &surroundings, HttpSettings::default()).unwrap();
        Self { emulator, client }
    }
}

#[async_trait]
impl ClientHarness for Harness {
    fn client(&self) -> &dyn AmcClient {
        &self.client
    }

    fn targets(&self) -> [Target; 2] {
        let account = self.emulator.announcement().accounts.remove(0);
        let addressed = AccountTarget {
            credential_key: DEFAULT_CREDENTIAL.to_owned(),
            endpoint: self.emulator.url(),
            account_id: account.account_id,
            marketplace_id: account.marketplace_id,
            extra_headers: BTreeMap::new(),
        };
        let [first, second] = account.instances.try_into().unwrap();
        [first, second].map(|instance_id| Target { account: addressed.clone(), instance_id })
    }

    fn sql(&self) -> String {
        "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign".to_owned()
    }

    fn now(&self) -> DateTime<Utc> {
        self.emulator.now()
    }

    async fn end_runs(&self) {
        self.emulator.advance(MINUTE).await;
    }

    async fn expire_urls(&self) {
        self.emulator.advance(11 * MINUTE).await;
    }

    async fn arrange(&self, mishap: Mishap) {
        let submit = |kind| Fault::new(kind).method("POST").path("*/workflowExecutions");
        self.emulator.fail(match mishap {
            Mishap::SubmitRefused => submit(FaultKind::status(400)),
            Mishap::SubmitThrottled => submit(FaultKind::retry_after(429, 7)),
            Mishap::SubmitLostBefore => submit(FaultKind::Reset { after: false }),
            Mishap::SubmitLostAfter => submit(FaultKind::Reset { after: true }),
            Mishap::PartTruncated => Fault::new(FaultKind::Truncate { keep_bytes: None }).path("/results/*"),
        });
    }

    async fn taken(&self, target: &Target) -> Vec<String> {
        let witness = self.emulator.executions();
        let executions = witness["executions"].as_array().unwrap();
        let own =
            executions.iter().filter(|execution| execution["instanceId"] == target.instance_id.as_str());
        own.map(|execution| execution["workflowExecutionId"].as_str().unwrap().to_owned()).collect()
    }
}

amc_fleet::client_suite!(Harness::start());

#[tokio::test]
async fn a_hundred_submits_at_once_share_one_token_and_are_a_hundred_runs() {
    let harness = Harness::start().await;
    let [target, _] = harness.targets();
    let request = run_request("suite-many", &harness.sql());
    let submissions = join_all((0..100).map(|_| harness.client.submit(&target, &request))).await;
    assert!(submissions.iter().all(|submission| matches!(submission, Submission::Submitted(_))));
    assert_eq!(harness.taken(&target).await.len(), 100);
    assert_eq!((harness.client.calls().submit, harness.client.calls().token), (100, 1));
}

/// What may have reached AMC is never sent twice, whatever answers instead of AMC.
#[tokio::test]
async fn one_submit_is_at_most_one_run_whatever_answers() {
    let html = FaultKind::Status {
        status: 502,
        retry_after: None,
        body: FaultBody::Html,
        details: None,
        after: true,
    };
    let empty = FaultKind::Status {
        status: 500,
        retry_after: None,
        body: FaultBody::Empty,
        details: None,
        after: true,
    };
    let faults =
        [html, empty, FaultKind::GatewayTimeout { after: true }, FaultKind::Truncate { keep_bytes: None }];
    for kind in faults {
        let harness = Harness::start().await;
        let [target, _] = harness.targets();
        harness.emulator.fail(Fault::new(kind.clone()).method("POST").path("*/workflowExecutions"));
        let submission = harness.client.submit(&target, &run_request("suite-one", &harness.sql())).await;
        assert!(matches!(submission, Submission::Unknown(_)), "{kind:?}: {submission:?}");
        assert_eq!((harness.taken(&target).await.len(), harness.client.calls().submit), (1, 1), "{kind:?}");
    }
}

/// A token that AMC ends early is replaced without anybody noticing.
#[tokio::test]
async fn a_token_that_ends_early_is_replaced_at_once() {
    let harness = Harness::start().await;
    let [target, _] = harness.targets();
    let request = run_request("suite-token", &harness.sql());
    assert!(matches!(harness.client.submit(&target, &request).await, Submission::Submitted(_)));
    harness.emulator.fail(Fault::new(FaultKind::TokenExpired).method("POST").path("*/workflowExecutions"));
    assert!(matches!(harness.client.submit(&target, &request).await, Submission::Submitted(_)));
    assert_eq!((harness.taken(&target).await.len(), harness.client.calls().token), (2, 2));
}
