//! Tokens: one at a time, in time, and shown nowhere.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::future::join_all;
use parking_lot::Mutex;

use super::server::Reply;
use super::{Scene, account, lwa, settings};
use crate::client::{AccessToken, AmcClient, Credential, Credentials, Target, TokenSource};
use crate::error::{Error, ErrorKind, Result};

const RUN: &str = r#"{"workflowExecutionId":"run-1","status":"RUNNING"}"#;
const MINUTE: Duration = Duration::from_secs(60);

async fn read(scene: &Scene) -> Result<()> {
    scene.client.run(&scene.target(), "run-1").await.map(drop)
}

fn runs(scene: &Scene, count: usize) {
    scene.server.script((0..count).map(|_| Reply::ok(RUN)));
}

#[tokio::test]
async fn many_callers_make_one_refresh() {
    let scene = Scene::new().await;
    runs(&scene, 20);
    for result in join_all((0..20).map(|_| read(&scene))).await {
        result.unwrap();
    }
    assert_eq!(scene.server.seen_tokens().len(), 1);
}

#[tokio::test]
async fn many_callers_with_a_refused_token_make_one_refresh() {
    let scene = Scene::new().await;
    runs(&scene, 1);
    read(&scene).await.unwrap();
    scene.server.refuse("Atza|1");
    runs(&scene, 10);
    for result in join_all((0..10).map(|_| read(&scene))).await {
        result.unwrap();
    }
    assert_eq!(scene.server.seen_tokens().len(), 2);
}

#[tokio::test]
async fn many_callers_hear_of_one_revocation() {
    let scene = Scene::new().await;
    scene
        .server
        .script_tokens([Reply::status(400, r#"{"error":"invalid_grant","error_description":"revoked"}"#)]);
    for result in join_all((0..20).map(|_| read(&scene))).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthorized, "credential_revoked"));
        assert!(error.what_to_do().is_some() && error.message().ends_with("revoked"));
    }
    assert_eq!(scene.server.seen_tokens().len(), 1);
}

#[tokio::test]
async fn a_token_is_asked_for_as_a_form() {
    let scene = Scene::new().await;
    runs(&scene, 1);
    read(&scene).await.unwrap();
    let seen = scene.server.seen_tokens().remove(0);
    assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        seen.body,
        "grant_type=refresh_token&refresh_token=Atzr%7C1&client_id=client-1&client_secret=s3cret"
    );
}

#[tokio::test]
async fn a_token_is_replaced_five_minutes_ahead_of_its_end() {
    let scene = Scene::new().await;
    runs(&scene, 3);
    read(&scene).await.unwrap();
    scene.clock.advance(54 * MINUTE);
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen_tokens().len(), 1);
    scene.clock.advance(MINUTE);
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen_tokens().len(), 2);
}

#[tokio::test]
async fn a_token_of_a_short_life_is_used_for_most_of_it() {
    let scene = Scene::new().await;
    scene.server.script_tokens([Reply::ok(r#"{"access_token":"Atza|short","expires_in":"60"}"#)]);
    runs(&scene, 3);
    read(&scene).await.unwrap();
    scene.clock.advance(Duration::from_secs(44));
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen_tokens().len(), 1);
    scene.clock.advance(Duration::from_secs(1));
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen_tokens().len(), 2);
}

#[tokio::test]
async fn a_refresh_ahead_that_fails_for_now_leaves_the_valid_token_in_use() {
    let scene = Scene::new().await;
    runs(&scene, 2);
    read(&scene).await.unwrap();
    scene.clock.advance(56 * MINUTE);
    scene.server.script_tokens([Reply::status(503, "")]);
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen()[1].header("authorization"), Some("Bearer Atza|1"));
    assert_eq!((scene.clock.slept(), scene.server.seen_tokens().len()), (vec![], 2));
}

#[tokio::test]
async fn a_failed_refresh_ahead_is_tried_again_after_a_pause() {
    let scene = Scene::new().await;
    runs(&scene, 4);
    read(&scene).await.unwrap();
    scene.clock.advance(56 * MINUTE);
    scene.server.script_tokens([Reply::Close]);
    for (pause, tokens) in [(0, 2), (29, 2), (1, 3)] {
        scene.clock.advance(Duration::from_secs(pause));
        read(&scene).await.unwrap();
        assert_eq!(scene.server.seen_tokens().len(), tokens, "{pause}");
    }
    assert_eq!(scene.server.seen()[3].header("authorization"), Some("Bearer Atza|3"));
}

