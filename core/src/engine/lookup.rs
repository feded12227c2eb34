//! Looking up what became of a POST without an answer: by our own workflow id, cancelled runs included.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::backoff::next_try;
use super::hand::Job;
use super::{Engine, EngineSettings, duplicates, submit};
use crate::client::calls::counted;
use crate::client::{AmcRun, RunFilter, RunStatus};
use crate::error::Result;
use crate::model::{Change, Execution, Failure};
use crate::store::{Claim, Step, StepOutcome};

/// More than this many runs under one id have never been seen: one page tells all.
const RUNS_OF_AN_ID: usize = 100;

/// Takes executions whose POST got no answer, or whose worker died, once AMC's listing has settled.
pub(super) async fn claim(engine: &Arc<Engine>, limit: usize) -> Result<Vec<Job>> {
    let claims = engine.store.claim_lookups(&engine.terms(limit), engine.now()).await?;
    let job = |claim: Claim| {
        let worker = Arc::clone(engine);
        engine.in_hand.job(claim.execution.id.0, async move { look_up(&worker, claim).await })
    };
    Ok(claims.into_iter().map(job).collect())
}

async fn look_up(engine: &Engine, claim: Claim) -> Result<()> {
    let id =
        claim.execution.amc_workflow_id.clone().unwrap_or_else(|| claim.execution.workflow_id_of_attempt());
    let (now, claimed) = (engine.now(), Instant::now());
    let filter = RunFilter::WorkflowId(id);
    let (listed, calls) = counted(engine.client.runs(&claim.target, &filter, RUNS_OF_AN_ID)).await;
    let finding = match listed {
        Ok(runs) => decide(&engine.settings, &claim.execution, runs, now),
        Err(error) => {
            let look_up_at =
                next_try(&engine.settings, claim.execution.id, claim.execution.deferrals, &error, now);
            Finding::only(Change::LookUpDelayed { look_up_at, failure: Failure::from(&error) })
        }
    };
    let fence = claim.lease().into();
    let mut steps = duplicates::cancel(engine, &claim.target, fence, &finding.duplicates).await.steps;
    let resubmits = matches!(finding.change, Change::Resubmitting { .. });
    steps.push(Step { fence, change: finding.change, calls });
    let outcomes = engine.record(&steps).await?;
    if resubmits && outcomes.last() == Some(&StepOutcome::Applied) {
        post_again(engine, claim, claimed, now).await
    } else {
        Ok(())
    }
}

async fn post_again(engine: &Engine, claim: Claim, claimed: Instant, now: DateTime<Utc>) -> Result<()> {
    let execution = Execution { submitting_at: Some(now), ..claim.execution };
    submit::post(engine, &Claim { execution, ..claim }, claimed).await
}

/// What a listing means.
#[derive(Debug, PartialEq)]
struct Finding {
    change: Change,
    /// AMC ids of runs that must not live on.
    duplicates: Vec<String>,
}

impl Finding {
    fn only(change: Change) -> Self {
        Self { change, duplicates: Vec::new() }
    }
}

/// The oldest run that was not cancelled is ours; where all were cancelled, the oldest tells that. No run at all proves,
/// after the settling time, that AMC took none.
fn decide(
    settings: &EngineSettings,
    execution: &Execution,
    mut runs: Vec<AmcRun>,
    now: DateTime<Utc>,
) -> Finding {
    runs.sort_by_key(|run| (run.status == RunStatus::Cancelled, run.create_time));
    let mut runs = runs.into_iter();
    let Some(ours) = runs.next() else { return Finding::only(nothing_there(settings, execution, now)) };
    let duplicates = runs.filter(|run| !run.status.is_terminal()).map(|run| run.execution_id).collect();
    let receipt = ours.receipt();
    let change =
        Change::Submitted { amc_execution_id: ours.execution_id, adopted: true, watch_at: now, receipt };
    Finding { change, duplicates }
}

fn nothing_there(settings: &EngineSettings, execution: &Execution, now: DateTime<Utc>) -> Change {
    if execution.cancel_requested_at.is_some() {
        return Change::Cancelled;
    }
    if execution.is_overdue(now) {
        return Change::Failed(Failure::overdue());
    }
    if execution.unknown_answers >= i64::from(settings.max_attempts) {
        let last = execution.failure.as_ref().map_or("no answer", |failure| failure.message.as_str());
        let message = format!("AMC gave no clear answer to {} submits ({last})", execution.unknown_answers);
        let mut failure = Failure::new("submit_ambiguous", message);
        failure.detail.insert("hint".into(), "nothing of it runs at AMC: it is safe to run it again".into());
        return Change::Failed(failure);
    }
    Change::Resubmitting { reconcile_at: now + settings.reconcile_after() }
}
