//! Events: every change by name, in order, with the fields that changed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::error::Error;

use super::{BatchId, ExecutionId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EventKind {
            $($(#[$doc])* $name,)*
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word stored and shown, equal in every language.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// The batch and its executions were written.
    BatchCreated = "batch_created",
    /// An execution has its slots; the POST goes out next.
    Submitting = "submitting",
    /// AMC took it.
    Submitted = "submitted",
    /// AMC had taken it although no answer had come: found again by our own workflow id.
    Adopted = "adopted",
    /// It is not known whether AMC took it; it will be looked up.
    SubmitUnresolved = "submit_unresolved",
    /// It was proved that AMC did not take it; it goes out again under the same id.
    Resubmitting = "resubmitting",
    /// It goes back to wait: AMC did not take it, or the worker stopped.
    Returned = "returned",
    /// AMC failed in a way that another attempt may mend.
    Retrying = "retrying",
    /// AMC finished; the result is being fetched.
    Collecting = "collecting",
    /// The result could not be fetched yet and will be fetched again.
    CollectDelayed = "collect_delayed",
    /// Another run of the same query has ended; its result is being copied.
    Reusing = "reusing",
    /// All rows are here.
    Completed = "completed",
    /// It failed for good.
    Failed = "failed",
    /// It was cancelled.
    Cancelled = "cancelled",
    /// A second live run of the same execution was found at AMC and cancelled.
    DuplicateCancelled = "duplicate_cancelled",
    /// It takes the place of one that ended.
    Retried = "retried",
    /// Somebody asked to cancel the batch.
    CancelRequested = "cancel_requested",
    /// Every execution is terminal; the last event, unless some are retried later.
    BatchFinished = "batch_finished",
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| Error::unexpected(format!("unknown event kind '{word}'")))
    }
}

/// One change of a batch or of one of its executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place among the batch's events, from 1 without gaps.
    pub sequence: i64,
    /// The batch.
    pub batch: BatchId,
    /// The execution it is about; `None` when it is about the batch itself.
    pub execution: Option<ExecutionId>,
    /// The AMC id of the execution's instance.
    pub instance_id: Option<String>,
    /// What happened.
    pub kind: EventKind,
    /// The fields that changed.
    pub detail: Map<String, Value>,
    /// When.
    pub at: DateTime<Utc>,
}
