//! Reads and cancels: repeated until they know, page by page.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::server::Reply;
use super::{Scene, impatient, lwa};
use crate::client::{AmcClient, Credentials, RunFilter, RunStatus};
use crate::error::ErrorKind;

const RUN: &str = r#"{"workflowExecutionId":"run-1","workflowId":"af-1","status":"RUNNING"}"#;

fn page(ids: &[&str], next: &str) -> Reply {
    let runs: Vec<String> =
        ids.iter().map(|id| format!(r#"{{"workflowExecutionId":"{id}","status":"RUNNING"}}"#)).collect();
    Reply::ok(&format!(r#"{{"executions":[{}],"nextToken":{next}}}"#, runs.join(",")))
}

fn by_workflow() -> RunFilter {
    RunFilter::WorkflowId("af 1".into())
}

#[tokio::test]
async fn a_read_repeats_itself_with_growing_jittered_waits() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(502, "<html></html>"), Reply::Close, Reply::ok(RUN)]);
    let run = scene.client.run(&scene.target(), "run-1").await.unwrap();
    assert_eq!(run.status, RunStatus::Running);
    let [first, second] = scene.clock.slept()[..] else { panic!("two waits") };
    assert!((4.0..8.0).contains(&first.as_secs_f64()), "{first:?}");
    assert!((8.0..16.0).contains(&second.as_secs_f64()), "{second:?}");
}

#[tokio::test]
async fn a_read_gives_up_after_its_attempts_and_says_why() {
    let scene = Scene::new().await;
    scene.server.script((0..4).map(|_| Reply::headed(503, &[("x-amz-rid", "R")], "<title>Down</title>")));
    let error = scene.client.run(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), scene.server.seen().len()), (ErrorKind::Unavailable, 3));
    assert_eq!((error.remote_request_id(), error.raw_text()), (Some("R"), Some("<title>Down</title>")));
    assert_eq!(error.message(), "AMC, asked for a run of amcone, answered 503: an HTML page, \"Down\"");
}

#[tokio::test]
async fn an_unreadable_answer_is_asked_for_again() {
    let scene = Scene::new().await;
    scene.server.script([Reply::ok("<html></html>"), Reply::truncated(RUN), Reply::ok(RUN)]);
    assert!(scene.client.run(&scene.target(), "run-1").await.is_ok());
}

#[tokio::test]
async fn silence_ends_in_a_timeout() {
    let scene = Scene::with(|server| Credentials::one(lwa(server)), impatient()).await;
    scene.server.script([Reply::Hang, Reply::Hang, Reply::Hang]);
    let error = scene.client.run(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), scene.server.seen().len()), (ErrorKind::Timeout, 3));
}

#[tokio::test]
async fn retry_after_replaces_the_back_off() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(429, &[("retry-after", "7")], ""), Reply::ok(RUN)]);
    scene.client.run(&scene.target(), "run-1").await.unwrap();
    assert_eq!(scene.clock.slept(), [Duration::from_secs(7)]);
}

#[tokio::test]
async fn a_longer_wait_than_ours_is_left_to_the_caller() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(429, &[("retry-after", "600")], "")]);
    let error = scene.client.run(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(600))));
    assert_eq!(scene.clock.slept(), []);
}

#[tokio::test]
async fn an_unknown_run_is_not_found_whatever_the_status() {
    let scene = Scene::new().await;
    let body = r#"{"code":"400","details":"Workflow execution with ID run-1 does not exist."}"#;
    scene.server.script([Reply::status(400, body)]);
    let error = scene.client.run(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, "run_unknown"));
    assert_eq!(error.concerned_instances(), ["amcone"]);
}

#[tokio::test]
async fn runs_are_listed_with_the_cancelled_ones() {
    let scene = Scene::new().await;
    scene.server.script([page(&[], "null"), page(&[], "\"\"")]);
    scene.client.runs(&scene.target(), &by_workflow(), 7).await.unwrap();
    let since: DateTime<Utc> = "2025-10-14T22:01:02.9Z".parse().unwrap();
    scene.client.runs(&scene.target(), &RunFilter::CreatedSince(since), 500).await.unwrap();
    let lines: Vec<String> = scene.server.seen().into_iter().map(|seen| seen.line).collect();
    let path = "GET /amc/reporting/amcone/workflowExecutions?includeCancelled=true";
    assert_eq!(lines[0], format!("{path}&workflowId=af+1&limit=7 HTTP/1.1"));
    assert_eq!(
        lines[1],
        format!("{path}&minCreationTime=2025-10-14T22%3A01%3A02&timeZone=UTC&limit=100 HTTP/1.1")
    );
}

