//! The fault plan over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::{ControlError, check_instance, read};
use crate::faults::Fault;
use crate::service::Service;

/// Lists the faults with how often each struck.
pub(super) async fn list(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"faults": service.faults.list()}))
}

/// Adds a fault and answers it with its number.
pub(super) async fn add(
    State(service): State<Arc<Service>>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let fields: Map<String, Value> = read(&body)?;
    let fault = Fault::read(fields).map_err(ControlError)?;
    check_instance(&service, fault.target.instance.as_deref())?;
    Ok(Json(json!(service.faults.add(fault))))
}

/// Takes away all faults.
pub(super) async fn clear(State(service): State<Arc<Service>>) -> Json<Value> {
    service.faults.remove(None);
    Json(json!({}))
}

/// Takes away a fault.
pub(super) async fn remove(State(service): State<Arc<Service>>, Path(id): Path<u64>) -> Json<Value> {
    service.faults.remove(Some(id));
    Json(json!({}))
}
