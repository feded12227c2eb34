//! Refusals as the API words them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A refusal; the outermost layer writes it in the shape of the path's family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) details: String,
    /// Seconds to wait, if the answer says so.
    pub(crate) retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, details: impl Into<String>) -> Self {
        Self { status, details: details.into(), retry_after: None }
    }

    pub(crate) fn bad_request(details: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, details)
    }

    pub(crate) fn not_found(details: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, details)
    }

    /// The answer to a caller who lacks access, in AMC's words.
    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Unauthorized request")
    }

    /// An answer whose status is an open point.
    pub(crate) fn switched(status: u16, details: impl Into<String>) -> Self {
        Self::new(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), details)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
