//! Login with Amazon: `POST /auth/o2/token`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::service::Service;
use crate::tokens::LIFETIME;

/// A refusal as OAuth words it.
struct Refusal(StatusCode, &'static str, String);

const INVALID_GRANT: &str = "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.";

/// Exchanges the refresh token for an access token.
pub(super) async fn exchange(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    match grant(&service, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(Refusal(status, error, description)) => {
            refusal(status, error, &description, &service.ids.uuid().to_string())
        }
    }
}

/// Writes a refusal as OAuth does.
pub(super) fn refusal(status: StatusCode, error: &str, description: &str, request_id: &str) -> Response {
    let body = json!({
        "error": error,
        "error_description": description,
        "error_index": request_id,
        "request_id": request_id,
    });
    (status, Json(body)).into_response()
}

fn grant(service: &Service, body: &Bytes) -> Result<Value, Refusal> {
    let fields = read(body).ok_or_else(|| missing("grant_type"))?;
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let required = |name: &str| field(name).ok_or_else(|| missing(name));
    let grant_type = required("grant_type")?;
    let credentials = (required("client_id")?, required("client_secret")?);
    if credentials != (service.tokens.client_id.as_str(), service.tokens.client_secret.as_str()) {
        return Err(Refusal(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed".to_owned(),
        ));
    }
    match grant_type {
        "refresh_token" if service.tokens.grants(required("refresh_token")?) => Ok(give(service)),
        "refresh_token" => Err(bad_request("invalid_grant", INVALID_GRANT)),
        "authorization_code" => {
            Err(bad_request("invalid_grant", "The request has an invalid parameter : code"))
        }
        _ => Err(bad_request(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server",
        )),
    }
}

fn give(service: &Service) -> Value {
    let token = service.ids.access_token();
    service.tokens.give(token.clone(), service.clock.now());
    json!({
        "access_token": token,
        "refresh_token": service.tokens.refresh_token,
        "token_type": "bearer",
        "expires_in": LIFETIME.num_seconds(),
    })
}

/// Reads a form, or JSON as Amazon's own client sends it, whatever the content type says.
fn read(body: &Bytes) -> Option<HashMap<String, String>> {
    if body.first() == Some(&b'{') {
        return serde_json::from_slice(body).ok();
    }
    let form = std::str::from_utf8(body).ok()?;
    let uri: Uri = format!("/?{form}").parse().ok()?;
    Query::try_from_uri(&uri).ok().map(|Query(fields)| fields)
}

fn missing(name: &str) -> Refusal {
    bad_request("invalid_request", &format!("The request is missing a required parameter : {name}"))
}

fn bad_request(error: &'static str, description: &str) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, error, description.to_owned())
}
