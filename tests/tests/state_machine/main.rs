//! One model, every store: whatever happens in whatever order, a store holds what the model says.

#![cfg(test)]

mod machine;
mod model;
mod verb;

use std::sync::Arc;

use amc_fleet::store::{MemoryStore, Migrate, PostgresStore, SqliteStore, Store};
use amc_fleet::testing::TestDatabase;
use proptest::test_runner::Config;
use proptest_state_machine::prop_state_machine;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use machine::{Fresh, Machine};

#[derive(Debug)]
struct Memory;

impl Fresh for Memory {
    fn open(_runtime: &Runtime) -> (Arc<dyn Store>, Self) {
        (Arc::new(MemoryStore::new()), Self)
    }
}

#[derive(Debug)]
struct Sqlite(#[expect(dead_code, reason = "the folder goes with it")] TempDir);

impl Fresh for Sqlite {
    fn open(runtime: &Runtime) -> (Arc<dyn Store>, Self) {
        let folder = TempDir::new().unwrap();
        let store = runtime.block_on(SqliteStore::open(folder.path().join("fleet.db"))).unwrap();
        (Arc::new(store), Self(folder))
    }
}

#[derive(Debug)]
struct Postgres(#[expect(dead_code, reason = "the database goes with it")] TestDatabase);

impl Fresh for Postgres {
    fn open(runtime: &Runtime) -> (Arc<dyn Store>, Self) {
        let database = runtime.block_on(TestDatabase::ready());
        let store = runtime.block_on(PostgresStore::open(database.url(), Migrate::Auto)).unwrap();
        (Arc::new(store), Self(database))
    }
}

fn config(cases: u32) -> Config {
    // What failed once is written into a test of its own, not into a file beside this one.
    Config { cases, failure_persistence: None, ..Config::default() }
}

prop_state_machine! {
    #![proptest_config(config(256))]
    #[test]
    fn memory_does_as_the_model(sequential 1..80 => Machine<Memory>);
}

prop_state_machine! {
    #![proptest_config(config(32))]
    #[test]
    fn sqlite_does_as_the_model(sequential 1..80 => Machine<Sqlite>);
}

prop_state_machine! {
    #![proptest_config(config(16))]
    #[test]
    fn postgres_does_as_the_model(sequential 1..80 => Machine<Postgres>);
}
