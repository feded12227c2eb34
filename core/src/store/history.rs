//! What earlier runs tell about the next ones.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::model::{InstanceUuid, Scope, WorkflowId};

/// Which earlier runs are like the next ones; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Of this workflow.
    pub workflow: Option<WorkflowId>,
    /// Of the query of this hash.
    pub sql_hash: Option<String>,
}

/// Earlier runs of one query on one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierRuns {
    /// The instance, by our own id.
    pub instance: InstanceUuid,
    /// The query.
    pub sql: String,
    /// How many.
    pub runs: u64,
    /// The first instant that one of them read.
    pub window_start: DateTime<Utc>,
    /// The first instant after all that they read.
    pub window_end: DateTime<Utc>,
}

/// What earlier runs tell.
#[async_trait]
pub trait HistoryStore {
    /// The seconds from submit to end of the newest runs that completed, at most `limit`, newest first.
    async fn durations(&self, scope: &Scope, likeness: &Likeness, limit: u32) -> Result<Vec<f64>>;

    /// The runs that AMC took and whose window has an instant in common with this one, by instance and query.
    async fn earlier_runs(
        &self,
        scope: &Scope,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<EarlierRuns>>;
}

/// The seconds between two instants.
pub(crate) fn seconds_between(start: DateTime<Utc>, end: DateTime<Utc>) -> f64 {
    (end - start).to_std().unwrap_or_default().as_secs_f64()
}
