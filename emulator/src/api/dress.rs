//! What every answer carries: request ids, the family's media type, and refusals in the family's shape.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::error::ApiError;
use crate::service::Service;

/// How the answers of a group of paths look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Family {
    media_type: &'static str,
    errors: ErrorShape,
}

/// The shape of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorShape {
    /// `{"code","details"}`.
    CodeDetails,
    /// `{"message","requestId"}`.
    MessageRequestId,
}

/// The families by the segment that follows `/amc` or `/amc/reporting/{instanceId}`.
const FAMILIES: [(&str, &str); 7] = [
    ("accounts", "application/vnd.amcaudiencesconnections.v1+json"),
    ("instances", "application/vnd.amcinstances.v1+json"),
    ("workflows", "application/vnd.amcworkflows.v1+json"),
    ("workflowExecutions", "application/vnd.amcworkflowexecutions.v1+json"),
    ("schedules", "application/vnd.amcschedules.v1+json"),
    ("dataSources", "application/vnd.amcdatasources.v1+json"),
    ("", "application/json"),
];

impl Family {
    fn of(path: &str) -> Self {
        let mut segments = path.trim_start_matches('/').split('/').skip(1);
        let segment = match segments.next() {
            Some("reporting") => segments.nth(1),
            first => first,
        };
        let named = FAMILIES.iter().find(|(name, _)| Some(*name) == segment);
        let (name, media_type) = *named.unwrap_or(&FAMILIES[FAMILIES.len() - 1]);
        let errors = if name == "accounts" { ErrorShape::MessageRequestId } else { ErrorShape::CodeDetails };
        Self { media_type, errors }
    }

    fn refusal(self, error: &ApiError, request_id: &str) -> Response {
        let body = match self.errors {
            ErrorShape::CodeDetails => {
                json!({"code": error.status.as_u16().to_string(), "details": error.details})
            }
            ErrorShape::MessageRequestId => json!({"message": error.details, "requestId": request_id}),
        };
        let mut response = (error.status, Json(body)).into_response();
        if let Some(seconds) = error.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Puts the vendor's headers on an answer of the API.
pub(super) async fn dress(
    State(service): State<Arc<Service>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let request_id = service.ids.request_id();
    let family = Family::of(uri.path());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = family.refusal(&error, &request_id);
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = family.refusal(&method_not_allowed(), &request_id);
    }
    let headers = response.headers_mut();
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if is_json {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(family.media_type));
    }
    stamp(&mut response, &request_id);
    response
}

fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

fn stamp(response: &mut Response, request_id: &str) {
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static("Server"));
    headers.insert(header::VARY, HeaderValue::from_static("Content-Type,Accept-Encoding,User-Agent"));
    headers.insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=47474747; includeSubDomains; preload"),
    );
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amz-rid", id.clone());
        headers.insert("x-amz-request-id", id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_media_type() {
        let media_type = |path| Family::of(path).media_type;
        assert_eq!(media_type("/amc/accounts"), "application/vnd.amcaudiencesconnections.v1+json");
        assert_eq!(media_type("/amc/instances/amc1/advertisers"), "application/vnd.amcinstances.v1+json");
        let reporting = "/amc/reporting/amc1/workflowExecutions/1/downloadUrls";
        assert_eq!(media_type(reporting), "application/vnd.amcworkflowexecutions.v1+json");
        assert_eq!(media_type("/amc/nothing"), "application/json");
    }
}
