//! The store in one SQLite file: the default, durable, no server.
//!
//! One connection writes, in immediate transactions, so writers queue in the process instead of failing with "busy";
//! several read. `synchronous = FULL`: what is committed before a POST survives a power cut.

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::{SqlitePool, Transaction};

use crate::error::Result;

mod file;

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
pub(crate) use file::SqliteFile;
#[cfg(feature = "http")]
pub(crate) use file::unusable;

/// What the files of `store/sql` are compiled for.
type Db = sqlx::Sqlite;
type Backend = SqliteStore;

/// Connections that read.
const READERS: u32 = 4;

/// A store in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore(SqliteFile);

impl SqliteStore {
    /// Opens the file, creates it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// `Unavailable` (`database_unavailable`) when the file cannot be opened or written.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        SqliteFile::open(path.as_ref(), &schema(), READERS).await.map(Self)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Closes every connection; the file is complete afterwards.
    pub async fn close(&self) {
        self.0.close().await;
    }

    fn reads(&self) -> &SqlitePool {
        self.0.reads()
    }

    async fn begin(&self) -> Result<Transaction<'static, Db>> {
        self.0.begin().await
    }
}

fn schema() -> Migrator {
    let common = sqlx::migrate!("migrations/common");
    let own = sqlx::migrate!("migrations/sqlite");
    Migrator::with_migrations(common.iter().chain(own.iter()).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::SqliteStore;

    async fn fresh() -> (SqliteStore, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (SqliteStore::open(folder.path().join("fleet.db")).await.unwrap(), folder)
    }

    crate::store_suite!(sqlite, super::fresh());

    #[tokio::test]
    async fn a_path_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let error = SqliteStore::open(folder.path().join("missing/fleet.db")).await.unwrap_err();
        assert_eq!(error.code(), "database_unavailable");
        assert!(error.message().contains("missing/fleet.db"));
    }
}
