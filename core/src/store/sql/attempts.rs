//! Attempts in SQL: the debug record of what was asked of AMC and what it answered.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::chunks;
use super::rows::AttemptRow;
use super::write::Written;
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{Attempt, AttemptNote, Execution, ExecutionId, Scope};

const ROWS: &str = "INSERT INTO execution_attempts
    (id, execution, owner_id, number, posts, outcome, amc_workflow_id, amc_execution_id, http_status, request_id,
     error_code, error_message, started_at, posted_at, answered_at, ended_at, created_at, updated_at) ";

/// Says the same as [`AttemptNote::after`].
const AFTER: &str = " ON CONFLICT (execution, number) DO UPDATE SET
    posts = execution_attempts.posts + excluded.posts,
    outcome = excluded.outcome,
    amc_execution_id = COALESCE(excluded.amc_execution_id, execution_attempts.amc_execution_id),
    http_status = COALESCE(excluded.http_status, execution_attempts.http_status),
    request_id = COALESCE(excluded.request_id, execution_attempts.request_id),
    error_code = excluded.error_code,
    error_message = excluded.error_message,
    posted_at = COALESCE(excluded.posted_at, execution_attempts.posted_at),
    answered_at = COALESCE(excluded.answered_at, execution_attempts.answered_at),
    ended_at = excluded.ended_at,
    updated_at = excluded.updated_at";

const OF: &str = "SELECT t.* FROM execution_attempts t JOIN executions e ON e.id = t.execution
    WHERE t.execution = $1 AND ($2 IS NULL OR e.owner_id = $2) ORDER BY t.number";

/// Lists the attempts of an execution.
pub(super) async fn of(store: &Backend, scope: &Scope, execution: ExecutionId) -> Result<Vec<Attempt>> {
    let query = sqlx::query_as::<Db, AttemptRow>(OF).bind(execution.0).bind(scope.owner());
    let rows = query.fetch_all(store.reads()).await.map_err(database_error)?;
    Ok(rows.into_iter().map(Attempt::from).collect())
}

/// Writes down what attempts learn. A change without an event is no news.
pub(super) async fn note(
    transaction: &mut Transaction<'static, Db>,
    written: &[Written],
    now: DateTime<Utc>,
) -> Result<()> {
    let news: Vec<(&Execution, &AttemptNote)> =
        written.iter().filter_map(|it| Some((&it.before, it.change.attempt.as_ref()?))).collect();
    for chunk in chunks(&news) {
        note_chunk(transaction, chunk, now).await?;
    }
    Ok(())
}

async fn note_chunk(
    transaction: &mut Transaction<'static, Db>,
    news: &[(&Execution, &AttemptNote)],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut query = QueryBuilder::<Db>::new(ROWS);
    query.push_values(news, |mut row, (execution, note)| {
        let first = note.first();
        row.push_bind(attempt_id(execution.id, first.number))
            .push_bind(execution.id.0)
            .push_bind(execution.owner_id.as_str())
            .push_bind(first.number)
            .push_bind(first.posts)
            .push_bind(first.outcome.as_str())
            .push_bind(first.amc_workflow_id.as_deref())
            .push_bind(first.amc_execution_id.as_deref())
            .push_bind(first.http_status)
            .push_bind(first.request_id.as_deref())
            .push_bind(first.error_code.as_deref())
            .push_bind(first.error_message.as_deref())
            .push_bind(first.started_at)
            .push_bind(first.posted_at)
            .push_bind(first.answered_at)
            .push_bind(first.ended_at)
            .push_bind(now)
            .push_bind(now);
    });
    query.push(AFTER);
    query.build().execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// An attempt is named by its execution and number, so its id needs no randomness.
fn attempt_id(execution: ExecutionId, number: i64) -> Uuid {
    Uuid::new_v5(&execution.0, &number.to_be_bytes())
}
