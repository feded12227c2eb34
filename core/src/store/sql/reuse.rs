//! Whose results new executions may take, in SQL.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::chunks;
use super::dialect::lock_reuse;
use super::{Db, database_error};
use crate::error::Result;
use crate::model::NewBatch;

/// By what an execution asks AMC: the execution whose result it may take.
pub(super) type Sources = HashMap<String, Uuid>;

/// `Execution::can_be_reused` says the same.
const SOURCES: &str = "SELECT reuse_key, id FROM executions WHERE (status = 'completed' OR (reuse_of IS NULL
    AND cancel_requested_at IS NULL AND status IN ('pending', 'submitting', 'running', 'collecting'))) AND owner_id = ";

/// The last of a key is the best: a result that is there before one that is to come, the newer before the older.
const WORST_FIRST: &str = ") ORDER BY CASE WHEN status = 'completed' THEN 1 ELSE 0 END, created_at, id";

/// Looks for results that executions of a batch may take. Until the transaction ends nobody else looks for this owner, so
/// that of two who ask the same at once one runs and the other waits for it.
pub(super) async fn sources(transaction: &mut Transaction<'static, Db>, batch: &NewBatch) -> Result<Sources> {
    let may_reuse = batch.executions.iter().filter(|execution| execution.may_reuse);
    let keys: Vec<&str> = may_reuse.map(|execution| execution.reuse_key.as_str()).collect();
    if keys.is_empty() {
        return Ok(Sources::new());
    }
    lock_reuse(transaction, &batch.owner_id).await?;
    let mut found = Sources::new();
    for keys in chunks(&keys) {
        let mut query = QueryBuilder::<Db>::new(SOURCES);
        query.push_bind(&batch.owner_id).push(" AND reuse_key IN (");
        let mut list = query.separated(", ");
        for key in keys {
            list.push_bind(*key);
        }
        let query = query.push(WORST_FIRST).build_query_as::<(String, Uuid)>();
        found.extend(query.fetch_all(&mut **transaction).await.map_err(database_error)?);
    }
    Ok(found)
}
