//! When the engine is called, and that one that misbehaves harms its own runs only.

use std::sync::Arc;

use amc_fleet_emulator::CannedEngine;
use amc_fleet_emulator::query::{Answer, DataSource, LoadedTable, OutputColumn, Query, QueryEngine, Refusal};
use async_trait::async_trait;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::client::{A_WHILE, Client, QUERY, inline, options};

/// Tells when it executes, and panics where a query says so.
#[derive(Debug)]
struct Watched {
    engine: Arc<dyn QueryEngine>,
    executed: Notify,
}

impl Watched {
    fn new() -> Arc<Self> {
        Arc::new(Self { engine: CannedEngine::shared(&options(&[])), executed: Notify::new() })
    }
}

#[async_trait]
impl QueryEngine for Watched {
    async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal> {
        assert!(!query.sql.contains("panic_at_compile"), "as asked");
        self.engine.compile(query).await
    }

    async fn execute(&self, query: &Query) -> Result<Answer, Refusal> {
        assert!(!query.sql.contains("panic_at_execute"), "as asked");
        self.executed.notify_one();
        self.engine.execute(query).await
    }

    fn data_sources(&self, instance_id: &str) -> Vec<DataSource> {
        self.engine.data_sources(instance_id)
    }

    fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String> {
        self.engine.load(instance_id, table, rows)
    }
}

#[tokio::test]
async fn a_clock_that_runs_starts_runs_without_a_request() {
    let engine = Watched::new();
    let client = Client::start_with(&["--latency-ms", "50"], Arc::<Watched>::clone(&engine)).await;
    client.freeze(false).await;
    client.run(inline(QUERY)).await;
    timeout(A_WHILE, engine.executed.notified()).await.unwrap();
}

#[tokio::test]
async fn a_panic_of_the_engine_fails_one_run() {
    let client = Client::start_with(&[], Watched::new()).await;
    for (sql, status) in [
        ("SELECT a FROM panic_at_compile", "FAILED"),
        ("SELECT a FROM panic_at_execute", "FAILED"),
        (QUERY, "SUCCEEDED"),
    ] {
        let id = client.run(inline(sql)).await;
        assert_eq!(client.ended(&id).await["status"], status, "{sql}");
    }
}
