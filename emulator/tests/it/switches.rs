//! The open points, each switched away from its default.

use std::time::Duration;

use serde_json::json;

use crate::client::{A_WHILE, Client, QUERY, inline};

async fn with(flags: &[&str]) -> Client {
    Client::start(flags).await
}

async fn finished(client: &Client) -> String {
    let id = client.run(inline(QUERY)).await;
    client.emulator.advance(A_WHILE).await;
    id
}

#[tokio::test]
async fn statuses_of_refusals_are_switches() {
    let client = with(&[
        "--not-ready-status=400",
        "--already-exists-status=403",
        "--unknown-workflow-status=404",
        "--unknown-execution-status=404",
    ])
    .await;
    let workflow = json!({"workflowId": "w", "sqlQuery": QUERY});
    client.post(&client.reporting("workflows"), workflow.clone()).await;
    assert_eq!(client.post(&client.reporting("workflows"), workflow).await.status, 403);
    assert_eq!(client.get(&client.reporting("workflows/other")).await.status, 404);
    assert_eq!(client.get(&client.reporting("workflowExecutions/other")).await.status, 404);
    let id = client.run(inline(QUERY)).await;
    assert_eq!(client.download_urls(&id).await.status, 400);
}

#[tokio::test]
async fn statuses_of_lost_access_are_switches() {
    let mut client = with(&["--wrong-account-status=404", "--expired-token-status=403"]).await;
    client.emulator.advance(Duration::from_secs(3600)).await;
    assert_eq!(client.get("/amc/instances").await.status, 403);
    client.refresh().await;
    client.set_header("Amazon-Advertising-API-AdvertiserId", "ENTITYOTHER");
    let elsewhere = client.send_unchecked(reqwest::Method::GET, "/amc/instances", None).await;
    assert_eq!((elsewhere.status, elsewhere.details()), (404, "Unauthorized request"));
}

#[tokio::test]
async fn the_end_of_a_run_over_its_time_out_is_a_switch() {
    for (flag, status) in [("cancelled", "CANCELLED"), ("rejected", "REJECTED"), ("failed", "FAILED")] {
        let switch = format!("--timeout-status={flag}");
        let client = with(&[&switch, "--timeout-reason=Too long.", "--latency-ms=1000000"]).await;
        let order = json!({"workflow": {"sqlQuery": QUERY}, "workflowExecutionTimeoutSeconds": 900});
        let id = client.run(order).await;
        client.emulator.advance(Duration::from_secs(1100)).await;
        let ended = client.execution(&id).await;
        assert_eq!((&ended["status"], &ended["statusReason"]), (&json!(status), &json!("Too long.")));
    }
}

#[tokio::test]
async fn lengths_are_limited_by_switches() {
    let client = with(&["--max-sql-length=100", "--max-parameter-length=5"]).await;
    let path = client.reporting("workflowExecutions");
    let long = format!("SELECT campaign FROM dsp_clicks -- {}", "x".repeat(100));
    assert_eq!(client.post(&path, inline(&long)).await.status, 400);
    let valued = |value: &str| json!({"workflow": {"sqlQuery": QUERY}, "parameterValues": {"p": value}});
    assert_eq!(client.post(&path, valued("abcd")).await.status, 400);
    assert_eq!(client.post(&path, valued("abc")).await.status, 200);
}

#[tokio::test]
async fn results_are_limited_in_rows_and_days_by_switches() {
    let client = with(&["--max-result-rows=10"]).await;
    let id = finished(&client).await;
    let ended = client.execution(&id).await;
    assert_eq!((&ended["status"], ended["statusReason"].is_string()), (&json!("FAILED"), true));
    let mut client = with(&["--result-retention-days=2"]).await;
    let id = finished(&client).await;
    assert_eq!(client.download_urls(&id).await.status, 200);
    client.emulator.advance(Duration::from_secs(2 * 86_400)).await;
    client.refresh().await;
    assert_eq!(client.download_urls(&id).await.status, 404);
}

