//! What a submit says about itself: submitted, refused, or unknown. Nothing else decides whether a run is doubled.

use std::time::Duration;

use serde_json::{Value, json};

use super::server::Reply;
use super::{Scene, account, impatient, lwa, request, settings};
use crate::client::{AmcClient, Credentials, RunStatus, Submission, Target};
use crate::error::{Error, ErrorKind};

const RUN: &str = r#"{"workflowExecutionId":"run-1","workflowId":"af-1","status":"PENDING"}"#;

async fn submitted(scene: &Scene) -> Submission {
    scene.client.submit(&scene.target(), &request()).await
}

async fn refused(scene: &Scene) -> Error {
    match submitted(scene).await {
        Submission::Refused(error) => error,
        other => panic!("not refused: {other:?}"),
    }
}

async fn unknown(scene: &Scene) -> Error {
    match submitted(scene).await {
        Submission::Unknown(error) => error,
        other => panic!("not unknown: {other:?}"),
    }
}

#[tokio::test]
async fn an_accepted_run_is_submitted() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(200, &[("x-amz-request-id", "REQ1")], RUN)]);
    let Submission::Submitted(run) = submitted(&scene).await else { panic!("not submitted") };
    assert_eq!((run.execution_id.as_str(), run.status), ("run-1", RunStatus::Pending));
    assert_eq!(run.request_id.as_deref(), Some("REQ1"));
}

#[tokio::test]
async fn the_request_is_what_amc_wants() {
    let scene = Scene::new().await;
    scene.server.script([Reply::ok(RUN)]);
    submitted(&scene).await;
    let [seen] = &scene.server.seen()[..] else { panic!("one request") };
    assert_eq!(seen.line, "POST /amc/reporting/amcone/workflowExecutions HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer Atza|1"));
    assert_eq!(seen.header("amazon-advertising-api-clientid"), Some("client-1"));
    assert_eq!(seen.header("amazon-advertising-api-advertiserid"), Some("ENTITY1"));
    assert_eq!(seen.header("amazon-advertising-api-marketplaceid"), Some("ATVPDKIKX0DER"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("user-agent"), Some(concat!("amc-fleet/", env!("CARGO_PKG_VERSION"))));
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(body["workflow"]["sqlQuery"], json!(request().sql));
}

#[tokio::test]
async fn a_refusal_by_amc_proves_that_nothing_runs() {
    let cases = [
        (400, r#"{"code":"400","details":"bad"}"#, ErrorKind::InvalidInput),
        (403, r#"{"code":"403","details":"Unauthorized request"}"#, ErrorKind::Forbidden),
        (404, "", ErrorKind::NotFound),
        (422, r#"{"details":"You have reached your execution limit of 5"}"#, ErrorKind::LimitExceeded),
        (429, "<html></html>", ErrorKind::RateLimited),
    ];
    for (status, body, kind) in cases {
        let scene = Scene::new().await;
        scene.server.script([Reply::status(status, body)]);
        let error = refused(&scene).await;
        assert_eq!((error.kind(), scene.server.seen().len()), (kind, 1), "{status}");
        assert_eq!(error.concerned_instances(), ["amcone"]);
    }
}

#[tokio::test]
async fn a_throttled_submit_says_when_to_come_back() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(429, &[("retry-after", "9")], "")]);
    let error = refused(&scene).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
}

