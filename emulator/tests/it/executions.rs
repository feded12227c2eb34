//! Executions: creation, life, lists, cancellation.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{A_WHILE, Client, QUERY, inline};

#[tokio::test]
async fn the_answer_to_a_creation_is_as_recorded() {
    let client = Client::start(&[]).await;
    let order = json!({
        "workflow": {"sqlQuery": QUERY, "workflowId": "my-first-workflow"},
        "timeWindowType": "EXPLICIT",
        "timeWindowStart": "2024-01-20T00:00:00",
        "timeWindowEnd": "2024-01-25T00:00:00",
        "timeWindowTimeZone": "America/New_York",
    });
    let created = client.post(&client.reporting("workflowExecutions"), order).await.body;
    let expected = json!({
        "createTime": "2025-10-15T00:00:00Z",
        "dataGaps": [],
        "disableAggregationControls": false,
        "executionCategory": "AD_HOC",
        "expireTime": "2025-10-16T00:00:00Z",
        "ignoreDataGaps": false,
        "lastUpdatedTime": "2025-10-15T00:00:00Z",
        "parameterValues": {},
        "status": "PENDING",
        "timeWindowEnd": "2024-01-25T05:00:00Z",
        "timeWindowEndOriginal": "2024-01-25T00:00:00",
        "timeWindowStart": "2024-01-20T05:00:00Z",
        "timeWindowStartOriginal": "2024-01-20T00:00:00",
        "timeWindowTimeZoneOriginal": "America/New_York",
        "waitUntil": "2025-10-14T23:00:00Z",
        "workflowExecutionId": created["workflowExecutionId"],
        "workflowExecutionTimeoutSeconds": 21600,
        "workflowId": "my-first-workflow",
    });
    assert_eq!(created, expected);
}

