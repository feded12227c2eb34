//! Why executions did not complete.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::written::Written;

use crate::error::{Position, Result};
use crate::model::{Batch, Execution, ExecutionStatus, Scope};
use crate::sql;
use crate::store::Store;

/// Why some instances did not complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// A stable code.
    pub code: String,
    /// Why, in words; AMC's own where AMC said it.
    pub message: String,
    /// The AMC ids of the instances concerned.
    pub instances: Vec<String>,
    /// The place in the user's own query that AMC's words mean.
    #[serde(flatten)]
    pub position: Option<Position>,
    /// The line of that place and, below it, a caret under the column.
    pub excerpt: Option<String>,
}

impl Cause {
    fn concerned(&self) -> String {
        match self.instances.as_slice() {
            [one] => one.clone(),
            several => format!("{} instances, same cause", several.len()),
        }
    }
}

impl fmt::Display for Cause {
    /// Who and why: "120 instances, same cause: …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.concerned(), self.message)
    }
}

/// Why executions did not complete, the most frequent cause first, each with its place in the query.
pub(super) async fn causes(
    executions: &[Execution],
    batch: &Batch,
    scope: &Scope,
    store: &dyn Store,
) -> Result<Vec<Cause>> {
    let mut causes = Vec::new();
    for alike in grouped(executions) {
        let Some(first) = alike.first() else { continue };
        let (code, message) = why(first).unwrap_or_default();
        let named = first.failure.as_ref().and_then(|failure| named(failure.detail.get("raw")?));
        let (position, excerpt) = shown(first, named, batch, scope, store).await?;
        causes.push(Cause {
            code: code.to_owned(),
            message: message.to_owned(),
            instances: alike.iter().map(|execution| execution.instance_id.clone()).collect(),
            position,
            excerpt,
        });
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.instances.len()));
    Ok(causes)
}

/// The executions that did not complete, those of the same cause together.
fn grouped(executions: &[Execution]) -> impl Iterator<Item = Vec<&Execution>> {
    let mut alike: BTreeMap<(&str, String), Vec<&Execution>> = BTreeMap::new();
    for execution in executions {
        if let Some((code, message)) = why(execution) {
            alike.entry((code, without_ids(message, execution))).or_default().push(execution);
        }
    }
    alike.into_values()
}

fn why(execution: &Execution) -> Option<(&str, &str)> {
    match execution.status {
        ExecutionStatus::Failed => {
            execution.failure.as_ref().map(|failure| (failure.code.as_str(), failure.message.as_str()))
        }
        ExecutionStatus::Cancelled => Some(("cancelled", "cancelled")),
        _ => None,
    }
}

/// AMC's words without what is the run's own: the same cause reads the same everywhere.
fn without_ids(message: &str, execution: &Execution) -> String {
    let own = [execution.amc_execution_id.as_deref(), execution.amc_workflow_id.as_deref()];
    own.into_iter().flatten().fold(message.to_owned(), |message, id| message.replace(id, "…"))
}

fn named(raw: &Value) -> Option<Position> {
    sql::place_named(raw.as_str()?)
}

/// The place that AMC names in what it got, in the user's own text, and that line; in what AMC got, where the way back
/// is not known.
async fn shown(
    execution: &Execution,
    named: Option<Position>,
    batch: &Batch,
    scope: &Scope,
    store: &dyn Store,
) -> Result<(Option<Position>, Option<String>)> {
    let Some(named) = named else { return Ok((None, None)) };
    let Some(sent) = store.sent_sql(scope, &execution.sql_hash).await? else {
        return Ok((Some(named), None));
    };
    if let Some(hash) = &batch.options.template
        && let Some(template) = store.sent_sql(scope, hash).await?
        && let Some(origin) = origin(&template, &sent, execution, batch, named)
    {
        return Ok((Some(origin), sql::excerpt(&template, origin)));
    }
    Ok((Some(named), sql::excerpt(&sent, named)))
}

fn origin(
    template: &str,
    sent: &str,
    execution: &Execution,
    batch: &Batch,
    named: Position,
) -> Option<Position> {
    let written = Written::new(template, &execution.parameters, &batch.options).ok()?;
    (written.line.sql == sent).then(|| written.origin(template, named))?
}
