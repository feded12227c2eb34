//! The stores that promises are tested on.

use std::any::Any;
use std::sync::Arc;

use crate::store::{MemoryStore, Store};

/// What must live as long as a store.
pub(super) type Guard = Box<dyn Any + Send + Sync>;

/// A kind of store.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Memory,
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

impl Kind {
    /// A fresh, empty store.
    pub(super) async fn fresh(self) -> (Arc<dyn Store>, Guard) {
        match self {
            Self::Memory => (Arc::new(MemoryStore::new()), Box::new(())),
            #[cfg(feature = "sqlite")]
            Self::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let store = crate::store::SqliteStore::open(folder.path().join("fleet.db")).await.unwrap();
                (Arc::new(store), Box::new(folder))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                let database = crate::testing::TestDatabase::ready().await;
                let never = crate::store::Migrate::Never;
                let store = crate::store::PostgresStore::open(database.url(), never).await.unwrap();
                (Arc::new(store), Box::new(database))
            }
        }
    }
}

/// Makes a test of each function for every kind of store.
macro_rules! on_every_store {
    ($($test:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Memory).await })*
        }
        #[cfg(feature = "sqlite")]
        mod sqlite {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Sqlite).await })*
        }
        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Postgres).await })*
        }
    };
}
pub(super) use on_every_store;
