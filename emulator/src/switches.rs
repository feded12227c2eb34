//! The points of AMC's behaviour that no public source settles, each with its likeliest answer as the default.

use clap::{Args, ValueEnum};

/// One switch for each open point.
#[derive(Debug, Clone, Args)]
pub struct Switches {
    /// HTTP status of `downloadUrls` before a run has succeeded.
    #[arg(long, default_value_t = 404)]
    pub not_ready_status: u16,
    /// HTTP status of creating a workflow whose id is taken.
    #[arg(long, default_value_t = 400)]
    pub already_exists_status: u16,
    /// HTTP status of naming a workflow that does not exist.
    #[arg(long, default_value_t = 400)]
    pub unknown_workflow_status: u16,
    /// HTTP status of naming an execution that does not exist.
    #[arg(long, default_value_t = 400)]
    pub unknown_execution_status: u16,
    /// HTTP status of a wrong entity or marketplace header.
    #[arg(long, default_value_t = 403)]
    pub wrong_account_status: u16,
    /// HTTP status of an access token that has expired.
    #[arg(long, default_value_t = 401)]
    pub expired_token_status: u16,
    /// How a run ends that exceeds its time-out.
    #[arg(long, value_enum, default_value_t = TimeoutStatus::Failed)]
    pub timeout_status: TimeoutStatus,
    /// `statusReason` of a run that exceeds its time-out.
    #[arg(long, default_value = "Workflow execution timed out.")]
    pub timeout_reason: String,
    /// `executionCategory` of a scheduled run.
    #[arg(long, default_value = "SCHEDULED")]
    pub scheduled_category: String,
    /// The longest SQL text accepted, in characters; 0 accepts any.
    #[arg(long, default_value_t = 0)]
    pub max_sql_length: usize,
    /// The longest parameter value accepted, in characters of JSON; 0 accepts any.
    #[arg(long, default_value_t = 0)]
    pub max_parameter_length: usize,
    /// The largest result, in rows, before a run fails; 0 allows any.
    #[arg(long, default_value_t = 0)]
    pub max_result_rows: usize,
    /// How many days results can be downloaded; 0 keeps them for ever.
    #[arg(long, default_value_t = 0)]
    pub result_retention_days: u32,
    /// Which parts of a result begin with the header line.
    #[arg(long, value_enum, default_value_t = PartHeaders::All)]
    pub part_headers: PartHeaders,
    /// What a metadata download holds.
    #[arg(long, value_enum, default_value_t = Metadata::Json)]
    pub metadata: Metadata,
    /// Whether a 429 for too many requests a second names the seconds to wait.
    #[arg(long, value_enum, default_value_t = RetryAfter::Sent)]
    pub retry_after: RetryAfter,
    /// What DELETE on an execution does.
    #[arg(long, value_enum, default_value_t = DeleteExecution::Absent)]
    pub delete_execution: DeleteExecution,
    /// Whether a time window may end in `Z`.
    #[arg(long, value_enum, default_value_t = ZoneSuffix::Refused)]
    pub zone_suffix: ZoneSuffix,
    /// How many runs may read the same data sources in overlapping windows of an instance before the next one is
    /// rejected; 0 allows any number.
    #[arg(long, default_value_t = 0)]
    pub similar_runs: usize,
    /// How single workflows, executions, schedules and data sources are answered.
    #[arg(long, value_enum, default_value_t = Wrapping::Bare)]
    pub wrapping: Wrapping,
}

/// How a run ends that exceeds its time-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TimeoutStatus {
    /// `FAILED`, the likely one.
    Failed,
    /// `CANCELLED`.
    Cancelled,
    /// `REJECTED`.
    Rejected,
}

/// Which parts of a result begin with the header line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PartHeaders {
    /// Every part.
    All,
    /// Only the first part.
    First,
}

/// What a metadata download holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Metadata {
    /// A JSON object with the SQL and the columns.
    Json,
    /// The SQL text alone.
    Sql,
    /// No metadata is offered.
    None,
}

/// Whether a 429 names the seconds to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RetryAfter {
    /// With `Retry-After`.
    Sent,
    /// Without.
    Omitted,
}

/// What DELETE on an execution does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeleteExecution {
    /// There is no such operation: 405.
    Absent,
    /// It cancels, as PUT does.
    Cancels,
}

/// Whether a time window may end in `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ZoneSuffix {
    /// The `Z` is ignored.
    Ignored,
    /// The request is answered with 400.
    Refused,
}

/// How single objects are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Wrapping {
    /// As recorded: `{"workflowId":…}`.
    Bare,
    /// As specified: `{"workflow":{"workflowId":…}}`.
    Wrapped,
}
