//! Queries and answers in short form.

use amc_fleet_emulator::query::{
    Answer, OutputColumn, Parameter, Privacy, Query, QueryEngine, Refusal, Row, Window,
};
use amc_fleet_emulator_sql::{Options, SqlEngine};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;

/// An instant of RFC 3339.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A query over September 2025 in an instance of its own.
pub(crate) fn query(sql: &str) -> Query {
    Query {
        instance_id: "amctest0001".to_owned(),
        sql: sql.to_owned(),
        window: window("2025-09-01T00:00:00Z", "2025-10-01T00:00:00Z"),
        parameters: Vec::new(),
        privacy: Privacy::default(),
        synthetic: false,
        now: at("2025-10-15T00:00:00Z"),
    }
}

/// A window in UTC.
pub(crate) fn window(start: &str, end: &str) -> Window {
    Window { start: at(start), end: at(end), time_zone: "UTC".to_owned() }
}

/// A parameter with a value.
pub(crate) fn parameter(
    name: &str,
    data_type: serde_json::Value,
    value: Option<serde_json::Value>,
) -> Parameter {
    Parameter { name: name.to_owned(), data_type, value }
}

/// An engine of that many rows, without thresholds.
pub(crate) fn engine(rows: u64) -> SqlEngine {
    SqlEngine::new(Options { rows, thresholds: false, ..Options::default() })
}

/// Columns and all rows of a query.
pub(crate) async fn answer(
    engine: &SqlEngine,
    query: &Query,
) -> Result<(Vec<OutputColumn>, Vec<Row>), Refusal> {
    let Answer { columns, rows } = engine.execute(query).await?;
    let rows: Vec<Row> = rows.try_concat().await?;
    Ok((columns, rows))
}

/// All rows of a query that must run.
pub(crate) async fn rows(engine: &SqlEngine, sql: &str) -> Vec<Row> {
    answer(engine, &query(sql)).await.unwrap_or_else(|refusal| panic!("{refusal}\n{sql}")).1
}

/// The only number of a query that must run.
pub(crate) async fn number(engine: &SqlEngine, sql: &str) -> u64 {
    let rows = rows(engine, sql).await;
    rows[0][0].as_deref().and_then(|field| field.parse().ok()).unwrap_or_else(|| panic!("{rows:?}\n{sql}"))
}