#[tokio::test]
async fn what_may_have_run_is_unknown_and_never_repeated() {
    let replies = [
        ("500", Reply::status(500, r#"{"code":"500","details":"Unauthorized request"}"#)),
        ("502", Reply::status(502, "<html><title>Bad Gateway</title></html>")),
        ("504", Reply::status(504, r#"{"message":"Endpoint request timed out"}"#)),
        ("408", Reply::status(408, "")),
        ("302", Reply::headed(302, &[("location", "/elsewhere")], "")),
        ("closed", Reply::Close),
        ("truncated", Reply::truncated(RUN)),
        ("no JSON", Reply::ok("<html></html>")),
        ("no body", Reply::ok("")),
        ("no id", Reply::ok("{}")),
    ];
    for (name, reply) in replies {
        let scene = Scene::new().await;
        scene.server.script([reply, Reply::ok(RUN)]);
        let error = unknown(&scene).await;
        assert_eq!(scene.server.seen().len(), 1, "{name}: {error}");
    }
}

#[tokio::test]
async fn silence_is_unknown() {
    let scene = Scene::with(|server| Credentials::one(lwa(server)), impatient()).await;
    scene.server.script([Reply::Hang]);
    let error = unknown(&scene).await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Timeout, "amc_timeout"));
    assert_eq!(scene.server.seen().len(), 1);
}

#[tokio::test]
async fn a_host_that_is_not_there_took_nothing() {
    let scene = Scene::new().await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = free.local_addr().unwrap().to_string();
    drop(free);
    let target =
        Target { account: account(&format!("http://{host}"), "default"), instance_id: "amcone".into() };
    let Submission::Refused(error) = scene.client.submit(&target, &request()).await else {
        panic!("not refused")
    };
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "amc_unreachable"));
    assert!(error.message().contains(&host) && error.what_to_do().is_some());
}

#[tokio::test]
async fn a_host_that_speaks_no_tls_took_nothing() {
    let scene = Scene::new().await;
    let endpoint = scene.server.url().replace("http:", "https:");
    let target = Target { account: account(&endpoint, "default"), instance_id: "amcone".into() };
    assert!(matches!(scene.client.submit(&target, &request()).await, Submission::Refused(_)));
    assert!(scene.server.seen().is_empty());
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_submit_repeated_once() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(401, ""), Reply::ok(RUN)]);
    assert!(matches!(submitted(&scene).await, Submission::Submitted(_)));
    let tokens: Vec<_> =
        scene.server.seen().iter().map(|seen| seen.header("authorization").map(str::to_owned)).collect();
    assert_eq!(tokens, [Some("Bearer Atza|1".to_owned()), Some("Bearer Atza|2".to_owned())]);
    assert_eq!((scene.client.calls().submit, scene.client.calls().token), (2, 2));
}

#[tokio::test]
async fn a_second_401_is_final() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(401, ""), Reply::status(401, ""), Reply::ok(RUN)]);
    let error = refused(&scene).await;
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unauthorized, false));
    assert_eq!(scene.server.seen().len(), 2);
}

#[tokio::test]
async fn a_403_is_blamed_on_an_old_token_only() {
    let scene = Scene::new().await;
    scene.server.script([Reply::ok(RUN), Reply::status(403, ""), Reply::ok(RUN)]);
    submitted(&scene).await;
    scene.clock.advance(Duration::from_secs(31 * 60));
    assert!(matches!(submitted(&scene).await, Submission::Submitted(_)));
    scene.server.script([Reply::status(403, ""), Reply::ok(RUN)]);
    assert_eq!(refused(&scene).await.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let scene = Scene::new().await;
    scene.server.script_tokens([Reply::status(400, r#"{"error":"invalid_grant"}"#)]);
    assert_eq!(refused(&scene).await.code(), "credential_revoked");
    assert!(scene.server.seen().is_empty());
}

#[tokio::test]
async fn a_submit_does_not_wait_for_a_token_endpoint_out_of_order() {
    let scene = Scene::new().await;
    scene.server.script_tokens([Reply::headed(503, &[("retry-after", "9")], "")]);
    let error = refused(&scene).await;
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Unavailable, Some(Duration::from_secs(9))));
    assert_eq!((scene.clock.slept(), scene.server.seen_tokens().len()), (vec![], 1));
    assert!(scene.server.seen().is_empty());
}

#[tokio::test]
async fn a_token_that_comes_too_late_sends_nothing() {
    let scene = Scene::with(|server| Credentials::one(lwa(server)), impatient()).await;
    scene.server.script_tokens([Reply::Hang, Reply::Hang, Reply::Hang]);
    let error = refused(&scene).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(scene.server.seen().is_empty());
}

#[tokio::test]
async fn an_unknown_credential_is_refused_before_anything_is_sent() {
    let scene = Scene::with(|_| Credentials::default(), settings()).await;
    let error = refused(&scene).await;
    assert_eq!(error.code(), "credential_unknown");
    assert_eq!(scene.client.calls().total(), 0);
}
