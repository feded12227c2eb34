//! Many instances at once.

use amc_fleet_emulator_sql::{Options, SqlEngine};
use futures::future::join_all;

use crate::support::{answer, query};

const REACH: &str = include_str!("../queries/overlap.sql");

#[tokio::test]
async fn fifty_instances_answer_one_long_query() {
    let engine = SqlEngine::new(Options { rows: 5_000, ..Options::default() });
    let runs = (0..50).map(|n| {
        let mut asked = query(REACH);
        asked.instance_id = format!("amcfleet{n:03}");
        let engine = &engine;
        async move { answer(engine, &asked).await.map(|(_, rows)| rows.len()) }
    });
    let counts = join_all(runs).await;
    assert!(counts.iter().all(|count| count.as_ref().is_ok_and(|rows| *rows > 0)), "{counts:?}");
}
