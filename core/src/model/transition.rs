//! How an execution may change: the one table, applied by every store.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::error::{Error, ErrorKind, Result};

use super::ExecutionStatus::{self, Cancelled, Collecting, Completed, Failed, Pending, Running, Submitting};
use super::{AttemptNote, EventKind, Execution, Failure, Receipt, WorkerId};

/// A change somebody wants to make.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A worker takes it to submit; until `reconcile_at` nobody else may look the outcome up.
    Submitting {
        /// The worker.
        worker: WorkerId,
        /// When an outcome that never came may be looked up at AMC.
        reconcile_at: DateTime<Utc>,
    },
    /// A worker takes it to look up or to collect.
    Claimed {
        /// The worker.
        worker: WorkerId,
    },
    /// It was proved that AMC did not take the last POST; another goes out under the same id.
    Resubmitting {
        /// When an outcome that never came may be looked up at AMC.
        reconcile_at: DateTime<Utc>,
    },
    /// AMC has it.
    Submitted {
        /// AMC's id.
        amc_execution_id: String,
        /// Whether it was found by looking, not told by the answer.
        adopted: bool,
        /// When its instance is to be listed next, at the latest.
        watch_at: DateTime<Utc>,
        /// What the answer said about itself.
        receipt: Receipt,
    },
    /// No clear answer came.
    Unresolved {
        /// When to look it up.
        look_up_at: DateTime<Utc>,
        /// What came instead of an answer.
        failure: Failure,
    },
    /// The look-up itself failed.
    LookUpDelayed {
        /// When to look it up again.
        look_up_at: DateTime<Utc>,
        /// Why.
        failure: Failure,
    },
    /// AMC provably did not take it; it waits again and the attempt is not consumed.
    Returned {
        /// Not before.
        not_before: DateTime<Utc>,
        /// Why; `None` when a stopping worker hands it back.
        failure: Option<Failure>,
    },
    /// A second run of the same execution lived at AMC and is cancelled there; the execution itself stays as it is.
    DuplicateCancelled {
        /// AMC's id of the second run.
        amc_execution_id: String,
    },
    /// AMC's word on the run changed.
    Observed {
        /// The word.
        amc_status: String,
    },
    /// AMC finished with results.
    Collecting,
    /// The result cannot be fetched yet.
    CollectDelayed {
        /// Not before.
        not_before: DateTime<Utc>,
        /// Why.
        failure: Failure,
    },
    /// All rows are stored.
    Completed {
        /// How many.
        row_count: i64,
        /// Bytes of AMC's files.
        size_bytes: i64,
    },
    /// The run whose result it takes has ended: a worker takes it to fetch that result.
    Reusing {
        /// The worker.
        worker: WorkerId,
    },
    /// It has a copy of the result of another run.
    Reused {
        /// How many rows.
        row_count: i64,
        /// Bytes of AMC's files.
        size_bytes: i64,
        /// AMC's id of that run.
        amc_execution_id: Option<String>,
        /// When AMC took that run: how old the data are.
        submitted_at: Option<DateTime<Utc>>,
    },
    /// That run came to nothing: it runs itself.
    NotReused,
    /// AMC ended the run in a way another attempt may mend.
    Retrying {
        /// Not before.
        not_before: DateTime<Utc>,
        /// What AMC said.
        failure: Failure,
    },
    /// It failed for good.
    Failed(Failure),
    /// It is cancelled: nothing of it lives at AMC.
    Cancelled,
    /// Somebody wants it cancelled: the gate closes at once.
    CancelRequested,
}

