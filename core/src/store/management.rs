//! Looking through what ran, and letting go of it.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::error::{Error, Result};
use crate::model::{BatchId, Execution, ExecutionId, ExecutionStatus, Page, PageRequest, Scope, WorkflowId};

/// In which order executions are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExecutionSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By the name of the instance, the newest first.
    Instance,
}

impl ExecutionSort {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Instance => "instance",
        }
    }
}

impl fmt::Display for ExecutionSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ExecutionSort {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        [Self::Newest, Self::Oldest, Self::Instance]
            .into_iter()
            .find(|sort| sort.as_str() == word)
            .ok_or_else(|| {
                Error::invalid("unknown_sort", format!("unknown order '{word}'"))
                    .hint("one of newest, oldest, instance")
            })
    }
}

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
        let failure = execution.failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
        let texts = [batch_name, &execution.instance_name, &execution.instance_id, failure];
        let has = |text: &String| texts.iter().any(|it| it.to_lowercase().contains(&text.to_lowercase()));
        self.text.as_ref().is_none_or(has)
            && self.instance.as_ref().is_none_or(|id| execution.instance_id == *id)
            && self.workflow.is_none_or(|workflow| execution.workflow == Some(workflow))
            && self.status.is_none_or(|status| execution.status == status)
            && self.created_from.is_none_or(|from| execution.created_at >= from)
            && self.created_before.is_none_or(|before| execution.created_at < before)
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
