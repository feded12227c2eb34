//! An engine that misbehaves harms its own runs only.

use std::sync::Arc;

use amc_fleet_emulator::CannedEngine;
use amc_fleet_emulator::query::{Answer, DataSource, LoadedTable, OutputColumn, Query, QueryEngine, Refusal};
use async_trait::async_trait;

use crate::client::{Client, QUERY, inline, options};

/// Panics where a query says so.
#[derive(Debug)]
struct Panicking(Arc<dyn QueryEngine>);

#[async_trait]
impl QueryEngine for Panicking {
    async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal> {
        assert!(!query.sql.contains("panic_at_compile"), "as asked");
        self.0.compile(query).await
    }

    async fn execute(&self, query: &Query) -> Result<Answer, Refusal> {
        assert!(!query.sql.contains("panic_at_execute"), "as asked");
        self.0.execute(query).await
    }

    fn data_sources(&self, instance_id: &str) -> Vec<DataSource> {
        self.0.data_sources(instance_id)
    }

    fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String> {
        self.0.load(instance_id, table, rows)
    }
}

#[tokio::test]
async fn a_panic_of_the_engine_fails_one_run() {
    let engine = Arc::new(Panicking(CannedEngine::shared(&options(&[]))));
    let client = Client::start_with(&[], engine).await;
    for (sql, status) in [
        ("SELECT a FROM panic_at_compile", "FAILED"),
        ("SELECT a FROM panic_at_execute", "FAILED"),
        (QUERY, "SUCCEEDED"),
    ] {
        let id = client.run(inline(sql)).await;
        assert_eq!(client.ended(&id).await["status"], status, "{sql}");
    }
}
