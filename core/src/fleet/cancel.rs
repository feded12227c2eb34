//! Cancelling: the gate closes first, then AMC is told, then it is read what came of it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::batch::POLL;
use super::{BatchHandle, Fleet};
use crate::error::{Error, Result};
use crate::model::{BatchId, Execution, ExecutionId, ExecutionStatus, IdRef, Instance};
use crate::store::CancelTarget;

/// How long a cancel waits for the outcome of submits that are out: a POST takes no longer.
const LONGEST_SUBMIT: Duration = Duration::from_secs(12);

/// What a cancel came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CancelReport {
    /// Executions that are cancelled now.
    pub cancelled: i64,
    /// Executions that had ended before, or ended meanwhile in another way.
    pub already_finished: i64,
    /// Executions that may still live at AMC; they are watched until they end.
    pub not_cancelled: i64,
}

impl BatchHandle {
    /// Cancels what has not ended: nothing more is submitted from now on, and AMC is told about what it runs.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn cancel(&self) -> Result<CancelReport> {
        let total = self.executions().await?.len();
        let report = self.fleet.cancel(CancelTarget::Batch(self.id())).await?;
        let concerned = report.cancelled + report.already_finished + report.not_cancelled;
        let before = i64::try_from(total).unwrap_or(i64::MAX) - concerned;
        Ok(CancelReport { already_finished: report.already_finished + before, ..report })
    }
}

impl Fleet {
    /// Cancels one execution, by either id; its batch goes on.
    ///
    /// # Errors
    /// `NotFound` (`unknown_execution`); otherwise only the store's own.
    pub async fn cancel_execution(&self, id: &str) -> Result<CancelReport> {
        let execution = self.execution(id).await?;
        if execution.status.is_terminal() {
            return Ok(CancelReport { already_finished: 1, ..CancelReport::default() });
        }
        self.cancel(CancelTarget::Execution(execution.id)).await
    }

    /// Cancels everything of this owner that has not ended.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn cancel_all(&self) -> Result<CancelReport> {
        self.cancel(CancelTarget::Everything).await
    }

    pub(super) async fn execution(&self, id: &str) -> Result<Execution> {
        let found = self.0.store.execution(&self.scope(), &id.parse::<IdRef>()?).await?;
        found.ok_or_else(|| {
            Error::not_found("unknown_execution", format!("no execution '{id}'"))
                .hint("give its id (exec_…) or its UUID, as the report of its batch shows it")
        })
    }

    async fn cancel(&self, target: CancelTarget) -> Result<CancelReport> {
        let now = self.0.surroundings.clock.now();
        let mut concerned = Concerned::of(&self.0.store.request_cancel(&self.scope(), target, now).await?);
        self.0.signals.raise();
        concerned.hear_of_submits(self).await?;
        concerned.tell_amc(self).await?;
        let after = concerned.read(self).await?;
        let count = |wanted: &dyn Fn(ExecutionStatus) -> bool| {
            i64::try_from(after.iter().filter(|it| wanted(it.status)).count()).unwrap_or(i64::MAX)
        };
        let cancelled = count(&|status| status == ExecutionStatus::Cancelled);
        let ended = count(&ExecutionStatus::is_terminal);
        let not_cancelled = count(&|status| !status.is_terminal());
        Ok(CancelReport { cancelled, already_finished: ended - cancelled, not_cancelled })
    }
}

/// The executions that a cancel concerns.
struct Concerned {
    ids: BTreeSet<ExecutionId>,
    batches: BTreeSet<BatchId>,
    /// Whether a submit may be out.
    is_out: bool,
}

impl Concerned {
    fn of(executions: &[Execution]) -> Self {
        Self {
            ids: executions.iter().map(|execution| execution.id).collect(),
            batches: executions.iter().map(|execution| execution.batch).collect(),
            is_out: executions.iter().any(|execution| execution.status == ExecutionStatus::Submitting),
        }
    }

    async fn read(&self, fleet: &Fleet) -> Result<Vec<Execution>> {
        let mut found = Vec::new();
        for batch in &self.batches {
            let executions = fleet.0.store.executions(&fleet.scope(), *batch).await?;
            found.extend(executions.into_iter().filter(|execution| self.ids.contains(&execution.id)));
        }
        Ok(found)
    }

    /// Waits until the submits that were out have told what became of them, or their workers must be dead.
    async fn hear_of_submits(&mut self, fleet: &Fleet) -> Result<()> {
        let clock = &fleet.0.surroundings.clock;
        let until = clock.now() + LONGEST_SUBMIT;
        let mut changes = fleet.0.signals.listen();
        while self.is_out && clock.now() < until {
            let now = self.read(fleet).await?;
            self.is_out = now.iter().any(|execution| execution.status == ExecutionStatus::Submitting);
            if self.is_out {
                tokio::select! {
                    _ = changes.changed() => {}
                    () = clock.sleep(POLL) => {}
                }
            }
        }
        Ok(())
    }

    /// AMC is told at once; the watch tells it again until it says so, and only then is an execution cancelled.
    async fn tell_amc(&self, fleet: &Fleet) -> Result<()> {
        let running: Vec<Execution> = self.read(fleet).await?;
        let running: Vec<&Execution> =
            running.iter().filter(|execution| execution.status == ExecutionStatus::Running).collect();
        if running.is_empty() {
            return Ok(());
        }
        let instances = fleet.all_instances().await?;
        for execution in running {
            tell(fleet, execution, &instances).await;
        }
        Ok(())
    }
}

async fn tell(fleet: &Fleet, execution: &Execution, instances: &[Instance]) {
    let Some((client, id)) = fleet.0.client.as_ref().zip(execution.amc_execution_id.as_ref()) else { return };
    let Some(instance) = instances.iter().find(|instance| instance.id == execution.instance) else { return };
    if let Err(error) = client.cancel(&instance.target(), id).await {
        tracing::debug!(execution = %execution.id, %error, "AMC did not take the cancel");
    }
}
