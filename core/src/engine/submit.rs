//! Submitting: one POST an execution, and never a guess about what became of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::backoff::{next_try, passes};
use super::duty::Duty;
use super::hand::Job;
use super::{Engine, EngineSettings, access};
use crate::client::calls::counted;
use crate::client::{RunRequest, Submission};
use crate::error::Result;
use crate::model::{CallCounts, Change, Execution, Failure};
use crate::results::Dialect;
use crate::store::{Claim, Step};

/// Takes pending executions that have a slot. The intent is committed before any job runs.
pub(super) async fn claim(engine: &Arc<Engine>, limit: usize) -> Result<Vec<Job>> {
    let (terms, limits, now) = (engine.terms(limit), engine.settings.limits, engine.now());
    if engine.store.expire(&terms.worker.credential_keys, now).await? > 0 {
        engine.signals.raise_for([]);
    }
    let reconcile_at = now + engine.settings.reconcile_after();
    let claimed = Instant::now();
    let claims = engine.store.claim_submits(&terms, limits, reconcile_at, now).await?;
    if !claims.is_empty() {
        engine.signals.raise_for([Duty::Lookup]);
    }
    let job = |claim: Claim| {
        let worker = Arc::clone(engine);
        engine.in_hand.job(claim.execution.id.0, async move { post(&worker, &claim, claimed).await })
    };
    Ok(claims.into_iter().map(job).collect())
}

/// Sends the POST of an execution in `submitting` whose lease the caller holds since `claimed`, and writes down what
/// became of it.
pub(super) async fn post(engine: &Engine, claim: &Claim, claimed: Instant) -> Result<()> {
    let request = request(claim, engine.settings.request_timeout)?;
    let (change, calls) = match engine.ways.turn(&claim.target.account, engine.now()).await {
        Err(failure) => (Change::Failed(failure), CallCounts::default()),
        Ok(turn) if may_post(engine, &request, claimed) => {
            let (answer, calls) = counted(engine.client.submit(&claim.target, &request)).await;
            access::learn(engine, claim, &answer, turn).await?;
            (decide(&engine.settings, &claim.execution, &answer, engine.now()), calls)
        }
        Ok(_) => (Change::Returned { not_before: engine.now(), failure: None }, CallCounts::default()),
    };
    engine.record(&[Step { fence: claim.lease().into(), change, calls }]).await?;
    Ok(())
}

/// Whether nobody can have taken the execution over yet. A worker that stood still may beat again before it comes here,
/// so the lease alone says too little; and a clock may be set back, so the time since the claim is measured as well.
fn may_post(engine: &Engine, request: &RunRequest, claimed: Instant) -> bool {
    let (timeout, now) = (engine.settings.request_timeout, engine.now());
    engine.pulse.outlives(timeout, now) && !request.is_late(now) && claimed.elapsed() < timeout
}

/// What an answer means for the execution.
fn decide(
    settings: &EngineSettings,
    execution: &Execution,
    answer: &Submission,
    now: DateTime<Utc>,
) -> Change {
    match answer {
        Submission::Submitted(run) => Change::Submitted {
            amc_execution_id: run.execution_id.clone(),
            adopted: false,
            watch_at: now + settings.first_poll,
            receipt: run.receipt(),
        },
        Submission::Unknown(error) => {
            let posted_at = execution.submitting_at.unwrap_or(now);
            let look_up_at = now.max(posted_at + settings.request_timeout) + settings.settle;
            Change::Unresolved { look_up_at, failure: Failure::from(error) }
        }
        Submission::Refused(error) if passes(error) => Change::Returned {
            not_before: next_try(settings, execution.id, execution.deferrals, error, now),
            failure: Some(Failure::from(error)),
        },
        Submission::Refused(error) => Change::Failed(Failure::from(error)),
    }
}

/// The request of a claim. It leaves within its own timeout after the claim or not at all: the look-up comes no earlier
/// than both that and the settling time later.
fn request(claim: &Claim, timeout: Duration) -> Result<RunRequest> {
    let execution = &claim.execution;
    let zone = execution.timezone.parse::<crate::model::Zone>()?;
    Ok(RunRequest {
        workflow_id: execution.amc_workflow_id.clone().unwrap_or_else(|| execution.workflow_id_of_attempt()),
        sql: claim.sql.clone(),
        input_parameters: execution.amc.input_parameters.clone(),
        parameter_values: execution.amc.parameter_values.clone(),
        window_start: zone.local(execution.window_start),
        window_end: zone.local(execution.window_end),
        time_zone: execution.timezone.clone(),
        timeout_seconds: execution.amc.timeout_seconds,
        require_synthetic_data: execution.amc.require_synthetic_data,
        dry_run: false,
        dialect: Dialect::default(),
        workflow_options: execution.amc.workflow_options.clone(),
        leave_by: execution.submitting_at.map(|at| at + timeout),
    })
}
