//! Executions: one query on one instance, from intent to rows.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;

use super::{BatchId, CallCounts, ExecutionId, Instance, InstanceUuid, NewBatch, WorkerId, WorkflowId};

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// Written, waiting to be submitted.
    Pending,
    /// It holds its slots; a POST is out, or its outcome is being looked up.
    Submitting,
    /// AMC has it.
    Running,
    /// AMC finished; its parts are being fetched.
    Collecting,
    /// All rows are here.
    Completed,
    /// Failed for good.
    Failed,
    /// Cancelled.
    Cancelled,
}

impl ExecutionStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Submitting,
        Self::Running,
        Self::Collecting,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Submitting => "submitting",
            Self::Running => "running",
            Self::Collecting => "collecting",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it will never change again.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for ExecutionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExecutionStatus {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| {
            Error::invalid("unknown_status", format!("unknown execution status '{word}'"))
                .hint(format!("one of {}", Self::ALL.map(Self::as_str).join(", ")))
        })
    }
}

/// What asked for an execution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggeredBy {
    /// A person.
    #[default]
    Manual,
    /// A schedule's tick.
    Schedule,
    /// A backfill's segment.
    Backfill,
    /// Another program, over REST.
    Api,
}

impl TriggeredBy {
    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
            Self::Backfill => "backfill",
            Self::Api => "api",
        }
    }

    /// Whether nobody asked for it at that moment: a schedule or a backfill did.
    #[must_use]
    pub const fn is_standing(self) -> bool {
        matches!(self, Self::Schedule | Self::Backfill)
    }
}

impl FromStr for TriggeredBy {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Manual, Self::Schedule, Self::Backfill, Self::Api]
            .into_iter()
            .find(|trigger| trigger.as_str() == word)
            .ok_or_else(|| {
                Error::invalid("unknown_trigger", format!("unknown trigger '{word}'"))
                    .hint("one of manual, api")
            })
    }
}

/// Which work goes first when places are scarce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits.
    #[default]
    Interactive,
    /// A schedule waits.
    Scheduled,
    /// Nobody waits.
    Backfill,
}

impl Priority {
    /// Every priority, first first.
    pub const ALL: [Self; 3] = [Self::Interactive, Self::Scheduled, Self::Backfill];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Scheduled => "scheduled",
            Self::Backfill => "backfill",
        }
    }

    /// Its place in the order, as stored.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Interactive => 0,
            Self::Scheduled => 1,
            Self::Backfill => 2,
        }
    }
}

impl FromStr for Priority {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|priority| priority.as_str() == word).ok_or_else(|| {
            Error::invalid("unknown_priority", format!("unknown priority '{word}'"))
                .hint(format!("one of {}", Self::ALL.map(Self::as_str).join(", ")))
        })
    }
}

