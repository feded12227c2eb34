//! Instances.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{A_WHILE, Client, QUERY, inline};

#[tokio::test]
async fn instances_are_spread_over_accounts_and_follow_from_the_seed() {
    let client = Client::start(&["--instances", "5"]).await;
    assert_eq!((client.instances(0).len(), client.instances(1).len()), (3, 2));
    let again = Client::start(&["--instances", "5"]).await;
    assert_eq!(client.instances(0), again.instances(0));
    let other = Client::start(&["--instances", "5", "--seed", "8"]).await;
    assert_ne!(client.instances(0), other.instances(0));
    assert!(client.instance().len() == 11 && client.instance().starts_with("amc"));
}

#[tokio::test]
async fn an_instance_is_shown_as_recorded() {
    let client = Client::start(&["--sandbox", "1"]).await;
    let shown = client.get(&format!("/amc/instances/{}", client.instance())).await.body["instance"].clone();
    assert_eq!(shown["instanceType"], "STANDARD");
    assert_eq!(shown["creationStatus"], "COMPLETED");
    assert_eq!(shown["entities"], json!(["NA"]));
    assert_eq!(shown["apiEndpoint"], "https://advertising-api.amazon.com");
    let sandbox = client.emulator.announcement().accounts[0].sandbox[0].clone();
    let shown = client.get(&format!("/amc/instances/{sandbox}")).await;
    assert_eq!(shown.body["instance"]["instanceType"], "SANDBOX");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let client = Client::start(&["--instances", "7", "--accounts", "1"]).await;
    let mut found = Vec::new();
    let mut token = String::new();
    loop {
        let page = client.get(&format!("/amc/instances?limit=3&nextToken={token}")).await.body;
        let instances = page["instances"].as_array().unwrap();
        assert!(instances.len() <= 3);
        found.extend(instances.iter().map(|instance| instance["instanceId"].as_str().unwrap().to_owned()));
        match &page["nextToken"] {
            Value::String(next) => token.clone_from(next),
            _ => break,
        }
    }
    assert_eq!(found, client.instances(0));
    for query in ["limit=0", "limit=101", "limit=many", "nextToken=zz"] {
        assert_eq!(client.get(&format!("/amc/instances?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_created_instance_is_usable_a_while_later() {
    let client = Client::start(&[]).await;
    let draft = json!({"instanceName": "New Brand", "advertiserName": "Brand", "idempotencyToken": "t1"});
    let created = client.post("/amc/instances", draft.clone()).await.body["instance"].clone();
    assert_eq!((&created["creationStatus"], &created["apiEndpoint"]), (&json!("REQUESTED"), &Value::Null));
    let id = created["instanceId"].as_str().unwrap();
    let again = client.post("/amc/instances", draft).await;
    assert_eq!(again.body["instance"]["instanceId"], id);
    let path = format!("/amc/instances/{id}");
    assert_eq!(client.put(&path, json!({"instanceName": "Other"})).await.status, 400);
    client.emulator.advance(A_WHILE).await;
    let renamed = client.put(&path, json!({"instanceName": "Other", "awsAccountId": "123456789012"})).await;
    assert_eq!(renamed.body["instance"]["instanceName"], "Other");
    assert_eq!(client.get(&format!("/amc/reporting/{id}/workflows")).await.status, 200);
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_deleted_instance_ends_its_runs() {
    let client = Client::start(&["--instance-limit", "1"]).await;
    for _ in 0..3 {
        client.run(inline(QUERY)).await;
    }
    client.emulator.advance(Duration::from_millis(40)).await;
    assert_eq!(client.delete(&format!("/amc/instances/{}", client.instance())).await.status, 204);
    let witness = client.emulator.executions();
    let executions = witness["executions"].as_array().unwrap();
    assert!(executions.iter().all(|execution| execution["status"] == "CANCELLED"), "{witness}");
}

#[tokio::test]
async fn wrong_drafts_are_refused() {
    let client = Client::start(&[]).await;
    let drafts = [
        json!({}),
        json!({"instanceName": "ab"}),
        json!({"instanceName": "With-Dash"}),
        json!({"instanceName": " Space"}),
        json!({"instanceName": 7}),
        json!({"instanceName": "Good", "awsAccountId": "12"}),
        json!({"instanceName": "Good", "idempotencyToken": ""}),
        json!({"instanceName": "Müller"}),
        json!({"instanceName": "Brand 日本"}),
        json!({"instanceName": "Good", "acrCustomerPartners": [7]}),
        json!({"instanceName": "Good", "acrCustomerPartners": [{"abilities": ["CAN_FLY"]}]}),
    ];
    for draft in drafts {
        assert_eq!(client.post("/amc/instances", draft.clone()).await.status, 400, "{draft}");
    }
}

#[tokio::test]
async fn the_customers_aws_account_is_linked() {
    let client = Client::start(&[]).await;
    let path = format!("/amc/instances/{}/updateCustomerAwsAccount", client.instance());
    let linked = client.post(&path, json!({"awsAccountId": "123456789012", "bucketName": "mine"})).await;
    assert!(linked.body["cfnBucketUrl"].as_str().unwrap().contains("mine"));
    let shown = client.get(&format!("/amc/instances/{}", client.instance())).await;
    assert_eq!(shown.body["instance"]["s3BucketName"], "mine");
}

#[tokio::test]
async fn an_idempotency_token_is_known_to_its_account_for_ten_minutes() {
    let mut client = Client::start(&[]).await;
    let create = async |client: &Client| {
        let draft = json!({"instanceName": "New Brand", "idempotencyToken": "t"});
        client.post("/amc/instances", draft).await.body["instance"]["instanceId"].clone()
    };
    let first = create(&client).await;
    client.enter(1);
    let other = create(&client).await;
    assert_ne!(other, first);
    client.enter(0);
    client.emulator.advance(Duration::from_secs(599)).await;
    assert_eq!(create(&client).await, first);
    client.emulator.advance(Duration::from_secs(1)).await;
    assert_ne!(create(&client).await, first);
}

#[tokio::test]
async fn a_bucket_is_shown_only_where_one_was_linked() {
    let client = Client::start(&[]).await;
    let shown = client.get(&format!("/amc/instances/{}", client.instance())).await;
    assert_eq!(shown.body["instance"]["s3BucketName"], "");
    let id = client.run(inline(QUERY)).await;
    assert_eq!(client.ended(&id).await["outputS3URI"], "N/A");
}
