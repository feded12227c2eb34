//! Fenced changes in SQL: read, work out with the one table of the model, write back under the same token.

use chrono::{DateTime, Utc};
use sqlx::Transaction;
use sqlx::types::Json;
use uuid::Uuid;

use super::dialect::lock_executions;
use super::rows::ExecutionRow;
use super::{Db, database_error, events, slots};
use crate::error::{Error, Result};
use crate::model::{
    AttemptOutcome, Change, Event, Execution, ExecutionId, Fence, InstanceUuid, SlotEffect, Transition,
};
use crate::store::Step;

const READ: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE e.id = $1 AND e.lease_token = $2";

const WATCH_TOKEN: &str = "SELECT lease_token FROM instance_watches WHERE instance = $1";

const WRITE: &str = "UPDATE executions SET status = $3, attempt = $4, deferrals = $5, unknown_answers = $6,
        amc_workflow_id = $7, amc_execution_id = $8, amc_status = $9, row_count = $10, size_bytes = $11,
        error_code = $12, error_message = $13, error_detail = $14, blocked_reason = $15, not_before = $16,
        cancel_requested_at = $17, worker = $18, lease_token = $19, started_at = $20, submitting_at = $21,
        submitted_at = $22, completed_at = $23, updated_at = $24
    WHERE id = $1 AND lease_token = $2";

const NOTE_ATTEMPT: &str = "INSERT INTO execution_attempts
        (id, execution, owner_id, number, posts, outcome, amc_workflow_id, amc_execution_id, request_id, error_code,
         started_at, ended_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $11)
    ON CONFLICT (execution, number) DO UPDATE SET posts = execution_attempts.posts + excluded.posts,
        outcome = excluded.outcome, amc_execution_id = COALESCE(excluded.amc_execution_id, execution_attempts.amc_execution_id),
        request_id = COALESCE(excluded.request_id, execution_attempts.request_id), error_code = excluded.error_code,
        ended_at = excluded.ended_at, updated_at = excluded.updated_at";

const WATCH: &str = "INSERT INTO instance_watches (instance, next_poll_at) VALUES ($1, $2)
    ON CONFLICT (instance) DO UPDATE SET next_poll_at =
        CASE WHEN excluded.next_poll_at < instance_watches.next_poll_at THEN excluded.next_poll_at
             ELSE instance_watches.next_poll_at END";

/// Locks all that these steps write.
pub(super) async fn lock(transaction: &mut Transaction<'static, Db>, steps: &[Step]) -> Result<()> {
    let ids = steps.iter().map(|step| step.fence.lease.execution.0).collect();
    let with_watches = steps
        .iter()
        .any(|step| step.fence.watch.is_some() || matches!(step.change, Change::Submitted { .. }));
    lock_executions(transaction, ids, with_watches).await
}

/// Applies one step. `None` means that its lease was replaced and nothing was written.
pub(super) async fn apply_one(
    transaction: &mut Transaction<'static, Db>,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<Option<Execution>> {
    let Some(before) = read(transaction, step.fence).await? else { return Ok(None) };
    carry_out(transaction, &before, &step.change, now).await.map(Some)
}