impl Change {
    fn name(&self) -> &'static str {
        match self {
            Self::Submitting { .. } => "submitting",
            Self::Claimed { .. } => "claimed",
            Self::Resubmitting { .. } => "resubmitting",
            Self::Submitted { .. } => "submitted",
            Self::Unresolved { .. } => "unresolved",
            Self::LookUpDelayed { .. } => "look_up_delayed",
            Self::Returned { .. } => "returned",
            Self::DuplicateCancelled { .. } => "duplicate_cancelled",
            Self::Observed { .. } => "observed",
            Self::Collecting => "collecting",
            Self::CollectDelayed { .. } => "collect_delayed",
            Self::Completed { .. } => "completed",
            Self::Reusing { .. } => "reusing",
            Self::Reused { .. } => "reused",
            Self::NotReused => "not_reused",
            Self::Retrying { .. } => "retrying",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
            Self::CancelRequested => "cancel_requested",
        }
    }

    /// Whether this change is allowed from a status.
    #[must_use]
    pub fn is_allowed_from(&self, status: ExecutionStatus) -> bool {
        self.allowed_from().contains(&status)
    }

    fn allowed_from(&self) -> &'static [ExecutionStatus] {
        match self {
            Self::Submitting { .. } | Self::Reusing { .. } => &[Pending],
            Self::Claimed { .. } => &[Submitting, Collecting],
            Self::Resubmitting { .. }
            | Self::Submitted { .. }
            | Self::Unresolved { .. }
            | Self::LookUpDelayed { .. }
            | Self::Returned { .. } => &[Submitting],
            Self::DuplicateCancelled { .. } => &[Submitting, Running],
            Self::Observed { .. } | Self::Collecting | Self::Retrying { .. } => &[Running],
            Self::CollectDelayed { .. } | Self::Completed { .. } | Self::Reused { .. } | Self::NotReused => {
                &[Collecting]
            }
            Self::Failed(_) => &[Pending, Submitting, Running, Collecting],
            Self::Cancelled => &[Submitting, Running],
            Self::CancelRequested => &[Pending, Submitting, Running, Collecting],
        }
    }
}

/// What happens to the slots of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotEffect {
    /// As they are.
    Keep,
    /// One of the instance and one of the account are taken.
    Take,
    /// Both are freed: nothing of it lives at AMC.
    Free,
}

/// A change worked out: what the execution becomes and what goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The execution afterwards.
    pub after: Execution,
    /// The event, unless the change is nothing anybody waits for.
    pub event: Option<EventKind>,
    /// The event's changed fields.
    pub detail: Map<String, Value>,
    /// What happens to its slots.
    pub slots: SlotEffect,
    /// What its attempt's record learns.
    pub attempt: Option<AttemptNote>,
    /// When its instance is to be listed next, at the latest.
    pub watch_at: Option<DateTime<Utc>>,
    /// How long its run took, where it has just succeeded.
    pub ran: Option<TimeDelta>,
}

impl Execution {
    /// Works out a change.
    ///
    /// # Errors
    /// `Conflict` (`illegal_transition`) when the table does not allow it from here.
    pub fn transition(&self, change: &Change, now: DateTime<Utc>) -> Result<Transition> {
        // Nothing is sent again for somebody who wants it no more.
        let is_closed = self.cancel_requested_at.is_some() && matches!(change, Change::Resubmitting { .. });
        if is_closed || self.takes_the_wrong_way(change) || !change.is_allowed_from(self.status) {
            let message = format!("{} is {}: '{}' is not allowed", self.id, self.status, change.name());
            return Err(Error::new(ErrorKind::Conflict, "illegal_transition", message));
        }
        let mut after = self.clone();
        let event = after.change(change, now);
        Ok(Transition {
            event,
            detail: detail(change, &after),
            slots: slots(change, &after),
            attempt: AttemptNote::of(self, change, &after, now),
            watch_at: match change {
                Change::Submitted { watch_at, .. } => Some(*watch_at),
                _ => None,
            },
            ran: self.submitted_at.filter(|_| *change == Change::Collecting).map(|at| now - at),
            after,
        })
    }

    /// What waits for another's result is not submitted, and nothing else takes one. What AMC has finished with is past
    /// being cancelled.
    fn takes_the_wrong_way(&self, change: &Change) -> bool {
        match change {
            Change::Submitting { .. } | Change::Completed { .. } => self.reuse_of.is_some(),
            Change::Reusing { .. } | Change::Reused { .. } | Change::NotReused => self.reuse_of.is_none(),
            Change::CancelRequested => !self.can_be_cancelled(),
            _ => false,
        }
    }

