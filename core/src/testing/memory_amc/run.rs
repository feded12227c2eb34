//! A run held in memory: its status is a function of the clock, unless a test decides.

use chrono::{DateTime, SubsecRound, Utc};

use super::script::RunScript;
use crate::client::{AmcRun, RunRequest, RunStatus};

#[derive(Debug)]
pub(super) struct HeldRun {
    pub(super) execution_id: String,
    pub(super) instance_id: String,
    pub(super) request: RunRequest,
    pub(super) script: RunScript,
    pub(super) created_at: DateTime<Utc>,
    pub(super) visible_from: DateTime<Utc>,
    /// How it ended where a test or a cancel decided.
    pub(super) decided: Option<Ending>,
}

#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) status: RunStatus,
    pub(super) reason: Option<String>,
    pub(super) at: DateTime<Utc>,
}

impl HeldRun {
    pub(super) fn status(&self, now: DateTime<Utc>) -> RunStatus {
        match self.ending(now) {
            Some(ending) => ending.status,
            None if now > self.created_at => RunStatus::Running,
            None => RunStatus::Pending,
        }
    }

    /// Whether it had begun and not ended at an instant, by what is known now.
    pub(super) fn is_alive_at(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.created_at <= at && self.ending(now).is_none_or(|ending| at < ending.at)
    }

    /// The run as AMC shows it: instants in whole seconds, columns once there is a result.
    pub(super) fn shown(&self, now: DateTime<Utc>) -> AmcRun {
        let ending = self.ending(now);
        let status = self.status(now);
        let columns =
            Some(&self.script.columns).filter(|_| status == RunStatus::Succeeded && !self.request.dry_run);
        AmcRun {
            execution_id: self.execution_id.clone(),
            workflow_id: self.request.workflow_id.clone(),
            status,
            status_reason: ending.as_ref().and_then(|ending| ending.reason.clone()),
            create_time: Some(self.created_at.trunc_subsecs(0)),
            last_updated_time: Some(ending.map_or(self.created_at, |ending| ending.at).trunc_subsecs(0)),
            output_columns: columns.cloned(),
            request_id: Some(format!("REQUEST-{}", self.execution_id)),
            http_status: Some(200),
        }
    }

    /// How it has ended by now: by decision, else by its script.
    fn ending(&self, now: DateTime<Utc>) -> Option<Ending> {
        let scripted = self.script.duration.map(|duration| Ending {
            status: self.script.ending.clone(),
            reason: self.script.reason.clone(),
            at: self.created_at + duration,
        });
        self.decided.clone().or(scripted.filter(|ending| ending.at <= now))
    }
}
