//! Reports: what an agency asks for again and again.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{BatchStatus, ReportId, TriggeredBy, WorkflowId};

/// A query on instances over a window that moves with the day: a batch that can be asked for again.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Our id.
    pub id: ReportId,
    /// Whose it is.
    pub owner_id: String,
    /// Who saved it first.
    pub created_by: Option<String>,
    /// Its name, unique for the owner.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its workflow; or it has a query of its own.
    pub workflow: Option<WorkflowId>,
    /// Its own query.
    pub sql: Option<String>,
    /// What it runs on, as a batch is asked for it; worked out anew at each run.
    pub instances: Value,
    /// Parameter values for all instances.
    pub parameters: Map<String, Value>,
    /// Parameter values by instance id, over the shared ones.
    pub instance_parameters: Map<String, Value>,
    /// The window, as an expression.
    pub window: String,
    /// The zone of the window: a name, or `instance` for each instance's own.
    pub timezone: String,
    /// Whether it may run.
    pub is_active: bool,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A report and what became of its runs, worked out when it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOverview {
    /// The report.
    pub report: Report,
    /// How often it ran.
    pub run_count: i64,
    /// Runs of which every instance completed.
    pub completed_count: i64,
    /// Runs of which some instance, or all, did not complete.
    pub failed_count: i64,
    /// When its last run was written.
    pub last_run_at: Option<DateTime<Utc>>,
    /// Where its last run stands.
    pub last_status: Option<BatchStatus>,
    /// The next nominal time of its schedules.
    pub next_run_at: Option<DateTime<Utc>>,
}

impl ReportOverview {
    /// The share of ended runs that completed; nothing where none has ended.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let ended = self.completed_count + self.failed_count;
        let [completed, ended] =
            [self.completed_count, ended].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        (ended > 0).then(|| f64::from(completed) / f64::from(ended))
    }
}

/// A change of a report that keeps what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportChange {
    /// It may run, or may not.
    Active(bool),
    /// It is found and listed no more, and its schedules fire no more; its runs stay.
    Archived,
}

/// What asked for a run of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The report.
    pub report: ReportId,
    /// What triggered it.
    pub triggered_by: TriggeredBy,
}
