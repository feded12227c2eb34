//! The store in one SQLite file: the default, durable, no server.
//!
//! One connection writes, in immediate transactions, so writers queue in the process instead of failing with "busy";
//! several read. `synchronous = FULL`: what is committed before a POST survives a power cut.

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::{SqlitePool, Transaction};

use super::Consent;
use crate::error::Result;

#[macro_use]
mod dialect;
mod file;

#[path = "../sql/apply.rs"]
mod apply;
#[path = "../sql/attempts.rs"]
mod attempts;
#[path = "../sql/backfills.rs"]
mod backfills;
#[path = "../sql/batches.rs"]
mod batches;
#[path = "../sql/bulk.rs"]
mod bulk;
#[path = "../sql/cancel.rs"]
mod cancel;
#[path = "../sql/catalogues.rs"]
mod catalogues;
#[path = "../sql/claims.rs"]
mod claims;
#[path = "../sql/durations.rs"]
mod durations;
#[path = "../sql/events.rs"]
mod events;
#[path = "../sql/failure.rs"]
mod failure;
#[path = "../sql/history.rs"]
mod history;
#[path = "../sql/instances.rs"]
mod instances;
#[path = "../sql/lineage.rs"]
mod lineage;
#[path = "../sql/management.rs"]
mod management;
#[path = "../sql/pages.rs"]
mod pages;
#[path = "../sql/reports.rs"]
mod reports;
#[path = "../sql/reruns.rs"]
mod reruns;
#[path = "../sql/retry.rs"]
mod retry;
#[path = "../sql/reuse.rs"]
mod reuse;
#[path = "../sql/rows.rs"]
mod rows;
#[path = "../sql/schedules.rs"]
mod schedules;
#[path = "../sql/schema.rs"]
mod schema;
#[path = "../sql/slots.rs"]
mod slots;
#[path = "../sql/templates.rs"]
mod templates;
#[path = "../sql/watches.rs"]
mod watches;
#[path = "../sql/workers.rs"]
mod workers;
#[path = "../sql/workflows.rs"]
mod workflows;
#[path = "../sql/write.rs"]
mod write;

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
    /// Opens the file, creates it where it is missing, and brings its schema up to date, after a copy of what was there.
    ///
    /// # Errors
    /// `Unavailable` (`database_unavailable`) when the file cannot be opened or written; `Unsupported` when it is another
    /// program's (`migration_needed`) or a newer version's (`schema_too_new`).
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path.as_ref(), Consent::Upgrade).await
    }

    pub(crate) async fn open_with(path: &Path, consent: Consent) -> Result<Self> {
        SqliteFile::open(path, &schema(), READERS, consent).await.map(Self)
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

    async fn reader(&self) -> Result<PoolConnection<Db>> {
        self.0.reader().await
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
    use sqlx::{ConnectOptions, Connection};

    use super::{Consent, SqliteStore};

    async fn fresh() -> (SqliteStore, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (SqliteStore::open(folder.path().join("fleet.db")).await.unwrap(), folder)
    }

    crate::store_suite!(sqlite, super::fresh());
    crate::scheduler_suite!(by_cron, super::fresh(), crate::testing::scheduler_suite::Driven::by_cron);
    crate::scheduler_suite!(by_host, super::fresh(), crate::testing::scheduler_suite::Driven::by_host);

    async fn code(path: &std::path::Path, consent: Consent) -> Option<&'static str> {
        match SqliteStore::open_with(path, consent).await {
            Ok(store) => {
                store.close().await;
                None
            }
            Err(error) => Some(error.code()),
        }
    }

    async fn run(path: &std::path::Path, sql: &'static str) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut file = options.connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_file_is_made_and_changed_only_with_consent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet.db");
        assert_eq!(code(&path, Consent::Nothing).await, Some("migration_needed"));
        assert!(!path.exists(), "looking makes no file");
        assert_eq!(code(&path, Consent::Make).await, None);
        assert_eq!(code(&path, Consent::Nothing).await, None);

        run(&path, "DELETE FROM _sqlx_migrations WHERE version = 3; DROP VIEW workflow_executions; DROP VIEW batch_execution_summary").await;
        assert_eq!(code(&path, Consent::Nothing).await, Some("schema_too_old"));
        assert_eq!(code(&path, Consent::Upgrade).await, None);
        let copies = std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
        let copies = copies.filter(|entry| entry.file_name().to_string_lossy().contains("before")).count();
        assert_eq!(copies, 1, "what was there is kept");

        run(&path, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 3").await;
        assert_eq!(code(&path, Consent::Join).await, Some("schema_too_new"));
    }

    #[tokio::test]
    async fn another_programs_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("theirs.db");
        run(&path, "CREATE TABLE customers (id INT)").await;
        assert_eq!(code(&path, Consent::Upgrade).await, Some("migration_needed"));
        assert_eq!(code(&path, Consent::Join).await, None);
    }

    #[tokio::test]
    async fn a_path_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let error = SqliteStore::open(folder.path().join("missing/fleet.db")).await.unwrap_err();
        assert_eq!(error.code(), "database_unavailable");
        assert!(error.message().contains("missing/fleet.db"));
    }
}
