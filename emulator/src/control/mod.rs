//! `/_emulator`: what tests see and steer; no token is needed.

mod executions;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::service::Service;

pub(crate) use self::executions::witness;

/// Gives the routes of the control surface.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/executions", get(executions::list))
}
