//! Cancelling in SQL: the gate closes in one transaction.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::{chunks, list};
use super::dialect::{lock_batches, lock_executions};
use super::rows::{ExecutionRow, nouns};
use super::write::{Written, write};
use super::{Backend, Db, database_error, events};
use crate::error::Result;
use crate::model::{BatchId, Change, Event, EventKind, Execution, Scope};
use crate::store::CancelTarget;

/// The batches of an owner that have not ended; locked with their executions before anything is decided by them.
const OPEN: &str = "SELECT id FROM batch_executions
    WHERE status IN ('pending', 'running') AND ($1 IS NULL OR owner_id = $1) ORDER BY id";

const CLOSE: &str = "UPDATE batch_executions SET cancel_requested_at = ";

const CLOSED: &str = " WHERE cancel_requested_at IS NULL AND status IN ('pending', 'running') AND id IN";

const EXECUTIONS: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE (e.status IN ('pending', 'submitting', 'running') OR (e.status = 'collecting' AND e.reuse_of IS NOT NULL))
    AND e.";

/// Asks to cancel; returns what that concerns, as it is now.
pub(super) async fn request(
    store: &Backend,
    scope: &Scope,
    target: CancelTarget,
    now: DateTime<Utc>,
) -> Result<Vec<Execution>> {
    let mut transaction = store.begin().await?;
    let (column, ids) = match target {
        CancelTarget::Execution(id) => ("id IN", vec![id.0]),
        CancelTarget::Batch(id) => ("batch IN", vec![id.0]),
        CancelTarget::Everything => ("batch IN", open(&mut transaction, scope).await?),
    };
    if let CancelTarget::Execution(_) = target {
        lock_executions(&mut transaction, ids.clone(), false).await?;
    } else {
        lock_batches(&mut transaction, ids.clone()).await?;
        close(&mut transaction, scope, &ids, now).await?;
    }
    let mut written = Vec::new();
    for before in executions(&mut transaction, scope, column, &ids).await? {
        let change = before.transition(&Change::CancelRequested, now)?;
        written.push(Written { before, change });
    }
    write(&mut transaction, &written, now).await?;
    transaction.commit().await.map_err(database_error)?;
    Ok(written.into_iter().map(|it| it.change.after).collect())
}

async fn open(transaction: &mut Transaction<'static, Db>, scope: &Scope) -> Result<Vec<Uuid>> {
    let query = sqlx::query_scalar::<Db, Uuid>(OPEN).bind(scope.owner());
    query.fetch_all(&mut **transaction).await.map_err(database_error)
}

/// Writes into batches that somebody wants them cancelled, once.
async fn close(
    transaction: &mut Transaction<'static, Db>,
    scope: &Scope,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut closed: Vec<(Uuid, String)> = Vec::new();
    for chunk in chunks(ids) {
        let mut query = QueryBuilder::<Db>::new(CLOSE);
        query.push_bind(now).push(", updated_at = ").push_bind(now).push(CLOSED);
        of_owner(list(&mut query, chunk), "owner_id", scope).push(" RETURNING id, owner_id");
        let query = query.build_query_as();
        closed.extend(query.fetch_all(&mut **transaction).await.map_err(database_error)?);
    }
    let told: Vec<(&str, Event)> = closed
        .iter()
        .map(|(id, owner)| {
            (owner.as_str(), events::batch_event(BatchId(*id), EventKind::CancelRequested, now))
        })
        .collect();
    events::append(transaction, told).await
}

async fn executions(
    transaction: &mut Transaction<'static, Db>,
    scope: &Scope,
    column: &str,
    ids: &[Uuid],
) -> Result<Vec<Execution>> {
    let mut found = Vec::new();
    for chunk in chunks(ids) {
        let mut query = QueryBuilder::<Db>::new(EXECUTIONS);
        of_owner(list(query.push(column), chunk), "e.owner_id", scope);
        let query = query.build_query_as::<ExecutionRow>();
        let rows = query.fetch_all(&mut **transaction).await.map_err(database_error)?;
        found.extend(nouns::<_, Execution>(rows)?);
    }
    Ok(found)
}

fn of_owner<'b>(query: &'b mut QueryBuilder<Db>, column: &str, scope: &Scope) -> &'b mut QueryBuilder<Db> {
    match scope.owner() {
        Some(owner) => query.push(" AND ").push(column).push(" = ").push_bind(owner.to_owned()),
        None => query,
    }
}
