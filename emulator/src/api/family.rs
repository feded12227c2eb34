//! How the answers of a group of paths look: their media type, and their refusals.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::error::ApiError;
use super::{RESULTS_PATH, TOKEN_PATH, downloads, token};

/// How the answers of a group of paths look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family {
    pub(super) media_type: &'static str,
    shape: Shape,
}

/// The shape of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `{"code","details"}`.
    CodeDetails,
    /// `{"message","requestId"}`.
    MessageRequestId,
    /// Login with Amazon's.
    OAuth,
    /// S3's, in XML.
    S3,
}

/// The families of AMC by the segment that follows `/amc` or `/amc/reporting/{instanceId}`.
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
    pub(super) fn of(path: &str) -> Self {
        match path {
            TOKEN_PATH => Self { media_type: "application/json", shape: Shape::OAuth },
            path if path.starts_with(RESULTS_PATH) => {
                Self { media_type: "application/xml", shape: Shape::S3 }
            }
            path => Self::of_amc(path),
        }
    }

    fn of_amc(path: &str) -> Self {
        let mut segments = path.trim_start_matches('/').split('/').skip(1);
        let segment = match segments.next() {
            Some("reporting") => segments.nth(1),
            first => first,
        };
        let named = FAMILIES.iter().find(|(name, _)| Some(*name) == segment);
        let (name, media_type) = *named.unwrap_or(&FAMILIES[FAMILIES.len() - 1]);
        let shape = if name == "accounts" { Shape::MessageRequestId } else { Shape::CodeDetails };
        Self { media_type, shape }
    }

    /// Tells whether its answers come from AMC itself, not from Login with Amazon or S3.
    pub(super) fn is_amc(self) -> bool {
        matches!(self.shape, Shape::CodeDetails | Shape::MessageRequestId)
    }

    /// Writes a refusal.
    pub(super) fn refusal(self, error: &ApiError, request_id: &str) -> Response {
        let ApiError { status, details, retry_after } = error;
        let mut response = match self.shape {
            Shape::CodeDetails => self.json(*status, &json!({"code": status.as_str(), "details": details})),
            Shape::MessageRequestId => {
                self.json(*status, &json!({"message": details, "requestId": request_id}))
            }
            Shape::OAuth => token::refusal(*status, oauth_error(*status), details, request_id),
            Shape::S3 => downloads::refusal(*status, s3_code(*status), details),
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }

    fn json(self, status: StatusCode, body: &serde_json::Value) -> Response {
        (status, [(header::CONTENT_TYPE, self.media_type)], Json(body)).into_response()
    }
}

/// Names a refusal of Login with Amazon that was not meant by the request.
fn oauth_error(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "invalid_client",
        429 | 503 => "temporarily_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    }
}

/// Names a refusal of S3 that was not meant by the request.
fn s3_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "AccessDenied",
        404 => "NoSuchKey",
        429 | 503 => "SlowDown",
        500.. => "InternalError",
        _ => "InvalidRequest",
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
        assert_eq!(media_type("/auth/o2/token"), "application/json");
        assert_eq!(media_type("/results/amc1/1/0.csv"), "application/xml");
    }
}
