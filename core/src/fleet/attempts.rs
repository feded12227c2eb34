//! What was asked of AMC for an execution, attempt by attempt, and what it answered.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Fleet;
use crate::error::Result;
use crate::model::{Attempt, Execution};

/// The debug record of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttemptReport {
    /// Its number, from 1. The next begins only after AMC ended the run of the last.
    pub number: i64,
    /// How many POSTs went out under its workflow id.
    pub posts: i64,
    /// What happened to it last.
    pub outcome: String,
    /// The workflow id it was submitted under.
    pub amc_workflow_id: Option<String>,
    /// AMC's id of its run.
    pub amc_execution_id: Option<String>,
    /// The HTTP status of the last answer to a submit that had one.
    pub http_status: Option<i64>,
    /// AMC's id of the last request that told one, for a support case.
    pub request_id: Option<String>,
    /// A stable code of what went wrong last.
    pub error_code: Option<String>,
    /// What went wrong last, in words.
    pub error_message: Option<String>,
    /// The SQL exactly as it was sent.
    pub sql: String,
    /// The parameter values it was made with.
    pub parameters: Map<String, Value>,
    /// The exact first instant of its window.
    pub window_start: DateTime<Utc>,
    /// The exact first instant after its window.
    pub window_end: DateTime<Utc>,
    /// When its first POST was about to go out.
    pub started_at: DateTime<Utc>,
    /// When its last POST was about to go out.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it was last known what became of a POST, or that nobody knows.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
}

impl AttemptReport {
    fn new(attempt: Attempt, execution: &Execution, sql: &str) -> Self {
        Self {
            number: attempt.number,
            posts: attempt.posts,
            outcome: attempt.outcome,
            amc_workflow_id: attempt.amc_workflow_id,
            amc_execution_id: attempt.amc_execution_id,
            http_status: attempt.http_status,
            request_id: attempt.request_id,
            error_code: attempt.error_code,
            error_message: attempt.error_message,
            sql: sql.to_owned(),
            parameters: execution.parameters.clone(),
            window_start: execution.window_start,
            window_end: execution.window_end,
            started_at: attempt.started_at,
            posted_at: attempt.posted_at,
            answered_at: attempt.answered_at,
            ended_at: attempt.ended_at,
        }
    }
}

impl Fleet {
    /// The attempts of an execution, by either id, the first first; none where it was not submitted yet.
    ///
    /// # Errors
    /// `NotFound` (`unknown_execution`); otherwise only the store's own.
    pub async fn attempts(&self, id: &str) -> Result<Vec<AttemptReport>> {
        let execution = self.execution(id).await?;
        let attempts = self.0.store.attempts(&self.scope(), execution.id).await?;
        let sql = self.0.store.sent_sql(&self.scope(), &execution.sql_hash).await?.unwrap_or_default();
        Ok(attempts.into_iter().map(|attempt| AttemptReport::new(attempt, &execution, &sql)).collect())
    }
}
