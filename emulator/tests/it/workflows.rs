//! Saved workflows.

use serde_json::{Value, json};

use crate::client::{A_WHILE, Client, QUERY};

fn workflow(id: &str) -> Value {
    json!({"workflowId": id, "sqlQuery": QUERY})
}

#[tokio::test]
async fn a_workflow_is_created_shown_replaced_and_deleted() {
    let client = Client::start(&[]).await;
    let created = client.post(&client.reporting("workflows"), workflow("reach.v1")).await;
    assert_eq!((created.status, created.body), (200, json!({})));
    let path = client.reporting("workflows/reach.v1");
    assert_eq!(client.get(&path).await.body, workflow("reach.v1"));
    let replaced = json!({"workflowId": "reach.v1", "sqlQuery": "SELECT campaign FROM dsp_clicks"});
    assert_eq!(client.put(&path, replaced.clone()).await.body, json!({}));
    assert_eq!(client.get(&path).await.body, replaced);
    assert_eq!(client.delete(&path).await.status, 200);
    let gone = client.get(&path).await;
    assert_eq!((gone.status, gone.details()), (400, "Workflow with ID reach.v1 does not exist"));
}

#[tokio::test]
async fn the_same_id_twice_is_refused_in_the_words_clients_match() {
    let client = Client::start(&[]).await;
    client.post(&client.reporting("workflows"), workflow("w")).await;
    let again = client.post(&client.reporting("workflows"), workflow("w")).await;
    assert_eq!((again.status, again.details()), (400, "Workflow with ID w already exists."));
}

#[tokio::test]
async fn a_saved_workflow_is_compiled_at_once() {
    let client = Client::start(&[]).await;
    let broken = json!({"workflowId": "w", "sqlQuery": "SELECT campaign\nFROM t WHERE x = {{brand}}"});
    let answer = client.post(&client.reporting("workflows"), broken).await;
    assert_eq!(answer.status, 400);
    assert!(answer.details().starts_with(
        "Was unable to compile workflow w because it was found to be invalid: SQL query was invalid: \
         Encountered \"{\" at line 2, column 18"
    ));
    assert_eq!(client.get(&client.reporting("workflows")).await.body, json!({"workflows": []}));
}

#[tokio::test]
async fn parameters_must_be_declared_once() {
    let client = Client::start(&[]).await;
    let sql = "SELECT campaign FROM dsp_clicks WHERE brand = CUSTOM_PARAMETER('brand')";
    let undeclared =
        client.post(&client.reporting("workflows"), json!({"workflowId": "w", "sqlQuery": sql})).await;
    assert!(undeclared.details().ends_with("referenced an undeclared parameter brand."), "{undeclared:?}");
    let parameter = json!({"name": "brand", "dataType": {"type": "ARRAY", "elementDataType": "STRING"}, "defaultValue": ["a"]});
    let twice = json!({"workflowId": "w", "sqlQuery": sql, "inputParameters": [parameter, parameter]});
    let answer = client.post(&client.reporting("workflows"), twice).await;
    assert_eq!(answer.details(), "The workflow parameter brand is defined multiple times");
    let once = json!({"workflowId": "w", "sqlQuery": sql, "inputParameters": [parameter]});
    assert_eq!(client.post(&client.reporting("workflows"), once).await.status, 200);
    assert_eq!(client.get(&client.reporting("workflows/w")).await.status, 200);
}

