//! Results: parts, URLs, CSV.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, QUERY, inline};

async fn finished(client: &Client, order: Value) -> String {
    let id = client.run(order).await;
    let ended = client.ended(&id).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    id
}

#[tokio::test]
async fn a_result_has_up_to_five_parts_and_the_last_takes_the_rest() {
    for (rows, lines) in [(0, vec![1]), (3, vec![4]), (6, vec![4, 4]), (20, vec![4, 4, 4, 4, 9])] {
        let client = Client::start(&["--rows", &rows.to_string(), "--part-rows", "3"]).await;
        let id = finished(&client, inline(QUERY)).await;
        let parts = client.parts(&id).await;
        let found: Vec<_> = parts.iter().map(|part| part.lines().count()).collect();
        assert_eq!(found, lines, "{rows} rows");
        assert!(parts.iter().all(|part| part.starts_with("campaign,impressions\n")));
    }
}

#[tokio::test]
async fn large_results_come_whole() {
    let client = Client::start(&["--rows", "60000"]).await;
    let id = finished(&client, inline(QUERY)).await;
    let parts = client.parts(&id).await;
    let rows: Vec<&str> = parts.iter().flat_map(|part| part.lines().skip(1)).collect();
    assert_eq!((parts.len(), rows.len()), (2, 60000));
    assert!(rows[59999].starts_with("campaign 60000,"));
}

#[tokio::test]
async fn requests_are_answered_while_a_large_result_is_computed() {
    let client = Client::start(&["--rows", "60000", "--latency-ms", "0"]).await;
    client.freeze(false).await;
    let id = client.run(inline(QUERY)).await;
    let mut answered = 0;
    while client.status(&id).await != "SUCCEEDED" {
        answered += 1;
    }
    assert!(answered > 10, "only {answered} requests were answered");
}

#[tokio::test]
async fn the_same_run_again_gives_the_same_rows_and_another_instance_others() {
    let client = Client::start(&[]).await;
    let first = finished(&client, inline(QUERY)).await;
    let second = finished(&client, inline(QUERY)).await;
    assert_eq!(client.parts(&first).await, client.parts(&second).await);
    let other = client.instances(0)[1].clone();
    let third = client.run_in(&other, inline(QUERY)).await;
    client.emulator.advance(Duration::from_secs(10)).await;
    let urls = client.get(&format!("/amc/reporting/{other}/workflowExecutions/{third}/downloadUrls")).await;
    let (_, rows) = client.fetch(urls.body["downloadUrls"][0].as_str().unwrap()).await;
    assert_ne!(vec![rows], client.parts(&first).await);
}

#[tokio::test]
async fn urls_live_ten_minutes_and_need_no_token() {
    let client = Client::start(&[]).await;
    let id = finished(&client, inline(QUERY)).await;
    let urls = client.download_urls(&id).await.body;
    let url = urls["downloadUrls"][0].as_str().unwrap().to_owned();
    assert_eq!(client.fetch(&url).await.0, 200);
    let with_token = client.http.get(&url).bearer_auth("x").send().await.unwrap();
    assert_eq!(with_token.status(), 400);
    client.emulator.advance(Duration::from_secs(599)).await;
    assert_eq!(client.fetch(&url).await.0, 200);
    client.emulator.advance(Duration::from_secs(1)).await;
    let (status, body) = client.fetch(&url).await;
    assert_eq!(status, 403);
    assert!(body.contains("<Code>AccessDenied</Code><Message>Request has expired</Message>"));
    let fresh = client.download_urls(&id).await.body;
    assert_eq!(client.fetch(fresh["downloadUrls"][0].as_str().unwrap()).await.0, 200);
}

#[tokio::test]
async fn a_url_that_was_changed_is_refused() {
    let client = Client::start(&["--part-rows", "5"]).await;
    let id = finished(&client, inline(QUERY)).await;
    let urls = client.download_urls(&id).await.body;
    let url = urls["downloadUrls"][0].as_str().unwrap();
    let date = url.split("X-Amz-Date=").nth(1).unwrap().split('&').next().unwrap();
    let changed = [
        url.replace("/0.csv", "/1.csv"),
        url.replace("Expires=600", "Expires=6000"),
        url.replace(&format!("Date={date}"), "Date=20300101T000000Z"),
        url.split('?').next().unwrap().to_owned(),
    ];
    for url in changed {
        let (status, body) = client.fetch(&url).await;
        assert_eq!(status, 403, "{url}");
        assert!(body.contains("SignatureDoesNotMatch"));
    }
}

#[tokio::test]
async fn a_run_that_is_not_ready_has_no_urls() {
    let client = Client::start(&[]).await;
    let id = client.run(inline(QUERY)).await;
    let answer = client.download_urls(&id).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.details(), format!("Execution with ID {id} is unavailable for download."));
    let unpublished = client.run(json!({"workflow": {"sqlQuery": QUERY}, "skipPublish": true})).await;
    assert_eq!(client.ended(&unpublished).await["status"], "SUCCEEDED");
    assert_eq!(client.download_urls(&unpublished).await.status, 404);
}

#[tokio::test]
async fn the_dialect_is_the_requests() {
    let client = Client::start(&[]).await;
    let csv = "campaign,note\n\"a|b\",\"it\\\"s\"\nc,\n";
    client.emulator.load(None, "notes", csv).unwrap();
    let sql = "SELECT campaign, note FROM notes";
    let default = finished(&client, inline(sql)).await;
    assert_eq!(client.parts(&default).await, ["campaign,note\na|b,\"it\\\"s\"\nc,\n"]);
    let format = json!({"separatorCharacter": "|", "quoteCharacter": "'", "escapeCharacter": "'"});
    let order = json!({"workflow": {"sqlQuery": sql, "outputFormat": format}});
    let other = finished(&client, order).await;
    assert_eq!(client.parts(&other).await, ["campaign|note\n'a|b'|it\"s\nc|\n"]);
}

#[tokio::test]
async fn metadata_hold_the_sql() {
    let client = Client::start(&[]).await;
    let id = finished(&client, inline(QUERY)).await;
    let urls = client.download_urls(&id).await.body;
    let (status, text) = client.fetch(urls["metadataDownloadUrls"][0].as_str().unwrap()).await;
    let metadata: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status.as_u16(), &metadata["sqlQuery"]), (200, &json!(QUERY)));
}