#[tokio::test]
async fn headers_of_parts_and_metadata_are_switches() {
    let client = with(&["--part-headers=first", "--part-rows=10", "--metadata=none"]).await;
    let id = finished(&client).await;
    let parts = client.parts(&id).await;
    assert_eq!((parts[0].lines().count(), parts[1].lines().count()), (11, 10));
    assert_eq!(client.download_urls(&id).await.body["metadataDownloadUrls"], json!([]));
    let client = with(&["--metadata=sql"]).await;
    let id = finished(&client).await;
    let urls = client.download_urls(&id).await.body;
    assert_eq!(client.fetch(urls["metadataDownloadUrls"][0].as_str().unwrap()).await.1, QUERY);
}

#[tokio::test]
async fn deleting_an_execution_is_a_switch() {
    for (flag, status, left) in [("absent", 405, "PENDING"), ("cancels", 200, "CANCELLED")] {
        let client = with(&["--delete-execution", flag]).await;
        let id = client.run(inline(QUERY)).await;
        let path = client.reporting(&format!("workflowExecutions/{id}"));
        assert_eq!(client.send_unchecked(reqwest::Method::DELETE, &path, None).await.status, status);
        assert_eq!(client.status(&id).await, left);
    }
}

#[tokio::test]
async fn a_zone_suffix_is_a_switch() {
    let client = with(&["--zone-suffix=ignored"]).await;
    let order = json!({
        "workflow": {"sqlQuery": QUERY},
        "timeWindowType": "EXPLICIT",
        "timeWindowStart": "2025-10-01T00:00:00Z",
        "timeWindowEnd": "2025-10-02T00:00:00Z",
    });
    client.run(order).await;
    let listed =
        client.get(&client.reporting("workflowExecutions?minCreationTime=2025-10-01T00:00:00Z")).await;
    assert_eq!(listed.body["executions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn how_many_runs_may_read_the_same_data_is_a_switch() {
    let client = with(&["--similar-runs=2"]).await;
    let window = |sql: &str, start: &str, end: &str| {
        json!({
            "workflow": {"workflowId": "w", "sqlQuery": sql},
            "timeWindowType": "EXPLICIT",
            "timeWindowStart": format!("{start}T00:00:00"),
            "timeWindowEnd": format!("{end}T00:00:00"),
        })
    };
    let clicks = "SELECT campaign FROM dsp_clicks GROUP BY campaign";
    let orders = [
        window(QUERY, "2025-09-01", "2025-09-10"),
        window(&QUERY.to_lowercase(), "2025-09-05", "2025-09-20"),
        window(QUERY, "2025-09-19", "2025-09-30"),
        window(clicks, "2025-09-01", "2025-09-30"),
        window(&format!("{QUERY} -- again"), "2025-09-09", "2025-09-12"),
    ];
    let mut ids = Vec::new();
    for order in orders {
        ids.push(client.run(order).await);
    }
    client.emulator.advance(A_WHILE).await;
    for id in &ids[..4] {
        assert_eq!(client.status(id).await, "SUCCEEDED");
    }
    let ended = client.execution(&ids[4]).await;
    assert_eq!(ended["status"], "REJECTED");
    let reason = format!(
        "Execution \"{}\" of workflow \"w\" could not be run because too many workflows have already been run against \
         the same input data sources in the same or overlapping time windows.",
        ids[4]
    );
    assert_eq!(ended["statusReason"], json!(reason));
}

#[tokio::test]
async fn the_category_of_scheduled_runs_is_a_switch() {
    let client = with(&["--scheduled-category=AGGREGATION"]).await;
    client.post(&client.reporting("workflows"), json!({"workflowId": "w", "sqlQuery": QUERY})).await;
    client.post(&client.reporting("schedules"), json!({"scheduleId": "s", "workflowId": "w"})).await;
    client.emulator.advance(Duration::from_secs(86_400)).await;
    assert_eq!(client.emulator.executions()["executions"][0]["executionCategory"], "AGGREGATION");
}
