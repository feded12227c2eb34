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