    fn change(&mut self, change: &Change, now: DateTime<Utc>) -> Option<EventKind> {
        match change {
            Change::Submitting { worker, reconcile_at } => self.submitting(*worker, *reconcile_at, now),
            Change::Claimed { worker } => self.claim(*worker),
            Change::Resubmitting { reconcile_at } => self.post(*reconcile_at, now),
            Change::Submitted { amc_execution_id, adopted, .. } => {
                self.submitted(amc_execution_id, *adopted, now)
            }
            Change::Unresolved { look_up_at, failure } => self.unresolved(*look_up_at, failure),
            Change::LookUpDelayed { look_up_at, failure } => self.put_off(*look_up_at, failure, None),
            Change::Returned { .. } | Change::Retrying { .. } if self.cancel_requested_at.is_some() => {
                self.end(Cancelled, None, EventKind::Cancelled, now)
            }
            Change::Returned { not_before, failure } => self.returned(*not_before, failure.as_ref()),
            Change::DuplicateCancelled { .. } => Some(EventKind::DuplicateCancelled),
            Change::Observed { amc_status } => self.observed(amc_status),
            Change::Collecting => self.collecting(),
            Change::CollectDelayed { not_before, failure } => {
                self.put_off(*not_before, failure, Some(EventKind::CollectDelayed))
            }
            Change::Completed { row_count, size_bytes } => self.completed(*row_count, *size_bytes, now),
            Change::Reusing { worker } => self.reusing(*worker, now),
            Change::Reused { row_count, size_bytes, amc_execution_id, submitted_at } => {
                self.amc_execution_id.clone_from(amc_execution_id);
                self.submitted_at = *submitted_at;
                self.completed(*row_count, *size_bytes, now)
            }
            Change::NotReused => self.not_reused(now),
            Change::Retrying { not_before, failure } => self.retrying(*not_before, failure),
            Change::Failed(failure) => self.end(Failed, Some(failure), EventKind::Failed, now),
            Change::Cancelled => self.end(Cancelled, None, EventKind::Cancelled, now),
            Change::CancelRequested => self.cancel_requested(now),
        }
    }

    fn claim(&mut self, worker: WorkerId) -> Option<EventKind> {
        self.worker = Some(worker);
        self.lease_token += 1;
        None
    }

