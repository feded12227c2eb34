//! Schedules: `/amc/reporting/{instanceId}/schedules`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Datelike, Utc};
use serde_json::{Value, json};

use super::access::ReportingAccess;
use super::definition;
use super::error::ApiError;
use super::fields::Fields;
use super::page::Parameters;
use super::{single, workflows};
use crate::service::Service;
use crate::world::instance::Instance;
use crate::world::schedule::{Day, Period, Schedule};

/// Creates a schedule.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let id = fields.required_text("scheduleId")?;
    definition::check_id(id)?;
    service.world(|world, now| {
        let instance = access.of(world)?;
        if instance.schedules.contains_key(id) {
            let status = service.options.switches.already_exists_status;
            return Err(ApiError::switched(status, format!("Schedule with ID {id} already exists.")));
        }
        let schedule = read(&service, instance, id, &fields, now)?;
        world.save_schedule(&access.instance, schedule, now);
        Ok(Json(json!({})))
    })
}

/// Replaces a schedule.
pub(super) async fn update(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    if fields.text("scheduleId")?.is_some_and(|named| named != id) {
        return Err(ApiError::bad_request("scheduleId differs from the one in the path."));
    }
    service.world(|world, now| {
        let instance = access.of(world)?;
        find(instance, &id)?;
        let schedule = read(&service, instance, &id, &fields, now)?;
        world.save_schedule(&access.instance, schedule, now);
        Ok(Json(json!({})))
    })
}

/// Lists the schedules by id.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let listed = service.world(|world, _| {
        let schedules = access.of(world)?.schedules.values();
        Ok::<_, ApiError>(page.cut(schedules, |schedule| schedule.id.clone(), |schedule| json!(schedule)))
    })?;
    Ok(Json(listed.reporting("schedules")))
}

/// Shows a schedule.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let body = service.world(|world, _| find(access.of(world)?, &id).map(|schedule| json!(schedule)))?;
    Ok(single(&service, "schedule", body))
}

/// Deletes a schedule; the run it had planned does not happen.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    service.world(|world, _| {
        let instance = access.of(world)?;
        find(instance, &id)?;
        instance.schedules.remove(&id);
        Ok(Json(json!({})))
    })
}

fn find<'a>(instance: &'a Instance, id: &str) -> Result<&'a Schedule, ApiError> {
    let missing = || ApiError::not_found(format!("Schedule with ID {id} does not exist."));
    instance.schedules.get(id).ok_or_else(missing)
}

fn read(
    service: &Service,
    instance: &Instance,
    id: &str,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Result<Schedule, ApiError> {
    let workflow_id = fields.required_text("workflowId")?;
    workflows::find(service, &instance.workflows, workflow_id)?;
    let hour = fields.integer("aggregationHourUtc")?.unwrap_or(0);
    let hour = u32::try_from(hour).ok().filter(|hour| *hour < 24);
    let enabled = fields.get("scheduleEnabled").is_none() || fields.boolean("scheduleEnabled")?;
    Ok(Schedule {
        id: id.to_owned(),
        workflow_id: workflow_id.to_owned(),
        aggregation_period: fields.choice("aggregationPeriod")?.unwrap_or(Period::Daily),
        aggregation_start_day: fields
            .choice("aggregationStartDay")?
            .unwrap_or_else(|| Day::from(now.weekday())),
        aggregation_hour_utc: hour
            .ok_or_else(|| ApiError::bad_request("aggregationHourUtc must be between 0 and 23."))?,
        enabled,
        require_synthetic_data: fields.boolean("requireSyntheticData")?,
        disable_aggregation_controls: fields.boolean("disableAggregationControls")?,
        due: now,
    })
}
