//! Results in PostgreSQL, in tables of their own beside the store's, over the same connections.

use crate::store::{PostgresServer as Rooms, PostgresStore, postgres_error as database_error};

#[path = "sql.rs"]
mod sql;

/// What `sql.rs` is compiled for.
type Db = sqlx::Postgres;
type Backend = PostgresResults;

/// Results in a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresResults(Rooms);

impl PostgresResults {
    /// Results in the database of a store. They close with it.
    #[must_use]
    pub fn beside(store: &PostgresStore) -> Self {
        Self(store.server().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{PostgresResults, PostgresStore};
    use crate::store::Migrate;
    use crate::testing::TestDatabase;

    async fn fresh() -> (PostgresResults, (PostgresStore, TestDatabase)) {
        let database = TestDatabase::ready().await;
        let store = PostgresStore::open(database.url(), Migrate::Never).await.unwrap();
        (PostgresResults::beside(&store), (store, database))
    }

    crate::result_suite!(postgres, super::fresh());
}
