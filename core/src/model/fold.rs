//! What events alone tell: the story of an execution without a look at the store.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{Event, EventKind, ExecutionId, ExecutionStatus};

/// An execution as its events tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The number of the current attempt, from 1.
    pub attempt: i64,
    /// The workflow id it was submitted under.
    pub amc_workflow_id: Option<String>,
    /// AMC's id of the run.
    pub amc_execution_id: Option<String>,
    /// Rows of the result.
    pub row_count: Option<i64>,
    /// When it first left `pending`.
    pub started_at: Option<DateTime<Utc>>,
    /// When the last POST was about to go out.
    pub submitting_at: Option<DateTime<Utc>>,
    /// When AMC took it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it became terminal.
    pub completed_at: Option<DateTime<Utc>>,
}

impl Default for Story {
    fn default() -> Self {
        Self {
            status: ExecutionStatus::Pending,
            attempt: 1,
            amc_workflow_id: None,
            amc_execution_id: None,
            row_count: None,
            started_at: None,
            submitting_at: None,
            submitted_at: None,
            completed_at: None,
        }
    }
}

impl Story {
    /// Goes on with the next event of the same execution.
    #[must_use]
    pub fn then(mut self, event: &Event) -> Self {
        match event.kind {
            EventKind::Submitting => self.submitting(event),
            EventKind::Resubmitting => self.submitting_at = Some(event.at),
            EventKind::Submitted | EventKind::Adopted => self.submitted(event),
            EventKind::Returned => self.status = ExecutionStatus::Pending,
            EventKind::Retrying => self.retrying(),
            EventKind::Collecting => self.status = ExecutionStatus::Collecting,
            EventKind::Reusing => self.reusing(event),
            EventKind::Completed => self.completed(event),
            EventKind::Failed => self.ended(ExecutionStatus::Failed, event),
            EventKind::Cancelled => self.ended(ExecutionStatus::Cancelled, event),
            EventKind::BatchCreated
            | EventKind::SubmitUnresolved
            | EventKind::CollectDelayed
            | EventKind::DuplicateCancelled
            | EventKind::CancelRequested
            | EventKind::Retried
            | EventKind::BatchFinished => {}
        }
        self
    }

    fn submitting(&mut self, event: &Event) {
        self.status = ExecutionStatus::Submitting;
        self.started_at.get_or_insert(event.at);
        self.submitting_at = Some(event.at);
        self.attempt = event.detail.get("attempt").and_then(Value::as_i64).unwrap_or(self.attempt);
        self.amc_workflow_id = text(&event.detail, "amc_workflow_id");
    }

    fn submitted(&mut self, event: &Event) {
        self.status = ExecutionStatus::Running;
        self.submitted_at = Some(event.at);
        self.amc_execution_id = text(&event.detail, "amc_execution_id");
    }

    fn retrying(&mut self) {
        self.status = ExecutionStatus::Pending;
        self.attempt += 1;
        (self.amc_workflow_id, self.amc_execution_id, self.submitted_at) = (None, None, None);
    }

    fn reusing(&mut self, event: &Event) {
        self.status = ExecutionStatus::Collecting;
        self.started_at.get_or_insert(event.at);
    }

    fn completed(&mut self, event: &Event) {
        self.row_count = event.detail.get("row_count").and_then(Value::as_i64);
        if event.detail.contains_key("age_seconds") {
            self.amc_execution_id = text(&event.detail, "amc_execution_id");
            self.submitted_at = event.detail.get("submitted_at").and_then(instant);
        }
        self.ended(ExecutionStatus::Completed, event);
    }

    fn ended(&mut self, status: ExecutionStatus, event: &Event) {
        self.status = status;
        self.completed_at = Some(event.at);
    }
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    serde_json::from_value(value.clone()).ok()
}

fn text(detail: &Map<String, Value>, field: &str) -> Option<String> {
    detail.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// Tells the story of every execution that the events of a batch, oldest first, speak of. One they do not speak of is
/// as it was written: [`Story::default`].
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<ExecutionId, Story> {
    let mut stories: BTreeMap<ExecutionId, Story> = BTreeMap::new();
    for event in events {
        let Some(execution) = event.execution else { continue };
        let story = stories.remove(&execution).unwrap_or_default();
        stories.insert(execution, story.then(event));
    }
    stories
}
