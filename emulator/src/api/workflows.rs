//! Saved workflows: `/amc/reporting/{instanceId}/workflows`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::access::ReportingAccess;
use super::definition;
use super::error::ApiError;
use super::fields::Fields;
use super::page::Parameters;
use super::single;
use crate::query::Query;
use crate::service::Service;
use crate::window::{WindowKind, Zone};
use crate::world::references;
use crate::world::workflow::Workflow;

/// Saves a new workflow after compiling it.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    fields: Fields,
) -> Result<Response, ApiError> {
    let workflow = compiled(&service, &access, &fields, None).await?;
    service.world(|world, _| {
        let workflows = &mut access.of(world)?.workflows;
        if workflows.contains_key(&workflow.id) {
            return Err(already_exists(&service, &workflow.id));
        }
        workflows.insert(workflow.id.clone(), workflow);
        Ok(())
    })?;
    // Recorded: this answer alone has no JSON media type.
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], "{}").into_response())
}

/// Replaces a workflow.
pub(super) async fn update(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    service.world(|world, _| find(&service, &access.of(world)?.workflows, &id).map(|_| ()))?;
    let workflow = compiled(&service, &access, &fields, Some(&id)).await?;
    service.world(|world, _| Ok(access.of(world)?.workflows.insert(id, workflow)))?;
    Ok(Json(json!({})))
}

/// Lists the workflows by id.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let listed = service.world(|world, _| {
        let workflows = access.of(world)?.workflows.values();
        Ok::<_, ApiError>(page.cut(workflows, |workflow| workflow.id.clone(), |workflow| workflow.json()))
    })?;
    Ok(Json(listed.reporting("workflows")))
}

/// Shows a workflow.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let workflow =
        service.world(|world, _| find(&service, &access.of(world)?.workflows, &id).map(Workflow::json))?;
    Ok(single(&service, "workflow", workflow))
}

/// Deletes a workflow that no schedule needs.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    service.world(|world, _| {
        let instance = access.of(world)?;
        find(&service, &instance.workflows, &id)?;
        if instance.schedules.values().any(|schedule| schedule.workflow_id == id) {
            return Err(ApiError::bad_request(format!(
                "Workflow with ID {id} cannot be deleted because a schedule references it."
            )));
        }
        instance.workflows.remove(&id);
        Ok(())
    })?;
    Ok(Json(json!({})))
}

async fn compiled(
    service: &Service,
    access: &ReportingAccess,
    fields: &Fields,
    id: Option<&str>,
) -> Result<Workflow, ApiError> {
    let named = fields.required_text("workflowId")?;
    if id.is_some_and(|id| id != named) {
        return Err(ApiError::bad_request("workflowId differs from the one in the path."));
    }
    let stored = definition::read(&service.options.switches, fields)?;
    let workflow = Workflow::new(named.to_owned(), stored);
    if let Some(reason) = references::undeclared(&workflow) {
        return Err(invalid(named, &reason));
    }
    if !workflow.sql().is_empty() {
        let found = service.compile(&workflow, &query(service, access, &workflow)).await;
        found.map_err(|refusal| invalid(named, &refusal.to_string()))?;
    }
    Ok(workflow)
}

fn query(service: &Service, access: &ReportingAccess, workflow: &Workflow) -> Query {
    let zone = Zone::utc();
    let now = service.clock.now();
    Query {
        instance_id: access.instance.clone(),
        sql: workflow.sql().to_owned(),
        window: zone.window(WindowKind::MostRecentDay.local(&zone, now)),
        parameters: workflow.sample_parameters(),
        privacy: workflow.privacy(),
        synthetic: false,
        now,
    }
}

fn invalid(id: &str, reason: &str) -> ApiError {
    ApiError::bad_request(format!(
        "Was unable to compile workflow {id} because it was found to be invalid: {reason}"
    ))
}

fn already_exists(service: &Service, id: &str) -> ApiError {
    let status = service.options.switches.already_exists_status;
    ApiError::switched(status, format!("Workflow with ID {id} already exists."))
}

/// Finds a workflow by its id.
pub(super) fn find<'a>(
    service: &Service,
    workflows: &'a std::collections::BTreeMap<String, Workflow>,
    id: &str,
) -> Result<&'a Workflow, ApiError> {
    let status = service.options.switches.unknown_workflow_status;
    let missing = || ApiError::switched(status, format!("Workflow with ID {id} does not exist"));
    workflows.get(id).ok_or_else(missing)
}