/// What goes to AMC beside the query and the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AmcOptions {
    /// AMC's `inputParameters`.
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`.
    pub parameter_values: Map<String, Value>,
    /// Workflow fields such as `privacyFilteringBehavior`.
    pub workflow_options: Map<String, Value>,
    /// `workflowExecutionTimeoutSeconds`.
    pub timeout_seconds: Option<u32>,
    /// `requireSyntheticData`.
    pub require_synthetic_data: bool,
}

impl AmcOptions {
    /// The name of the column by which AMC marks rows with suppressed values, if it was asked to.
    #[must_use]
    pub fn marker(&self) -> Option<&str> {
        self.workflow_options.get("filteredMetricsDiscriminatorColumn").and_then(Value::as_str)
    }
}

/// Why an execution failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// A stable code.
    pub code: String,
    /// What was wrong, for a person; AMC's own words where they are known.
    pub message: String,
    /// More, for programs: status codes, request ids, positions.
    pub detail: Map<String, Value>,
}

impl Failure {
    /// A failure without detail.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: storable(&message.into()), detail: Map::new() }
    }
}

impl Failure {
    /// The failure of an execution whose own deadline is over.
    #[must_use]
    pub fn overdue() -> Self {
        let mut failure = Self::new("deadline_exceeded", "it was not finished by its deadline");
        failure.detail.insert("hint".into(), "give it more time, or a shorter window".into());
        failure
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let mut detail = Map::new();
        if let Some(id) = error.remote_request_id() {
            detail.insert("request_id".into(), id.into());
        }
        if let Some(status) = error.http_status() {
            detail.insert("http_status".into(), status.into());
        }
        if let Some(raw) = error.raw_text() {
            detail.insert("raw".into(), storable(raw).into());
        }
        if let Some(hint) = error.what_to_do() {
            detail.insert("hint".into(), hint.into());
        }
        Self { code: error.code().into(), message: storable(error.message()), detail }
    }
}

/// What a remote side said, as every database can keep it: PostgreSQL knows no U+0000.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// One query on one instance, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// Our id.
    pub id: ExecutionId,
    /// Whose it is.
    pub owner_id: String,
    /// Its batch.
    pub batch: BatchId,
    /// The execution that took its place after it ended.
    pub superseded_by: Option<ExecutionId>,
    /// Its instance, by our own id.
    pub instance: InstanceUuid,
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The name of the instance.
    pub instance_name: String,
    /// The region of the instance's account.
    pub region: String,
    /// Its workflow.
    pub workflow: Option<WorkflowId>,
    /// What it asks AMC: of two with equal keys the result of one is as good as that of the other. Empty where an older
    /// version wrote it.
    pub reuse_key: String,
    /// Whose result it takes instead of running.
    pub reuse_of: Option<ExecutionId>,
    /// What asked for it.
    pub triggered_by: TriggeredBy,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The hash of the query's text.
    pub sql_hash: String,
    /// The parameter values it was made with.
    pub parameters: Map<String, Value>,
    /// The first instant of the window.
    pub window_start: DateTime<Utc>,
    /// The first instant after the window.
    pub window_end: DateTime<Utc>,
    /// The zone of the window.
    pub timezone: String,
    /// What goes to AMC beside the query and the window.
    pub amc: AmcOptions,
    /// The number of the current attempt, from 1. A new one begins only after AMC ended the run of the last.
    pub attempt: i64,
    /// How often the current step was put off: the exponent of the back-off.
    pub deferrals: i64,
    /// How many submits of this attempt got no clear answer.
    pub unknown_answers: i64,
    /// The workflow id we submit under.
    pub amc_workflow_id: Option<String>,
    /// AMC's id of the run.
    pub amc_execution_id: Option<String>,
    /// AMC's last word on the run.
    pub amc_status: Option<String>,
    /// The requests to AMC that were made for it, as far as their answers were written.
    pub calls: CallCounts,
    /// The credential that reaches its account.
    pub credential_key: String,
    /// Rows of the result.
    pub row_count: Option<i64>,
    /// Bytes of AMC's files.
    pub size_bytes: Option<i64>,
    /// Why it failed, or why it was put off last.
    pub failure: Option<Failure>,
    /// What it waits for, if not for AMC.
    pub blocked_reason: Option<String>,
    /// No worker touches it before.
    pub not_before: Option<DateTime<Utc>>,
    /// Past it, the run is cancelled and the execution fails.
    pub deadline_at: Option<DateTime<Utc>>,
    /// When somebody asked to cancel it.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// Who works on it.
    pub worker: Option<WorkerId>,
    /// The fencing token of the last claim.
    pub lease_token: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it first left `pending`.
    pub started_at: Option<DateTime<Utc>>,
    /// When the last POST was about to go out.
    pub submitting_at: Option<DateTime<Utc>>,
    /// When AMC took it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it became terminal.
    pub completed_at: Option<DateTime<Utc>>,
}

impl Execution {
    /// When AMC was asked for its rows, as far as it is known.
    #[must_use]
    pub fn asked_at(&self) -> Option<DateTime<Utc>> {
        self.submitted_at.or(self.started_at)
    }

    /// Whether AMC was asked before an instant, or nobody knows when.
    #[must_use]
    pub fn was_asked_before(&self, instant: DateTime<Utc>) -> bool {
        self.asked_at().is_none_or(|at| at < instant)
    }

    /// An execution as it is first written.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one field a line")]
    pub fn pending(batch: &NewBatch, new: &NewExecution, instance: &Instance, now: DateTime<Utc>) -> Self {
        Self {
            id: new.id,
            owner_id: batch.owner_id.clone(),
            batch: batch.id,
            superseded_by: None,
            instance: new.instance,
            instance_id: instance.instance_id.clone(),
            instance_name: instance.name.clone(),
            region: instance.account.region.clone(),
            workflow: batch.workflow,
            reuse_key: new.reuse_key.clone(),
            reuse_of: None,
            triggered_by: new.triggered_by,
            status: ExecutionStatus::Pending,
            sql_hash: new.sql_hash.clone(),
            parameters: new.parameters.clone(),
            window_start: new.window_start,
            window_end: new.window_end,
            timezone: new.timezone.clone(),
            amc: new.amc.clone(),
            attempt: 1,
            deferrals: 0,
            unknown_answers: 0,
            amc_workflow_id: None,
            amc_execution_id: None,
            amc_status: None,
            calls: CallCounts::default(),
            credential_key: new.credential_key.clone(),
            row_count: None,
            size_bytes: None,
            failure: None,
            blocked_reason: None,
            not_before: new.not_before,
            deadline_at: new.deadline_at,
            cancel_requested_at: None,
            worker: None,
            lease_token: 0,
            created_at: now,
            started_at: None,
            submitting_at: None,
            submitted_at: None,
            completed_at: None,
        }
    }

    /// The workflow id of an attempt: ours, so that the run can be found again whatever happened to the answer.
    #[must_use]
    pub fn workflow_id_of_attempt(&self) -> String {
        format!("amc-fleet-{}-{}", self.id.public(), self.attempt)
    }

    /// An execution as it is first written in the place of this one, which ended.
    #[must_use]
    pub(crate) fn again(&self, id: ExecutionId, credential_key: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            credential_key,
            superseded_by: None,
            reuse_of: None,
            status: ExecutionStatus::Pending,
            attempt: 1,
            deferrals: 0,
            unknown_answers: 0,
            amc_workflow_id: None,
            amc_execution_id: None,
            amc_status: None,
            row_count: None,
            size_bytes: None,
            failure: None,
            calls: CallCounts::default(),
            blocked_reason: None,
            not_before: None,
            deadline_at: self.deadline_of_retry(now),
            cancel_requested_at: None,
            worker: None,
            lease_token: 0,
            created_at: now,
            started_at: None,
            submitting_at: None,
            submitted_at: None,
            completed_at: None,
            ..self.clone()
        }
    }

    /// The deadline of an execution that takes its place: as long after its beginning as its own was.
    #[must_use]
    pub fn deadline_of_retry(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.deadline_at.map(|deadline| now + (deadline - self.created_at))
    }

    /// How old the data of its result were when it was asked for, in seconds; nothing where it ran itself.
    #[must_use]
    pub fn age_seconds(&self) -> Option<f64> {
        self.reuse_of?;
        let age = (self.created_at - self.submitted_at?).max(TimeDelta::zero());
        age.to_std().ok().map(|age| age.as_secs_f64())
    }

    /// Whether its result may serve another of the same key: it is there, or this one fetches it itself.
    #[must_use]
    pub fn can_be_reused(&self) -> bool {
        match self.status {
            ExecutionStatus::Completed => true,
            ExecutionStatus::Failed | ExecutionStatus::Cancelled => false,
            _ => self.reuse_of.is_none() && self.cancel_requested_at.is_none(),
        }
    }

    /// Whether there is something to cancel: it waits, AMC runs it, or it copies what another ran.
    #[must_use]
    pub fn can_be_cancelled(&self) -> bool {
        match self.status {
            ExecutionStatus::Pending | ExecutionStatus::Submitting | ExecutionStatus::Running => true,
            ExecutionStatus::Collecting => self.reuse_of.is_some(),
            ExecutionStatus::Completed | ExecutionStatus::Failed | ExecutionStatus::Cancelled => false,
        }
    }

    /// Whether its own deadline is over.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.deadline_at.is_some_and(|deadline| deadline <= now)
    }

    /// The seconds from first submit to the end, once ended.
    #[must_use]
    pub fn duration_seconds(&self) -> Option<f64> {
        let span = self.completed_at? - self.started_at?;
        Some(std::time::Duration::from_millis(u64::try_from(span.num_milliseconds()).ok()?).as_secs_f64())
    }
}

/// An execution to write with its batch.
#[derive(Debug, Clone, PartialEq)]
pub struct NewExecution {
    /// Our id.
    pub id: ExecutionId,
    /// Its instance.
    pub instance: InstanceUuid,
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The credential that reaches it.
    pub credential_key: String,
    /// What asked for it.
    pub triggered_by: TriggeredBy,
    /// Which work goes first.
    pub priority: Priority,
    /// The hash of the query's text.
    pub sql_hash: String,
    /// The parameter values.
    pub parameters: Map<String, Value>,
    /// The first instant of the window.
    pub window_start: DateTime<Utc>,
    /// The first instant after the window.
    pub window_end: DateTime<Utc>,
    /// The zone of the window.
    pub timezone: String,
    /// What goes to AMC beside the query and the window.
    pub amc: AmcOptions,
    /// No worker touches it before.
    pub not_before: Option<DateTime<Utc>>,
    /// Our own deadline.
    pub deadline_at: Option<DateTime<Utc>>,
    /// What it asks AMC: of two with equal keys the result of one is as good as that of the other.
    pub reuse_key: String,
    /// Whether it may take the result of another of the same key instead of running.
    pub may_reuse: bool,
}
