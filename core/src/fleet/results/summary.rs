//! What a merged result is made of and what it lacks.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::fleet::report::grouped;
use crate::results::{Verdict, Widening};

/// Schema metadata: the batch.
const BATCH_ID: &str = "amc_fleet.batch_id";
/// Schema metadata: the hashes of the query as it was sent, with commas between them.
const SQL_HASH: &str = "amc_fleet.sql_hash";
/// Schema metadata: "118 of 120".
const COMPLETE: &str = "amc_fleet.complete";
/// Schema metadata: the instances without a result, with commas between them.
const MISSING: &str = "amc_fleet.missing";

/// The part of one instance in a merged result.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct InstanceResult {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Its name.
    pub instance_name: String,
    /// The region of its account.
    pub region: String,
    /// Our id of the execution.
    pub execution_id: String,
    /// AMC's id of the run.
    pub amc_execution_id: Option<String>,
    /// Its rows.
    pub row_count: u64,
    /// What it says about the instance, beside its rows.
    pub verdict: Verdict,
    /// How many of its rows AMC marked as suppressed; nothing where AMC was not asked to mark them.
    pub marked_rows: Option<u64>,
    /// Seconds from its first submit to its end.
    pub duration_seconds: Option<f64>,
    /// Whose result this is, where it was not run for this batch.
    pub reuse_of: Option<String>,
    /// How old its data were when the batch was asked for, in seconds, where it was not run for it.
    pub age_seconds: Option<f64>,
    /// When its rows were complete.
    pub completed_at: DateTime<Utc>,
}

/// What a merged result is made of and what it lacks: goes with every export.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultSummary {
    /// The batch; of a dataset, the report (`rpt_…`).
    pub batch_id: String,
    /// Its name.
    pub name: String,
    /// "118 of 120": instances with rows here, of all that were run; of a dataset, windows of instances.
    pub complete: String,
    /// Instances without a result, by AMC id; of a dataset each with its window.
    pub missing: Vec<String>,
    /// Rows in all.
    pub total_rows: u64,
    /// The window in words.
    pub window: String,
    /// The instances with a result.
    pub instances: Vec<InstanceResult>,
    /// Columns whose type differed between instances.
    pub widenings: Vec<Widening>,
    /// What to know before numbers of several instances are put together.
    pub notes: Vec<String>,
}

impl ResultSummary {
    /// The same as metadata of a table.
    pub(super) fn metadata(&self, sql_hashes: &BTreeSet<String>) -> HashMap<String, String> {
        let hashes = sql_hashes.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        let said = [
            (BATCH_ID, self.batch_id.clone()),
            (SQL_HASH, hashes),
            (COMPLETE, self.complete.clone()),
            (MISSING, self.missing.join(",")),
        ];
        said.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl fmt::Display for ResultSummary {
    /// One line, as a person wants it: what, how much, of how many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { batch_id, name, complete, window, .. } = self;
        let rows = grouped(i64::try_from(self.total_rows).unwrap_or(i64::MAX));
        write!(f, "{batch_id} '{name}': {rows} rows, {complete} instances · {window}")
    }
}
