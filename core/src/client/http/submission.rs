//! The body of a submit, exactly as AMC wants it (AMC-API, section 3.3).

use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};

use crate::client::RunRequest;

/// The JSON of a request. Of two fields of one name ours wins over the workflow options: a run must be found again
/// under our own workflow id.
pub(super) fn body(request: &RunRequest) -> Value {
    let mut body = Map::new();
    body.insert("workflow".into(), workflow(request).into());
    body.insert("timeWindowType".into(), "EXPLICIT".into());
    body.insert("timeWindowStart".into(), local(request.window_start).into());
    body.insert("timeWindowEnd".into(), local(request.window_end).into());
    body.insert("timeWindowTimeZone".into(), request.time_zone.clone().into());
    if !request.parameter_values.is_empty() {
        body.insert("parameterValues".into(), request.parameter_values.clone().into());
    }
    if let Some(seconds) = request.timeout_seconds {
        body.insert("workflowExecutionTimeoutSeconds".into(), seconds.into());
    }
    let switches = [("requireSyntheticData", request.require_synthetic_data), ("dryRun", request.dry_run)];
    body.extend(switches.iter().filter(|(_, on)| *on).map(|(name, _)| ((*name).to_owned(), true.into())));
    body.into()
}

fn workflow(request: &RunRequest) -> Map<String, Value> {
    let mut workflow = request.workflow_options.clone();
    workflow.insert("workflowId".into(), request.workflow_id.clone().into());
    workflow.insert("sqlQuery".into(), request.sql.clone().into());
    workflow.insert("outputFormat".into(), json!(request.dialect));
    if !request.input_parameters.is_empty() {
        workflow.insert("inputParameters".into(), request.input_parameters.clone().into());
    }
    workflow
}

/// AMC takes no `Z` and no offset here.
fn local(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::run_request;

    fn request() -> RunRequest {
        run_request("af-1", "SELECT 1")
    }

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_smallest_request_holds_nothing_optional() {
        let expected = json!({
            "workflow": {"workflowId": "af-1", "sqlQuery": "SELECT 1", "outputFormat":
                {"separatorCharacter": ",", "quoteCharacter": "\"", "escapeCharacter": "\\"}},
            "timeWindowType": "EXPLICIT",
            "timeWindowStart": "2025-09-01T00:00:00",
            "timeWindowEnd": "2025-10-01T00:00:00",
            "timeWindowTimeZone": "UTC",
        });
        assert_eq!(body(&request()), expected);
    }

    #[test]
    fn everything_has_its_place() {
        let body = body(&RunRequest {
            input_parameters: vec![json!({"name": "p", "dataType": "STRING"})],
            parameter_values: map(json!({"p": "x"})),
            timeout_seconds: Some(900),
            require_synthetic_data: true,
            dry_run: true,
            workflow_options: map(
                json!({"privacyFilteringBehavior": "REMOVE_VALUES", "workflowId": "theirs"}),
            ),
            ..request()
        });
        assert_eq!(body["workflow"]["inputParameters"][0]["name"], "p");
        assert_eq!(body["workflow"]["privacyFilteringBehavior"], "REMOVE_VALUES");
        assert_eq!(body["workflow"]["workflowId"], "af-1");
        assert_eq!(body["parameterValues"], json!({"p": "x"}));
        assert_eq!(body["workflowExecutionTimeoutSeconds"], 900);
        assert_eq!((&body["requireSyntheticData"], &body["dryRun"]), (&json!(true), &json!(true)));
    }
}
