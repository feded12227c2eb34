//! Accounts and the instances under them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::advertiser::{Advertiser, Update};
use super::execution::Key;
use super::runs::Runs;
use super::schedule::Schedule;
use super::similar::BySources;
use super::workflow::Workflow;

/// An AMC account, or what stands for one: an entity in a marketplace.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    #[serde(rename = "accountId")]
    pub(crate) id: String,
    #[serde(rename = "accountName")]
    pub(crate) name: String,
    pub(crate) marketplace_id: String,
    /// Runs computing now.
    #[serde(skip)]
    pub(crate) running: usize,
    /// Whether the list of accounts leaves it out.
    #[serde(skip)]
    pub(crate) unlisted: bool,
    /// Whether it is a sponsored-ads entity with an instance that it set up itself.
    #[serde(skip)]
    pub(crate) self_service: bool,
    /// Whether the caller has lost access.
    #[serde(skip)]
    pub(crate) revoked: bool,
}

/// What an instance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Sandbox,
}

/// An AMC instance with everything it holds.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The advertiser's name.
    pub(crate) advertiser_name: String,
    pub(crate) kind: Kind,
    /// The index of its account.
    pub(crate) account: usize,
    pub(crate) creation_status: &'static str,
    pub(crate) created: DateTime<Utc>,
    pub(crate) s3_bucket: String,
    pub(crate) aws_account: String,
    /// Whether reporting calls are refused.
    pub(crate) denied: bool,
    pub(crate) advertisers: Vec<Advertiser>,
    pub(crate) updates: Vec<Update>,
    pub(crate) workflows: BTreeMap<String, Workflow>,
    pub(crate) schedules: BTreeMap<String, Schedule>,
    /// Its executions in the order of creation.
    pub(crate) runs: Runs,
    /// The same by what they read, while that is checked.
    pub(crate) by_sources: BySources,
    /// Those that wait for a slot, oldest first.
    pub(crate) queue: BTreeSet<Key>,
    /// Runs computing now.
    pub(crate) running: usize,
}

impl Instance {
    /// Tells whether the instance can be used.
    pub(crate) fn is_completed(&self) -> bool {
        self.creation_status == "COMPLETED"
    }

    /// Tells how many runs are PENDING or RUNNING.
    pub(crate) fn open_runs(&self) -> usize {
        self.running + self.queue.len()
    }
}
