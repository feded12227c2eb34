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

#[tokio::test]
async fn what_a_script_or_a_table_cannot_be_is_said() {
    let client = Client::start(&[]).await;
    for (path, body, words) in [
        ("/data", json!({"table": "t"}), "rows are needed"),
        ("/data", json!({"table": "", "csv": "a\n"}), "table must name a data source"),
        ("/data", json!({"table": "t", "csv": "a\n", "instanc": "amc"}), "there is no field instanc"),
        ("/data", json!({"table": "t", "rows": [{"a": 1}, {"b": 1}]}), "row 2 has a field b"),
        ("/results", json!({"contains": "x"}), "or status"),
        ("/results", json!({"csv": "a\n", "instance": "amcnothing"}), "there is no instance amcnothing"),
        ("/results", json!({"csv": "a\n", "data_types": {}}), "there is no field data_types"),
        ("/results", json!({"csv": "a\n", "dataTypes": {"b": "LONG"}}), "dataTypes names b"),
        ("/results", json!({"csv": "a\n", "dataTypes": {"a": "INT"}}), "INT is not a type"),
    ] {
        let answer = client.control(Method::POST, path, Some(body.clone())).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body["error"].as_str().unwrap().contains(words), "{body}: {}", answer.body);
    }
}

#[tokio::test]
async fn data_queries_and_values_may_be_large() {
    let client = Client::start(&[]).await;
    let table = format!("campaign,clicks\n{}", "a,1\n".repeat(600_000));
    control(&client, "/data", json!({"table": "dsp_clicks", "csv": table})).await;
    let sql = format!("SELECT campaign FROM dsp_views -- {}", "x".repeat(3_000_000));
    assert!(rows(&client, &sql).await.starts_with("campaign\n"));
}
