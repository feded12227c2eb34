//! Workflow executions: `/amc/reporting/{instanceId}/workflowExecutions`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::access::ReportingAccess;
use super::error::ApiError;
use super::execution_body::body;
use super::fields::Fields;
use super::order;
use super::page::{Parameters, position_key};
use super::single;
use crate::faults::Script;
use crate::options::OverLimit;
use crate::service::Service;
use crate::switches::DeleteExecution;
use crate::window::Zone;
use crate::world::World;
use crate::world::execution::{Execution, Key, Status};

/// Starts an execution; what is wrong with its query shows later.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    fault: Option<Extension<Script>>,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let script = fault.map(|Extension(script)| script).unwrap_or_default();
    let created = service.world(|world, now| {
        let order = order::read(&service, access.of(world)?, &fields)?;
        if !order.dry_run {
            check_limit(&service, world, &access.instance)?;
        }
        let key = world.create(&access.instance, order, script, now);
        Ok::<_, ApiError>(body(&world.executions[key], false))
    })?;
    Ok(single(&service, "workflowExecution", created))
}

fn check_limit(service: &Service, world: &World, instance: &str) -> Result<(), ApiError> {
    let limit = service.options.instance_limit;
    let open = world.instances.get(instance).map_or(0, |instance| instance.open_runs());
    if service.options.over_limit == OverLimit::Queue || open < limit {
        return Ok(());
    }
    Err(ApiError::switched(
        422,
        format!(
            "You have reached your execution limit of {limit} workflowExecutions that are in PENDING or RUNNING \
             status. Try again after one or some of your execution completes."
        ),
    ))
}

/// Shows an execution.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let include_workflow = parameters.boolean("includeWorkflow")?;
    let shown = service
        .world(|world, _| find(&service, world, &access, &id).map(|found| body(found, include_workflow)))?;
    Ok(single(&service, "workflowExecution", shown))
}

/// Cancels an execution, the only change there is.
pub(super) async fn update(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    match fields.text("status")? {
        Some("CANCELLED") => cancel(&service, &access, &id),
        _ => Err(ApiError::bad_request("status must be CANCELLED.")),
    }
}

/// Cancels an execution if the switch says that there is such an operation.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    match service.options.switches.delete_execution {
        DeleteExecution::Absent => Err(ApiError::switched(405, "Method Not Allowed")),
        DeleteExecution::Cancels => cancel(&service, &access, &id),
    }
}

fn cancel(service: &Arc<Service>, access: &ReportingAccess, id: &str) -> Result<Json<Value>, ApiError> {
    service.world(|world, now| {
        let key = find(service, world, access, id)?.key;
        if world.cancel(key, now) {
            return Ok(Json(json!({})));
        }
        let status = world.executions[key].status.name();
        Err(ApiError::bad_request(format!(
            "Workflow execution with ID {id} cannot be cancelled because its status is {status}."
        )))
    })
}

/// Lists executions, the newest first unless asked otherwise, without cancelled ones unless asked for.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let filter = Filter::read(&service, &parameters)?;
    let page = parameters.page()?;
    let ascending = parameters.boolean("sortAscending")?;
    let include_workflow = parameters.boolean("includeWorkflow")?;
    let listed = service.world(|world, now| {
        access.of(world)?;
        let world = &*world;
        let runs = &world.instances[&access.instance].runs;
        let place = |key: Key| if ascending { key } else { usize::MAX - key };
        let keys = runs.of(filter.workflow_id.as_deref(), filter.from);
        let keys = unseen(keys, page.position().map(place), ascending).iter();
        let keys: Box<dyn Iterator<Item = &Key>> =
            if ascending { Box::new(keys) } else { Box::new(keys.rev()) };
        let found = keys.map(|key| &world.executions[*key]).filter(|execution| filter.admits(execution, now));
        let place = |key: Key| position_key(place(key));
        Ok::<_, ApiError>(page.cut(found, |found| place(found.key), |found| body(found, include_workflow)))
    })?;
    Ok(Json(listed.reporting("executions")))
}

/// Leaves out what the pages before showed, the last of it `shown`.
fn unseen(keys: &[Key], shown: Option<Key>, ascending: bool) -> &[Key] {
    match shown {
        None => keys,
        Some(shown) if ascending => &keys[keys.partition_point(|key| *key <= shown)..],
        Some(shown) => &keys[..keys.partition_point(|key| *key < shown)],
    }
}

/// Which executions a list shows.
struct Filter {
    workflow_id: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    include_cancelled: bool,
}

impl Filter {
    fn read(service: &Service, parameters: &Parameters) -> Result<Self, ApiError> {
        let zone = match parameters.text("timeZone") {
            None => Zone::utc(),
            Some(name) => Zone::find(name)
                .ok_or_else(|| ApiError::bad_request(format!("timeZone {name} is not a known time zone.")))?,
        };
        let time = |name| {
            let text = parameters.text(name);
            text.map(|text| order::read_time(service, name, text).map(|local| zone.instant(local)))
                .transpose()
        };
        let filter = Self {
            workflow_id: parameters.text("workflowId").map(str::to_owned),
            from: time("minCreationTime")?,
            to: time("maxCreationTime")?,
            include_cancelled: parameters.boolean("includeCancelled")?,
        };
        if filter.workflow_id.is_none() && filter.from.is_none() {
            return Err(ApiError::bad_request("Must provide either workflowId or minCreationTime"));
        }
        Ok(filter)
    }

    fn admits(&self, execution: &Execution, now: DateTime<Utc>) -> bool {
        // Creation times are shown in whole seconds, so they are compared so.
        let created = execution.created.timestamp();
        execution.is_visible(now)
            && self.workflow_id.as_ref().is_none_or(|id| *id == execution.order.workflow.id)
            && self.from.is_none_or(|from| created >= from.timestamp())
            && self.to.is_none_or(|to| created <= to.timestamp())
            && (self.include_cancelled || execution.status != Status::Cancelled)
    }
}

/// Finds an execution by its id.
pub(super) fn find<'a>(
    service: &Service,
    world: &'a World,
    access: &ReportingAccess,
    id: &str,
) -> Result<&'a Execution, ApiError> {
    let status = service.options.switches.unknown_execution_status;
    let missing = || ApiError::switched(status, format!("Workflow execution with ID {id} does not exist."));
    world.execution(&access.instance, id).ok_or_else(missing)
}
