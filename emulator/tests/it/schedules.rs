//! Schedules.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, QUERY};

const DAY: Duration = Duration::from_secs(86_400);

async fn with_workflow() -> Client {
    let client = Client::start(&[]).await;
    client.post(&client.reporting("workflows"), json!({"workflowId": "w", "sqlQuery": QUERY})).await;
    client
}

fn daily(id: &str) -> Value {
    json!({"scheduleId": id, "workflowId": "w", "aggregationPeriod": "Daily", "aggregationHourUtc": 6})
}

#[tokio::test]
async fn a_schedule_is_created_shown_changed_and_deleted() {
    let client = with_workflow().await;
    assert_eq!(client.post(&client.reporting("schedules"), daily("s")).await.body, json!({}));
    assert_eq!(client.post(&client.reporting("schedules"), daily("s")).await.status, 400);
    let path = client.reporting("schedules/s");
    let shown = client.get(&path).await.body;
    assert_eq!(
        (&shown["aggregationStartDay"], &shown["scheduleEnabled"]),
        (&json!("Wednesday"), &json!(true))
    );
    let mut weekly = daily("s");
    weekly["aggregationPeriod"] = json!("Weekly");
    assert_eq!(client.put(&path, weekly).await.status, 200);
    let listed = client.get(&client.reporting("schedules")).await.body;
    assert_eq!(listed["schedules"][0]["aggregationPeriod"], "Weekly");
    assert_eq!(client.delete(&path).await.status, 200);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn wrong_schedules_are_refused() {
    let client = with_workflow().await;
    let with = |name: &str, value: Value| {
        let mut schedule = daily("s");
        schedule[name] = value;
        schedule
    };
    let wrong = [
        json!({"workflowId": "w"}),
        with("workflowId", json!("unknown")),
        with("aggregationPeriod", json!("DAILY")),
        with("aggregationStartDay", json!("MONDAY")),
        with("aggregationHourUtc", json!(24)),
    ];
    for schedule in wrong {
        assert_eq!(
            client.post(&client.reporting("schedules"), schedule.clone()).await.status,
            400,
            "{schedule}"
        );
    }
}

#[tokio::test]
async fn a_daily_schedule_runs_every_day_over_the_day_before() {
    let client = with_workflow().await;
    client.post(&client.reporting("schedules"), daily("s")).await;
    client.emulator.advance(3 * DAY).await;
    let witness = client.emulator.executions();
    let runs = witness["executions"].as_array().unwrap();
    let created: Vec<_> = runs.iter().map(|run| run["createTime"].as_str().unwrap()).collect();
    let mornings = ["2025-10-15", "2025-10-16", "2025-10-17"].map(|day| format!("{day}T06:00:00.000Z"));
    assert_eq!(created, mornings);
    let mut client = client;
    client.refresh().await;
    let first = client.execution(runs[0]["workflowExecutionId"].as_str().unwrap()).await;
    assert_eq!((&first["status"], &first["executionCategory"]), (&json!("SUCCEEDED"), &json!("SCHEDULED")));
    assert_eq!(first["timeWindowStart"], "2025-10-14T06:00:00Z");
    assert_eq!(first["timeWindowEnd"], "2025-10-15T06:00:00Z");
}

#[tokio::test]
async fn a_schedule_that_is_disabled_replaced_or_deleted_does_not_run() {
    let client = with_workflow().await;
    let mut disabled = daily("disabled");
    disabled["scheduleEnabled"] = json!("false");
    client.post(&client.reporting("schedules"), disabled).await;
    client.post(&client.reporting("schedules"), daily("deleted")).await;
    client.delete(&client.reporting("schedules/deleted")).await;
    client.post(&client.reporting("schedules"), daily("replaced")).await;
    let mut later = daily("replaced");
    later["aggregationHourUtc"] = json!(9);
    client.put(&client.reporting("schedules/replaced"), later).await;
    client.emulator.advance(DAY).await;
    let witness = client.emulator.executions();
    let runs = witness["executions"].as_array().unwrap();
    assert_eq!(runs.len(), 1, "{witness}");
    assert_eq!(runs[0]["createTime"], "2025-10-15T09:00:00.000Z");
}

/// Gives the runs that a schedule leaves within a day, as the witness saw them.
async fn scheduled(client: &Client, schedule: Value) -> Vec<Value> {
    let answer = client.post(&client.reporting("schedules"), schedule).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    client.emulator.advance(DAY).await;
    client.emulator.executions()["executions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_scheduled_run_in_a_sandbox_needs_synthetic_data() {
    for (synthetic, status) in [(true, "SUCCEEDED"), (false, "REJECTED")] {
        let client = Client::start(&["--sandbox", "1"]).await;
        let sandbox = client.announced.accounts[0].sandbox[0].clone();
        let path = |noun: &str| format!("/amc/reporting/{sandbox}/{noun}");
        client.post(&path("workflows"), json!({"workflowId": "w", "sqlQuery": QUERY})).await;
        let mut schedule = daily("s");
        schedule["requireSyntheticData"] = json!(synthetic);
        client.post(&path("schedules"), schedule).await;
        client.emulator.advance(DAY).await;
        assert_eq!(client.emulator.executions()["executions"][0]["status"], status);
    }
}

#[tokio::test]
async fn a_scheduled_run_is_scripted_and_checked_as_any_other() {
    let client = with_workflow().await;
    let script = json!({"contains": "dsp_impressions", "csv": "campaign\na\n", "seconds": 7200});
    client.control(reqwest::Method::POST, "/results", Some(script)).await;
    let runs = scheduled(&client, daily("s")).await;
    let time = |name: &str| runs[0][name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!((time("endTime") - time("startTime")).num_seconds(), 7200);

    let client = Client::start(&[]).await;
    let sql = "SELECT campaign FROM dsp_clicks WHERE brand = CUSTOM_PARAMETER('brand')";
    let parameters = json!([{"name": "brand", "dataType": "STRING"}]);
    let workflow = json!({"workflowId": "w", "sqlQuery": sql, "inputParameters": parameters});
    client.post(&client.reporting("workflows"), workflow).await;
    let runs = scheduled(&client, daily("s")).await;
    assert_eq!(runs[0]["status"], "REJECTED");
    assert!(runs[0]["statusReason"].as_str().unwrap().contains("brand has no default value"));
}

#[tokio::test]
async fn a_scheduled_run_without_controls_leaves_no_result() {
    let mut client = with_workflow().await;
    let mut schedule = daily("s");
    schedule["disableAggregationControls"] = json!(true);
    let runs = scheduled(&client, schedule).await;
    client.refresh().await;
    assert_eq!(runs[0]["status"], "SUCCEEDED");
    assert_eq!(client.download_urls(runs[0]["workflowExecutionId"].as_str().unwrap()).await.status, 404);
}

#[tokio::test]
async fn scheduled_runs_are_alike_only_where_they_read_the_same() {
    let client = Client::start(&["--similar-runs=1"]).await;
    let sources = ["dsp_impressions", "dsp_clicks", "nothing_known", "nothing_else", "dsp_clicks"];
    for (index, source) in sources.into_iter().enumerate() {
        let id = format!("w{index}");
        let sql = format!("SELECT campaign FROM {source} GROUP BY campaign");
        client.post(&client.reporting("workflows"), json!({"workflowId": id, "sqlQuery": sql})).await;
        let schedule = json!({"scheduleId": id, "workflowId": id, "aggregationHourUtc": 6});
        client.post(&client.reporting("schedules"), schedule).await;
    }
    client.emulator.advance(DAY).await;
    let witness = client.emulator.executions();
    let statuses: Vec<_> =
        witness["executions"].as_array().unwrap().iter().map(|run| run["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "REJECTED"], "{witness}");
}
