//! The stores of a database: what [`Fleet::open`](super::Fleet::open) puts together.

use std::path::Path;
use std::sync::Arc;

use super::address::PostgresUrl;
use super::{Closing, Database, Migrate};
use crate::clock::Clock;
use crate::error::Result;
use crate::results::store::{MemoryResults, ResultStore};
use crate::store::{MemoryStore, Store};

/// An open database.
pub(super) struct Opened {
    pub(super) store: Arc<dyn Store>,
    pub(super) results: Arc<dyn ResultStore>,
    pub(super) closing: Closing,
    /// The clock of its own that a database shared by machines has.
    pub(super) clock: Option<Arc<dyn Clock>>,
}

pub(super) async fn open(database: &Database, migrate: Migrate) -> Result<Opened> {
    match database {
        Database::Memory => Ok(Opened {
            store: Arc::new(MemoryStore::new()),
            results: Arc::new(MemoryResults::new()),
            closing: Box::new(|| Box::pin(async {})),
            clock: None,
        }),
        Database::Sqlite(path) => sqlite::open(path, migrate).await,
        Database::Postgres(url) => postgres::open(url, migrate).await,
    }
}

/// Brings a database to the form this version works with, whatever form it is in.
pub(super) async fn migrate(database: &Database) -> Result<()> {
    match database {
        Database::Memory => Ok(()),
        Database::Sqlite(path) => sqlite::migrate(path).await,
        Database::Postgres(url) => postgres::migrate(url).await,
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use crate::results::store::SqliteResults;
    use crate::store::{Consent, SqliteStore};

    pub(super) async fn open(path: &Path, migrate: Migrate) -> Result<Opened> {
        let consent = match migrate {
            Migrate::Auto => Consent::Upgrade,
            Migrate::Never => Consent::Nothing,
        };
        let (store, results) = both(path, consent).await?;
        let (closing_store, closing_results) = (store.clone(), results.clone());
        let closing: Closing = Box::new(move || {
            let (store, results) = (closing_store.clone(), closing_results.clone());
            Box::pin(async move {
                store.close().await;
                results.close().await;
            })
        });
        Ok(Opened { store: Arc::new(store), results: Arc::new(results), closing, clock: None })
    }

    pub(super) async fn migrate(path: &Path) -> Result<()> {
        let (store, results) = both(path, Consent::Join).await?;
        store.close().await;
        results.close().await;
        Ok(())
    }

    async fn both(path: &Path, consent: Consent) -> Result<(SqliteStore, SqliteResults)> {
        if let Some(folder) = path.parent().filter(|folder| folder.ends_with("amc-fleet"))
            && consent > Consent::Nothing
        {
            // The folder of this user's own database is ours to make; any other must exist.
            std::fs::create_dir_all(folder).map_err(|error| crate::store::unusable(path, error))?;
        }
        let store = SqliteStore::open_with(path, consent).await?;
        let results = SqliteResults::open_with(&Database::results_path(path), consent).await?;
        Ok((store, results))
    }
}

#[cfg(not(feature = "sqlite"))]
mod sqlite {
    use super::*;
    use crate::error::{Error, ErrorKind};

    pub(super) async fn open(_path: &Path, _migrate: Migrate) -> Result<Opened> {
        Err(missing())
    }

    pub(super) async fn migrate(_path: &Path) -> Result<()> {
        Err(missing())
    }

    fn missing() -> Error {
        Error::new(ErrorKind::Unsupported, "no_sqlite", "this build keeps no fleet in SQLite")
            .hint("build with the feature `sqlite`, or use another database")
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use crate::results::store::PostgresResults;
    use crate::store::Consent;
    use crate::store::{PostgresServer, PostgresStore};

    pub(super) async fn open(url: &PostgresUrl, migrate: Migrate) -> Result<Opened> {
        let store = PostgresStore::open(url.expose(), migrate).await?;
        let clock = store.server().clock().await?;
        let results = PostgresResults::beside(&store);
        let closed = store.clone();
        let closing: Closing = Box::new(move || {
            let store = closed.clone();
            Box::pin(async move { store.close().await })
        });
        Ok(Opened { store: Arc::new(store), results: Arc::new(results), closing, clock: Some(clock) })
    }

    pub(super) async fn migrate(url: &PostgresUrl) -> Result<()> {
        PostgresServer::open(url.expose(), Consent::Join).await?.close().await;
        Ok(())
    }
}

#[cfg(not(feature = "postgres"))]
mod postgres {
    use super::*;
    use crate::error::{Error, ErrorKind};

    pub(super) async fn open(_url: &PostgresUrl, _migrate: Migrate) -> Result<Opened> {
        Err(missing())
    }

    pub(super) async fn migrate(_url: &PostgresUrl) -> Result<()> {
        Err(missing())
    }

    fn missing() -> Error {
        Error::new(ErrorKind::Unsupported, "no_postgres", "this build keeps no fleet in PostgreSQL")
            .hint("build with the feature `postgres`, or use a SQLite file: \"sqlite://fleet.db\"")
    }
}
