//! A SQLite file: one connection writes, several read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::{database_error, schema};
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Consent, Form};

const BACK_UP: &str = "VACUUM INTO $1";

/// An open file, its schema up to date.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    writer: SqlitePool,
    reader: SqlitePool,
    path: PathBuf,
}

impl SqliteFile {
    /// Opens the file, and makes it or brings it up to date as far as there is consent.
    pub(crate) async fn open(path: &Path, schema: &Migrator, readers: u32, consent: Consent) -> Result<Self> {
        if consent == Consent::Nothing && !path.exists() {
            return Err(Form::Empty.refusal(&path.display().to_string()));
        }
        let writer = pool(path, 1, false).await?;
        bring_up(path, schema, &writer, consent).await?;
        let reader = pool(path, readers, true).await?;
        Ok(Self { writer, reader, path: path.to_path_buf() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What reads.
    pub(crate) fn reads(&self) -> &SqlitePool {
        &self.reader
    }

    /// A connection that reads.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>> {
        self.reader.acquire().await.map_err(database_error)
    }

    /// What writes single statements.
    pub(crate) fn writes(&self) -> &SqlitePool {
        &self.writer
    }

    /// Begins to write; other writers of this process queue, those of other processes wait for the file.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(database_error)
    }

    /// Closes every connection; the file is complete afterwards.
    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

async fn bring_up(path: &Path, schema: &Migrator, writer: &SqlitePool, consent: Consent) -> Result<()> {
    let form = {
        let mut connection = writer.acquire().await.map_err(|error| unusable(path, error))?;
        schema::form(&mut connection, schema).await?
    };
    if !form.is_due(consent, &path.display().to_string())? {
        return Ok(());
    }
    if form == Form::Outdated {
        back_up(path, writer).await?;
    }
    schema.run(writer).await.map_err(|error| unusable(path, error))
}

/// Copies a file that is about to change, beside it, unless an earlier try did.
async fn back_up(path: &Path, writer: &SqlitePool) -> Result<()> {
    let copy = path.with_extension(format!("before-{}.db", crate::VERSION));
    if copy.exists() {
        return Ok(());
    }
    let written = sqlx::query(BACK_UP).bind(copy.display().to_string()).execute(writer).await;
    written.map(|_| ()).map_err(|error| unusable(path, error))
}

async fn pool(path: &Path, connections: u32, query_only: bool) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(!query_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .pragma("query_only", if query_only { "true" } else { "false" });
    let pool = SqlitePoolOptions::new().max_connections(connections).min_connections(0);
    pool.connect_with(options).await.map_err(|error| unusable(path, error))
}

/// The error of a file that cannot be used.
pub(crate) fn unusable(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the database {} cannot be opened for writing", path.display());
    Error::new(ErrorKind::Unavailable, "database_unavailable", message)
        .hint("check that its folder exists and that this user may write there")
        .caused_by(error)
}
