//! The store in one SQLite file: the default, durable, no server.
//!
//! One connection writes, in immediate transactions, so writers queue in the process instead of failing with "busy";
//! several read. `synchronous = FULL`: what is committed before a POST survives a power cut.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlitePool, Transaction};

use crate::error::{Error, ErrorKind, Result};

#[path = "../sql/apply.rs"]
mod apply;
#[path = "../sql/batches.rs"]
mod batches;
#[path = "../sql/claims.rs"]
mod claims;
#[path = "../sql/events.rs"]
mod events;
#[path = "../sql/failure.rs"]
mod failure;
#[path = "../sql/instances.rs"]
mod instances;
#[path = "../sql/rows.rs"]
mod rows;
#[path = "../sql/slots.rs"]
mod slots;
#[path = "../sql/watches.rs"]
mod watches;
#[path = "../sql/workers.rs"]
mod workers;
#[path = "../sql/workflows.rs"]
mod workflows;

pub(crate) use failure::database_error;

/// What the files of `store/sql` are compiled for.
type Db = sqlx::Sqlite;
type Backend = SqliteStore;

/// A store in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the file, creates it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// `Unavailable` (`database_unavailable`) when the file cannot be opened or written.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let writer = pool(&path, 1, false).await?;
        migrator().run(&writer).await.map_err(|error| unusable(&path, error))?;
        let reader = pool(&path, 4, true).await?;
        Ok(Self { writer, reader, path })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes every connection; the file is complete afterwards.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    fn reads(&self) -> &SqlitePool {
        &self.reader
    }

    async fn begin(&self) -> Result<Transaction<'static, Db>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(database_error)
    }
}

/// Opens a pool on a file; connections that only read refuse to write.
pub(crate) async fn pool(path: &Path, connections: u32, query_only: bool) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(!query_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .pragma("query_only", if query_only { "true" } else { "false" });
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .connect_with(options)
        .await
        .map_err(|error| unusable(path, error))
}

fn migrator() -> Migrator {
    let common = sqlx::migrate!("migrations/common");
    let own = sqlx::migrate!("migrations/sqlite");
    Migrator::with_migrations(common.iter().chain(own.iter()).cloned().collect())
}

pub(crate) fn unusable(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let message = format!("the database {} cannot be opened for writing", path.display());
    Error::new(ErrorKind::Unavailable, "database_unavailable", message)
        .hint("check that its folder exists and that this user may write there")
        .caused_by(error)
}