#[tokio::test]
async fn an_expired_token_is_never_used() {
    let scene = Scene::new().await;
    runs(&scene, 1);
    read(&scene).await.unwrap();
    scene.clock.advance(61 * MINUTE);
    scene.server.script_tokens((0..3).map(|_| Reply::status(503, "")));
    assert_eq!(read(&scene).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!((scene.server.seen().len(), scene.server.seen_tokens().len()), (1, 4));
}

#[tokio::test]
async fn a_token_endpoint_out_of_order_is_asked_again() {
    let scene = Scene::new().await;
    scene.server.script_tokens([
        Reply::status(500, "<html></html>"),
        Reply::headed(429, &[("retry-after", "3")], ""),
    ]);
    runs(&scene, 1);
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen_tokens().len(), 3);
    assert_eq!(scene.clock.slept()[1], Duration::from_secs(3));
}

#[tokio::test]
async fn a_refused_client_is_final() {
    let cases = [
        (401, r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#),
        (400, r#"{"error":"unauthorized_client"}"#),
        (400, r#"{"error":"unsupported_grant_type"}"#),
        (404, "<html></html>"),
    ];
    for (status, body) in cases {
        let scene = Scene::new().await;
        scene.server.script_tokens([Reply::status(status, body)]);
        let error = read(&scene).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthorized, "credential_invalid"), "{body}");
        assert!(!error.is_retryable() && error.message().starts_with("Login with Amazon"));
        assert_eq!(scene.server.seen_tokens().len(), 1);
    }
}

#[tokio::test]
async fn after_a_revocation_the_next_call_asks_again() {
    let scene = Scene::new().await;
    scene.server.script_tokens([Reply::status(400, r#"{"error":"invalid_grant"}"#)]);
    read(&scene).await.unwrap_err();
    runs(&scene, 1);
    read(&scene).await.unwrap();
}

#[tokio::test]
async fn each_credential_has_its_own_token() {
    let both = |server: &super::Server| {
        let other = Credential::lwa("client-2", "s", "Atzr|2").with_token_url(server.url() + "/token");
        Credentials::one(lwa(server)).with("other", other)
    };
    let scene = Scene::with(both, settings()).await;
    runs(&scene, 2);
    read(&scene).await.unwrap();
    let target = Target { account: account(&scene.server.url(), "other"), instance_id: "amcone".into() };
    scene.client.run(&target, "run-1").await.unwrap();
    let seen = scene.server.seen().remove(1);
    assert_eq!(seen.header("amazon-advertising-api-clientid"), Some("client-2"));
    assert_eq!(seen.header("authorization"), Some("Bearer Atza|2"));
}

/// Gives what it was handed, one after the other.
#[derive(Debug)]
struct Handed(Mutex<Vec<Result<&'static str>>>);

#[async_trait]
impl TokenSource for Handed {
    async fn token(&self, _now: DateTime<Utc>) -> Result<AccessToken> {
        let next = self.0.lock().remove(0)?;
        Ok(AccessToken { secret: next.into(), expires_at: None })
    }
}

fn handed(tokens: Vec<Result<&'static str>>) -> Credentials {
    let source = Arc::new(Handed(Mutex::new(tokens)));
    Credentials::one(Credential::Host { client_id: "client-1".into(), source })
}

#[tokio::test]
async fn a_host_is_asked_again_after_a_401() {
    let scene = Scene::with(|_| handed(vec![Ok("Atza|a"), Ok("Atza|b")]), settings()).await;
    scene.server.script([Reply::ok(RUN), Reply::status(401, ""), Reply::ok(RUN)]);
    read(&scene).await.unwrap();
    read(&scene).await.unwrap();
    assert_eq!(scene.server.seen()[2].header("authorization"), Some("Bearer Atza|b"));
}

#[tokio::test]
async fn a_host_says_in_its_own_words_why_there_is_no_token() {
    let error = Error::new(ErrorKind::Unauthorized, "vault_sealed", "the vault is sealed");
    let scene = Scene::with(|_| handed(vec![Err(error)]), settings()).await;
    assert_eq!(read(&scene).await.unwrap_err().code(), "vault_sealed");
}

#[tokio::test]
async fn secrets_never_appear() {
    let scene = Scene::new().await;
    runs(&scene, 1);
    read(&scene).await.unwrap();
    scene.server.script([Reply::status(401, ""), Reply::status(401, "")]);
    let error = read(&scene).await.unwrap_err();
    scene.server.script_tokens([Reply::ok(r#"{"access_token":7,"expires_in":"Atza|leaked"}"#)]);
    scene.clock.advance(61 * MINUTE);
    let unreadable = read(&scene).await.unwrap_err();
    let shown = format!("{:?} {error:?} {:?} {unreadable:?}", scene.client, error.raw_text());
    for secret in ["Atza|", "Atzr|", "s3cret"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
