//! Results: `…/downloadUrls`, and the signed URLs themselves, which stand in for S3.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::access::ReportingAccess;
use super::error::ApiError;
use super::execution_body::column;
use super::executions;
use crate::faults::ExpiredUrls;
use crate::ids::{hex, secret};
use crate::output::Part;
use crate::service::Service;
use crate::switches::Metadata;
use crate::world::execution::Execution;

/// How long a URL lives.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Lists URLs for the parts of a result.
pub(super) async fn urls(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
    expired: Option<Extension<ExpiredUrls>>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let (parts, now) = service.world(|world, now| {
        let execution = executions::find(&service, world, &access, &id)?;
        Ok::<_, ApiError>((downloadable(&service, execution, now)?, now))
    })?;
    let signed_at = if expired.is_some() { now - LIFETIME } else { now };
    let sign =
        |name: &str| sign(&service, host, &format!("/results/{}/{id}/{name}", access.instance), signed_at);
    let downloads: Vec<_> = (0..parts).map(|part| sign(&format!("{part}.csv"))).collect();
    let metadata = match service.options.switches.metadata {
        Metadata::None => Vec::new(),
        Metadata::Json => vec![sign("metadata.json")],
        Metadata::Sql => vec![sign("metadata.sql")],
    };
    Ok(Json(json!({"downloadUrls": downloads, "metadataDownloadUrls": metadata})))
}

/// Gives the number of parts of a result that can be downloaded at `now`.
fn downloadable(service: &Service, execution: &Execution, now: DateTime<Utc>) -> Result<usize, ApiError> {
    let days = i64::from(service.options.switches.result_retention_days);
    let kept = days == 0 || execution.ended.is_some_and(|ended| now < ended + TimeDelta::days(days));
    execution.output().filter(|_| kept).map(|output| output.parts.len()).ok_or_else(|| {
        let details = format!("Execution with ID {} is unavailable for download.", execution.id);
        ApiError::switched(service.options.switches.not_ready_status, details)
    })
}

fn sign(service: &Service, host: &str, path: &str, at: DateTime<Utc>) -> String {
    let date = at.format("%Y%m%dT%H%M%SZ").to_string();
    let expires = LIFETIME.num_seconds().to_string();
    let signature = signature(service.options.seed, path, &date, &expires);
    let day = &date[..8];
    format!(
        "http://{host}{path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-SignedHeaders=host\
         &X-Amz-Credential=AKIAEMULATOR%2F{day}%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Expires={expires}\
         &X-Amz-Signature={signature}"
    )
}

/// Binds a URL to its path and its end; who knows the emulator's seed can forge it, which is no danger here.
fn signature(seed: u64, path: &str, date: &str, expires: &str) -> String {
    hex(&Sha256::digest([&secret(seed, "url"), path, date, expires].join("\n")))
}

/// A refusal as S3 words it.
struct S3Error(StatusCode, &'static str, &'static str);

impl IntoResponse for S3Error {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        refusal(status, code, message)
    }
}

/// Writes a refusal as S3 does.
pub(super) fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

const NO_SUCH_KEY: S3Error = S3Error(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.");

const INVALID_RANGE: S3Error =
    S3Error(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", "The requested range is not satisfiable");

/// Serves a part or the metadata of a result to whoever has a URL that is signed and alive.
pub(super) async fn fetch(
    State(service): State<Arc<Service>>,
    OriginalUri(uri): OriginalUri,
    Path((instance, id, name)): Path<(String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    match authorize(&service, uri.path(), &query, &headers) {
        Ok(()) => send(&service, &instance, &id, &name, &headers),
        Err(error) => error.into_response(),
    }
}

fn authorize(
    service: &Service,
    path: &str,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Result<(), S3Error> {
    let value = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let (date, expires) = (value("X-Amz-Date"), value("X-Amz-Expires"));
    if headers.contains_key(header::AUTHORIZATION) {
        let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
                       string parameter or the Authorization header should be specified";
        return Err(S3Error(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    }
    if signature(service.options.seed, path, date, expires) != value("X-Amz-Signature") {
        let message = "The request signature we calculated does not match the signature you provided.";
        return Err(S3Error(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message));
    }
    let signed = NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").unwrap_or_default().and_utc();
    if service.clock.now() >= signed + LIFETIME {
        return Err(S3Error(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired"));
    }
    Ok(())
}

fn send(service: &Arc<Service>, instance: &str, id: &str, name: &str, headers: &HeaderMap) -> Response {
    let found = service.world(|world, _| {
        let execution = world.execution(instance, id)?;
        if name.starts_with("metadata.") {
            return Some(Found::Metadata(metadata(execution, name)));
        }
        let part: usize = name.strip_suffix(".csv")?.parse().ok()?;
        Some(Found::Part(Arc::clone(execution.output()?.parts.get(part)?)))
    });
    match found {
        Some(Found::Metadata(text)) => text.into_response(),
        Some(Found::Part(part)) => send_part(&part, headers),
        None => NO_SUCH_KEY.into_response(),
    }
}

enum Found {
    Part(Arc<Part>),
    Metadata(String),
}

/// Sends a part, or the rest of it: of the ranges S3 knows, the open one (`bytes=N-`).
fn send_part(part: &Part, headers: &HeaderMap) -> Response {
    let length = part.len();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let offset: Option<u64> =
        range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let described = |length: u64| {
        [(header::CONTENT_TYPE, "text/csv".to_owned()), (header::CONTENT_LENGTH, length.to_string())]
    };
    match offset {
        None => (described(length), part.body(0)).into_response(),
        Some(offset) if offset >= length => INVALID_RANGE.into_response(),
        Some(offset) => {
            let range = [(header::CONTENT_RANGE, format!("bytes {offset}-{}/{length}", length - 1))];
            (StatusCode::PARTIAL_CONTENT, described(length - offset), range, part.body(offset))
                .into_response()
        }
    }
}

fn metadata(execution: &Execution, name: &str) -> String {
    let workflow = &execution.order.workflow;
    if name == "metadata.sql" {
        return workflow.sql().to_owned();
    }
    let columns: Vec<_> = execution.columns().into_iter().flatten().map(column).collect();
    json!({
        "workflowId": workflow.id,
        "workflowExecutionId": execution.id,
        "sqlQuery": workflow.sql(),
        "outputColumns": columns,
    })
    .to_string()
}
