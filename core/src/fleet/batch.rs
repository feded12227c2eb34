//! The handle on one batch.

use std::str::FromStr;
use std::time::Duration;

use futures::{Stream, StreamExt, TryStreamExt};

use super::causes::causes;
use super::results::Query;
use super::{BatchReport, Fleet, Results, ResultsOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Batch, BatchId, Event, EventKind, Execution, ExecutionStatus, IdRef, Skipped};

/// How often a waiter looks for changes other processes made; those of this process wake it at once.
pub(super) const POLL: Duration = Duration::from_millis(500);
/// Events read at once.
const EVENTS: u32 = 500;

/// A batch of a fleet. Dropping it stops nothing; only [`cancel`](Self::cancel) cancels.
#[derive(Debug, Clone)]
pub struct BatchHandle {
    pub(super) fleet: Fleet,
    id: BatchId,
    name: String,
    skipped: Vec<Skipped>,
}

/// Which executions run again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RetryOnly {
    /// Those that failed.
    #[default]
    Failed,
    /// Those that were cancelled.
    Cancelled,
    /// Both.
    Incomplete,
}

impl RetryOnly {
    fn statuses(self) -> &'static [ExecutionStatus] {
        match self {
            Self::Failed => &[ExecutionStatus::Failed],
            Self::Cancelled => &[ExecutionStatus::Cancelled],
            Self::Incomplete => &[ExecutionStatus::Failed, ExecutionStatus::Cancelled],
        }
    }
}

impl FromStr for RetryOnly {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "failed" => Ok(Self::Failed),
            "cancelled" => Ok(Self::Cancelled),
            "incomplete" => Ok(Self::Incomplete),
            _ => Err(Error::invalid("unknown_retry", format!("only = '{word}' means nothing"))
                .hint("one of failed, cancelled, incomplete")),
        }
    }
}

impl BatchHandle {
    pub(super) fn new(fleet: Fleet, batch: &Batch) -> Self {
        Self { fleet, id: batch.id, name: batch.name.clone(), skipped: batch.skipped.clone() }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> BatchId {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was asked for and left out.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Where it stands at this moment.
    ///
    /// # Errors
    /// `NotFound` when it was deleted; otherwise only the store's own.
    pub async fn status(&self) -> Result<BatchReport> {
        let batch = self.record().await?;
        let executions = self.executions().await?;
        let nobody_works = !batch.status.is_terminal() && self.nobody_works(&executions).await?;
        let causes = causes(&executions, &batch, &self.fleet.scope(), self.fleet.0.store.as_ref()).await?;
        let superseded = self.fleet.0.store.superseded(&self.fleet.scope(), self.id).await?;
        Ok(BatchReport::new(batch, executions, superseded, causes, nobody_works))
    }

    /// Waits until every execution has ended, or until `timeout`. The batch goes on either way.
    ///
    /// # Errors
    /// `Timeout` (`wait_timed_out`) when the time is over first. A failed batch is no error here: ask
    /// [`BatchReport::failure`].
    pub async fn wait(&self, timeout: Option<Duration>) -> Result<BatchReport> {
        let clock = &self.fleet.0.surroundings.clock;
        let until = timeout.map(|timeout| clock.now() + timeout);
        let mut changes = self.fleet.0.signals.listen();
        while !self.record().await?.status.is_terminal() {
            if until.is_some_and(|until| clock.now() >= until) {
                return Err(self.timed_out().await?);
            }
            tokio::select! {
                _ = changes.changed() => {}
                () = clock.sleep(POLL) => {}
            }
        }
        self.status().await
    }

    async fn timed_out(&self) -> Result<Error> {
        let report = self.status().await?;
        let open = report.pending_instances + report.running_instances;
        let message = format!("{} has {open} of {} executions to go", self.id, report.total_instances);
        Ok(Error::new(ErrorKind::Timeout, "wait_timed_out", message)
            .hint("the batch goes on: wait again, or look at its status"))
    }

    /// Every event after a sequence, in order and as it happens, until the batch has ended.
    pub fn events(&self, after: i64) -> impl Stream<Item = Result<Event>> + Send + 'static {
        let handle = self.clone();
        let pages = futures::stream::try_unfold(Some(after), move |next| {
            let handle = handle.clone();
            async move {
                let Some(after) = next else { return Ok(None) };
                let page = handle.next_events(after).await?;
                let ended = match page.last() {
                    None => true,
                    // A batch that is retried goes on after its end.
                    Some(event) if event.kind == EventKind::BatchFinished => {
                        handle.record().await?.status.is_terminal()
                    }
                    Some(_) => false,
                };
                let last = page.last().map(|event| event.sequence);
                Ok::<_, Error>(Some((page, last.filter(|_| !ended))))
            }
        });
        pages.map_ok(|page| futures::stream::iter(page).map(Ok)).try_flatten()
    }

    /// Waits for events after a sequence; none means that the batch has ended and has told everything.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn next_events(&self, after: i64) -> Result<Vec<Event>> {
        let mut changes = self.fleet.0.signals.listen();
        loop {
            // Read before the events, so that an end between the two is not taken for the end of the events.
            let ended = self.record().await?.status.is_terminal();
            let events = self.fleet.0.store.events(&self.fleet.scope(), self.id, after, EVENTS).await?;
            if ended || !events.is_empty() {
                return Ok(events);
            }
            tokio::select! {
                _ = changes.changed() => {}
                () = self.fleet.0.surroundings.clock.sleep(POLL) => {}
            }
        }
    }

    /// The merged result of every completed execution: [`Missing`](super::Missing) alone, or more of how it is merged.
    ///
    /// # Errors
    /// `Incomplete` (`results_incomplete`), naming the missing instances, unless `missing` says to include what there is.
    pub async fn results(&self, options: impl Into<ResultsOptions>) -> Result<Results> {
        let report = self.status().await?;
        let executions = self.executions().await?;
        let instances = self.fleet.all_instances().await?;
        let query =
            Query::of(&executions, &instances, &self.fleet.scope(), self.fleet.0.store.as_ref()).await?;
        Results::open(report, executions, query, options.into(), self.fleet.home()).await
    }

    /// Runs again what did not complete, each under the same parameters and over the same window, in this batch. What it
    /// takes the place of stays visible as `superseded`. Returns how many.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn retry(&self, only: RetryOnly) -> Result<usize> {
        let (store, surroundings) = (&self.fleet.0.store, &self.fleet.0.surroundings);
        let (ids, now) = (surroundings.ids.as_ref(), surroundings.clock.now());
        let fresh = store.retry(&self.fleet.scope(), self.id, only.statuses(), ids, now).await?;
        self.fleet.0.signals.raise();
        Ok(fresh.len())
    }

    async fn nobody_works(&self, executions: &[Execution]) -> Result<bool> {
        let now = self.fleet.0.surroundings.clock.now();
        let open = executions.iter().find(|execution| !execution.status.is_terminal());
        match open {
            Some(execution) => Ok(!self.fleet.0.store.somebody_works(&execution.credential_key, now).await?),
            None => Ok(false),
        }
    }

    async fn record(&self) -> Result<Batch> {
        let found = self.fleet.0.store.batch(&self.fleet.scope(), &IdRef::from(self.id)).await?;
        found.ok_or_else(|| Error::not_found("unknown_batch", format!("{} is gone", self.id)))
    }

    pub(super) async fn executions(&self) -> Result<Vec<Execution>> {
        self.fleet.0.store.executions(&self.fleet.scope(), self.id).await
    }
}
