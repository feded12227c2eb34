//! The witness: every execution ever created.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::api::millis;
use crate::service::Service;
use crate::window::format_instant;
use crate::world::execution::Execution;

/// Lists every execution in the order of creation, dry runs apart.
pub(super) async fn list(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(witness(&service))
}

/// Gives every execution in the order of creation, dry runs apart.
pub(crate) fn witness(service: &Arc<Service>) -> Value {
    service.world(|world, _| {
        let (dry_runs, executions): (Vec<_>, Vec<_>) =
            world.executions.iter().partition(|execution| execution.order.dry_run);
        let shown = |list: Vec<&Execution>| list.into_iter().map(row).collect::<Vec<_>>();
        json!({"executions": shown(executions), "dryRuns": shown(dry_runs)})
    })
}

fn row(execution: &Execution) -> Value {
    let time = |instant: Option<DateTime<Utc>>| instant.map(millis);
    json!({
        "instanceId": execution.instance,
        "workflowExecutionId": execution.id,
        "workflowId": execution.order.workflow.id,
        "status": execution.status.name(),
        "statusReason": execution.reason,
        "executionCategory": execution.order.category,
        "sqlQuery": execution.order.workflow.sql(),
        "timeWindowStart": format_instant(execution.window.start),
        "timeWindowEnd": format_instant(execution.window.end),
        "createTime": millis(execution.created),
        "validatedTime": time(execution.validated),
        "startTime": time(execution.started),
        "endTime": time(execution.ended),
    })
}
