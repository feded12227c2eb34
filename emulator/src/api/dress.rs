//! What every answer carries: request ids, the family's media type, and refusals in the family's shape.

use std::sync::Arc;

use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::ApiError;
use super::family::Family;
use crate::service::Service;

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

/// Writes a refusal that a fault puts in place of the service's answer, as the service would write it.
pub(crate) fn refusal(service: &Service, path: &str, error: &ApiError) -> Response {
    let request_id = service.ids.request_id();
    let mut response = Family::of(path).refusal(error, &request_id);
    stamp_amc(&mut response, path, &request_id);
    response
}

/// Puts the vendor's headers on an answer that a fault puts in place of the service's, where AMC itself answers.
pub(crate) fn stamped(service: &Service, path: &str, mut response: Response) -> Response {
    stamp_amc(&mut response, path, &service.ids.request_id());
    response
}

fn stamp_amc(response: &mut Response, path: &str, request_id: &str) {
    if Family::of(path).is_amc() {
        stamp(response, request_id);
    }
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
