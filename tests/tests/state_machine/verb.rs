//! What can happen to a store.

use amc_fleet::model::{Change, Failure, Receipt};
use chrono::{DateTime, TimeDelta, Utc};

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) enum Verb {
    /// A batch on every instance is written.
    Batch,
    /// Time passes.
    Pass { seconds: i64 },
    /// A worker says that it lives.
    Beat { worker: usize },
    /// A worker stops.
    Retire { worker: usize },
    /// A worker takes what is pending.
    Submits { worker: usize },
    /// A worker takes what is to be looked up.
    Lookups { worker: usize },
    /// A worker takes what is to be collected.
    Collects { worker: usize },
    /// Whoever proves `token` writes about a run.
    Write { run: usize, token: i64, word: Word },
    /// Somebody cancels a batch.
    Cancel { batch: usize },
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Resubmitting,
    Submitted,
    Adopted,
    Unresolved,
    LookUpDelayed,
    Returned,
    Observed,
    Collecting,
    CollectDelayed,
    Completed,
    Retrying,
    Failed,
    Cancelled,
}

impl Word {
    pub(crate) const ALL: [Self; 13] = [
        Self::Resubmitting,
        Self::Submitted,
        Self::Adopted,
        Self::Unresolved,
        Self::LookUpDelayed,
        Self::Returned,
        Self::Observed,
        Self::Collecting,
        Self::CollectDelayed,
        Self::Completed,
        Self::Retrying,
        Self::Failed,
        Self::Cancelled,
    ];

    /// How long what is put off waits.
    pub(crate) const WAIT: i64 = 15;
    /// How long a submit may take.
    pub(crate) const SUBMIT: i64 = 40;

    /// The change, as a worker writes it.
    pub(crate) fn change(self, run: usize, now: DateTime<Utc>) -> Change {
        let failure = Failure::new("trouble", "trouble");
        let later = now + TimeDelta::seconds(Self::WAIT);
        let (amc_execution_id, receipt) = (format!("amc-{run}"), Receipt::default());
        match self {
            Self::Resubmitting => {
                Change::Resubmitting { reconcile_at: now + TimeDelta::seconds(Self::SUBMIT) }
            }
            Self::Submitted => {
                Change::Submitted { amc_execution_id, adopted: false, watch_at: later, receipt }
            }
            Self::Adopted => Change::Submitted { amc_execution_id, adopted: true, watch_at: later, receipt },
            Self::Unresolved => Change::Unresolved { look_up_at: later, failure },
            Self::LookUpDelayed => Change::LookUpDelayed { look_up_at: later, failure },
            Self::Returned => Change::Returned { not_before: later, failure: Some(failure) },
            Self::Observed => Change::Observed { amc_status: "RUNNING".to_owned() },
            Self::Collecting => Change::Collecting,
            Self::CollectDelayed => Change::CollectDelayed { not_before: later, failure },
            Self::Completed => Change::Completed { row_count: 7, size_bytes: 99 },
            Self::Retrying => Change::Retrying { not_before: later, failure },
            Self::Failed => Change::Failed(failure),
            Self::Cancelled => Change::Cancelled,
        }
    }
}
