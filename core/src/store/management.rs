//! Looking through what ran, and letting go of it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::lists::{ExecutionSort, said, within};
use crate::error::Result;
use crate::model::{BatchId, Execution, ExecutionId, ExecutionStatus, Page, PageRequest, Scope, WorkflowId};

/// Which executions to list; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecutionFilter {
    /// With this text in the name of their batch or instance, in AMC's id of it, or in what failed, in any case.
    pub text: Option<String>,
    /// On the instance of this AMC id.
    pub instance: Option<String>,
    /// Of this workflow.
    pub workflow: Option<WorkflowId>,
    /// With this status.
    pub status: Option<ExecutionStatus>,
    /// Written at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Written before.
    pub created_before: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: ExecutionSort,
}

impl ExecutionFilter {
    /// Whether an execution of a batch of this name is one of those asked for.
    #[must_use]
    pub fn admits(&self, execution: &Execution, batch_name: &str) -> bool {
        let failure = execution.failure.as_ref().map(|failure| &failure.message);
        let name = batch_name.to_owned();
        let texts = [Some(&name), Some(&execution.instance_name), Some(&execution.instance_id), failure];
        said(self.text.as_ref(), texts)
            && self.instance.as_ref().is_none_or(|id| execution.instance_id == *id)
            && self.workflow.is_none_or(|workflow| execution.workflow == Some(workflow))
            && self.status.is_none_or(|status| execution.status == status)
            && within(self.created_from, self.created_before, execution.created_at)
    }
}

/// Looking through what ran, and letting go of it.
#[async_trait]
pub trait ManagementStore {
    /// Lists executions of all batches.
    async fn find_executions(
        &self,
        scope: &Scope,
        filter: &ExecutionFilter,
        page: PageRequest,
    ) -> Result<Page<Execution>>;

    /// Lists batches that ended before an instant, the oldest first, at most `limit` of them.
    async fn ended_before(&self, scope: &Scope, before: DateTime<Utc>, limit: u32) -> Result<Vec<BatchId>>;

    /// Deletes batches that have ended, with all they have; ticks and segments they were for say so. Returns the
    /// executions that are gone.
    async fn delete_batches(
        &self,
        scope: &Scope,
        batches: &[BatchId],
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>>;
}
