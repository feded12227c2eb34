//! Watching: an instance is listed once a tick, and all its runs advance by what the list says.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::backoff::next_try;
use super::cadence::next_poll;
use super::hand::Job;
use super::{Engine, EngineSettings, duplicates, foreign};
use crate::client::calls::counted;
use crate::client::{AmcRun, RunFilter, RunStatus};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Change, Execution, Failure};
use crate::store::{ForeignRuns, Step, Watch};

/// AMC lists at most this many runs a page; an instance has at most ten of ours at once.
const RUNS_A_LIST: usize = 100;
/// AMC's clock and ours may differ by this much.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Takes instances whose time to be listed has come.
pub(super) async fn claim(engine: &Arc<Engine>, limit: usize) -> Result<Vec<Job>> {
    let watches = engine.store.claim_watches(&engine.terms(limit), engine.now()).await?;
    let job = |watch: Watch| {
        let worker = Arc::clone(engine);
        engine.in_hand.job(watch.instance.0, async move { tick(&worker, &watch).await })
    };
    Ok(watches.into_iter().map(job).collect())
}

async fn tick(engine: &Engine, watch: &Watch) -> Result<()> {
    let ((steps, foreign), calls) = counted(look(engine, watch)).await;
    let mut steps = steps;
    engine.tallies.settle(watch.instance, calls, &mut steps);
    if !steps.is_empty() {
        engine.record(&steps).await?;
    }
    let stays =
        |step: &Step| matches!(step.change, Change::Observed { .. } | Change::DuplicateCancelled { .. });
    let now = engine.now();
    let hurries = !steps.iter().all(stays) || watch.runs.iter().any(|run| must_stop(run, now));
    let next_poll_at = now + next_poll(&engine.settings, watch, hurries, now);
    engine.release(watch.release(next_poll_at, foreign)).await
}

/// Lists the instance, and tells AMC what must not go on. What is to be written about its runs, and what is known of
/// others'.
async fn look(engine: &Engine, watch: &Watch) -> (Vec<Step>, ForeignRuns) {
    let listed = observe(engine, watch).await;
    let told = match &listed {
        Ok(runs) => (advance(engine, watch, runs).await, foreign::seen(watch, runs.values(), engine.now())),
        Err(error) => {
            tracing::warn!(instance = watch.target.instance_id, %error, "the instance could not be listed");
            (Vec::new(), watch.foreign)
        }
    };
    stop_unwanted(engine, watch).await;
    told
}

/// AMC's word on every run of the watch and on others' runs, by AMC id.
async fn observe(engine: &Engine, watch: &Watch) -> Result<HashMap<String, AmcRun>> {
    let now = engine.now();
    let oldest = watch.runs.iter().filter_map(|run| run.submitted_at).min().unwrap_or(now);
    let filter = RunFilter::CreatedSince(foreign::list_since(watch, oldest, now) - CLOCK_SKEW);
    let listed = engine.client.runs(&watch.target, &filter, RUNS_A_LIST).await?;
    let mut found: HashMap<String, AmcRun> =
        listed.into_iter().map(|run| (run.execution_id.clone(), run)).collect();
    for id in watch.runs.iter().filter_map(|run| run.amc_execution_id.as_ref()) {
        if found.contains_key(id) {
            continue;
        }
        // Adopted runs may be older than our own submit time; a list may lag.
        match engine.client.run(&watch.target, id).await {
            Ok(run) => drop(found.insert(id.clone(), run)),
            Err(error) => tracing::debug!(id, %error, "a run is not listed"),
        }
    }
    Ok(found)
}

/// What the list says about every run. One that has a second run beside it advances only when that one is gone.
async fn advance(engine: &Engine, watch: &Watch, runs: &HashMap<String, AmcRun>) -> Vec<Step> {
    let (mut steps, now) = (Vec::new(), engine.now());
    for execution in &watch.runs {
        let fence = watch.fence(execution);
        let beside = duplicates::of(execution, runs.values());
        let cancelled = duplicates::cancel(engine, &watch.target, fence, &beside).await;
        steps.extend(cancelled.steps);
        let run =
            execution.amc_execution_id.as_ref().and_then(|id| runs.get(id)).filter(|_| cancelled.all_gone);
        let change = run.and_then(|run| decide(&engine.settings, execution, run, now));
        steps.extend(change.map(|change| Step::new(fence, change)));
    }
    steps
}

/// What AMC's word means for the execution.
fn decide(
    settings: &EngineSettings,
    execution: &Execution,
    run: &AmcRun,
    now: DateTime<Utc>,
) -> Option<Change> {
    match run.status {
        RunStatus::Succeeded => Some(Change::Collecting),
        RunStatus::Cancelled if execution.cancel_requested_at.is_none() && execution.is_overdue(now) => {
            Some(Change::Failed(Failure::overdue()))
        }
        RunStatus::Cancelled => Some(Change::Cancelled),
        RunStatus::Rejected => Some(Change::Failed(failure(run, "amc_rejected", "AMC rejected the query"))),
        RunStatus::Failed => Some(failed(settings, execution, run, now)),
        _ if execution.amc_status.as_deref() == Some(run.status.as_str()) => None,
        _ => Some(Change::Observed { amc_status: run.status.as_str().to_owned() }),
    }
}

fn failed(settings: &EngineSettings, execution: &Execution, run: &AmcRun, now: DateTime<Utc>) -> Change {
    let failure = failure(run, "amc_failed", "the run failed at AMC");
    if must_stop(execution, now) || execution.attempt >= i64::from(settings.max_attempts) || !may_pass(run) {
        return Change::Failed(failure);
    }
    let error = Error::new(ErrorKind::RemoteFailed, "amc_failed", failure.message.clone());
    Change::Retrying { not_before: next_try(settings, execution.id, execution.attempt, &error, now), failure }
}

/// AMC's own troubles pass; a query's do not.
fn may_pass(run: &AmcRun) -> bool {
    let reason = run.status_reason.as_deref().unwrap_or_default().to_ascii_lowercase();
    ["internal", "try again", "unavailable"].iter().any(|word| reason.contains(word))
}

fn failure(run: &AmcRun, code: &str, what: &str) -> Failure {
    let message = match &run.status_reason {
        Some(reason) => format!("{what}: {reason}"),
        None => format!("{what} and gave no reason"),
    };
    let mut failure = Failure::new(code, message);
    if let Some(reason) = &run.status_reason {
        failure.detail.insert("raw".into(), reason.clone().into());
    }
    if let Some(id) = &run.request_id {
        failure.detail.insert("request_id".into(), id.clone().into());
    }
    failure
}

/// Whether nobody wants the run any more.
fn must_stop(execution: &Execution, now: DateTime<Utc>) -> bool {
    execution.cancel_requested_at.is_some() || execution.is_overdue(now)
}

/// AMC is told to stop what nobody wants any more, at every tick until it says CANCELLED.
async fn stop_unwanted(engine: &Engine, watch: &Watch) {
    for execution in watch.runs.iter().filter(|execution| must_stop(execution, engine.now())) {
        let Some(id) = &execution.amc_execution_id else { continue };
        if let Err(error) = engine.client.cancel(&watch.target, id).await {
            tracing::debug!(execution = %execution.id, %error, "AMC did not take the cancel");
        }
    }
}
