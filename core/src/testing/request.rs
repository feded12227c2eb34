//! A request to start from.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Map;

use crate::client::RunRequest;
use crate::results::Dialect;

/// A request for September 2025 in UTC, with nothing optional.
#[must_use]
pub fn run_request(workflow_id: &str, sql: &str) -> RunRequest {
    RunRequest {
        workflow_id: workflow_id.to_owned(),
        sql: sql.to_owned(),
        input_parameters: Vec::new(),
        parameter_values: Map::new(),
        window_start: first_of(9),
        window_end: first_of(10),
        time_zone: "UTC".to_owned(),
        timeout_seconds: None,
        require_synthetic_data: false,
        dry_run: false,
        dialect: Dialect::default(),
        workflow_options: Map::new(),
        leave_by: None,
    }
}

fn first_of(month: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2025, month, 1).unwrap_or_default().into()
}