#[tokio::test]
async fn pages_are_followed_to_the_end() {
    let scene = Scene::new().await;
    scene.server.script([page(&["a", "b"], "\"t/1\""), page(&[], "\"t/2\""), page(&["c"], "null")]);
    let runs = scene.client.runs(&scene.target(), &by_workflow(), 100).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.execution_id.as_str()).collect::<String>(), "abc");
    let seen = scene.server.seen();
    assert!(seen[1].line.contains("limit=100&nextToken=t%2F1 ") && seen[2].line.contains("nextToken=t%2F2 "));
    assert_eq!(scene.client.calls().list, 3);
}

#[tokio::test]
async fn no_more_pages_are_read_than_asked_for() {
    let scene = Scene::new().await;
    scene.server.script([page(&["a", "b"], "\"t1\""), page(&["c", "d"], "\"t2\"")]);
    assert_eq!(scene.client.runs(&scene.target(), &by_workflow(), 3).await.unwrap().len(), 3);
    assert_eq!(scene.client.runs(&scene.target(), &by_workflow(), 0).await.unwrap().len(), 0);
    assert_eq!(scene.server.seen().len(), 2);
}

#[tokio::test]
async fn a_page_that_comes_twice_is_an_error_and_no_loop() {
    let scene = Scene::new().await;
    scene.server.script((0..9).map(|_| page(&["a"], "\"again\"")));
    let error = scene.client.runs(&scene.target(), &by_workflow(), 100).await.unwrap_err();
    assert_eq!((error.code(), scene.server.seen().len()), ("paging_endless", 2));
}

#[tokio::test]
async fn a_list_that_is_none_never_passes_for_an_empty_one() {
    let scene = Scene::new().await;
    scene.server.script((0..3).map(|_| Reply::ok("{}")));
    let error = scene.client.runs(&scene.target(), &by_workflow(), 100).await.unwrap_err();
    assert_eq!(error.code(), "amc_unreadable");
}

#[tokio::test]
async fn accounts_need_no_account_headers() {
    let scene = Scene::new().await;
    scene.server.script([Reply::ok(
        r#"{"amcAccounts":[{"accountId":"E1","accountName":"One","marketplaceId":"M"}]}"#,
    )]);
    let accounts = scene.client.accounts("default", &scene.server.url()).await.unwrap();
    assert_eq!((accounts[0].account_id.as_str(), accounts[0].account_name.as_str()), ("E1", "One"));
    let seen = scene.server.seen().remove(0);
    assert_eq!(seen.line, "GET /amc/accounts HTTP/1.1");
    assert_eq!(seen.header("amazon-advertising-api-advertiserid"), None);
    assert_eq!(seen.header("amazon-advertising-api-clientid"), Some("client-1"));
}

#[tokio::test]
async fn instances_are_read_in_either_shape() {
    let scene = Scene::new().await;
    scene.server.script([
        Reply::ok(r#"{"instances":[{"instanceId":"amca","instanceName":"A","new":1}],"nextToken":"n"}"#),
        Reply::ok(r#"{"instance":{"instanceId":"amcb","instanceName":"B","creationStatus":"COMPLETED"}}"#),
    ]);
    let instances = scene.client.instances(&scene.target().account).await.unwrap();
    assert_eq!(instances.iter().map(|one| one.name.as_str()).collect::<String>(), "AB");
    assert_eq!(scene.client.calls().admin, 2);
}

#[tokio::test]
async fn terms_not_accepted_say_what_to_do() {
    let scene = Scene::new().await;
    scene
        .server
        .script([Reply::status(403, r#"{"details":"Terms and conditions must be accepted to continue"}"#)]);
    let error = scene.client.instances(&scene.target().account).await.unwrap_err();
    assert_eq!(error.code(), "terms_not_accepted");
    assert!(error.what_to_do().unwrap().contains("accept the terms"));
}

#[tokio::test]
async fn a_cancel_is_sent_and_repeated() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(500, ""), Reply::ok("{}")]);
    scene.client.cancel(&scene.target(), "run-1").await.unwrap();
    let seen = scene.server.seen().remove(1);
    assert_eq!(seen.line, "PUT /amc/reporting/amcone/workflowExecutions/run-1 HTTP/1.1");
    assert_eq!(seen.body, r#"{"status":"CANCELLED"}"#);
}

#[tokio::test]
async fn a_run_that_has_ended_cannot_be_cancelled() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(400, r#"{"code":"400","details":"cannot be cancelled"}"#)]);
    let error = scene.client.cancel(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "run_ended"));
}

#[tokio::test]
async fn a_result_that_is_not_ready_is_said_at_once_and_retryable() {
    let scene = Scene::new().await;
    let body = r#"{"code":"404","details":"Execution with ID run-1 is unavailable for download."}"#;
    scene.server.script([Reply::status(404, body)]);
    let error = scene.client.download_urls(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_retryable(), scene.server.seen().len()),
        ("result_not_ready", true, 1)
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(307, &[("location", "/elsewhere")], "")]);
    let error = scene.client.run(&scene.target(), "run-1").await.unwrap_err();
    assert_eq!((error.kind(), scene.server.seen().len()), (ErrorKind::Unexpected, 1));
}
