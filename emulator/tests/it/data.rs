//! Loaded data and scripted results over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{A_WHILE, Client, QUERY, inline};

async fn rows(client: &Client, sql: &str) -> String {
    let id = client.run(inline(sql)).await;
    let ended = client.ended(&id).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    client.parts(&id).await.concat()
}

async fn control(client: &Client, path: &str, body: Value) {
    let answer = client.control(Method::POST, path, Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn loaded_rows_replace_the_synthetic_ones() {
    let client = Client::start(&[]).await;
    let data = json!({"instance": client.instance(), "table": "dsp_clicks", "rows": [{"campaign": "A", "clicks": 3}]});
    control(&client, "/data", data).await;
    assert_eq!(
        rows(&client, "SELECT campaign, clicks, other FROM dsp_clicks").await,
        "campaign,clicks,other\nA,3,\n"
    );
    let unknown = json!({"instance": "amcnothing", "table": "t", "csv": "a\n1\n"});
    let answer = client.control(Method::POST, "/data", Some(unknown)).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("there is no instance amcnothing")));
}

#[tokio::test]
async fn a_query_is_answered_as_scripted() {
    let client = Client::start(&[]).await;
    let script = json!({"contains": "campaign_reach", "csv": "brand,reach\nA,10\n", "dataTypes": {"reach": "INTEGER"}, "seconds": 7200});
    control(&client, "/results", script).await;
    let id = client.run(inline("SELECT brand, reach FROM campaign_reach")).await;
    assert_eq!(client.ended(&id).await["status"], "RUNNING");
    control(&client, "/clock", json!({"advance": "50m"})).await;
    assert_eq!(client.status(&id).await, "RUNNING");
    let mut client = client;
    control(&client, "/clock", json!({"advance": "2h"})).await;
    client.refresh().await;
    let ended = client.execution(&id).await;
    assert_eq!(ended["outputColumns"][1]["dataType"], "INTEGER");
    assert_eq!(client.parts(&id).await, ["brand,reach\nA,10\n"]);
    client.control(Method::DELETE, "/results", None).await;
    assert!(rows(&client, QUERY).await.starts_with("campaign,impressions\n"));
}

#[tokio::test]
async fn a_query_fails_as_scripted() {
    let client = Client::start(&[]).await;
    for status in ["FAILED", "REJECTED"] {
        control(&client, "/results", json!({"contains": status, "status": status, "reason": "because"}))
            .await;
        let id = client.run(inline(&format!("SELECT a AS {status} FROM t"))).await;
        let ended = client.ended(&id).await;
        assert_eq!((&ended["status"], &ended["statusReason"]), (&json!(status), &json!("because")));
    }
}

#[tokio::test]
async fn a_script_can_be_for_one_instance_and_give_rows_as_objects_or_lists() {
    let client = Client::start(&[]).await;
    let sql = "SELECT brand FROM t";
    let objects = json!({"rows": [{"brand": "all"}]});
    let lists =
        json!({"instance": client.instance(), "columns": ["brand", "n"], "rows": [["one", 2], [null, 3]]});
    control(&client, "/results", objects).await;
    control(&client, "/results", lists).await;
    assert_eq!(rows(&client, sql).await, "brand,n\none,2\n,3\n");
    let other = client.instances(0)[1].clone();
    let id = client.run_in(&other, inline(sql)).await;
    client.emulator.advance(A_WHILE).await;
    let path = format!("/amc/reporting/{other}/workflowExecutions/{id}/downloadUrls");
    let urls = client.get(&path).await.body;
    assert_eq!(client.fetch(urls["downloadUrls"][0].as_str().unwrap()).await.1, "brand\nall\n");
}