#[tokio::test]
async fn parameters_are_missed_where_they_stand_and_lists_are_not() {
    let client = Client::start(&[]).await;
    let path = client.reporting("workflowExecutions");
    let order = |parameters: Value| {
        json!({"workflow": {"inputParameters": parameters, "sqlQuery":
        "SELECT campaign\nFROM dsp_clicks -- CUSTOM_PARAMETER('x')\nWHERE brand = CUSTOM_PARAMETER('brand')"}})
    };
    let kind = |kind: Value| json!([{"name": "brand", "dataType": kind}]);
    let reason = async |parameters| {
        let id = client.post(&path, order(parameters)).await.body["workflowExecutionId"].clone();
        client.emulator.advance(A_WHILE).await;
        client.execution(id.as_str().unwrap()).await["statusReason"].clone()
    };
    let place = "From line 3, column 15 to line 3, column 30";
    let undeclared = "Filter operation filter_operation referenced an undeclared parameter brand.";
    assert_eq!(reason(json!([])).await, format!("{place}: {undeclared}"));
    let unset = "The workflow parameter brand has no default value and no value was provided for it.";
    assert_eq!(reason(kind(json!("STRING"))).await, format!("{place}: {unset}"));
    for list in
        [json!({"type": "ARRAY", "elementDataType": "STRING"}), json!({"type": "ARRAY"}), json!("ARRAY")]
    {
        assert_eq!(reason(kind(list.clone())).await, Value::Null, "{list}");
    }
}

#[tokio::test]
async fn wrong_definitions_are_refused() {
    let client = Client::start(&[]).await;
    let with = |name: &str, value: Value| {
        let mut workflow = workflow("w");
        workflow[name] = value;
        workflow
    };
    let wrong = [
        json!({"sqlQuery": QUERY}),
        json!({"workflowId": "w"}),
        with("workflowId", json!("with space")),
        with("sqlQuery", json!(7)),
        with("inputParameters", json!([{"name": "p", "dataType": "TEXT"}])),
        with("inputParameters", json!(vec![json!({"name": "p"}); 101])),
        with("outputFormat", json!({"separatorCharacter": ",,"})),
        with("query", json!("AAAA")),
        with("query", json!(["not base64"])),
        with("query", json!(["AAA"])),
        with("query", json!([7])),
        with("query", json!(vec!["AAAA"; 101])),
        with("query", json!({"steps": []})),
        with("privacyFilteringBehavior", json!("KEEP")),
    ];
    for body in wrong {
        assert_eq!(client.post(&client.reporting("workflows"), body.clone()).await.status, 400, "{body}");
    }
    let answer = client.request(reqwest::Method::POST, &client.reporting("workflows")).body("{").send().await;
    assert_eq!(answer.unwrap().status(), 400);
}

