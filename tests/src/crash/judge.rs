//! What a round came to: the promises, counted.

use amc_fleet::Error;
use amc_fleet::model::{Event, EventKind, Execution, ExecutionStatus, Story, fold};

use super::look::Look;
use crate::witness::Witness;

/// What was counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdict {
    /// Runs at AMC.
    pub runs: usize,
    /// Executions that did not complete.
    pub lost: usize,
    /// Runs under a workflow id beyond the first that were let live to their end.
    pub duplicated: usize,
    /// Moments at which more runs of an instance lived than were allowed.
    pub over_limit: usize,
    /// Events that the story of their execution does not allow, and stories that are not what is stored.
    pub stale_writes: usize,
}

impl Verdict {
    /// Whether every promise was kept.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lost + self.duplicated + self.over_limit + self.stale_writes == 0
    }

    /// Adds another round's.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.over_limit += other.over_limit;
        self.stale_writes += other.stale_writes;
    }

    pub(super) async fn of(
        look: &Look,
        witness: &Witness,
        expected: usize,
        per_instance: usize,
    ) -> Result<Self, Error> {
        let executions = look.executions().await?;
        let completed = executions.iter().filter(|it| it.status == ExecutionStatus::Completed).count();
        let mut stale_writes = 0;
        for batch in look.batches().await? {
            let events = look.events(batch).await?;
            stale_writes += unheard_of(&events) + untold(&events, &executions);
        }
        Ok(Self {
            runs: witness.runs(),
            lost: expected.saturating_sub(completed),
            duplicated: witness.live_duplicates(),
            over_limit: witness.over(per_instance),
            stale_writes,
        })
    }
}

/// Events that do not follow from those before.
fn unheard_of(events: &[Event]) -> usize {
    (0..events.len()).filter(|end| !follows(&events[..*end], &events[*end])).count()
}

fn follows(before: &[Event], event: &Event) -> bool {
    use ExecutionStatus::{Collecting, Pending, Running, Submitting};
    let Some(execution) = event.execution else { return true };
    let own = before.iter().filter(|earlier| earlier.execution == Some(execution));
    let status = own.fold(Story::default(), Story::then).status;
    match event.kind {
        EventKind::Submitting | EventKind::Reusing => status == Pending,
        EventKind::Submitted | EventKind::Adopted | EventKind::SubmitUnresolved | EventKind::Resubmitting => {
            status == Submitting
        }
        EventKind::Returned => matches!(status, Submitting | Collecting),
        EventKind::DuplicateCancelled => matches!(status, Submitting | Running),
        EventKind::Retrying | EventKind::Collecting => status == Running,
        EventKind::CollectDelayed | EventKind::Completed => status == Collecting,
        _ => !status.is_terminal(),
    }
}

/// Executions of the events' batch that are not as the events tell.
fn untold(events: &[Event], executions: &[Execution]) -> usize {
    let stories = fold(events);
    let differs = |execution: &&Execution| {
        stories.get(&execution.id).is_some_and(|story| {
            (story.status, story.attempt, &story.amc_execution_id, story.row_count)
                != (execution.status, execution.attempt, &execution.amc_execution_id, execution.row_count)
        })
    };
    executions.iter().filter(differs).count()
}
