//! The advertisers of an instance: `/amc/instances/{instanceId}/advertisers`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::access::InstanceAccess;
use super::error::ApiError;
use super::fields::Fields;
use super::instances::completed;
use super::page::{Parameters, position_key};
use crate::service::Service;
use crate::world::advertiser::{AdvertiserType, Update, UpdateStatus};

/// How many advertisers one update may add, and remove.
const MAX_CHANGES: usize = 10;

/// Lists the advertisers, of one type if asked so.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let kind = parameters.text("type").map(read_type).transpose()?;
    service.world(|world, _| {
        let advertisers = &access.of(world)?.advertisers;
        let wanted = || {
            let all = advertisers.iter().enumerate();
            all.filter(|(_, advertiser)| kind.is_none_or(|kind| advertiser.kind == kind))
        };
        let listed = page.cut(wanted(), |(index, _)| position_key(*index), |(_, one)| json!(one));
        let mut answer = listed.administration("advertisers");
        answer["totalCount"] = Value::from(wanted().count());
        Ok(Json(answer))
    })
}

fn read_type(text: &str) -> Result<AdvertiserType, ApiError> {
    let read = serde_json::from_value(Value::from(text));
    read.map_err(|_| ApiError::bad_request("type must be DISPLAY, SAS or SPONSORED_ADS."))
}

/// Begins to add and remove advertisers.
pub(super) async fn create_update(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let access = access.managed(&service)?;
    let advertisers_to_add = fields.list("advertisersToAdd", MAX_CHANGES)?;
    let advertisers_to_remove = fields.list("advertisersToRemove", MAX_CHANGES)?;
    if advertisers_to_add.is_empty() && advertisers_to_remove.is_empty() {
        return Err(ApiError::bad_request("Either advertisersToAdd or advertisersToRemove is required."));
    }
    service.world(|world, now| {
        let updates = &mut completed(access.of(world)?)?.updates;
        if updates.iter().any(Update::is_open) {
            return Err(ApiError::bad_request("Another advertiser update is in progress for this instance."));
        }
        let update_id = updates.len();
        let status = UpdateStatus::Pending;
        let update = Update { update_id, status, advertisers_to_add, advertisers_to_remove };
        let answer = json!({"advertiserUpdate": update});
        updates.push(update);
        world.plan_update(&access.instance, update_id, now);
        Ok(Json(answer))
    })
}

/// Lists the updates.
pub(super) async fn list_updates(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let access = access.managed(&service)?;
    let page = parameters.page()?;
    let short = |update: &&Update| json!({"updateId": update.update_id, "status": update.status});
    service.world(|world, _| {
        let updates = access.of(world)?.updates.iter();
        let listed = page.cut(updates, |update| position_key(update.update_id), short);
        Ok(Json(listed.administration("advertiserUpdates")))
    })
}

/// Shows an update.
pub(super) async fn get_update(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let access = access.managed(&service)?;
    let position: usize = id.parse().map_err(|_| ApiError::bad_request("updateId must be an integer."))?;
    service.world(|world, _| {
        let update = access.of(world)?.updates.get(position);
        let update =
            update.ok_or_else(|| ApiError::not_found(format!("Advertiser update {id} was not found.")))?;
        Ok(Json(json!({"advertiserUpdate": update})))
    })
}