#[tokio::test]
async fn unknown_fields_are_dropped_in_silence() {
    let client = Client::start(&[]).await;
    let parameter = json!({"name": "p", "dataType": "STRING", "column_type": "DIMENSION"});
    let body = json!({"workflowId": "w", "sqlQuery": QUERY, "inputParameters": [parameter], "note": 1});
    client.post(&client.reporting("workflows"), body).await;
    let stored = client.get(&client.reporting("workflows/w")).await.body;
    let expected = json!({"workflowId": "w", "sqlQuery": QUERY, "inputParameters": [{"name": "p", "dataType": "STRING"}]});
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn promised_columns_must_be_those_of_the_query() {
    let client = Client::start(&[]).await;
    let column = |name: &str, data_type: &str| json!({"name": name, "dataType": data_type});
    let body =
        |id: &str, columns: Value| json!({"workflowId": id, "sqlQuery": QUERY, "outputColumns": columns});
    let right = json!([column("campaign", "STRING"), column("impressions", "LONG")]);
    assert_eq!(client.post(&client.reporting("workflows"), body("right", right.clone())).await.status, 200);
    for wrong in [
        json!([column("campaign", "STRING")]),
        json!([column("impressions", "LONG"), column("campaign", "STRING")]),
    ] {
        let answer = client.post(&client.reporting("workflows"), body("wrong", wrong.clone())).await;
        assert_eq!(answer.status, 400);
        let id = client.run(json!({"workflow": body("wrong", wrong)})).await;
        assert_eq!(client.ended(&id).await["status"], "REJECTED");
    }
    let malformed = json!([{"name": "campaign", "dataType": "STRING", "dataTypePrecision": 1e40}]);
    assert_eq!(client.post(&client.reporting("workflows"), body("w", malformed)).await.status, 400);
}

#[tokio::test]
async fn lists_come_in_pages_by_id() {
    let client = Client::start(&[]).await;
    for id in ["b", "a", "c"] {
        client.post(&client.reporting("workflows"), workflow(id)).await;
    }
    let first = client.get(&client.reporting("workflows?limit=2")).await.body;
    let ids: Vec<_> = first["workflows"].as_array().unwrap().iter().map(|one| &one["workflowId"]).collect();
    assert_eq!(ids, ["a", "b"]);
    // What the next page begins behind may go in the meantime.
    client.delete(&client.reporting("workflows/b")).await;
    let token = first["nextToken"].as_str().unwrap();
    let second = client.get(&client.reporting(&format!("workflows?limit=2&nextToken={token}"))).await.body;
    assert_eq!(second, json!({"workflows": [workflow("c")]}));
}

#[tokio::test]
async fn a_scheduled_workflow_is_not_deleted() {
    let client = Client::start(&[]).await;
    client.post(&client.reporting("workflows"), workflow("w")).await;
    client.post(&client.reporting("schedules"), json!({"scheduleId": "s", "workflowId": "w"})).await;
    assert_eq!(client.delete(&client.reporting("workflows/w")).await.status, 400);
    client.delete(&client.reporting("schedules/s")).await;
    assert_eq!(client.delete(&client.reporting("workflows/w")).await.status, 200);
}

#[tokio::test]
async fn a_saved_workflow_runs_with_its_values() {
    let client = Client::start(&[]).await;
    let sql = "SELECT campaign FROM dsp_clicks WHERE brand = CUSTOM_PARAMETER('brand')";
    let parameters = json!([{"name": "brand", "dataType": "STRING"}]);
    let saved = json!({"workflowId": "w", "sqlQuery": sql, "inputParameters": parameters});
    client.post(&client.reporting("workflows"), saved).await;
    let with = client.run(json!({"workflowId": "w", "parameterValues": {"brand": 7}})).await;
    let without = client.run(json!({"workflowId": "w"})).await;
    client.emulator.advance(A_WHILE).await;
    assert_eq!(client.status(&with).await, "SUCCEEDED");
    let rejected = client.execution(&without).await;
    assert_eq!(rejected["status"], "REJECTED");
    assert!(rejected["statusReason"].as_str().unwrap().contains("brand"));
}

#[tokio::test]
async fn legacy_operation_lists_are_taken_encoded_or_as_recorded() {
    let client = Client::start(&[]).await;
    for (id, query) in
        [("a", json!(["AAAA", "AAA=", "AA=="])), ("b", json!({"operations": [{"type": "scan"}]}))]
    {
        let answer =
            client.post(&client.reporting("workflows"), json!({"workflowId": id, "query": query})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(client.get(&client.reporting(&format!("workflows/{id}"))).await.body["query"], query);
    }
}

#[tokio::test]
async fn stored_arrays_say_whether_elements_can_be_null() {
    let client = Client::start(&[]).await;
    let declared = |data_type: Value| json!([{"name": "ids", "dataType": data_type}]);
    for (sent, stored) in [
        (
            json!({"type": "ARRAY", "elementDataType": "LONG"}),
            json!({"type": "ARRAY", "elementDataType": "LONG", "elementNullable": false}),
        ),
        (json!("ARRAY"), json!("ARRAY")),
        (json!("LONG"), json!("LONG")),
    ] {
        let path = client.reporting("workflows/w");
        let body = json!({"workflowId": "w", "sqlQuery": QUERY, "inputParameters": declared(sent)});
        client.post(&client.reporting("workflows"), body).await;
        assert_eq!(client.get(&path).await.body["inputParameters"], declared(stored));
        client.delete(&path).await;
    }
}
