//! Instances: `/amc/instances`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::SecondsFormat;
use serde::Deserialize;
use serde_json::{Value, json};

use super::access::{AccountAccess, InstanceAccess};
use super::error::ApiError;
use super::fields::Fields;
use super::page::Parameters;
use crate::service::Service;
use crate::world::InstanceDraft;
use crate::world::instance::{Instance, Kind};

/// A customer's partner in AWS Clean Rooms, which are not emulated: read only to refuse what is none.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the fields are checked, not used")]
struct CustomerPartner {
    aws_account_id: Option<String>,
    display_name: Option<String>,
    #[serde(default)]
    abilities: Vec<Ability>,
}

/// What a partner may do.
#[derive(Debug, Deserialize)]
enum Ability {
    #[serde(rename = "CAN_RECEIVE_RESULTS")]
    CanReceiveResults,
}

/// Lists the instances of the account by id.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: AccountAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let listed = service.world(|world, _| {
        let own = world.instances.values().filter(|instance| instance.account == access.account);
        page.cut(own, |instance| instance.id.clone(), |instance| body(instance))
    });
    Ok(Json(listed.administration("instances")))
}

/// Shows an instance.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
) -> Result<Json<Value>, ApiError> {
    service.world(|world, _| Ok(wrapped(access.of(world)?)))
}

/// Creates an instance, usable a while later.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    access: AccountAccess,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let access = access.managed(&service)?;
    fields.required_text("instanceName")?;
    let draft = InstanceDraft {
        name: name(&fields, "instanceName")?.unwrap_or_default(),
        advertiser_name: name(&fields, "advertiserName")?.unwrap_or_default(),
        aws_account: aws_account(&fields)?.unwrap_or_default(),
        s3_bucket: fields.text("s3BucketName")?.unwrap_or_default().to_owned(),
        idempotency_token: idempotency_token(&fields)?,
    };
    fields.boolean("acrBacked")?;
    fields.list::<CustomerPartner>("acrCustomerPartners", 2)?;
    Ok(service.world(|world, now| wrapped(world.create_instance(access.account, draft, now))))
}

/// Changes an instance.
pub(super) async fn update(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let new_name = name(&fields, "instanceName")?;
    let advertiser_name = name(&fields, "advertiserName")?;
    let aws_account = aws_account(&fields)?;
    let s3_bucket = fields.text("s3BucketName")?.map(str::to_owned);
    service.world(|world, _| {
        let instance = completed(access.of(world)?)?;
        replace(&mut instance.name, new_name);
        replace(&mut instance.advertiser_name, advertiser_name);
        replace(&mut instance.aws_account, aws_account);
        replace(&mut instance.s3_bucket, s3_bucket);
        Ok(wrapped(instance))
    })
}

/// Deletes an instance and ends its runs.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
) -> Result<StatusCode, ApiError> {
    let access = access.managed(&service)?;
    service.world(|world, now| {
        completed(access.of(world)?)?;
        world.delete_instance(&access.instance, now);
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Links the customer's AWS account (the older way).
pub(super) async fn link_aws_account(
    State(service): State<Arc<Service>>,
    access: InstanceAccess,
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    fields.required_text("awsAccountId")?;
    let account = aws_account(&fields)?;
    let bucket = fields.required_text("bucketName")?.to_owned();
    service.world(|world, _| {
        let instance = completed(access.of(world)?)?;
        replace(&mut instance.aws_account, account);
        instance.s3_bucket.clone_from(&bucket);
        Ok(Json(json!({"cfnBucketUrl": format!("https://{bucket}.s3.amazonaws.com/amc-bucket-policy.yaml")})))
    })
}

fn wrapped(instance: &Instance) -> Json<Value> {
    Json(json!({"instance": body(instance)}))
}

fn body(instance: &Instance) -> Value {
    let completed = instance.is_completed();
    json!({
        "instanceId": instance.id,
        "instanceName": instance.name,
        "instanceType": match instance.kind { Kind::Standard => "STANDARD", Kind::Sandbox => "SANDBOX" },
        "customerCanonicalName": instance.advertiser_name,
        "creationStatus": instance.creation_status,
        "creationDatetime": instance.created.to_rfc3339_opts(SecondsFormat::Micros, true),
        "s3BucketName": instance.s3_bucket,
        "awsAccountId": instance.aws_account,
        "entities": ["NA"],
        "dataUploadAwsAccountId": "811639200769",
        "apiEndpoint": completed.then_some("https://advertising-api.amazon.com"),
        "acrCollaboration": null,
        "optionalDatasets": [],
        "advertiserTypes": ["DISPLAY", "SPONSORED_ADS"],
    })
}

/// Refuses a change of an instance that is not usable yet.
pub(super) fn completed(instance: &mut Instance) -> Result<&mut Instance, ApiError> {
    if instance.is_completed() {
        return Ok(instance);
    }
    Err(ApiError::bad_request(format!(
        "Instance {} can be changed only when its creation status is COMPLETED.",
        instance.id
    )))
}

fn name(fields: &Fields, field: &str) -> Result<Option<String>, ApiError> {
    let Some(text) = fields.text(field)? else { return Ok(None) };
    let length = text.chars().count();
    let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
    if (3..=50).contains(&length) && letters && text.trim() == text {
        return Ok(Some(text.to_owned()));
    }
    Err(ApiError::bad_request(format!("{field} must be 3 to 50 English letters, digits and spaces.")))
}

fn aws_account(fields: &Fields) -> Result<Option<String>, ApiError> {
    let Some(text) = fields.text("awsAccountId")? else { return Ok(None) };
    if text.is_empty() || (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(Some(text.to_owned()));
    }
    Err(ApiError::bad_request("awsAccountId must be 12 digits."))
}

fn idempotency_token(fields: &Fields) -> Result<Option<String>, ApiError> {
    let token = fields.text("idempotencyToken")?;
    if token.is_some_and(|token| !(1..=36).contains(&token.chars().count())) {
        return Err(ApiError::bad_request("idempotencyToken must be 1 to 36 characters."));
    }
    Ok(token.map(str::to_owned))
}

fn replace(field: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *field = value;
    }
}
