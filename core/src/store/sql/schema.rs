//! What form a database is in.

use sqlx::Database;
use sqlx::migrate::{Migrate, MigrateError, Migrator};

use super::dialect::TABLES;
use super::{Db, database_error};
use crate::error::Result;
use crate::store::Form;

/// Looks whether the tables are there and whose they are. Waits for whoever is just making them.
pub(crate) async fn form(connection: &mut <Db as Database>::Connection, schema: &Migrator) -> Result<Form> {
    connection.lock().await.map_err(unreadable)?;
    let found = look(connection, schema).await;
    connection.unlock().await.map_err(unreadable)?;
    found
}

async fn look(connection: &mut <Db as Database>::Connection, schema: &Migrator) -> Result<Form> {
    let tables: Vec<String> =
        sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await.map_err(database_error)?;
    if !tables.iter().any(|table| *table == schema.table_name) {
        return Ok(if tables.is_empty() { Form::Empty } else { Form::Foreign });
    }
    let applied = connection.list_applied_migrations(&schema.table_name).await.map_err(unreadable)?;
    let is_known = |version, checksum: &[u8]| {
        schema.iter().any(|ours| ours.version == version && *ours.checksum == *checksum)
    };
    if !applied.iter().all(|migration| is_known(migration.version, &migration.checksum)) {
        return Ok(Form::Unknown);
    }
    Ok(match applied.len() {
        0 if tables.len() == 1 => Form::Empty,
        count if count == schema.iter().len() => Form::Current,
        _ => Form::Outdated,
    })
}

/// The error of a migration.
pub(crate) fn unreadable(error: MigrateError) -> crate::Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => database_error(error),
        other => crate::Error::unexpected("the database could not be brought up to date").caused_by(other),
    }
}
