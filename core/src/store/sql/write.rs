//! Writing changes that are worked out: the executions, and what goes with them. However many there are, the statements
//! are few.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::chunks;
use super::{Db, attempts, database_error, durations, events, slots, watches};
use crate::error::{Error, Result};
use crate::model::{Event, Execution, SlotEffect, Transition};

const ROWS: &str = "WITH v (id, token, status, attempt, deferrals, unknown_answers, amc_workflow_id, amc_execution_id,
    amc_status, calls, row_count, size_bytes, error_code, error_message, error_detail, blocked_reason, not_before,
    cancel_requested_at, worker, lease_token, started_at, submitting_at, submitted_at, completed_at, reuse_of, updated_at) AS (";

const WRITE: &str = ") UPDATE executions SET status = v.status, attempt = v.attempt, deferrals = v.deferrals,
        unknown_answers = v.unknown_answers, amc_workflow_id = v.amc_workflow_id,
        amc_execution_id = v.amc_execution_id, amc_status = v.amc_status, calls = v.calls, row_count = v.row_count,
        size_bytes = v.size_bytes, error_code = v.error_code, error_message = v.error_message,
        error_detail = v.error_detail, blocked_reason = v.blocked_reason, not_before = v.not_before,
        cancel_requested_at = v.cancel_requested_at, worker = v.worker, lease_token = v.lease_token,
        started_at = v.started_at, submitting_at = v.submitting_at, submitted_at = v.submitted_at,
        completed_at = v.completed_at, reuse_of = v.reuse_of, updated_at = v.updated_at
    FROM v WHERE executions.id = v.id AND executions.lease_token = v.token";

/// An execution that is locked, as it was read under that lock, and what becomes of it.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) before: Execution,
    pub(super) change: Transition,
}

/// Writes changes of different executions, each with its slots, watch, attempt and event. Taking slots is the claim's own
/// work.
pub(super) async fn write(
    transaction: &mut Transaction<'static, Db>,
    written: &[Written],
    now: DateTime<Utc>,
) -> Result<()> {
    for chunk in chunks(written) {
        executions(transaction, chunk, now).await?;
    }
    let freed = written.iter().filter(|it| it.change.slots == SlotEffect::Free);
    slots::free(transaction, &freed.map(|it| it.before.id.0).collect::<Vec<Uuid>>()).await?;
    let polls = written.iter().filter_map(|it| Some((it.before.instance, it.change.watch_at?)));
    watches::expect(transaction, polls.collect()).await?;
    durations::learn(transaction, written, now).await?;
    attempts::note(transaction, written, now).await?;
    let told = written.iter().filter_map(|it| Some((it.before.owner_id.as_str(), event(it, now)?)));
    events::append(transaction, told.collect()).await
}

async fn executions(
    transaction: &mut Transaction<'static, Db>,
    written: &[Written],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut query = QueryBuilder::<Db>::new(ROWS);
    query.push_values(written, |mut row, Written { before, change: Transition { after, .. } }| {
        let failure = after.failure.as_ref();
        row.push_bind(after.id.0)
            .push_bind(before.lease_token)
            .push_bind(after.status.as_str())
            .push_bind(after.attempt)
            .push_bind(after.deferrals)
            .push_bind(after.unknown_answers)
            .push_bind(after.amc_workflow_id.as_deref())
            .push_bind(after.amc_execution_id.as_deref())
            .push_bind(after.amc_status.as_deref())
            .push_bind(Json(&after.calls))
            .push_bind(after.row_count)
            .push_bind(after.size_bytes)
            .push_bind(failure.map(|failure| failure.code.as_str()))
            .push_bind(failure.map(|failure| failure.message.as_str()))
            .push_bind(failure.map(|failure| Json(&failure.detail)))
            .push_bind(after.blocked_reason.as_deref())
            .push_bind(after.not_before)
            .push_bind(after.cancel_requested_at)
            .push_bind(after.worker.map(|worker| worker.0))
            .push_bind(after.lease_token)
            .push_bind(after.started_at)
            .push_bind(after.submitting_at)
            .push_bind(after.submitted_at)
            .push_bind(after.completed_at)
            .push_bind(after.reuse_of.map(|source| source.0))
            .push_bind(now);
    });
    query.push(WRITE);
    let rows = query.build().execute(&mut **transaction).await.map_err(database_error)?.rows_affected();
    if usize::try_from(rows).is_ok_and(|rows| rows == written.len()) {
        return Ok(());
    }
    Err(Error::unexpected("an execution changed under its lock"))
}

fn event(Written { before, change }: &Written, now: DateTime<Utc>) -> Option<Event> {
    Some(Event {
        sequence: 0,
        batch: before.batch,
        execution: Some(before.id),
        instance_id: Some(before.instance_id.clone()),
        kind: change.event?,
        detail: change.detail.clone(),
        at: now,
    })
}
