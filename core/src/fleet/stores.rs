//! The stores of a database: what [`Fleet::open`](super::Fleet::open) puts together.

use std::sync::Arc;

use super::{Closing, Database, Migrate};
use crate::error::{Error, ErrorKind, Result};
use crate::results::store::{MemoryResults, ResultStore};
use crate::store::{MemoryStore, Store};

pub(super) async fn open(
    database: &Database,
    migrate: Migrate,
) -> Result<(Arc<dyn Store>, Arc<dyn ResultStore>, Closing)> {
    refuse_unkept(migrate, database)?;
    match database {
        Database::Memory => {
            let closing: Closing = Box::new(|| Box::pin(async {}));
            Ok((Arc::new(MemoryStore::new()), Arc::new(MemoryResults::new()), closing))
        }
        Database::Sqlite(path) => sqlite(path).await,
    }
}

#[cfg(feature = "sqlite")]
async fn sqlite(path: &std::path::Path) -> Result<(Arc<dyn Store>, Arc<dyn ResultStore>, Closing)> {
    use crate::results::store::SqliteResults;
    use crate::store::SqliteStore;

    if let Some(folder) = path.parent().filter(|folder| folder.ends_with("amc-fleet")) {
        // The folder of this user's own database is ours to make; any other must exist.
        std::fs::create_dir_all(folder).map_err(|error| crate::store::unusable(path, error))?;
    }
    let store = SqliteStore::open(path).await?;
    let results = SqliteResults::open(Database::results_path(path)).await?;
    let (closing_store, closing_results) = (store.clone(), results.clone());
    let closing: Closing = Box::new(move || {
        let (store, results) = (closing_store.clone(), closing_results.clone());
        Box::pin(async move {
            store.close().await;
            results.close().await;
        })
    });
    Ok((Arc::new(store), Arc::new(results), closing))
}

#[cfg(not(feature = "sqlite"))]
async fn sqlite(_path: &std::path::Path) -> Result<(Arc<dyn Store>, Arc<dyn ResultStore>, Closing)> {
    Err(Error::new(ErrorKind::Unsupported, "no_sqlite", "this build keeps no fleet in SQLite")
        .hint("build with the feature `sqlite`, or use \"memory:\""))
}

/// A database of this machine is made for this version as it is opened: there is no way to leave it alone.
fn refuse_unkept(migrate: Migrate, database: &Database) -> Result<()> {
    if migrate == Migrate::Auto {
        return Ok(());
    }
    let message =
        format!("{database} is brought up to date when it is opened; migrate = never cannot be kept");
    Err(Error::new(ErrorKind::Unsupported, "migrate_unsupported", message)
        .hint("open it with migrate = auto"))
}
