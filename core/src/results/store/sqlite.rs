//! Results in a SQLite file of their own beside the store's, so that large ones never slow down the engine.

use std::path::Path;

use crate::error::Result;
use crate::store::{Consent, SqliteFile as Rooms, database_error};

#[path = "sql.rs"]
mod sql;

/// What `sql.rs` is compiled for.
type Db = sqlx::Sqlite;
type Backend = SqliteResults;

/// Connections that read.
const READERS: u32 = 2;

/// Results in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteResults(Rooms);

impl SqliteResults {
    /// Opens the file, creates it where it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// As for [`SqliteStore::open`](crate::store::SqliteStore::open).
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path.as_ref(), Consent::Upgrade).await
    }

    pub(crate) async fn open_with(path: &Path, consent: Consent) -> Result<Self> {
        let schema = sqlx::migrate!("migrations/sqlite_results");
        Rooms::open(path, &schema, READERS, consent).await.map(Self)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::SqliteResults;

    async fn fresh() -> (SqliteResults, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (SqliteResults::open(folder.path().join("fleet.results.db")).await.unwrap(), folder)
    }

    crate::result_suite!(sqlite, super::fresh());

    #[tokio::test]
    async fn a_damaged_chunk_is_named() {
        let (store, _folder) = fresh().await;
        let written = crate::testing::result_suite::written(&store).await;
        let damage = "UPDATE result_chunks SET parquet = x'50415231' WHERE number = 0";
        sqlx::query(damage).execute(store.0.writes()).await.unwrap();
        crate::testing::result_suite::a_damaged_chunk_is_named(&store, &written).await;
    }
}
