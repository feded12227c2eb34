//! An execution as recorded answers show it.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::query::OutputColumn;
use crate::window::{WindowKind, format_instant, format_local};
use crate::world::execution::Execution;

/// Writes an execution; its SQL only on request.
pub(super) fn body(execution: &Execution, include_workflow: bool) -> Value {
    let mut body = fixed(execution);
    add_window(&mut body, execution);
    add_progress(&mut body, execution);
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    add("statusReason", execution.reason.clone().map(Value::from));
    let advertisers = &execution.order.advertisers;
    add("advertisers", (!advertisers.is_empty()).then(|| json!(advertisers)));
    add("requireSyntheticData", execution.order.synthetic.then_some(Value::from(true)));
    add("sqlQuery", include_workflow.then(|| Value::from(execution.order.workflow.sql())));
    Value::Object(body)
}

fn fixed(execution: &Execution) -> Map<String, Value> {
    let order = &execution.order;
    let fields = json!({
        "createTime": format_instant(execution.created),
        "dataGaps": [],
        "disableAggregationControls": order.disable_aggregation_controls,
        "executionCategory": order.category,
        "expireTime": format_instant(execution.created + TimeDelta::hours(24)),
        "ignoreDataGaps": order.ignore_data_gaps,
        "lastUpdatedTime": format_instant(execution.updated),
        "parameterValues": order.parameter_values,
        "status": execution.status.name(),
        "timeWindowTimeZoneOriginal": order.zone.name,
        "waitUntil": format_instant(execution.created - TimeDelta::hours(1)),
        "workflowExecutionId": execution.id,
        "workflowExecutionTimeoutSeconds": order.timeout.as_secs(),
        "workflowId": order.workflow.id,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The window of other types than `EXPLICIT` is filled in once the query has been checked.
fn add_window(body: &mut Map<String, Value>, execution: &Execution) {
    let order = &execution.order;
    let explicit = matches!(order.window, WindowKind::Explicit(..));
    if !explicit && execution.validated.is_none() {
        return;
    }
    let (start, end) = order.window.local(&order.zone, execution.created);
    let fields = [
        ("timeWindowEnd", format_instant(execution.window.end)),
        ("timeWindowEndOriginal", format_local(end)),
        ("timeWindowStart", format_instant(execution.window.start)),
        ("timeWindowStartOriginal", format_local(start)),
    ];
    body.extend(fields.map(|(name, value)| (name.to_owned(), Value::from(value))));
}

fn add_progress(body: &mut Map<String, Value>, execution: &Execution) {
    let Some(validated) = execution.validated else { return };
    body.insert("validatedTime".to_owned(), Value::from(millis(validated)));
    body.insert("availableTimeBeforeWindowSecs".to_owned(), Value::from(0));
    body.insert("invalidationOffsetSecs".to_owned(), Value::from(266_400));
    body.insert("outputS3URI".to_owned(), Value::from("N/A"));
    if let Some(columns) = execution.columns() {
        body.insert("outputColumns".to_owned(), columns.iter().map(column).collect());
    }
    if let (Some(started), Some(ended)) = (execution.started, execution.ended) {
        body.insert("executionTime".to_owned(), Value::from((ended - started).num_seconds()));
    }
}

/// Writes an instant with milliseconds.
pub(crate) fn millis(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes an output column.
pub(super) fn column(column: &OutputColumn) -> Value {
    let mut body = json!({
        "columnType": column.column_type,
        "dataType": column.data_type,
        "name": column.name,
    });
    if let Some(precision) = column.precision {
        body["dataTypePrecision"] = Value::from(precision);
    }
    if let Some(scale) = column.scale {
        body["dataTypeScale"] = Value::from(scale);
    }
    body
}
