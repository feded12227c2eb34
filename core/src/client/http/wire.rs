//! AMC's JSON as it is seen on the wire: bare or wrapped, with fields missing, null or new (AMC-API, section 3).

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::client::{AmcAccount, AmcInstance, AmcRun, AmcWorkflow, DownloadUrls, RunStatus};

/// What was read, or what is wrong with it: completes "AMC answered …".
pub(super) type Read<T> = Result<T, &'static str>;

/// A page of a list and the token of the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunFields {
    workflow_execution_id: Option<String>,
    workflow_id: Option<String>,
    status: Option<String>,
    status_reason: Option<String>,
    create_time: Option<String>,
    last_updated_time: Option<String>,
    output_columns: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstanceFields {
    instance_id: String,
    instance_name: Option<String>,
    customer_canonical_name: Option<String>,
    instance_type: Option<String>,
    creation_status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountFields {
    account_id: String,
    account_name: Option<String>,
    marketplace_id: Option<String>,
}

/// One run, bare as recorded or wrapped as specified.
pub(super) fn run(body: Value) -> Read<AmcRun> {
    let fields: RunFields = read(unwrapped(body, "workflowExecution"), "a run we cannot read")?;
    let columns = fields.output_columns.and_then(|columns| serde_json::from_value(columns).ok());
    Ok(AmcRun {
        execution_id: fields
            .workflow_execution_id
            .filter(|id| !id.is_empty())
            .ok_or("a run without an id")?,
        workflow_id: fields.workflow_id.unwrap_or_default(),
        status: RunStatus::from(fields.status.ok_or("a run without a status")?.as_str()),
        status_reason: fields.status_reason.filter(|reason| !reason.is_empty()),
        create_time: fields.create_time.as_deref().and_then(instant),
        last_updated_time: fields.last_updated_time.as_deref().and_then(instant),
        output_columns: columns.filter(|columns: &Vec<_>| !columns.is_empty()),
        request_id: None,
        http_status: None,
    })
}

/// A page of runs.
pub(super) fn runs(body: Value) -> Read<Page<AmcRun>> {
    page(body, "executions", run)
}

/// A page of instances; now and then AMC sends one instance where a list belongs.
pub(super) fn instances(mut body: Value) -> Read<Page<AmcInstance>> {
    if let Some(single) = body.get("instance").cloned().filter(|_| body.get("instances").is_none()) {
        let none = single.as_object().is_none_or(serde_json::Map::is_empty);
        body["instances"] = if none { Value::Null } else { Value::Array(vec![single]) };
    }
    page(body, "instances", instance)
}

fn instance(body: Value) -> Read<AmcInstance> {
    let fields: InstanceFields = read(unwrapped(body, "instance"), "an instance we cannot read")?;
    Ok(AmcInstance {
        name: fields.instance_name.unwrap_or_else(|| fields.instance_id.clone()),
        instance_id: fields.instance_id,
        customer_name: fields.customer_canonical_name.unwrap_or_default(),
        instance_type: fields.instance_type.unwrap_or_else(|| "STANDARD".to_owned()),
        creation_status: fields.creation_status.unwrap_or_default(),
    })
}

/// A page of accounts.
pub(super) fn accounts(body: Value) -> Read<Page<AmcAccount>> {
    page(body, "amcAccounts", |body| {
        let fields: AccountFields = read(body, "an account we cannot read")?;
        Ok(AmcAccount {
            account_name: fields.account_name.unwrap_or_else(|| fields.account_id.clone()),
            account_id: fields.account_id,
            marketplace_id: fields.marketplace_id.unwrap_or_default(),
        })
    })
}

/// A page of data sources, by id.
pub(super) fn data_sources(body: Value) -> Read<Page<String>> {
    page(body, "dataSources", |body| {
        let id = body.get("dataSourceId").and_then(Value::as_str).map(ToOwned::to_owned);
        id.ok_or("a data source we cannot read")
    })
}

/// A page of saved workflows.
pub(super) fn workflows(body: Value) -> Read<Page<AmcWorkflow>> {
    page(body, "workflows", workflow)
}

/// One saved workflow, bare as recorded or wrapped as specified; AMC writes `null` for what it does not hold.
pub(super) fn workflow(body: Value) -> Read<AmcWorkflow> {
    let mut body = unwrapped(body, "workflow");
    if let Value::Object(fields) = &mut body {
        fields.retain(|_, field| !field.is_null());
    }
    read(body, "a workflow we cannot read")
}

/// The URLs of a result's parts.
pub(super) fn download_urls(mut body: Value) -> Read<DownloadUrls> {
    let urls = body.get_mut("downloadUrls").map(Value::take).ok_or("no download URLs")?;
    Ok(DownloadUrls { parts: read::<Option<_>>(urls, "download URLs we cannot read")?.unwrap_or_default() })
}

/// A list that is absent is an answer we do not understand, never an empty one: an empty list of runs says that a
/// submit was not taken.
fn page<T>(mut body: Value, key: &str, item: impl Fn(Value) -> Read<T>) -> Read<Page<T>> {
    let list = body.get_mut(key).map(Value::take).ok_or("something else than a list")?;
    let list: Option<Vec<Value>> = read(list, "something else than a list")?;
    let next = body.get("nextToken").and_then(Value::as_str).filter(|token| !token.is_empty());
    Ok(Page {
        items: list.unwrap_or_default().into_iter().map(item).collect::<Read<_>>()?,
        next: next.map(ToOwned::to_owned),
    })
}

fn read<T: for<'a> Deserialize<'a>>(body: Value, why: &'static str) -> Read<T> {
    serde_json::from_value(body).map_err(|_| why)
}

fn unwrapped(mut body: Value, key: &str) -> Value {
    match body.get_mut(key).map(Value::take) {
        Some(inner @ Value::Object(_)) => inner,
        _ => body,
    }
}

/// AMC's times are UTC, with no fraction or with up to nine digits of it, and with or without `Z`.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let stamped = DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc));
    let instant = stamped.or_else(|_| text.parse::<NaiveDateTime>().map(|time| time.and_utc()));
    instant.ok().map(|instant| instant.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As Amazon's own collection recorded it.
    fn recorded() -> Value {
        json!({"createTime":"2024-09-25T03:11:52Z","dataGaps":[],"executionCategory":"AD_HOC","status":"PENDING",
            "lastUpdatedTime":"2024-09-25T03:11:52.123456789Z","parameterValues":{},"timeWindowStart":null,
            "workflowExecutionId":"b3a77999","workflowId":"my-first-workflow"})
    }

    #[test]
    fn a_run_is_read_bare_and_wrapped() {
        let bare = run(recorded()).unwrap();
        assert_eq!(bare, run(json!({ "workflowExecution": recorded() })).unwrap());
        assert_eq!((bare.execution_id.as_str(), bare.status), ("b3a77999", RunStatus::Pending));
        assert_eq!(bare.create_time.unwrap().to_rfc3339(), "2024-09-25T03:11:52+00:00");
        assert_eq!(bare.last_updated_time.unwrap().timestamp_subsec_nanos(), 123_456_000);
    }

    #[test]
    fn a_run_needs_only_its_id_and_status() {
        let read =
            run(json!({"workflowExecutionId":"1","status":"SOMETHING_NEW","statusReason":null})).unwrap();
        assert_eq!(read.status, RunStatus::Other("SOMETHING_NEW".into()));
        assert!(read.status_reason.is_none() && read.create_time.is_none());
        assert!(run(json!({"status":"PENDING"})).is_err());
        assert!(run(json!({"workflowExecutionId":"1"})).is_err());
        assert!(run(json!([])).is_err());
    }

    #[test]
    fn output_columns_are_read_once_there_are_any() {
        let columns = |columns: Value| {
            run(json!({"workflowExecutionId":"1","status":"SUCCEEDED","outputColumns":columns}))
                .unwrap()
                .output_columns
        };
        let some =
            columns(json!([{"name":"campaign","dataType":"STRING","columnType":"DIMENSION"}])).unwrap();
        assert_eq!(some[0].name, "campaign");
        assert!(columns(json!(null)).is_none() && columns(json!([])).is_none());
    }

    #[test]
    fn a_list_ends_where_no_token_is() {
        for end in [
            json!({"executions":[]}),
            json!({"executions":[],"nextToken":null}),
            json!({"executions":null,"nextToken":""}),
        ] {
            assert_eq!(runs(end).unwrap(), Page { items: vec![], next: None });
        }
        assert_eq!(runs(json!({"executions":[],"nextToken":"t"})).unwrap().next.as_deref(), Some("t"));
    }

    #[test]
    fn an_absent_list_is_not_an_empty_one() {
        assert!(runs(json!({})).is_err());
        assert!(runs(json!({"executions":[{"status":"PENDING"}]})).is_err());
    }

    #[test]
    fn instances_come_as_a_list_or_alone() {
        let one = json!({"instanceId":"amc1","instanceName":null,"s3BucketName":"","entities":["NA"]});
        let lists =
            [json!({"instances":[one]}), json!({"instance":one}), json!({"instances":[{"instance":one}]})];
        for list in lists {
            let read = instances(list).unwrap().items;
            assert_eq!((read[0].instance_id.as_str(), read[0].instance_type.as_str()), ("amc1", "STANDARD"));
        }
        assert_eq!(instances(json!({"instance":{}})).unwrap().items, vec![]);
    }

    #[test]
    fn a_workflow_is_read_bare_and_wrapped_and_loses_no_field() {
        let recorded = json!({"workflowId":"w","sqlQuery":"SELECT 1","inputParameters":null,
            "outputFormat":{"separatorCharacter":","},"something":[1]});
        let bare = workflow(recorded.clone()).unwrap();
        assert_eq!(bare, workflow(json!({ "workflow": recorded })).unwrap());
        let written = json!(bare);
        assert_eq!(written["outputFormat"]["separatorCharacter"], ",");
        assert_eq!((&written["something"], written.get("inputParameters")), (&json!([1]), None));
        let legacy = workflow(json!({"workflowId":"old","query":{"operations":[]}})).unwrap();
        assert_eq!((legacy.sql_query.as_str(), legacy.options.contains_key("query")), ("", true));
        assert!(workflow(json!({"sqlQuery":"SELECT 1"})).is_err());
    }

    #[test]
    fn data_sources_are_read_by_id() {
        let listed = json!({"dataSources":[{"dataSourceId":"dsp_clicks","columns":[]}],"nextToken":"t"});
        assert_eq!(data_sources(listed).unwrap().items, ["dsp_clicks"]);
        assert!(data_sources(json!({"dataSources":[{}]})).is_err());
    }

    #[test]
    fn download_urls_keep_their_order() {
        let urls = download_urls(json!({"downloadUrls":["b","a"],"metadataDownloadUrls":[]})).unwrap();
        assert_eq!(urls.parts, ["b", "a"]);
        assert!(download_urls(json!({})).is_err());
    }

    #[test]
    fn times_are_read_with_and_without_offset() {
        assert_eq!(instant("2024-01-25T05:00:00"), instant("2024-01-25T05:00:00Z"));
        assert_eq!(instant("2024-01-25T06:00:00+01:00"), instant("2024-01-25T05:00:00Z"));
        assert_eq!(instant("yesterday"), None);
    }
}
