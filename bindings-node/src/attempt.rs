//! What was asked of AMC for an execution, and what it answered.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

record! {
    /// How many requests went to AMC, repetitions included, by what they asked.
    CallCounts of amc_fleet::CallCounts {
        /// Token requests.
        token: i64,
        /// Submits.
        submit: i64,
        /// Reads of one run.
        get: i64,
        /// Pages of runs.
        list: i64,
        /// Requests for download URLs.
        download_urls: i64,
        /// Parts opened.
        file: i64,
        /// Cancels.
        cancel: i64,
        /// Pages of accounts and instances.
        admin: i64,
        /// Calls about AMC's own saved workflows.
        workflow: i64,
    }
}

record! {
    /// The debug record of one attempt: what was asked of AMC under one workflow id, and what it answered.
    Attempt of amc_fleet::AttemptReport {
        /// Its number, from 1. The next begins only after AMC ended the run of the last.
        number: i64,
        /// How many POSTs went out under its workflow id.
        posts: i64,
        /// What happened to it last.
        outcome: String,
        /// The workflow id it was submitted under.
        amc_workflow_id: Option<String>,
        /// AMC's id of its run.
        amc_execution_id: Option<String>,
        /// The HTTP status of the last answer to a submit that had one.
        http_status: Option<i64>,
        /// AMC's id of the last request that told one, for a support case.
        request_id: Option<String>,
        /// A stable code of what went wrong last.
        error_code: Option<String>,
        /// What went wrong last, in words.
        error_message: Option<String>,
        /// The SQL exactly as it was sent.
        sql: String,
        /// The parameter values it was made with.
        parameters: Map<String, Value>,
        /// The exact first instant of its window.
        window_start: DateTime<Utc>,
        /// The exact first instant after its window.
        window_end: DateTime<Utc>,
        /// When its first POST was about to go out.
        started_at: DateTime<Utc>,
        /// When its last POST was about to go out.
        posted_at: Option<DateTime<Utc>>,
        /// When it was last known what became of a POST, or that nobody knows.
        answered_at: Option<DateTime<Utc>>,
        /// When it was over.
        ended_at: Option<DateTime<Utc>>,
    }
}
