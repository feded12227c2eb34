//! What a test tells the AMC in memory to do.

use std::time::Duration;

use bytes::Bytes;

use crate::client::RunStatus;
use crate::results::OutputColumn;

/// What becomes of a run, and what it leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct RunScript {
    /// How long after its submit the run ends; `None`: when the test ends it.
    pub duration: Option<Duration>,
    /// How it ends.
    pub ending: RunStatus,
    /// AMC's words about a run that ends without a result.
    pub reason: Option<String>,
    /// The columns of its result.
    pub columns: Vec<OutputColumn>,
    /// The CSV bytes of its result, part by part, in the dialect of the request.
    pub parts: Vec<Bytes>,
}

impl Default for RunScript {
    /// Succeeds after a minute with one row: campaign `Brand`, 1 impression.
    fn default() -> Self {
        Self {
            duration: Some(Duration::from_secs(60)),
            ending: RunStatus::Succeeded,
            reason: None,
            columns: vec![OutputColumn::new("campaign", "STRING"), OutputColumn::new("impressions", "LONG")],
            parts: vec![Bytes::from_static(b"campaign,impressions\nBrand,1\n")],
        }
    }
}

/// What goes wrong with one submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitFault {
    /// AMC refuses the request for good.
    Refused,
    /// AMC asks to slow down; nothing was taken.
    Throttled {
        /// The `Retry-After` of the answer.
        retry_after: Option<Duration>,
    },
    /// The connection is lost before AMC takes the run: unknown to the client, and there is none.
    LostBefore,
    /// The connection is lost after AMC took the run: unknown to the client, and there is one.
    LostAfter,
    /// No answer in time, though AMC took the run.
    TimedOut {
        /// How long AMC's listing hides the run.
        hidden_for: Duration,
    },
}
