//! What the headers give access to.

use reqwest::Method;
use serde_json::json;

use crate::client::{Client, QUERY, inline};

const ENTITY: &str = "Amazon-Advertising-API-AdvertiserId";
const MARKETPLACE: &str = "Amazon-Advertising-API-MarketplaceId";

#[tokio::test]
async fn accounts_need_no_account_headers() {
    let mut client = Client::start(&["--accounts", "3"]).await;
    client.set_header(ENTITY, "");
    client.set_header(MARKETPLACE, "");
    let accounts = client.get("/amc/accounts").await;
    let announced = client.emulator.announcement();
    let ids: Vec<_> = announced.accounts.iter().map(|account| json!(account.account_id)).collect();
    let listed: Vec<_> = accounts.body["amcAccounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["accountId"].clone())
        .collect();
    assert_eq!(listed, ids);
    assert_eq!(client.get("/amc/instances").await.status, 400);
}

#[tokio::test]
async fn an_account_that_is_not_listed_can_own_instances() {
    let mut client = Client::start(&["--accounts=2", "--unlisted-accounts=1"]).await;
    let accounts = client.emulator.announcement().accounts;
    let listed = client.get("/amc/accounts").await.body;
    assert_eq!(listed["amcAccounts"].as_array().unwrap().len(), 1);
    assert_eq!(listed["amcAccounts"][0]["accountId"], accounts[0].account_id);
    assert!(accounts[1].unlisted && !accounts[0].unlisted);
    client.set_header(ENTITY, &accounts[1].account_id);
    client.set_header(MARKETPLACE, &accounts[1].marketplace_id);
    let instances = client.get("/amc/instances").await.body;
    assert_eq!(instances["instances"].as_array().unwrap().len(), accounts[1].instances.len());
}

#[tokio::test]
async fn accounts_refuse_in_a_shape_of_their_own() {
    let client = Client::start(&[]).await;
    let answer = client.http.get(format!("{}/amc/accounts", client.emulator.url())).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let request_id = answer.headers()["x-amz-request-id"].to_str().unwrap().to_owned();
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body, json!({"message": "Missing Authorization header", "requestId": request_id}));
}

#[tokio::test]
async fn a_wrong_entity_or_marketplace_is_forbidden() {
    for (header, value) in [(ENTITY, "ENTITYOTHER"), (MARKETPLACE, "A1F83G8C2ARO7P")] {
        let mut client = Client::start(&[]).await;
        client.set_header(header, value);
        let answer = client.get("/amc/instances").await;
        assert_eq!((answer.status, answer.details()), (403, "Unauthorized request"), "{header}");
    }
}

#[tokio::test]
async fn an_instance_of_another_account_is_not_found() {
    let client = Client::start(&[]).await;
    let other = client.instances(1)[0].clone();
    for path in [format!("/amc/instances/{other}"), format!("/amc/reporting/{other}/workflows")] {
        assert_eq!(client.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_client_id_or_token_is_unauthorized() {
    let mut client = Client::start(&[]).await;
    let url = format!("{}/amc/instances", client.emulator.url());
    let answer = client.http.get(&url).bearer_auth("Atza|invented").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    client.set_header("Amazon-Advertising-API-ClientId", "amzn1.other");
    assert_eq!(client.get("/amc/instances").await.status, 401);
}

#[tokio::test]
async fn denied_and_unfinished_instances_are_listed_and_refuse_reports() {
    let client = Client::start(&["--denied", "1", "--unfinished", "1"]).await;
    let account = client.emulator.announcement().accounts[0].clone();
    let listed = client.get("/amc/instances").await.body.to_string();
    for (id, status) in [(&account.denied[0], 403), (&account.unfinished[0], 400)] {
        assert!(listed.contains(id.as_str()));
        let answer = client.post(&format!("/amc/reporting/{id}/workflowExecutions"), inline(QUERY)).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn access_can_be_revoked_and_granted_over_http() {
    let client = Client::start(&[]).await;
    let (account, instance) =
        (client.emulator.announcement().accounts[0].account_id.clone(), client.instance());
    let change = |body| client.control(Method::POST, "/access", Some(body));
    assert_eq!(change(json!({"instances": {&instance: false}})).await.status, 200);
    assert_eq!(client.get(&client.reporting("workflows")).await.status, 403);
    change(json!({"instances": {&instance: true}, "accounts": {&account: false}})).await;
    assert_eq!(client.get("/amc/instances").await.status, 403);
    assert!(!client.get("/amc/accounts").await.body.to_string().contains(&account));
    change(json!({"accounts": {&account: true}})).await;
    assert_eq!(client.get(&client.reporting("workflows")).await.status, 200);
    change(json!({"expireTokens": true})).await;
    assert_eq!(client.get("/amc/instances").await.status, 401);
    change(json!({"refreshToken": false})).await;
    let refused = client.grant(&[]).await;
    assert_eq!((&refused["status"], &refused["error"]), (&json!(400), &json!("invalid_grant")));
    change(json!({"refreshToken": true})).await;
    assert_eq!(client.grant(&[]).await["status"], 200);
    let unknown = change(json!({"instances": {"amcnothing": false}})).await;
    assert_eq!(unknown.body["error"], "there is no instance amcnothing");
}

#[tokio::test]
async fn a_self_service_instance_is_addressed_with_its_sponsored_ads_entity() {
    let mut client = Client::start(&["--accounts=1", "--instances=2", "--self-service=2"]).await;
    let [own, first, second]: [_; 3] = client.announced.accounts.clone().try_into().unwrap();
    assert!(first.self_service && first.unlisted && !own.self_service);
    assert_eq!((own.instances.len(), first.instances.len(), second.instances.len()), (2, 1, 1));
    assert_eq!(client.get("/amc/accounts").await.body["amcAccounts"].as_array().unwrap().len(), 1);
    let instance = format!("/amc/instances/{}", first.instances[0]);
    assert_eq!(client.get(&instance).await.status, 404);
    client.enter(1);
    let listed = client.get("/amc/instances").await.body["instances"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["instanceId"]), (1, &json!(first.instances[0])));
    client.run_in(&first.instances[0], inline(QUERY)).await;
    let updates = format!("{instance}/advertisers/updates");
    let change = json!({"advertisersToAdd": [{"id": "1", "type": "DISPLAY"}]});
    let refused = [
        client.post("/amc/instances", json!({"instanceName": "New Brand"})).await,
        client.delete(&instance).await,
        client.post(&updates, change).await,
        client.get(&updates).await,
        client.get(&format!("{updates}/0")).await,
    ];
    for answer in refused {
        assert_eq!(answer.status, 400);
        assert_eq!(answer.details(), "This operation is not supported for self-service instances.");
    }
    assert_eq!(client.put(&instance, json!({"instanceName": "Other"})).await.status, 200);
}
