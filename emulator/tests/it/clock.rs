//! The clock over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, QUERY, START, inline};

async fn change(client: &Client, body: Value) -> Value {
    let answer = client.control(Method::POST, "/clock", Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn the_clock_can_be_read_and_moved() {
    let client = Client::start(&[]).await;
    let shown = client.control(Method::GET, "/clock", None).await.body;
    assert_eq!(shown, json!({"now": "2025-10-15T00:00:00.000Z", "frozen": true}));
    assert_eq!(change(&client, json!({"advance": "2h"})).await["now"], "2025-10-15T02:00:00.000Z");
    assert_eq!(change(&client, json!({"advance": 90})).await["now"], "2025-10-15T02:01:30.000Z");
    assert_eq!(change(&client, json!({"now": START})).await["now"], "2025-10-15T00:00:00.000Z");
    assert_eq!(change(&client, json!({"advance": "1d 6h"})).await["now"], "2025-10-16T06:00:00.000Z");
    for wrong in
        [json!({"advance": "1mo"}), json!({"advance": "soon"}), json!({"advance": -1}), json!({"speed": 2})]
    {
        let answer = client.control(Method::POST, "/clock", Some(wrong.clone())).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.body["error"].is_string());
    }
}

#[tokio::test]
async fn what_is_due_has_happened_when_the_clock_has_moved() {
    let client = Client::start(&["--latency-ms", "3600000"]).await;
    let id = client.run(inline(QUERY)).await;
    change(&client, json!({"advance": "2h"})).await;
    let witness = client.emulator.executions();
    assert_eq!(witness["executions"][0]["endTime"], "2025-10-15T01:06:00.000Z");
    assert_eq!(witness["executions"][0]["workflowExecutionId"], id.as_str());
}
