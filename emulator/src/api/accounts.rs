//! `GET /amc/accounts`: the accounts of the caller.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::access::Caller;
use super::error::ApiError;
use super::page::{Parameters, position_key};
use crate::service::Service;

/// Lists the accounts.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    _: Caller,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let listed = service.world(|world, _| {
        let open =
            world.accounts.iter().enumerate().filter(|(_, account)| !account.revoked && !account.unlisted);
        page.cut(open, |(index, _)| position_key(*index), |(_, account)| json!(account))
    });
    Ok(Json(listed.reporting("amcAccounts")))
}
