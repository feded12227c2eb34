//! Which batches and workflows to list, and in which order.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::words::words;
use crate::model::{Batch, BatchStatus, Workflow, WorkflowId};

words! {
    /// In which order executions are listed.
    ExecutionSort, "unknown_sort", "order of executions" {
        #[default]
        /// The newest first.
        Newest = "newest",
        /// The oldest first.
        Oldest = "oldest",
        /// By the name of the instance, the newest first.
        Instance = "instance",
    }
}

words! {
    /// In which order batches are listed.
    BatchSort, "unknown_sort", "order of batches" {
        #[default]
        /// The newest first.
        Newest = "newest",
        /// The oldest first.
        Oldest = "oldest",
        /// By name, the newest first.
        Name = "name",
    }
}

words! {
    /// In which order workflows are listed.
    WorkflowSort, "unknown_sort", "order of workflows" {
        #[default]
        /// By name.
        Name = "name",
        /// The last changed first.
        Newest = "newest",
        /// The last changed last.
        Oldest = "oldest",
    }
}

/// Which batches to list; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchFilter {
    /// With this text in their name, description or key, in any case.
    pub text: Option<String>,
    /// On the instance of this AMC id, among others.
    pub instance: Option<String>,
    /// Of this workflow.
    pub workflow: Option<WorkflowId>,
    /// With this status.
    pub status: Option<BatchStatus>,
    /// Created at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Created before.
    pub created_before: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: BatchSort,
}

impl BatchFilter {
    /// Whether a batch is one of those asked for.
    #[must_use]
    pub fn admits(&self, batch: &Batch) -> bool {
        let texts = [Some(&batch.name), batch.description.as_ref(), batch.idempotency_key.as_ref()];
        said(self.text.as_ref(), texts)
            && self.instance.as_ref().is_none_or(|id| batch.instance_ids.contains(id))
            && self.workflow.is_none_or(|workflow| batch.workflow == Some(workflow))
            && self.status.is_none_or(|status| batch.status == status)
            && within(self.created_from, self.created_before, batch.created_at)
    }
}

/// Which workflows to list; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkflowFilter {
    /// With this text in their name, description or query, in any case.
    pub text: Option<String>,
    /// That ran, or are to run, on the instance of this AMC id.
    pub instance: Option<String>,
    /// Last changed at or after.
    pub updated_from: Option<DateTime<Utc>>,
    /// Last changed before.
    pub updated_before: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: WorkflowSort,
}

impl WorkflowFilter {
    /// Whether a workflow that ran on these instances is one of those asked for.
    #[must_use]
    pub fn admits<'i>(&self, workflow: &Workflow, mut ran_on: impl Iterator<Item = &'i str>) -> bool {
        let texts = [Some(&workflow.name), workflow.description.as_ref(), Some(&workflow.sql)];
        said(self.text.as_ref(), texts)
            && self.instance.as_ref().is_none_or(|id| ran_on.any(|it| it == id))
            && within(self.updated_from, self.updated_before, workflow.updated_at)
    }
}

/// Whether a text stands in one of others, in any case.
pub(super) fn said<'t>(text: Option<&String>, texts: impl IntoIterator<Item = Option<&'t String>>) -> bool {
    let Some(text) = text.map(|text| text.to_lowercase()) else { return true };
    texts.into_iter().flatten().any(|it| it.to_lowercase().contains(&text))
}

/// Whether an instant lies at or after one and before another.
pub(super) fn within(from: Option<DateTime<Utc>>, before: Option<DateTime<Utc>>, at: DateTime<Utc>) -> bool {
    from.is_none_or(|from| at >= from) && before.is_none_or(|before| at < before)
}
