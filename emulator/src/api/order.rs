//! Reads what a caller asks to be executed.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::DateTime as Local;
use serde_json::{Map, Value};

use super::definition;
use super::error::ApiError;
use super::fields::Fields;
use super::references;
use super::workflows;
use crate::query::{ParameterValues, Refusal};
use crate::service::Service;
use crate::switches::ZoneSuffix;
use crate::window::{WindowKind, Zone, read_local};
use crate::world::advertiser::AdvertiserId;
use crate::world::execution::Order;
use crate::world::instance::{Instance, Kind};
use crate::world::scheduling::DEFAULT_TIMEOUT;
use crate::world::workflow::Workflow;

const TIMEOUT_SECONDS: std::ops::RangeInclusive<i64> = 900..=86_400;

/// Reads an order, and why it will be rejected although it is accepted, if so.
///
/// # Errors
/// What AMC answers at once: a malformed field, an unknown workflow.
pub(super) fn read(
    service: &Service,
    instance: &Instance,
    fields: &Fields,
) -> Result<(Order, Option<Refusal>), ApiError> {
    let (zone, window) = read_window(service, fields)?;
    let controls_off = fields.boolean("disableAggregationControls")?;
    let synthetic = fields.boolean("requireSyntheticData")?;
    fields.list::<AdvertiserId>("advertisers", 100)?;
    let order = Order {
        workflow: read_workflow(service, instance, fields)?,
        window,
        zone,
        parameter_values: parameter_values(service, fields)?,
        timeout: timeout(fields)?,
        ignore_data_gaps: fields.boolean("ignoreDataGaps")?,
        synthetic,
        disable_aggregation_controls: controls_off,
        dry_run: fields.boolean("dryRun")?,
        // Without synthetic data, leaving the controls out leaves the output out.
        skip_publish: fields.boolean("skipPublish")? || (controls_off && !synthetic),
        advertisers: fields.get("advertisers").cloned(),
        category: "AD_HOC".to_owned(),
        sources: sources(service, &instance.id),
    };
    let flaw = flaw(instance, &order);
    Ok((order, flaw))
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

/// Names the data sources there are, if runs are compared by them.
fn sources(service: &Service, instance: &str) -> BTreeSet<String> {
    if service.options.switches.similar_runs == 0 {
        return BTreeSet::new();
    }
    service.engine.data_sources(instance).into_iter().map(|source| source.id).collect()
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

/// Finds what asynchronous validation will reject without the engine.
fn flaw(instance: &Instance, order: &Order) -> Option<Refusal> {
    if instance.kind == Kind::Sandbox && !order.synthetic {
        let reason = "requireSyntheticData must be true for workflow executions in a sandbox instance.";
        return Some(Refusal::Rejected(reason.to_owned()));
    }
    let unset = || references::unset(&order.workflow, &order.parameter_values);
    references::undeclared(&order.workflow).or_else(unset).map(Refusal::Rejected)
}
