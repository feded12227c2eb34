//! AMC over HTTP: one file for each noun, and the routes that lead there.

mod access;
mod accounts;
mod advertisers;
mod data_sources;
mod definition;
mod downloads;
mod dress;
mod error;
mod execution_body;
mod executions;
mod family;
mod fields;
mod instances;
mod order;
mod page;
mod schedules;
mod token;
mod workflows;

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::faults;
use crate::service::Service;
use crate::switches::{RetryAfter, Wrapping};
use crate::throttle::Endpoint;

pub(crate) use self::definition::DATA_TYPES;
pub(crate) use self::dress::{refusal, stamped};
pub(crate) use self::error::ApiError;
pub(crate) use self::execution_body::millis;

/// Where access tokens come from.
pub(crate) const TOKEN_PATH: &str = "/auth/o2/token";

/// Under which results lie.
const RESULTS_PATH: &str = "/results/";

/// A set of routes.
type Routes = Router<Arc<Service>>;

/// Gives the routes of the API, of its tokens and of its results.
pub(crate) fn routes(service: &Arc<Service>) -> Routes {
    let dress = middleware::from_fn_with_state(Arc::clone(service), dress::dress);
    let throttle = middleware::from_fn_with_state(Arc::clone(service), throttle);
    let strike = middleware::from_fn_with_state(Arc::clone(service), faults::strike);
    Router::new()
        .route("/amc/accounts", get(accounts::list))
        .nest("/amc/instances", instance_routes())
        .nest("/amc/reporting/{instanceId}", reporting_routes())
        .fallback(no_such_path)
        .layer(throttle)
        .layer(dress)
        .route(TOKEN_PATH, post(token::exchange))
        .route("/results/{instanceId}/{workflowExecutionId}/{name}", get(downloads::fetch))
        .layer(strike)
}

fn instance_routes() -> Routes {
    Router::new()
        .route("/", get(instances::list).post(instances::create))
        .route("/{instanceId}", get(instances::get).put(instances::update).delete(instances::delete))
        .route("/{instanceId}/updateCustomerAwsAccount", post(instances::link_aws_account))
        .route("/{instanceId}/advertisers", get(advertisers::list))
        .route(
            "/{instanceId}/advertisers/updates",
            get(advertisers::list_updates).post(advertisers::create_update),
        )
        .route("/{instanceId}/advertisers/updates/{updateId}", get(advertisers::get_update))
}

fn reporting_routes() -> Routes {
    let workflow: MethodRouter<Arc<Service>> =
        get(workflows::get).put(workflows::update).delete(workflows::delete);
    let execution: MethodRouter<Arc<Service>> =
        get(executions::get).put(executions::update).delete(executions::delete);
    Router::new()
        .route("/workflows", get(workflows::list).post(workflows::create))
        .route("/workflows/{workflowId}", workflow)
        .route("/workflowExecutions", get(executions::list).post(executions::create))
        .route("/workflowExecutions/{workflowExecutionId}", execution)
        .route("/workflowExecutions/{workflowExecutionId}/downloadUrls", get(downloads::urls))
        .route("/schedules", get(schedules::list).post(schedules::create))
        .route(
            "/schedules/{scheduleId}",
            get(schedules::get).put(schedules::update).delete(schedules::delete),
        )
        .route("/dataSources", get(data_sources::list))
        .route("/dataSources/{dataSourceId}", get(data_sources::get))
}

/// Answers with a single object, bare as recorded or wrapped as specified.
fn single(service: &Service, name: &str, body: Value) -> Json<Value> {
    match service.options.switches.wrapping {
        Wrapping::Bare => Json(body),
        Wrapping::Wrapped => Json(json!({ name: body })),
    }
}

async fn no_such_path() -> ApiError {
    ApiError::not_found("Resource not found")
}

async fn throttle(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    if service.throttle.admits(|| endpoint(&request), service.clock.now()) {
        return next.run(request).await;
    }
    let retry_after = (service.options.switches.retry_after == RetryAfter::Sent).then_some(1);
    ApiError { retry_after, ..ApiError::switched(429, "Too Many Requests") }.into_response()
}

fn endpoint(request: &Request) -> Endpoint {
    let account = request.headers().get(access::ENTITY).map(|id| id.to_str().unwrap_or_default());
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    Endpoint {
        account: account.unwrap_or_default().to_owned(),
        method: request.method().clone(),
        path: path.unwrap_or_default().to_owned(),
    }
}
