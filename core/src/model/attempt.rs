//! The debug record of an attempt: what was asked of AMC under one workflow id, and what it answered.

use chrono::{DateTime, Utc};

use super::{Change, Execution};

/// What an answer of AMC says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The HTTP status.
    pub http_status: Option<u16>,
    /// AMC's id of the request.
    pub request_id: Option<String>,
}

/// One attempt, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: i64,
    /// How many POSTs went out under its workflow id.
    pub posts: i64,
    /// What happened to it last, by the word of the event.
    pub outcome: String,
    /// The workflow id it was submitted under.
    pub amc_workflow_id: Option<String>,
    /// AMC's id of its run.
    pub amc_execution_id: Option<String>,
    /// The HTTP status of the last answer to a submit that had one.
    pub http_status: Option<i64>,
    /// AMC's id of the last request that told one.
    pub request_id: Option<String>,
    /// A stable code of what went wrong last.
    pub error_code: Option<String>,
    /// What went wrong last, in words.
    pub error_message: Option<String>,
    /// When its first POST was about to go out.
    pub started_at: DateTime<Utc>,
    /// When its last POST was about to go out.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it was last known what became of a POST, or that nobody knows.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What the debug record of an attempt learns from a change, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptNote(Attempt);

/// What kind of news a change is for its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// A POST is about to go out.
    Posting,
    /// Something was learned about it; it may go on.
    Learned,
    /// It is over.
    Ended,
}

impl AttemptNote {
    /// What a change tells about the attempt that is current before it.
    pub(super) fn of(
        before: &Execution,
        change: &Change,
        after: &Execution,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let (news, outcome) = news(change)?;
        let failure = after.failure.as_ref();
        let receipt = receipt(change, after);
        Some(Self(Attempt {
            number: before.attempt,
            posts: i64::from(news == News::Posting),
            outcome: outcome.to_owned(),
            amc_workflow_id: after.amc_workflow_id.clone(),
            amc_execution_id: after.amc_execution_id.clone(),
            http_status: receipt.http_status.map(i64::from),
            request_id: receipt.request_id,
            error_code: failure.map(|failure| failure.code.clone()),
            error_message: failure.map(|failure| failure.message.clone()),
            started_at: now,
            posted_at: (news == News::Posting).then_some(now),
            answered_at: (news == News::Learned).then_some(now),
            ended_at: (news == News::Ended).then_some(now),
        }))
    }

    /// The record, where this is the first that is heard of the attempt.
    #[must_use]
    pub fn first(&self) -> &Attempt {
        &self.0
    }

    /// The record after what it was before. A database says the same in one statement.
    #[must_use]
    pub fn after(self, earlier: Attempt) -> Attempt {
        let news = self.0;
        Attempt {
            number: earlier.number,
            posts: earlier.posts + news.posts,
            outcome: news.outcome,
            amc_workflow_id: earlier.amc_workflow_id,
            amc_execution_id: news.amc_execution_id.or(earlier.amc_execution_id),
            http_status: news.http_status.or(earlier.http_status),
            request_id: news.request_id.or(earlier.request_id),
            error_code: news.error_code,
            error_message: news.error_message,
            started_at: earlier.started_at,
            posted_at: news.posted_at.or(earlier.posted_at),
            answered_at: news.answered_at.or(earlier.answered_at),
            ended_at: news.ended_at,
        }
    }
}

fn news(change: &Change) -> Option<(News, &'static str)> {
    Some(match change {
        Change::Submitting { .. } => (News::Posting, "submitting"),
        Change::Resubmitting { .. } => (News::Posting, "resubmitting"),
        Change::Submitted { adopted: false, .. } => (News::Learned, "submitted"),
        Change::Submitted { adopted: true, .. } => (News::Learned, "adopted"),
        Change::Unresolved { .. } => (News::Learned, "submit_unresolved"),
        Change::Returned { .. } => (News::Learned, "returned"),
        Change::Collecting => (News::Ended, "succeeded"),
        Change::Retrying { .. } => (News::Ended, "retrying"),
        Change::Failed(_) => (News::Ended, "failed"),
        Change::Cancelled => (News::Ended, "cancelled"),
        _ => return None,
    })
}

fn receipt(change: &Change, after: &Execution) -> Receipt {
    if let Change::Submitted { receipt, .. } = change {
        return receipt.clone();
    }
    let detail = after.failure.as_ref().map(|failure| &failure.detail);
    let field = |name: &str| detail.and_then(|detail| detail.get(name));
    Receipt {
        http_status: field("http_status").and_then(|status| status.as_u64()?.try_into().ok()),
        request_id: field("request_id").and_then(|id| id.as_str()).map(ToOwned::to_owned),
    }
}
