//! Data sources.

use crate::client::Client;

#[tokio::test]
async fn data_sources_are_listed_with_their_columns() {
    let client = Client::start(&[]).await;
    let page = client.get(&client.reporting("dataSources?limit=5")).await.body;
    assert_eq!(page["dataSources"].as_array().unwrap().len(), 5);
    assert!(page["nextToken"].is_string());
    let one = client.get(&client.reporting("dataSources/dsp_impressions")).await.body;
    let user =
        one["columns"].as_array().unwrap().iter().find(|column| column["name"] == "user_id").unwrap().clone();
    assert_eq!((&user["sensitivity"], &user["dataType"]), (&"VERY_HIGH".into(), &"STRING".into()));
}

#[tokio::test]
async fn an_unknown_data_source_is_a_400() {
    let client = Client::start(&[]).await;
    assert_eq!(client.get(&client.reporting("dataSources/nothing")).await.status, 400);
}
