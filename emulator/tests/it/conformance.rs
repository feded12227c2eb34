//! What the specification names exists, and what it is allowed to differ in is written down.

use reqwest::Method;
use serde_json::json;

use crate::client::Client;
use crate::spec::{DIFFERENCES, operations};

#[tokio::test]
async fn every_operation_in_scope_exists() {
    let client = Client::start(&[]).await;
    for operation in operations() {
        if operation.template.contains("/collaboration") {
            continue;
        }
        let path = operation.template.replace("{instanceId}", &client.instance());
        let answer = client.send_unchecked(operation.method.clone(), &path, Some(json!({}))).await;
        assert_ne!(answer.details(), "Resource not found", "{} {path}", operation.method);
        assert_ne!(answer.status, 405, "{} {path}", operation.method);
    }
}

#[test]
fn the_readme_lists_every_difference() {
    let readme = include_str!("../../README.md");
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    for difference in DIFFERENCES.iter() {
        assert!(readme.contains(&difference.title), "the README does not say: {}", difference.title);
    }
}

#[tokio::test]
async fn wrapped_objects_are_as_specified() {
    let client = Client::start(&["--wrapping", "wrapped"]).await;
    let workflow = json!({"workflowId": "w", "sqlQuery": "SELECT campaign FROM dsp_impressions"});
    client.post(&client.reporting("workflows"), workflow).await;
    let shown = client.get(&client.reporting("workflows/w")).await;
    assert_eq!(shown.body["workflow"]["workflowId"], "w");
    let created = client.post(&client.reporting("workflowExecutions"), json!({"workflowId": "w"})).await;
    assert_eq!(created.body["workflowExecution"]["status"], "PENDING");
    let id = created.body["workflowExecution"]["workflowExecutionId"].as_str().unwrap();
    let shown = client.get(&client.reporting(&format!("workflowExecutions/{id}"))).await;
    assert_eq!(shown.body["workflowExecution"]["workflowExecutionId"], id);
    client.post(&client.reporting("schedules"), json!({"scheduleId": "s", "workflowId": "w"})).await;
    let shown = client.get(&client.reporting("schedules/s")).await;
    assert_eq!(shown.body["schedule"]["scheduleId"], "s");
    let sources = client.get(&client.reporting("dataSources")).await;
    let source = sources.body["dataSources"][0]["dataSourceId"].as_str().unwrap();
    let shown = client.get(&client.reporting(&format!("dataSources/{source}"))).await;
    assert_eq!(shown.body["dataSource"]["dataSourceId"], source);
}

#[tokio::test]
async fn answers_carry_the_vendors_headers() {
    let client = Client::start(&[]).await;
    let answer = client.get("/amc/instances").await;
    assert_eq!(answer.header("server"), "Server");
    assert_eq!(answer.header("vary"), "Content-Type,Accept-Encoding,User-Agent");
    let request_id = answer.header("x-amz-request-id");
    assert_eq!(request_id, answer.header("x-amz-rid"));
    assert_eq!(request_id.len(), 20);
    let other = client.get("/amc/instances").await;
    assert_ne!(other.header("x-amz-request-id"), request_id);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_same_shape() {
    let client = Client::start(&[]).await;
    let nowhere = client.get("/amc/nowhere").await;
    assert_eq!(
        (nowhere.status, nowhere.body),
        (404, json!({"code": "404", "details": "Resource not found"}))
    );
    let patched = client.send(Method::PATCH, &client.reporting("workflows/w"), None).await;
    assert_eq!((patched.status, patched.details()), (405, "Method Not Allowed"));
}
