//! Where PostgreSQL differs from SQLite: many transactions write at once, so each locks what it changes, in one order —
//! executions, accounts, batches, watches, each by id — and never waits for work that somebody else is taking.

use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::database_error;
use crate::error::Result;

/// A statement whose rows are locked for the caller; those that somebody else has are left out.
macro_rules! unclaimed {
    ($sql:expr, $table:literal) => {
        concat!($sql, " FOR NO KEY UPDATE OF ", $table, " SKIP LOCKED")
    };
}

/// Whether it pays to look for work before the transaction that takes it: beginning one locks nothing here.
pub(super) const LOOKS_FIRST: bool = false;

pub(super) const TABLES: &str =
    "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()";

const LOCK_EXECUTIONS: &str = "SELECT lock_executions($1, $2)";

const LOCK_BATCHES: &str =
    "SELECT lock_executions(ARRAY(SELECT id FROM executions WHERE batch = ANY ($1)), false)";

const LOCK_ACCOUNTS: &str = "SELECT id FROM amc_accounts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";

const LOCK_REUSE: &str = "SELECT pg_advisory_xact_lock(hashtextextended('amc-fleet reuse ' || $1, 0))";

/// Locks executions with all that a change of theirs writes.
pub(super) async fn lock_executions(
    transaction: &mut Transaction<'static, Postgres>,
    ids: Vec<Uuid>,
    with_watches: bool,
) -> Result<()> {
    let lock = sqlx::query(LOCK_EXECUTIONS).bind(ids).bind(with_watches);
    lock.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// Locks every execution of these batches, and the batches.
pub(super) async fn lock_batches(
    transaction: &mut Transaction<'static, Postgres>,
    batches: Vec<Uuid>,
) -> Result<()> {
    let lock = sqlx::query(LOCK_BATCHES).bind(batches);
    lock.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// Locks accounts: whoever takes slots counts them alone.
pub(super) async fn lock_accounts(
    transaction: &mut Transaction<'static, Postgres>,
    ids: Vec<Uuid>,
) -> Result<()> {
    let lock = sqlx::query(LOCK_ACCOUNTS).bind(ids);
    lock.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// Locks the choice of results that an owner's new executions may take.
pub(super) async fn lock_reuse(transaction: &mut Transaction<'static, Postgres>, owner: &str) -> Result<()> {
    sqlx::query(LOCK_REUSE).bind(owner).execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}
