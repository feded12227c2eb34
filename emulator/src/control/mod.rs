//! `/_emulator`: what tests see and steer; no token is needed.

mod clock;
mod data;
mod executions;
mod faults;
mod results;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::access::AccessChange;
use crate::service::Service;

pub(crate) use self::data::{load, read_csv};
pub(crate) use self::executions::witness;

/// Gives the routes of the control surface.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/executions", get(executions::list))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", axum::routing::delete(faults::remove))
        .route("/clock", get(clock::show).post(clock::change))
        .route("/data", post(data::post))
        .route("/results", post(results::post).delete(results::clear))
        .route("/access", post(access))
}

/// What is wrong with a control request; always a 400.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ControlError(String);

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

/// Reads a JSON body, whatever its content type says.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| ControlError(format!("the body is not valid: {error}")))
}

/// Reads a JSON object that has no other fields than the known ones.
fn read_known<T: DeserializeOwned>(body: &Bytes, known: &[&str]) -> Result<T, ControlError> {
    let fields: Map<String, Value> = read(body)?;
    if let Some(other) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(ControlError(format!("there is no field {other}; the fields are {}", known.join(", "))));
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| ControlError(error.to_string()))
}

/// Refuses an instance that does not exist.
fn check_instance(service: &Arc<Service>, instance: Option<&str>) -> Result<(), ControlError> {
    let Some(id) = instance else { return Ok(()) };
    let known = service.world(|world, _| world.instances.contains_key(id));
    if known { Ok(()) } else { Err(ControlError(format!("there is no instance {id}"))) }
}

async fn access(State(service): State<Arc<Service>>, body: Bytes) -> Result<Json<Value>, ControlError> {
    read::<AccessChange>(&body)?.apply(&service).map_err(ControlError)?;
    Ok(Json(json!({})))
}
