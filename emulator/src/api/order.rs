//! Reads what a caller asks to be executed.

use std::time::Duration;

use jiff::civil::DateTime as Local;
use serde_json::{Map, Value};

use super::definition;
use super::error::ApiError;
use super::fields::Fields;
use super::workflows;
use crate::query::ParameterValues;
use crate::service::Service;
use crate::switches::ZoneSuffix;
use crate::window::{WindowKind, Zone, read_local};
use crate::world::execution::Order;
use crate::world::instance::Instance;
use crate::world::scheduling::DEFAULT_TIMEOUT;
use crate::world::workflow::Workflow;

const TIMEOUT_SECONDS: std::ops::RangeInclusive<i64> = 900..=86_400;

/// As many as a list has anywhere in the API.
const MAX_RECEIVERS: usize = 100;

/// Reads an order.
///
/// # Errors
/// What AMC answers at once: a malformed field, an unknown workflow.
pub(super) fn read(service: &Service, instance: &Instance, fields: &Fields) -> Result<Order, ApiError> {
    let (zone, window) = read_window(service, fields)?;
    check_unused(service, fields)?;
    Ok(Order {
        workflow: read_workflow(service, instance, fields)?,
        window,
        zone,
        parameter_values: parameter_values(service, fields)?,
        timeout: timeout(fields)?,
        ignore_data_gaps: fields.boolean("ignoreDataGaps")?,
        synthetic: fields.boolean("requireSyntheticData")?,
        disable_aggregation_controls: fields.boolean("disableAggregationControls")?,
        dry_run: fields.boolean("dryRun")?,
        skip_publish: fields.boolean("skipPublish")?,
        advertisers: fields.list("advertisers", 100)?,
        category: "AD_HOC".to_owned(),
    })
}

/// Checks fields that change nothing here.
fn check_unused(service: &Service, fields: &Fields) -> Result<(), ApiError> {
    for name in ["maxCertifiedTime", "maxDimensionTime"] {
        fields.text(name)?.map(|text| read_time(service, name, text)).transpose()?;
    }
    fields.list::<String>("additionalAcrResultsReceivers", MAX_RECEIVERS).map(drop)
}

fn read_workflow(service: &Service, instance: &Instance, fields: &Fields) -> Result<Workflow, ApiError> {
    match (fields.text("workflowId")?, fields.object("workflow")?) {
        (Some(id), None) => workflows::find(service, &instance.workflows, id).cloned(),
        (None, Some(definition)) => inline(service, definition),
        (None, None) => Err(ApiError::bad_request("Either workflowId or workflow is required.")),
        (Some(_), Some(_)) => {
            Err(ApiError::bad_request("workflowId and workflow cannot be given at the same time."))
        }
    }
}

fn inline(service: &Service, definition: &Map<String, Value>) -> Result<Workflow, ApiError> {
    let fields = Fields(definition.clone());
    let stored = definition::read(&service.options.switches, &fields)?;
    let id = match fields.text("workflowId")? {
        Some(id) => id.to_owned(),
        None => format!("transient_{}", service.ids.uuid()),
    };
    Ok(Workflow::new(id, stored))
}

fn read_window(service: &Service, fields: &Fields) -> Result<(Zone, WindowKind), ApiError> {
    let name = fields.text("timeWindowTimeZone")?;
    let zone = name.map_or_else(|| Some(Zone::utc()), Zone::find);
    let unknown = || ApiError::bad_request("timeWindowTimeZone is not a known time zone.");
    let bound = |name| {
        let text = fields.text(name)?;
        text.map(|text| read_time(service, name, text)).transpose()
    };
    let bounds = (bound("timeWindowStart")?, bound("timeWindowEnd")?);
    let kind = match (fields.text("timeWindowType")?.unwrap_or("MOST_RECENT_DAY"), bounds) {
        ("EXPLICIT", (Some(start), Some(end))) if start < end => WindowKind::Explicit(start, end),
        ("EXPLICIT", (Some(_), Some(_))) => {
            return Err(ApiError::bad_request("timeWindowStart must be before timeWindowEnd."));
        }
        ("EXPLICIT", _) => {
            return Err(ApiError::bad_request(
                "timeWindowStart and timeWindowEnd are required with timeWindowType EXPLICIT.",
            ));
        }
        (_, (Some(_), _) | (_, Some(_))) => {
            return Err(ApiError::bad_request(
                "timeWindowStart and timeWindowEnd can only be used with timeWindowType EXPLICIT.",
            ));
        }
        (name, _) => WindowKind::named(name)
            .ok_or_else(|| ApiError::bad_request(format!("timeWindowType does not allow {name}.")))?,
    };
    Ok((zone.ok_or_else(unknown)?, kind))
}

/// Reads a time as AMC documents it, with a `Z` only where the switch allows it.
pub(super) fn read_time(service: &Service, name: &str, text: &str) -> Result<Local, ApiError> {
    let lax = service.options.switches.zone_suffix == ZoneSuffix::Ignored;
    let stripped = if lax { text.strip_suffix('Z').unwrap_or(text) } else { text };
    read_local(stripped).ok_or_else(|| {
        ApiError::bad_request(format!(
            "{name} must have the format yyyy-MM-dd'T'HH:mm:ss, without a time zone."
        ))
    })
}

fn parameter_values(service: &Service, fields: &Fields) -> Result<ParameterValues, ApiError> {
    let values = fields.object("parameterValues")?.cloned().unwrap_or_default();
    let max = service.options.switches.max_parameter_length;
    let too_long = values.iter().find(|(_, value)| max > 0 && value.to_string().chars().count() > max);
    match too_long {
        None => Ok(values),
        Some((name, _)) => Err(ApiError::bad_request(format!(
            "The value of parameter {name} must not be longer than {max} characters."
        ))),
    }
}

fn timeout(fields: &Fields) -> Result<Duration, ApiError> {
    match fields.integer("workflowExecutionTimeoutSeconds")? {
        None => Ok(DEFAULT_TIMEOUT),
        Some(seconds) if TIMEOUT_SECONDS.contains(&seconds) => {
            Ok(Duration::from_secs(seconds.unsigned_abs()))
        }
        Some(_) => {
            Err(ApiError::bad_request("workflowExecutionTimeoutSeconds must be between 900 and 86400."))
        }
    }
}
