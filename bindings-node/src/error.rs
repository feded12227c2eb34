//! The one place where an error of the core becomes one of Node.
//!
//! An async function of Node-API can reject with a message alone, so everything else travels inside it as JSON;
//! `lib/errors.cjs` makes a `FleetError` of it.

use std::error::Error as StdError;

use amc_fleet::{Error, ErrorKind};
use napi::Status;
use napi_derive::napi;
use serde_json::{Value, json};

/// Writes an error for `lib/errors.cjs`.
pub(crate) fn host(error: Error) -> napi::Error {
    let position = error.position();
    let reason = json!({
        "amcFleet": 1,
        "code": error.code(),
        "kind": error.kind().as_str(),
        "message": error.message(),
        "hint": error.what_to_do(),
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
        "excerpt": error.excerpt(),
        "instances": error.concerned_instances(),
        "requestId": error.remote_request_id(),
        "raw": error.raw_text(),
        "retryable": error.is_retryable(),
        "retryAfter": error.retry_after().map(|after| after.as_secs_f64()),
        "causes": causes(&error),
    });
    napi::Error::new(Status::GenericFailure, reason.to_string())
}

fn causes(error: &Error) -> Vec<Value> {
    std::iter::successors(error.source(), below).map(|cause| cause.to_string().into()).collect()
}

fn below<'a>(cause: &&'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let cause: &'a (dyn StdError + 'static) = *cause;
    cause.source()
}

/// Every kind of error there is.
#[napi(skip_typescript)]
pub fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

/// Fails with an error of a kind, for the test that every kind arrives.
///
/// # Errors
/// Always.
#[napi(skip_typescript)]
pub fn fail(kind: String) -> napi::Result<()> {
    let kind =
        ErrorKind::ALL.into_iter().find(|known| known.as_str() == kind).unwrap_or(ErrorKind::Unexpected);
    Err(host(Error::new(kind, "test", "a test failed on purpose")))
}
