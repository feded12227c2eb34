//! Advertisers and their updates.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn advertisers_are_listed_by_type() {
    let client = Client::start(&[]).await;
    let path = format!("/amc/instances/{}/advertisers", client.instance());
    let all = client.get(&path).await.body;
    assert_eq!((all["totalCount"].clone(), all["nextToken"].clone()), (json!(2), json!(null)));
    let sponsored = client.get(&format!("{path}?type=SPONSORED_ADS")).await.body;
    assert_eq!(sponsored["totalCount"], 1);
    assert!(sponsored["advertisers"][0]["marketplaceId"].is_string());
    assert_eq!(client.get(&format!("{path}?type=OTHER")).await.status, 400);
}

#[tokio::test]
async fn an_update_goes_through_its_states_and_bars_another() {
    let client = Client::start(&[]).await;
    let path = format!("/amc/instances/{}/advertisers/updates", client.instance());
    let change = json!({"advertisersToAdd": [{"id": "123", "type": "DISPLAY"}]});
    let begun = client.post(&path, change.clone()).await.body["advertiserUpdate"].clone();
    assert_eq!((&begun["updateId"], &begun["status"]), (&json!(0), &json!("PENDING")));
    assert_eq!(client.post(&path, change.clone()).await.status, 400);
    for status in ["UPDATING", "COMPLETED"] {
        client.emulator.advance(std::time::Duration::from_millis(300)).await;
        let shown = client.get(&format!("{path}/0")).await;
        assert_eq!(shown.body["advertiserUpdate"]["status"], status);
    }
    let listed = client.get(&path).await;
    assert_eq!(listed.body["advertiserUpdates"], json!([{"updateId": 0, "status": "COMPLETED"}]));
    let advertisers = client.get(&format!("/amc/instances/{}/advertisers", client.instance())).await;
    assert_eq!(advertisers.body["totalCount"], 3);
    assert_eq!(client.get(&format!("{path}/9")).await.status, 404);
}

#[tokio::test]
async fn wrong_updates_are_refused() {
    let client = Client::start(&[]).await;
    let path = format!("/amc/instances/{}/advertisers/updates", client.instance());
    let many: Vec<_> = (0..11).map(|id| json!({"id": id.to_string(), "type": "DISPLAY"})).collect();
    let wrong = [
        json!({}),
        json!({"advertisersToAdd": many}),
        json!({"advertisersToAdd": [{"id": "1", "type": "X"}]}),
    ];
    for change in wrong {
        assert_eq!(client.post(&path, change.clone()).await.status, 400, "{change}");
    }
}
