//! Login with Amazon.

use amc_fleet_emulator::AccessChange;
use chrono::TimeDelta;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn the_refresh_token_gives_an_access_token_for_an_hour() {
    let client = Client::start(&[]).await;
    let granted = client.grant(&[]).await;
    assert!(granted["access_token"].as_str().unwrap().starts_with("Atza|"));
    assert_eq!(granted["expires_in"], 3600);
    assert_eq!(granted["token_type"], "bearer");
    assert_eq!(granted["refresh_token"], client.emulator.announcement().refresh_token);
}

#[tokio::test]
async fn json_without_a_content_type_is_read_too() {
    let client = Client::start(&[]).await;
    let announced = client.emulator.announcement();
    let body = json!({
        "grant_type": "refresh_token",
        "refresh_token": announced.refresh_token,
        "client_id": announced.client_id,
        "client_secret": announced.client_secret,
    });
    let answer = client.http.post(&announced.token_url).body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn wrong_grants_are_refused_as_oauth_says() {
    let client = Client::start(&[]).await;
    let cases = [
        ("refresh_token", "Atzr|other", 400, "invalid_grant"),
        ("client_secret", "other", 401, "invalid_client"),
        ("client_id", "other", 401, "invalid_client"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("refresh_token", "", 400, "invalid_request"),
        ("grant_type", "authorization_code", 400, "invalid_grant"),
    ];
    for (field, value, status, error) in cases {
        let answer = client.grant(&[(field, value)]).await;
        assert_eq!((&answer["status"], &answer["error"]), (&json!(status), &json!(error)), "{field}={value}");
        assert!(answer["error_description"].is_string());
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_gives_nothing_until_granted_again() {
    let client = Client::start(&[]).await;
    let granted = |granted| AccessChange { refresh_token: Some(granted), ..AccessChange::default() };
    client.emulator.access(&granted(false)).unwrap();
    let refused = client.grant(&[]).await;
    assert_eq!(refused["error"], "invalid_grant");
    assert!(refused["error_description"].as_str().unwrap().contains("revoked"));
    client.emulator.access(&granted(true)).unwrap();
    assert_eq!(client.grant(&[]).await["status"], 200);
}

#[tokio::test]
async fn an_access_token_expires_with_the_clock() {
    let mut client = Client::start(&[]).await;
    client.emulator.advance(TimeDelta::seconds(3599).to_std().unwrap()).await;
    assert_eq!(client.get("/amc/instances").await.status, 200);
    client.emulator.advance(TimeDelta::seconds(1).to_std().unwrap()).await;
    let expired = client.get("/amc/instances").await;
    assert_eq!((expired.status, expired.details()), (401, "Access token has expired"));
    client.refresh().await;
    assert_eq!(client.get("/amc/instances").await.status, 200);
}
