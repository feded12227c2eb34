//! Looking through what ran, letting go of it, and definitions, in scenarios.

use std::str::FromStr;

use amc_fleet::scheduler::Instant;
use amc_fleet::{BatchFilter, Definitions, Error, ExecutionFilter, Fleet, Result, WorkflowFilter};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::runner::{part, workflow};
use super::standing::report;

pub(crate) async fn on_management(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Option<Value>> {
    let named = |name: &str| arguments[name].as_str().unwrap_or_default();
    Ok(Some(match verb {
        "find_executions" => {
            let found = fleet.executions(&filter(arguments)?, part(arguments)).await?;
            json!(found.items)
        }
        "workflows" => {
            let found = fleet.workflows(&workflow_filter(arguments)?, part(arguments)).await?;
            found.items.iter().map(workflow).collect()
        }
        "workflow_history" => {
            json!(fleet.workflow_history(named("workflow"), instant(arguments, "since")?).await?)
        }
        "report_history" => {
            json!(fleet.report_history(named("report"), instant(arguments, "since")?).await?)
        }
        "duplicate_report" => report(&fleet.duplicate_report(named("report"), named("name")).await?),
        "duplicate_workflow" => workflow(&fleet.duplicate_workflow(named("workflow"), named("name")).await?),
        "export_definitions" => fleet.export_definitions().await?.to_json()?,
        "import_definitions" => {
            let definitions = Definitions::from_json(arguments["document"].clone())?;
            json!(fleet.import_definitions(definitions).await?)
        }
        "delete_batches" => {
            let batches: Vec<&str> =
                arguments["batches"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            json!(fleet.delete_batches(&batches).await?)
        }
        "apply_retention" => {
            let days = arguments["keep_days"].as_u64().unwrap_or_default();
            json!(fleet.apply_retention(u32::try_from(days).unwrap()).await?)
        }
        _ => return Ok(None),
    }))
}

fn filter(arguments: &Value) -> Result<ExecutionFilter> {
    Ok(ExecutionFilter {
        text: text(arguments, "text"),
        instance: text(arguments, "instance"),
        workflow: None,
        status: word(arguments, "status")?,
        created_from: instant(arguments, "created_from")?,
        created_before: instant(arguments, "created_before")?,
        sort: word(arguments, "sort")?.unwrap_or_default(),
    })
}

pub(crate) fn batch_filter(arguments: &Value) -> Result<BatchFilter> {
    Ok(BatchFilter {
        text: text(arguments, "text"),
        instance: text(arguments, "instance"),
        workflow: None,
        status: word(arguments, "status")?,
        created_from: instant(arguments, "created_from")?,
        created_before: instant(arguments, "created_before")?,
        sort: word(arguments, "sort")?.unwrap_or_default(),
    })
}

fn workflow_filter(arguments: &Value) -> Result<WorkflowFilter> {
    Ok(WorkflowFilter {
        text: text(arguments, "text"),
        instance: text(arguments, "instance"),
        updated_from: instant(arguments, "updated_from")?,
        updated_before: instant(arguments, "updated_before")?,
        sort: word(arguments, "sort")?.unwrap_or_default(),
    })
}

fn text(arguments: &Value, name: &str) -> Option<String> {
    arguments[name].as_str().map(str::to_owned)
}

fn word<T: FromStr<Err = Error>>(arguments: &Value, name: &str) -> Result<Option<T>> {
    arguments[name].as_str().map(str::parse).transpose()
}

fn instant(arguments: &Value, name: &str) -> Result<Option<DateTime<Utc>>> {
    let read = |text: &str| text.parse::<Instant>().map(|instant| instant.0);
    arguments[name].as_str().map(read).transpose()
}
