//! Where SQLite differs from PostgreSQL: one transaction writes at a time, so nothing has to be locked by name.

use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use crate::error::Result;

/// A statement whose rows, on a database with many writers, are left to whoever has them already.
macro_rules! unclaimed {
    ($sql:expr, $table:literal) => {
        $sql
    };
}

/// Whether it pays to look for work before the transaction that takes it: beginning one locks the file.
pub(super) const LOOKS_FIRST: bool = true;

pub(super) const TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

pub(super) async fn lock_executions(
    _transaction: &mut Transaction<'static, Sqlite>,
    _ids: Vec<Uuid>,
    _with_watches: bool,
) -> Result<()> {
    Ok(())
}

pub(super) async fn lock_batches(
    _transaction: &mut Transaction<'static, Sqlite>,
    _batches: Vec<Uuid>,
) -> Result<()> {
    Ok(())
}

pub(super) async fn lock_accounts(
    _transaction: &mut Transaction<'static, Sqlite>,
    _ids: Vec<Uuid>,
) -> Result<()> {
    Ok(())
}

pub(super) async fn lock_reuse(_transaction: &mut Transaction<'static, Sqlite>, _owner: &str) -> Result<()> {
    Ok(())
}
