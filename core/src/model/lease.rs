//! Leases: who may change what, and how a write proves it.

use chrono::{DateTime, Utc};

use super::{ExecutionId, InstanceUuid, WorkerId};

/// A worker process and how long it is believed to live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Its id, new for every start.
    pub id: WorkerId,
    /// The credentials it holds: it takes work of no other.
    pub credential_keys: Vec<String>,
    /// When it counts as dead unless it beats again.
    pub lease_expires_at: DateTime<Utc>,
}

/// The right to change one execution, until somebody else takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The execution.
    pub execution: ExecutionId,
    /// The fencing token: a write under an older one changes nothing.
    pub token: i64,
}

/// What a write proves before it changes an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    /// The execution's own lease.
    pub lease: Lease,
    /// The lease of the instance's watch, where the writer is a watcher.
    pub watch: Option<(InstanceUuid, i64)>,
}

impl From<Lease> for Fence {
    fn from(lease: Lease) -> Self {
        Self { lease, watch: None }
    }
}

/// How many runs may live at AMC at once (AMC-documented: 10 an instance, 200 an account through the API).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one instance.
    pub per_instance: u32,
    /// For one account.
    pub per_account: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_instance: 10, per_account: 200 }
    }
}
