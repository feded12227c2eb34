//! Why executions did not complete.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Position, Result};
use crate::model::{Execution, ExecutionStatus, Scope};
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
    /// The place in the query, as it was sent, that AMC's words name.
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
pub(super) async fn causes(executions: &[Execution], scope: &Scope, store: &dyn Store) -> Result<Vec<Cause>> {
    let mut causes = Vec::new();
    for alike in grouped(executions) {
        let Some(first) = alike.first() else { continue };
        let (code, message) = why(first).unwrap_or_default();
        let position = first.failure.as_ref().and_then(|failure| named(failure.detail.get("raw")?));
        causes.push(Cause {
            code: code.to_owned(),
            message: message.to_owned(),
            instances: alike.iter().map(|execution| execution.instance_id.clone()).collect(),
            position,
            excerpt: excerpt(first, position, scope, store).await?,
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

async fn excerpt(
    execution: &Execution,
    position: Option<Position>,
    scope: &Scope,
    store: &dyn Store,
) -> Result<Option<String>> {
    let Some(position) = position else { return Ok(None) };
    let sent = store.sent_sql(scope, &execution.sql_hash).await?;
    Ok(sent.and_then(|sql| sql::excerpt(&sql, position)))
}
