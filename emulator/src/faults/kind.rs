//! What can go wrong.

use serde::{Deserialize, Serialize};

/// What a fault does. Unless said otherwise it happens before the request has an effect; `after` moves it behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// Answers with a status.
    Status {
        /// The HTTP status, from 200 to 599.
        status: u16,
        /// Seconds for `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// What the body is.
        #[serde(default)]
        body: FaultBody,
        /// The sentence in the body; the status's own name if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        details: Option<String>,
        /// Whether the request has its effect first.
        #[serde(default)]
        after: bool,
    },
    /// Answers as the gateway does that lost patience: 504, `Endpoint request timed out`.
    GatewayTimeout {
        /// Whether the request has its effect first.
        #[serde(default)]
        after: bool,
    },
    /// Resets the connection instead of answering.
    Reset {
        /// Whether the request has its effect first.
        #[serde(default)]
        after: bool,
    },
    /// Lets the connection stand open and never answers.
    HalfOpen {
        /// Whether the request has its effect first.
        #[serde(default)]
        after: bool,
    },
    /// Answers late.
    Slow {
        /// Milliseconds of real time.
        delay_ms: u64,
    },
    /// Lets the request have its effect late, even when the caller has gone by then.
    LateEffect {
        /// Milliseconds of real time.
        delay_ms: u64,
    },
    /// Sends the body in small pieces, each of them late.
    Trickle {
        /// Milliseconds of real time before each piece.
        delay_ms: u64,
        /// How many pieces.
        #[serde(default = "default_pieces")]
        pieces: usize,
    },
    /// Ends the connection in the midst of the body.
    Truncate {
        /// How many bytes of the body arrive; half of them if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_bytes: Option<usize>,
    },
    /// Delivers the request twice; the second answer is sent.
    Duplicate,
    /// Ends all access tokens first.
    TokenExpired,
    /// Answers with download URLs that have expired already.
    ExpiredUrl,
    /// The execution created stays in a status for ever.
    Stuck {
        /// The status.
        status: StuckStatus,
    },
    /// The execution created is missing in lists for a while.
    LateInLists {
        /// Seconds of the emulator's clock.
        seconds: u64,
    },
    /// The execution created does not succeed.
    RunFails {
        /// How it ends.
        status: BadEnd,
        /// Its `statusReason`.
        reason: String,
    },
    /// The execution created computes longer, or shorter.
    RunTakes {
        /// Seconds of the emulator's clock.
        seconds: u64,
    },
}

/// The body of a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultBody {
    /// What serves the path writes it: AMC's `{"code","details"}`, OAuth's, S3's XML.
    #[default]
    Json,
    /// A page of a proxy.
    Html,
    /// None.
    Empty,
}

/// Where an execution is stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StuckStatus {
    /// It never runs.
    Pending,
    /// It never ends before its time-out.
    Running,
}

/// How an execution ends that does not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BadEnd {
    /// While it ran.
    Failed,
    /// Before it ran.
    Rejected,
}

fn default_pieces() -> usize {
    8
}

impl FaultKind {
    /// Makes an answer with a status and AMC's error body.
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, body: FaultBody::Json, details: None, after: false }
    }

    /// Makes an answer with a status that names the seconds to wait.
    pub fn retry_after(status: u16, seconds: u64) -> Self {
        Self::Status {
            status,
            retry_after: Some(seconds),
            body: FaultBody::Json,
            details: None,
            after: false,
        }
    }

    /// Gives the requests it makes sense for, where none are named: method and path.
    pub(super) fn usual_requests(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Stuck { .. } | Self::LateInLists { .. } | Self::RunFails { .. } | Self::RunTakes { .. } => {
                Some(("POST", "*/workflowExecutions"))
            }
            Self::ExpiredUrl => Some(("GET", "*/downloadUrls")),
            _ => None,
        }
    }
}
