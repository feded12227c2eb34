//! Workers in SQL: one heartbeat row a process.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Backend, database_error};
use crate::error::Result;
use crate::model::{Worker, WorkerId};

/// That nobody else who is alive holds a row. Said by a count: a server that locks rows under many writers looks again at
/// those that changed meanwhile, and there `NOT EXISTS` would pass, whoever has them now.
macro_rules! unheld {
    ($table:literal) => {
        concat!(
            "(SELECT count(*) FROM workers w WHERE w.id = ",
            $table,
            ".worker AND w.id <> $4 AND w.lease_expires_at > $2) = 0"
        )
    };
}
pub(super) use unheld;

const BEAT: &str = "INSERT INTO workers (id, credential_keys, lease_expires_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (id) DO UPDATE SET lease_expires_at = excluded.lease_expires_at, updated_at = excluded.updated_at";

const BURY: &str = "DELETE FROM workers WHERE lease_expires_at < $1";

const RETIRE: &str = "DELETE FROM workers WHERE id = $1";

const ALIVE: &str = "SELECT credential_keys FROM workers WHERE lease_expires_at > $1";

/// What comes due next, of each kind by its index. The order of the last join is the order of the index it stops in.
const NEXT_DUE: &str = "SELECT min(due) FROM (
    SELECT min(not_before) AS due FROM executions
        WHERE status IN ('pending', 'submitting', 'collecting') AND not_before > $2 AND credential_key = $1
    UNION ALL
    SELECT min(deadline_at) FROM executions
        WHERE status = 'pending' AND deadline_at > $2 AND credential_key = $1
    UNION ALL
    SELECT next_poll_at FROM (
        SELECT t.next_poll_at FROM instance_watches t
            CROSS JOIN amc_instances i CROSS JOIN amc_accounts a
        WHERE i.id = t.instance AND a.id = i.account AND a.credential_key = $1 AND t.next_poll_at > $2
            AND EXISTS (SELECT 1 FROM executions e WHERE e.instance = t.instance AND e.status = 'running')
        ORDER BY t.next_poll_at LIMIT 1) AS watched
    ) AS known";

pub(super) async fn beat(store: &Backend, worker: &Worker, now: DateTime<Utc>) -> Result<()> {
    let mut transaction = store.begin().await?;
    let an_hour_dead = now - chrono::TimeDelta::hours(1);
    sqlx::query(BURY).bind(an_hour_dead).execute(&mut *transaction).await.map_err(database_error)?;
    sqlx::query(BEAT)
        .bind(worker.id.0)
        .bind(Json(&worker.credential_keys))
        .bind(worker.lease_expires_at)
        .bind(now)
        .execute(&mut *transaction)
        .await
        .map_err(database_error)?;
    transaction.commit().await.map_err(database_error)
}

pub(super) async fn retire(store: &Backend, worker: WorkerId) -> Result<()> {
    let mut transaction = store.begin().await?;
    sqlx::query(RETIRE).bind(worker.0).execute(&mut *transaction).await.map_err(database_error)?;
    transaction.commit().await.map_err(database_error)
}

pub(super) async fn somebody_works(
    store: &Backend,
    credential_key: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let query = sqlx::query_scalar(ALIVE).bind(now);
    let alive: Vec<Json<Vec<String>>> = query.fetch_all(store.reads()).await.map_err(database_error)?;
    Ok(alive.iter().any(|keys| keys.0.iter().any(|key| key == credential_key)))
}

pub(super) async fn next_due(
    store: &Backend,
    credential_keys: &[String],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let mut earliest: Option<DateTime<Utc>> = None;
    for key in credential_keys {
        let query = sqlx::query_scalar(NEXT_DUE).bind(key).bind(now);
        let due: Option<DateTime<Utc>> = query.fetch_one(store.reads()).await.map_err(database_error)?;
        earliest = [earliest, due].into_iter().flatten().min();
    }
    Ok(earliest)
}