#[tokio::test]
async fn a_run_goes_from_pending_over_running_to_its_end() {
    let client = Client::start(&["--latency-ms", "60000"]).await;
    let id = client.run(inline(QUERY)).await;
    assert_eq!(client.status(&id).await, "PENDING");
    client.emulator.advance(Duration::from_secs(6)).await;
    let running = client.execution(&id).await;
    assert_eq!(
        (&running["status"], &running["validatedTime"]),
        (&json!("RUNNING"), &json!("2025-10-15T00:00:06.000Z"))
    );
    client.emulator.advance(Duration::from_secs(59)).await;
    assert_eq!(client.status(&id).await, "RUNNING");
    client.emulator.advance(Duration::from_secs(1)).await;
    let ended = client.execution(&id).await;
    assert_eq!((&ended["status"], &ended["executionTime"]), (&json!("SUCCEEDED"), &json!(60)));
    let columns: Vec<_> =
        ended["outputColumns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
    assert_eq!(columns, ["campaign", "impressions"]);
}

#[tokio::test]
async fn windows_other_than_explicit_are_filled_in_later() {
    let client = Client::start(&[]).await;
    let id = client.run(inline(QUERY)).await;
    assert_eq!(client.execution(&id).await.get("timeWindowStart"), None);
    let ended = client.ended(&id).await;
    assert_eq!(ended["timeWindowStart"], "2025-10-14T00:00:00Z");
    assert_eq!(ended["timeWindowEnd"], "2025-10-15T00:00:00Z");
}

#[tokio::test]
async fn bad_sql_is_accepted_and_rejected_later() {
    let client = Client::start(&[]).await;
    let id = client.run(inline("SELEC campaign FROM dsp_clicks")).await;
    let ended = client.ended(&id).await;
    assert_eq!(ended["status"], "REJECTED");
    assert_eq!(ended["statusReason"], "SQL query was invalid: Encountered \"SELEC\" at line 1, column 1.");
    assert_eq!(client.download_urls(&id).await.status, 404);
}

#[tokio::test]
async fn a_dry_run_says_whether_the_query_is_valid_and_takes_no_slot() {
    let client = Client::start(&["--instance-limit", "1"]).await;
    let dry = |sql| json!({"workflow": {"sqlQuery": sql}, "dryRun": "True"});
    let running = client.run(inline(QUERY)).await;
    let valid = client.run(dry(QUERY)).await;
    let invalid = client.run(dry("SELECT (")).await;
    client.emulator.advance(Duration::from_millis(30)).await;
    assert_eq!(client.status(&running).await, "RUNNING");
    assert_eq!(client.status(&valid).await, "SUCCEEDED");
    assert_eq!(client.status(&invalid).await, "REJECTED");
    assert_eq!(client.download_urls(&valid).await.status, 404);
    let witness = client.emulator.executions();
    assert_eq!(witness["executions"].as_array().unwrap().len(), 1);
    assert_eq!(witness["dryRuns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_run_over_its_time_out_fails() {
    let client = Client::start(&["--latency-ms", "1000000"]).await;
    let order = json!({"workflow": {"sqlQuery": QUERY}, "workflowExecutionTimeoutSeconds": "900"});
    let id = client.run(order).await;
    client.emulator.advance(Duration::from_secs(1100)).await;
    let ended = client.execution(&id).await;
    assert_eq!(
        (&ended["status"], &ended["statusReason"]),
        (&json!("FAILED"), &json!("Workflow execution timed out."))
    );
}

#[tokio::test]
async fn a_run_can_publish_before_it_succeeds() {
    let client = Client::start(&["--publishing-ms", "1000", "--instance-limit", "1"]).await;
    let id = client.run(inline(QUERY)).await;
    let next = client.run(inline(QUERY)).await;
    client.emulator.advance(Duration::from_millis(330)).await;
    assert_eq!(client.status(&id).await, "PUBLISHING");
    assert_eq!(client.download_urls(&id).await.status, 404);
    let path = client.reporting(&format!("workflowExecutions/{id}"));
    assert_eq!(client.put(&path, json!({"status": "CANCELLED"})).await.status, 400);
    assert_eq!(client.status(&next).await, "PENDING");
    client.emulator.advance(Duration::from_secs(1)).await;
    assert_eq!(client.status(&id).await, "SUCCEEDED");
    assert_eq!(client.status(&next).await, "RUNNING");
}

#[tokio::test]
async fn a_sandbox_needs_synthetic_data() {
    let mut client = Client::start(&["--sandbox", "1"]).await;
    client.enter(0);
    let sandbox = client.emulator.announcement().accounts[0].sandbox[0].clone();
    let with =
        client.run_in(&sandbox, json!({"workflow": {"sqlQuery": QUERY}, "requireSyntheticData": true})).await;
    let without = client.run_in(&sandbox, inline(QUERY)).await;
    client.emulator.advance(A_WHILE).await;
    for (id, status) in [(with, "SUCCEEDED"), (without, "REJECTED")] {
        let shown = client.get(&format!("/amc/reporting/{sandbox}/workflowExecutions/{id}")).await;
        assert_eq!(shown.body["status"], status);
    }
}

/// An inline order with further fields.
fn with(fields: Value) -> Value {
    let mut order = inline(QUERY);
    order.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    order
}

fn wrong_orders() -> Vec<Value> {
    let (start, end) = ("2024-01-20T00:00:00", "2024-01-25T00:00:00");
    let explicit = |start: &str, end: &str| {
        with(json!({"timeWindowType": "EXPLICIT", "timeWindowStart": start, "timeWindowEnd": end}))
    };
    vec![
        json!({}),
        json!({"workflow": {}}),
        json!({"workflow": {"sqlQuery": " "}}),
        json!({"workflowId": "unknown"}),
        with(json!({"workflowId": "w"})),
        with(json!({"timeWindowType": "YESTERDAY"})),
        with(json!({"timeWindowType": "EXPLICIT"})),
        with(json!({"timeWindowType": "EXPLICIT", "timeWindowStart": start})),
        explicit(end, start),
        explicit("2024-01-20", end),
        explicit("2024-01-20T00:00:00Z", end),
        with(json!({"timeWindowStart": start, "timeWindowEnd": end})),
        with(json!({"timeWindowTimeZone": "Mars/Olympus"})),
        with(json!({"workflowExecutionTimeoutSeconds": 10})),
        with(json!({"dryRun": "perhaps"})),
        with(json!({"parameterValues": []})),
        with(json!({"advertisers": [{"id": "1"}]})),
        with(json!({"maxCertifiedTime": 7})),
        with(json!({"maxCertifiedTime": "2024-01-20"})),
        with(json!({"maxDimensionTime": "yesterday"})),
        with(json!({"additionalAcrResultsReceivers": "123456789012"})),
        with(json!({"additionalAcrResultsReceivers": [123]})),
    ]
}

#[tokio::test]
async fn wrong_orders_are_refused_and_nothing_is_created() {
    let client = Client::start(&[]).await;
    for order in wrong_orders() {
        assert_eq!(
            client.post(&client.reporting("workflowExecutions"), order.clone()).await.status,
            400,
            "{order}"
        );
    }
    assert_eq!(client.emulator.executions(), json!({"executions": [], "dryRuns": []}));
}

#[tokio::test]
async fn requests_may_be_wider_than_specified() {
    let client = Client::start(&[]).await;
    let sql = "SELECT campaign FROM t WHERE ARRAY_CONTAINS(CUSTOM_PARAMETER('ids'), id)";
    let parameter = json!({"name": "ids", "dataType": {"type": "ARRAY", "elementDataType": "LONG"}});
    let order = json!({
        "workflow": {"sqlQuery": sql, "inputParameters": [parameter], "outputFormat": "CSV"},
        "parameterValues": {"ids": [1, 2], "other": 3.5},
        "ignoreDataGaps": "True",
        "outputFormat": "CSV",
    });
    let id = client.run(order).await;
    let ended = client.ended(&id).await;
    assert_eq!((&ended["status"], &ended["ignoreDataGaps"]), (&json!("SUCCEEDED"), &json!(true)));
    assert_eq!(ended["parameterValues"], json!({"ids": [1, 2], "other": 3.5}));
}

#[tokio::test]
async fn an_unknown_execution_is_a_400() {
    let client = Client::start(&[]).await;
    let answer = client.get(&client.reporting("workflowExecutions/none")).await;
    assert_eq!((answer.status, answer.details()), (400, "Workflow execution with ID none does not exist."));
}

#[tokio::test]
async fn sql_is_shown_on_request() {
    let client = Client::start(&[]).await;
    let id = client.run(inline(QUERY)).await;
    assert_eq!(client.execution(&id).await.get("sqlQuery"), None);
    let shown = client.get(&client.reporting(&format!("workflowExecutions/{id}?includeWorkflow=true"))).await;
    assert_eq!(shown.body["sqlQuery"], QUERY);
    assert!(shown.body["workflowId"].as_str().unwrap().starts_with("transient_"));
}

#[tokio::test]
async fn pending_and_running_runs_can_be_cancelled_and_no_others() {
    let client = Client::start(&["--instance-limit", "1"]).await;
    let running = client.run(inline(QUERY)).await;
    let pending = client.run(inline(QUERY)).await;
    let next = client.run(inline(QUERY)).await;
    client.emulator.advance(Duration::from_millis(30)).await;
    let cancel = async |id: &str| {
        let path = client.reporting(&format!("workflowExecutions/{id}"));
        client.put(&path, json!({"status": "CANCELLED"})).await
    };
    assert_eq!(cancel(&pending).await.body, json!({}));
    assert_eq!(cancel(&running).await.body, json!({}));
    assert_eq!(client.status(&next).await, "RUNNING");
    let again = cancel(&running).await;
    assert_eq!(again.status, 400);
    assert!(again.details().contains("its status is CANCELLED"));
    let other = client
        .put(&client.reporting(&format!("workflowExecutions/{next}")), json!({"status": "FAILED"}))
        .await;
    assert_eq!(other.status, 400);
}

/// Gives the ids of a list in its order.
async fn listed(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&client.reporting(&format!("workflowExecutions?{query}"))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let executions = answer.body["executions"].as_array().unwrap();
    executions.iter().map(|one| one["workflowExecutionId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_need_a_filter_hide_cancelled_runs_and_begin_with_the_newest() {
    let client = Client::start(&[]).await;
    let named = |id: &str| json!({"workflow": {"sqlQuery": QUERY, "workflowId": id}});
    let first = client.run(named("a")).await;
    client.emulator.advance(Duration::from_secs(60)).await;
    let second = client.run(named("a")).await;
    let other = client.run(named("b")).await;
    client
        .put(&client.reporting(&format!("workflowExecutions/{second}")), json!({"status": "CANCELLED"}))
        .await;
    let unfiltered = client.get(&client.reporting("workflowExecutions")).await;
    assert_eq!(
        (unfiltered.status, unfiltered.details()),
        (400, "Must provide either workflowId or minCreationTime")
    );
    assert_eq!(listed(&client, "workflowId=a").await, [first.as_str()]);
    assert_eq!(listed(&client, "workflowId=a&includeCancelled=true").await, [second.clone(), first.clone()]);
    let since = "minCreationTime=2025-10-14T20:00:00&timeZone=America/New_York&includeCancelled=true";
    let ascending = format!("{since}&sortAscending=true");
    assert_eq!(listed(&client, &ascending).await, [first.clone(), second.clone(), other.clone()]);
    assert_eq!(listed(&client, "minCreationTime=2025-10-15T00:01:00").await, [other]);
    assert_eq!(listed(&client, &format!("{since}&maxCreationTime=2025-10-14T20:00:30")).await, [first]);
    let zoned =
        client.get(&client.reporting("workflowExecutions?minCreationTime=2025-10-15T00:00:00Z")).await;
    assert_eq!(zoned.status, 400);
}

#[tokio::test]
async fn pages_do_not_shift_when_runs_come_and_go() {
    let client = Client::start(&[]).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(client.run(json!({"workflow": {"sqlQuery": QUERY, "workflowId": "w"}})).await);
    }
    let first = client.get(&client.reporting("workflowExecutions?workflowId=w&limit=2")).await.body;
    let token = first["nextToken"].as_str().unwrap();
    // A new run comes first, and the one the page ended with is cancelled.
    client.run(json!({"workflow": {"sqlQuery": QUERY, "workflowId": "w"}})).await;
    client
        .put(&client.reporting(&format!("workflowExecutions/{}", ids[3])), json!({"status": "CANCELLED"}))
        .await;
    let rest = listed(&client, &format!("workflowId=w&nextToken={token}")).await;
    assert_eq!(rest, [ids[2].clone(), ids[1].clone(), ids[0].clone()]);
}

#[tokio::test]
async fn advertisers_are_shown_as_they_were_understood() {
    let client = Client::start(&[]).await;
    let advertiser = json!({"id": "1", "type": "DISPLAY", "marketplaceId": null, "note": 1});
    let id = client.run(json!({"workflow": {"sqlQuery": QUERY}, "advertisers": [advertiser]})).await;
    assert_eq!(client.execution(&id).await["advertisers"], json!([{"id": "1", "type": "DISPLAY"}]));
}
