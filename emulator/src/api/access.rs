//! Who calls and what the headers give access to.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use super::error::ApiError;
use crate::service::Service;
use crate::tokens::Standing;
use crate::world::World;
use crate::world::instance::Instance;

const CLIENT_ID: &str = "Amazon-Advertising-API-ClientId";
pub(super) const ENTITY: &str = "Amazon-Advertising-API-AdvertiserId";
const MARKETPLACE: &str = "Amazon-Advertising-API-MarketplaceId";

/// A caller with a valid access token and client id.
#[derive(Debug)]
pub(crate) struct Caller;

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, ApiError> {
        check_token(parts, service)?;
        match header_text(parts, CLIENT_ID) {
            Some(client) if client == service.tokens.client_id => Ok(Self),
            Some(_) => Err(unauthorized("Invalid client")),
            None => Err(unauthorized("Missing Amazon-Advertising-API-ClientId header")),
        }
    }
}

fn check_token(parts: &Parts, service: &Service) -> Result<(), ApiError> {
    let authorization = header_text(parts, header::AUTHORIZATION.as_str())
        .ok_or_else(|| unauthorized("Missing Authorization header"))?;
    let token = authorization.strip_prefix("Bearer ").or_else(|| authorization.strip_prefix("bearer "));
    match token.map(|token| service.tokens.standing(token, service.clock.now())) {
        Some(Standing::Valid) => Ok(()),
        Some(Standing::Expired) => {
            let status = service.options.switches.expired_token_status;
            Err(ApiError::switched(status, "Access token has expired"))
        }
        Some(Standing::Unknown) | None => Err(unauthorized("Not authorized to access this resource")),
    }
}

/// A caller who named an account that exists and is open to them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountAccess {
    /// The account's index.
    pub(crate) account: usize,
}

impl FromRequestParts<Arc<Service>> for AccountAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, ApiError> {
        Caller::from_request_parts(parts, service).await?;
        let entity = required(parts, ENTITY)?;
        let marketplace = required(parts, MARKETPLACE)?;
        let found = service.world(|world, _| {
            let account = world.account(&entity, &marketplace);
            account.filter(|account| !world.accounts[*account].revoked)
        });
        let wrong = service.options.switches.wrong_account_status;
        let account = found.ok_or_else(|| ApiError::switched(wrong, "Unauthorized request"))?;
        Ok(Self { account })
    }
}

impl AccountAccess {
    /// Refuses what self-service instances do not have.
    pub(super) fn managed(self, service: &Arc<Service>) -> Result<Self, ApiError> {
        if service.world(|world, _| world.accounts[self.account].self_service) {
            return Err(ApiError::bad_request("This operation is not supported for self-service instances."));
        }
        Ok(self)
    }
}

/// A caller with access to the account of the instance in the path.
#[derive(Debug)]
pub(crate) struct InstanceAccess {
    pub(crate) instance: String,
    account: AccountAccess,
}

impl InstanceAccess {
    /// Refuses what self-service instances do not have.
    pub(super) fn managed(self, service: &Arc<Service>) -> Result<Self, ApiError> {
        self.account.managed(service)?;
        Ok(self)
    }

    /// Finds the instance, which may have gone since the headers were checked.
    pub(crate) fn of<'a>(&self, world: &'a mut World) -> Result<&'a mut Instance, ApiError> {
        world.instances.get_mut(&self.instance).ok_or_else(|| no_instance(&self.instance))
    }
}

impl FromRequestParts<Arc<Service>> for InstanceAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, ApiError> {
        let account = AccountAccess::from_request_parts(parts, service).await?;
        let instance = path_instance(parts, service).await?;
        let known = service.world(|world, _| {
            world.instances.get(&instance).is_some_and(|instance| instance.account == account.account)
        });
        if known { Ok(Self { instance, account }) } else { Err(no_instance(&instance)) }
    }
}

/// A caller who may use the reporting API of the instance in the path.
#[derive(Debug)]
pub(crate) struct ReportingAccess {
    pub(crate) instance: String,
}

impl ReportingAccess {
    /// Finds the instance, which may have gone since the headers were checked.
    pub(crate) fn of<'a>(&self, world: &'a mut World) -> Result<&'a mut Instance, ApiError> {
        world.instances.get_mut(&self.instance).ok_or_else(|| no_instance(&self.instance))
    }
}

impl FromRequestParts<Arc<Service>> for ReportingAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, ApiError> {
        let InstanceAccess { instance, .. } = InstanceAccess::from_request_parts(parts, service).await?;
        let (denied, completed) = service.world(|world, _| {
            let found = world.instances.get(&instance);
            found.map_or((true, false), |instance| (instance.denied, instance.is_completed()))
        });
        match (denied, completed) {
            (true, _) => Err(ApiError::forbidden()),
            (false, false) => Err(ApiError::bad_request(format!(
                "Instance {instance} is not available: its creation is not completed."
            ))),
            (false, true) => Ok(Self { instance }),
        }
    }
}

async fn path_instance(parts: &mut Parts, service: &Arc<Service>) -> Result<String, ApiError> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, service).await;
    let Path(mut path) = path.map_err(|_| ApiError::bad_request("The path is not valid."))?;
    path.remove("instanceId").ok_or_else(|| ApiError::bad_request("The path names no instance."))
}

fn no_instance(id: &str) -> ApiError {
    ApiError::not_found(format!("Instance {id} was not found."))
}

fn unauthorized(details: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, details)
}

fn required(parts: &Parts, name: &str) -> Result<String, ApiError> {
    header_text(parts, name).ok_or_else(|| ApiError::bad_request(format!("Missing required header {name}.")))
}

fn header_text(parts: &Parts, name: &str) -> Option<String> {
    parts.headers.get(name)?.to_str().ok().filter(|text| !text.is_empty()).map(str::to_owned)
}
