//! Lets the plan strike requests on their way in and answers on their way out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use serde_json::json;

use super::fault::Seen;
use super::kind::{BadEnd, FaultBody, FaultKind, StuckStatus};
use super::{ExpiredUrls, Script};
use crate::api::{self, ApiError};
use crate::query::Refusal;
use crate::service::Service;
use crate::wire::Breaker;
use crate::world::execution::Status;

/// The largest request or answer that a fault can hold.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Serves a request as the plan has it.
pub(crate) async fn strike(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let seen = Seen { method: request.method().as_str(), path: request.uri().path() };
    let kinds = service.faults.strike(seen);
    if kinds.is_empty() {
        return next.run(request).await;
    }
    tracing::info!(method = seen.method, path = seen.path, ?kinds, "faults strike");
    let breaker =
        request.extensions().get::<ConnectInfo<Breaker>>().map(|ConnectInfo(breaker)| breaker.clone());
    let breaker = breaker.unwrap_or_default();
    let path = seen.path.to_owned();
    let instead = |kind: &FaultKind, is_after| instead(&service, &path, kind, &breaker, is_after);
    let request = prepare(&service, request, &kinds);
    if let Some(answer) = kinds.iter().find_map(|kind| instead(kind, false)) {
        return answer;
    }
    let mut answer = deliver(request, next, &kinds).await;
    for kind in &kinds {
        answer = match instead(kind, true) {
            Some(other) => other,
            None => spoil(kind, answer).await,
        };
    }
    answer
}

/// Does what must happen before the request is served.
fn prepare(service: &Service, mut request: Request, kinds: &[FaultKind]) -> Request {
    let mut script = Script::default();
    for kind in kinds {
        match kind {
            FaultKind::TokenExpired => service.tokens.expire_all(),
            FaultKind::ExpiredUrl => {
                request.extensions_mut().insert(ExpiredUrls);
            }
            kind => add_to_script(&mut script, kind),
        }
    }
    request.extensions_mut().insert(script);
    request
}

fn add_to_script(script: &mut Script, kind: &FaultKind) {
    match kind {
        FaultKind::Stuck { status: StuckStatus::Pending } => script.stuck = Some(Status::Pending),
        FaultKind::Stuck { status: StuckStatus::Running } => script.stuck = Some(Status::Running),
        FaultKind::LateInLists { seconds } => script.hidden_for = Duration::from_secs(*seconds),
        FaultKind::RunTakes { seconds } => script.duration = Some(Duration::from_secs(*seconds)),
        FaultKind::RunFails { status: BadEnd::Failed, reason } => {
            script.refusal = Some(Refusal::Failed(reason.clone()));
        }
        FaultKind::RunFails { status: BadEnd::Rejected, reason } => {
            script.refusal = Some(Refusal::Rejected(reason.clone()));
        }
        _ => {}
    }
}

/// Gives the answer of a fault that replaces the service's own, if this is its side of the effect.
fn instead(
    service: &Service,
    path: &str,
    kind: &FaultKind,
    breaker: &Breaker,
    is_after: bool,
) -> Option<Response> {
    let due = |after: &bool| *after == is_after;
    match kind {
        FaultKind::Status { status, retry_after, body, details, after } if due(after) => {
            let code = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let reason = details.as_deref().or(code.canonical_reason()).unwrap_or("Error");
            let error = ApiError { retry_after: *retry_after, ..ApiError::new(code, reason) };
            Some(status_answer(service, path, &error, *body))
        }
        FaultKind::GatewayTimeout { after } if due(after) => {
            let body = json!({"message": "Endpoint request timed out"});
            Some(api::stamped(service, path, (StatusCode::GATEWAY_TIMEOUT, Json(body)).into_response()))
        }
        FaultKind::Reset { after } if due(after) => {
            breaker.reset();
            Some(StatusCode::BAD_GATEWAY.into_response())
        }
        FaultKind::HalfOpen { after } if due(after) => {
            breaker.silence();
            Some(StatusCode::BAD_GATEWAY.into_response())
        }
        _ => None,
    }
}

/// Writes a status: with the body and headers of whoever serves the path, without a body, or as a proxy's page.
fn status_answer(service: &Service, path: &str, error: &ApiError, body: FaultBody) -> Response {
    let mut answer = match body {
        FaultBody::Json => api::refusal(service, path, error),
        FaultBody::Empty => api::stamped(service, path, error.status.into_response()),
        FaultBody::Html => html(error).into_response(),
    };
    if let Some(seconds) = error.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

fn html(error: &ApiError) -> impl IntoResponse {
    let ApiError { status, details, .. } = error;
    let number = status.as_str();
    let page =
        format!("<html><head><title>{number} {details}</title></head><body><h1>{details}</h1></body></html>");
    (*status, [(header::CONTENT_TYPE, "text/html")], page)
}

/// Serves the request as late and as often as it is delivered.
async fn deliver(request: Request, next: Next, kinds: &[FaultKind]) -> Response {
    let late = kinds.iter().find_map(|kind| match kind {
        FaultKind::LateEffect { delay_ms } => Some(Duration::from_millis(*delay_ms)),
        _ => None,
    });
    match late {
        Some(delay) => deliver_late(request, next, delay).await,
        None if kinds.contains(&FaultKind::Duplicate) => deliver_twice(request, next).await,
        None => next.run(request).await,
    }
}

/// Serves the request after a delay, in a task of its own, which a caller who leaves does not end.
async fn deliver_late(request: Request, next: Next, delay: Duration) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let served = tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        next.run(Request::from_parts(parts, Body::from(body))).await
    });
    served.await.unwrap_or_else(|_| unreadable())
}

async fn deliver_twice(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let again = |parts| Request::from_parts(parts, Body::from(body.clone()));
    next.clone().run(again(parts.clone())).await;
    next.run(again(parts)).await
}

/// Does what must happen to the answer.
async fn spoil(kind: &FaultKind, answer: Response) -> Response {
    match kind {
        FaultKind::Slow { delay_ms } => {
            tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
            answer
        }
        FaultKind::Trickle { delay_ms, pieces } => trickle(answer, *delay_ms, *pieces).await,
        FaultKind::Truncate { keep_bytes } => truncate(answer, *keep_bytes).await,
        _ => answer,
    }
}

async fn trickle(answer: Response, delay_ms: u64, pieces: usize) -> Response {
    let (parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else { return unreadable() };
    let length = body.len().div_ceil(pieces.max(1)).max(1);
    let chunks: Vec<Bytes> = body.chunks(length).map(Bytes::copy_from_slice).collect();
    let late = stream::iter(chunks).then(move |chunk| async move {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        Ok::<_, io::Error>(chunk)
    });
    Response::from_parts(parts, Body::from_stream(late))
}

/// Sends the whole length in the header and less in the body.
async fn truncate(answer: Response, keep: Option<usize>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else { return unreadable() };
    let keep = keep.unwrap_or(body.len() / 2).min(body.len());
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let kept = stream::iter([Ok(body.slice(..keep))]);
    let cut = stream::once(async {
        // The bytes before are sent while this waits for its next turn.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    });
    Response::from_parts(parts, Body::from_stream(kept.chain(cut)))
}

fn unreadable() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