    fn submitting(
        &mut self,
        worker: WorkerId,
        reconcile_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<EventKind> {
        self.status = Submitting;
        self.claim(worker);
        self.amc_workflow_id = Some(self.workflow_id_of_attempt());
        self.started_at.get_or_insert(now);
        self.blocked_reason = None;
        self.post(reconcile_at, now);
        Some(EventKind::Submitting)
    }

    fn post(&mut self, reconcile_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<EventKind> {
        self.submitting_at = Some(now);
        self.not_before = Some(reconcile_at);
        Some(EventKind::Resubmitting)
    }

    fn submitted(&mut self, amc_execution_id: &str, adopted: bool, now: DateTime<Utc>) -> Option<EventKind> {
        self.amc_execution_id = Some(amc_execution_id.to_owned());
        self.amc_status = Some("PENDING".into());
        self.submitted_at = Some(now);
        (self.deferrals, self.unknown_answers) = (0, 0);
        self.wait(Running, None, None);
        Some(if adopted { EventKind::Adopted } else { EventKind::Submitted })
    }

    fn unresolved(&mut self, look_up_at: DateTime<Utc>, failure: &Failure) -> Option<EventKind> {
        self.unknown_answers += 1;
        self.wait(Submitting, Some(look_up_at), Some(failure));
        Some(EventKind::SubmitUnresolved)
    }

    /// The same step again later.
    fn put_off(
        &mut self,
        until: DateTime<Utc>,
        failure: &Failure,
        event: Option<EventKind>,
    ) -> Option<EventKind> {
        self.deferrals += 1;
        self.wait(self.status, Some(until), Some(failure));
        event
    }

    fn returned(&mut self, not_before: DateTime<Utc>, failure: Option<&Failure>) -> Option<EventKind> {
        self.deferrals += i64::from(failure.is_some());
        self.wait(Pending, Some(not_before), failure);
        Some(EventKind::Returned)
    }

    fn observed(&mut self, amc_status: &str) -> Option<EventKind> {
        self.amc_status = Some(amc_status.to_owned());
        None
    }

    fn collecting(&mut self) -> Option<EventKind> {
        self.amc_status = Some("SUCCEEDED".into());
        self.deferrals = 0;
        self.wait(Collecting, None, None);
        Some(EventKind::Collecting)
    }

    fn completed(&mut self, row_count: i64, size_bytes: i64, now: DateTime<Utc>) -> Option<EventKind> {
        (self.row_count, self.size_bytes) = (Some(row_count), Some(size_bytes));
        self.end(Completed, None, EventKind::Completed, now)
    }

    fn reusing(&mut self, worker: WorkerId, now: DateTime<Utc>) -> Option<EventKind> {
        self.status = Collecting;
        self.claim(worker);
        self.started_at.get_or_insert(now);
        self.blocked_reason = None;
        Some(EventKind::Reusing)
    }

    fn not_reused(&mut self, now: DateTime<Utc>) -> Option<EventKind> {
        self.reuse_of = None;
        self.deferrals = 0;
        self.wait(Pending, Some(now), None);
        Some(EventKind::Returned)
    }

    /// AMC ended the run, so that the next one may have an id of its own.
    fn retrying(&mut self, not_before: DateTime<Utc>, failure: &Failure) -> Option<EventKind> {
        self.attempt += 1;
        (self.deferrals, self.unknown_answers) = (0, 0);
        (self.amc_workflow_id, self.amc_execution_id, self.amc_status) = (None, None, None);
        self.submitted_at = None;
        self.wait(Pending, Some(not_before), Some(failure));
        Some(EventKind::Retrying)
    }

    /// Lets go of it until `not_before`. The token moves on, so that whoever held it can write no more.
    fn wait(
        &mut self,
        status: ExecutionStatus,
        not_before: Option<DateTime<Utc>>,
        failure: Option<&Failure>,
    ) {
        self.status = status;
        self.worker = None;
        self.lease_token += 1;
        self.not_before = not_before;
        self.blocked_reason = failure.map(|failure| failure.code.clone());
        self.failure = failure.cloned();
    }

    fn end(
        &mut self,
        status: ExecutionStatus,
        failure: Option<&Failure>,
        event: EventKind,
        now: DateTime<Utc>,
    ) -> Option<EventKind> {
        self.wait(status, None, failure);
        self.blocked_reason = None;
        self.completed_at = Some(now);
        Some(event)
    }

    /// What waits is cancelled at once. A submit that is out keeps its lease, so that its answer is written and AMC can
    /// be told; a watcher that does not know yet loses its own.
    fn cancel_requested(&mut self, now: DateTime<Utc>) -> Option<EventKind> {
        self.cancel_requested_at.get_or_insert(now);
        self.lease_token += i64::from(self.status == Running);
        let runs_nowhere = matches!(self.status, Pending | Collecting);
        if runs_nowhere { self.end(Cancelled, None, EventKind::Cancelled, now) } else { None }
    }
}

fn slots(change: &Change, after: &Execution) -> SlotEffect {
    match change {
        Change::Submitting { .. } => SlotEffect::Take,
        Change::Returned { .. } | Change::Retrying { .. } | Change::Collecting => SlotEffect::Free,
        _ if after.status.is_terminal() => SlotEffect::Free,
        _ => SlotEffect::Keep,
    }
}

fn detail(change: &Change, after: &Execution) -> Map<String, Value> {
    let fields = match change {
        Change::Submitting { .. } => {
            json!({ "attempt": after.attempt, "amc_workflow_id": after.amc_workflow_id })
        }
        Change::Submitted { amc_execution_id, .. } | Change::DuplicateCancelled { amc_execution_id } => {
            json!({ "amc_execution_id": amc_execution_id })
        }
        Change::Completed { row_count, size_bytes } => {
            json!({ "row_count": row_count, "size_bytes": size_bytes })
        }
        Change::Reusing { .. } => json!({ "reuse_of": after.reuse_of.map(|source| source.public()) }),
        Change::Reused { row_count, size_bytes, amc_execution_id, submitted_at } => json!({
            "row_count": row_count, "size_bytes": size_bytes, "amc_execution_id": amc_execution_id,
            "submitted_at": submitted_at, "age_seconds": after.age_seconds(),
        }),
        Change::Failed(failure) => json!({ "error_code": failure.code, "error_message": failure.message }),
        Change::Unresolved { look_up_at: not_before, failure }
        | Change::CollectDelayed { not_before, failure }
        | Change::Retrying { not_before, failure }
        | Change::Returned { not_before, failure: Some(failure) } => {
            json!({ "not_before": not_before, "error_code": failure.code, "error_message": failure.message })
        }
        _ => Value::Null,
    };
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
