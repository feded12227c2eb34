//! Running again what did not complete, in SQL.

use chrono::{DateTime, Utc};
use serde_json::Map;
use sqlx::Transaction;

use super::dialect::lock_batches;
use super::{Backend, Db, batches, database_error, events};
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{BatchId, Event, EventKind, Execution, ExecutionId, ExecutionStatus, Scope};

/// A new execution in the place of one that ended. Until that is told of it, it stands for nobody: a batch has one current
/// execution an instance.
const INSERT: &str = "INSERT INTO executions
    (id, execution_id, owner_id, created_by, batch, instance, workflow, triggered_by, priority, status, superseded_by,
     sql_hash, parameters_snapshot, time_window_start, time_window_end, timezone, amc_options, reuse_key, credential_key,
     deadline_at, created_at, updated_at)
    SELECT $2, $3, e.owner_id, e.created_by, e.batch, e.instance, e.workflow, e.triggered_by, e.priority, 'pending', $2,
        e.sql_hash, e.parameters_snapshot, e.time_window_start, e.time_window_end, e.timezone, e.amc_options, e.reuse_key,
        a.credential_key, $4, $5, $5
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE e.id = $1";

const SUPERSEDE: &str = "UPDATE executions SET superseded_by = $2, updated_at = $3 WHERE id = $1";

const MAKE_CURRENT: &str = "UPDATE executions SET superseded_by = NULL, updated_at = $2 WHERE id = $1";

const REOPEN: &str = "UPDATE batch_executions SET cancel_requested_at = NULL, completed_at = NULL, updated_at = $2 WHERE id = $1";

pub(super) async fn retry(
    store: &Backend,
    scope: &Scope,
    batch: BatchId,
    only: &[ExecutionStatus],
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Vec<ExecutionId>> {
    let mut transaction = store.begin().await?;
    lock_batches(&mut transaction, vec![batch.0]).await?;
    let mut ended = batches::executions_of(&mut transaction, scope, batch).await?;
    ended.retain(|execution| only.contains(&execution.status));
    let mut fresh = Vec::new();
    if !ended.is_empty() {
        let reopen = sqlx::query(REOPEN).bind(batch.0).bind(now);
        reopen.execute(&mut *transaction).await.map_err(database_error)?;
    }
    let mut told = Vec::new();
    for old in &ended {
        let new: ExecutionId = ids.next(now).into();
        replace(&mut transaction, old, new, now).await?;
        told.push((old.owner_id.as_str(), retried_event(old, new, now)));
        fresh.push(new);
    }
    events::append(&mut transaction, told).await?;
    transaction.commit().await.map_err(database_error)?;
    Ok(fresh)
}

async fn replace(
    transaction: &mut Transaction<'static, Db>,
    old: &Execution,
    new: ExecutionId,
    now: DateTime<Utc>,
) -> Result<()> {
    let insert = sqlx::query(INSERT)
        .bind(old.id.0)
        .bind(new.0)
        .bind(new.public())
        .bind(old.deadline_of_retry(now))
        .bind(now);
    insert.execute(&mut **transaction).await.map_err(database_error)?;
    let supersede = sqlx::query(SUPERSEDE).bind(old.id.0).bind(new.0).bind(now);
    supersede.execute(&mut **transaction).await.map_err(database_error)?;
    let current = sqlx::query(MAKE_CURRENT).bind(new.0).bind(now);
    current.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

fn retried_event(old: &Execution, new: ExecutionId, at: DateTime<Utc>) -> Event {
    let mut detail = Map::new();
    detail.insert("supersedes".into(), old.id.public().into());
    Event {
        sequence: 0,
        batch: old.batch,
        execution: Some(new),
        instance_id: Some(old.instance_id.clone()),
        kind: EventKind::Retried,
        detail,
        at,
    }
}
