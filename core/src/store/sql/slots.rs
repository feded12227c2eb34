//! Slots in SQL: rows whose numbers are unique, so that the database itself forbids one too many.

use std::collections::HashSet;

use sqlx::Transaction;
use uuid::Uuid;

use super::{Db, database_error};
use crate::error::Result;
use crate::model::{ExecutionId, Limits};

const TAKEN: &str = "SELECT slot FROM execution_slots WHERE scope = $1 AND scope_id = $2";

const TAKE: &str = "INSERT INTO execution_slots (scope, scope_id, slot, execution) VALUES ($1, $2, $3, $4)";

const FREE: &str = "DELETE FROM execution_slots WHERE execution = $1";

/// Takes a slot of the instance and one of the account, or none.
pub(super) async fn take(
    transaction: &mut Transaction<'static, Db>,
    execution: ExecutionId,
    instance: Uuid,
    account: Uuid,
    limits: Limits,
) -> Result<bool> {
    let scopes = [("instance", instance, limits.per_instance), ("account", account, limits.per_account)];
    let mut found = Vec::with_capacity(scopes.len());
    for (scope, id, limit) in scopes {
        match first_free(transaction, scope, id, limit).await? {
            Some(slot) => found.push((scope, id, slot)),
            None => return Ok(false),
        }
    }
    for (scope, id, slot) in found {
        let row = sqlx::query(TAKE).bind(scope).bind(id).bind(slot).bind(execution.0);
        row.execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(true)
}

async fn first_free(
    transaction: &mut Transaction<'static, Db>,
    scope: &str,
    id: Uuid,
    limit: u32,
) -> Result<Option<i64>> {
    let query = sqlx::query_scalar(TAKEN).bind(scope).bind(id);
    let taken: Vec<i64> = query.fetch_all(&mut **transaction).await.map_err(database_error)?;
    let taken: HashSet<i64> = taken.into_iter().collect();
    Ok((1..=i64::from(limit)).find(|slot| !taken.contains(slot)))
}

/// Frees the slots of an execution: nothing of it lives at AMC.
pub(super) async fn free(transaction: &mut Transaction<'static, Db>, execution: ExecutionId) -> Result<()> {
    sqlx::query(FREE).bind(execution.0).execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}
