//! The store in PostgreSQL, for several workers on several machines.
//!
//! Every transaction is READ COMMITTED and locks what it changes before it reads what it decides by, in one order
//! ([`dialect`]). What PostgreSQL gives up all the same is done again.

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Transaction};

use super::{Consent, Migrate};
use crate::error::Result;

mod clock;
#[macro_use]
mod dialect;
mod server;

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
pub(crate) use server::PostgresServer;

/// What the files of `store/sql` are compiled for.
type Db = sqlx::Postgres;
type Backend = PostgresStore;

/// A store in a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresStore(PostgresServer);

impl PostgresStore {
    /// Opens the database of a `postgres://` URL. One without any table is made ready; any other must be already, since
    /// other programs may be at work there.
    ///
    /// # Errors
    /// `Unavailable` (`database_unavailable`), `Unauthorized` (`database_login_refused`) or `NotFound`
    /// (`unknown_database`) when it cannot be reached; `Unsupported` (`migration_needed`, `schema_too_old`, `schema_too_new`,
    /// `database_too_old`) when it cannot be used as it is.
    pub async fn open(url: &str, migrate: Migrate) -> Result<Self> {
        let consent = match migrate {
            Migrate::Auto => Consent::Make,
            Migrate::Never => Consent::Nothing,
        };
        PostgresServer::open(url, consent).await.map(Self)
    }

    pub(crate) fn server(&self) -> &PostgresServer {
        &self.0
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.0.close().await;
    }

    fn reads(&self) -> &PgPool {
        self.0.reads()
    }

    async fn reader(&self) -> Result<PoolConnection<Db>> {
        self.0.reader().await
    }

    async fn begin(&self) -> Result<Transaction<'static, Db>> {
        self.0.begin().await
    }
}

/// What the schema of this version is told from others by, however many migrations make it.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn schema_fingerprint() -> String {
    use sha2::{Digest, Sha256};

    let mut digest = Sha256::new();
    for migration in migrations().iter() {
        digest.update(&migration.checksum);
    }
    // A name of PostgreSQL's holds no more than 63 bytes.
    crate::digest::hexadecimal(&digest.finalize()[..16])
}

fn migrations() -> Migrator {
    let common = sqlx::migrate!("migrations/common");
    let own = sqlx::migrate!("migrations/postgres");
    let mut all = Migrator::with_migrations(common.iter().chain(own.iter()).cloned().collect());
    // The database may be shared with a program that keeps its own migrations.
    all.dangerous_set_table_name("amc_fleet_migrations");
    all
}

#[cfg(test)]
mod tests;