/// Changes an execution that is locked and was read under that lock.
pub(super) async fn carry_out(
    transaction: &mut Transaction<'static, Db>,
    before: &Execution,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<Execution> {
    let change = before.transition(change, now)?;
    write(transaction, before.lease_token, &change.after, now).await?;
    consequences(transaction, before, &change, now).await?;
    Ok(change.after)
}

async fn read(transaction: &mut Transaction<'static, Db>, fence: Fence) -> Result<Option<Execution>> {
    if let Some((instance, token)) = fence.watch
        && watch_token(transaction, instance).await? != Some(token)
    {
        return Ok(None);
    }
    let query =
        sqlx::query_as::<Db, ExecutionRow>(READ).bind(fence.lease.execution.0).bind(fence.lease.token);
    query
        .fetch_optional(&mut **transaction)
        .await
        .map_err(database_error)?
        .map(Execution::try_from)
        .transpose()
}

async fn watch_token(
    transaction: &mut Transaction<'static, Db>,
    instance: InstanceUuid,
) -> Result<Option<i64>> {
    let query = sqlx::query_scalar(WATCH_TOKEN).bind(instance.0);
    query.fetch_optional(&mut **transaction).await.map_err(database_error)
}

async fn write(
    transaction: &mut Transaction<'static, Db>,
    token: i64,
    after: &Execution,
    now: DateTime<Utc>,
) -> Result<()> {
    let failure = after.failure.as_ref();
    let written = sqlx::query(WRITE)
        .bind(after.id.0)
        .bind(token)
        .bind(after.status.as_str())
        .bind(after.attempt)
        .bind(after.deferrals)
        .bind(after.unknown_answers)
        .bind(&after.amc_workflow_id)
        .bind(&after.amc_execution_id)
        .bind(&after.amc_status)
        .bind(after.row_count)
        .bind(after.size_bytes)
        .bind(failure.map(|failure| &failure.code))
        .bind(failure.map(|failure| &failure.message))
        .bind(failure.map(|failure| Json(&failure.detail)))
        .bind(&after.blocked_reason)
        .bind(after.not_before)
        .bind(after.cancel_requested_at)
        .bind(after.worker.map(|worker| worker.0))
        .bind(after.lease_token)
        .bind(after.started_at)
        .bind(after.submitting_at)
        .bind(after.submitted_at)
        .bind(after.completed_at)
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    if written.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::unexpected(format!("{} changed under its lock", after.id)))
}

/// Writes what goes with a change: slots, watch, attempt, event. Taking slots is the claim's own work.
async fn consequences(
    transaction: &mut Transaction<'static, Db>,
    before: &Execution,
    change: &Transition,
    now: DateTime<Utc>,
) -> Result<()> {
    if change.slots == SlotEffect::Free {
        slots::free(transaction, before.id).await?;
    }
    if let Some(next_poll_at) = change.watch_at {
        let watch = sqlx::query(WATCH).bind(before.instance.0).bind(next_poll_at);
        watch.execute(&mut **transaction).await.map_err(database_error)?;
    }
    let Some(kind) = change.event else { return Ok(()) };
    if let Some(note) = &change.attempt {
        note_attempt(transaction, change, note.number, note.outcome, now).await?;
    }
    let event = Event {
        sequence: 0,
        batch: before.batch,
        execution: Some(before.id),
        instance_id: Some(before.instance_id.clone()),
        kind,
        detail: change.detail.clone(),
        at: now,
    };
    events::append(transaction, &before.owner_id, &event).await
}

async fn note_attempt(
    transaction: &mut Transaction<'static, Db>,
    change: &Transition,
    number: i64,
    outcome: AttemptOutcome,
    now: DateTime<Utc>,
) -> Result<()> {
    let after = &change.after;
    let failure = after.failure.as_ref();
    sqlx::query(NOTE_ATTEMPT)
        .bind(attempt_id(after.id, number))
        .bind(after.id.0)
        .bind(&after.owner_id)
        .bind(number)
        .bind(i64::from(outcome == AttemptOutcome::Posting))
        .bind(change.event.map(|event| event.as_str()))
        .bind(&after.amc_workflow_id)
        .bind(&after.amc_execution_id)
        .bind(failure.and_then(|failure| failure.detail.get("request_id")?.as_str()))
        .bind(failure.map(|failure| &failure.code))
        .bind(now)
        .bind((outcome == AttemptOutcome::Ended).then_some(now))
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(())
}

/// An attempt is named by its execution and number, so its id needs no randomness.
fn attempt_id(execution: ExecutionId, number: i64) -> Uuid {
    Uuid::new_v5(&execution.0, &number.to_be_bytes())
}
