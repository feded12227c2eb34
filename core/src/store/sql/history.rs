//! Earlier runs in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::Scope;
use crate::store::history::seconds_between;
use crate::store::{EarlierRuns, HistoryStore, Likeness};

const DURATIONS: &str = "SELECT submitted_at, completed_at FROM executions
    WHERE ($1 IS NULL OR owner_id = $1) AND status = 'completed' AND submitted_at IS NOT NULL
        AND ($2 IS NULL OR workflow = $2) AND ($3 IS NULL OR sql_hash = $3)
    ORDER BY completed_at DESC LIMIT $4";

const EARLIER: &str = "SELECT e.instance, q.sql, count(*) AS runs, min(e.time_window_start) AS window_start,
        max(e.time_window_end) AS window_end
    FROM executions e JOIN execution_sql q ON q.owner_id = e.owner_id AND q.sql_hash = e.sql_hash
    WHERE ($1 IS NULL OR e.owner_id = $1) AND e.time_window_start < $3 AND e.time_window_end > $2
        AND e.submitted_at IS NOT NULL
    GROUP BY e.instance, e.sql_hash, q.sql";

#[derive(FromRow)]
struct EarlierRow {
    instance: Uuid,
    sql: String,
    runs: i64,
    window_start: DateTime<Utc>,
    window_end: DateTime<Utc>,
}

impl From<EarlierRow> for EarlierRuns {
    fn from(row: EarlierRow) -> Self {
        Self {
            instance: row.instance.into(),
            sql: row.sql,
            runs: u64::try_from(row.runs).unwrap_or_default(),
            window_start: row.window_start,
            window_end: row.window_end,
        }
    }
}

#[async_trait]
impl HistoryStore for Backend {
    async fn durations(&self, scope: &Scope, likeness: &Likeness, limit: u32) -> Result<Vec<f64>> {
        let spans: Vec<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(DURATIONS)
            .bind(scope.owner())
            .bind(likeness.workflow.map(|id| id.0))
            .bind(&likeness.sql_hash)
            .bind(i64::from(limit))
            .fetch_all(self.reads())
            .await
            .map_err(database_error)?;
        Ok(spans.into_iter().map(|(start, end)| seconds_between(start, end)).collect())
    }

    async fn earlier_runs(
        &self,
        scope: &Scope,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<EarlierRuns>> {
        let query = sqlx::query_as::<Db, EarlierRow>(EARLIER).bind(scope.owner()).bind(from).bind(until);
        let rows = query.fetch_all(self.reads()).await.map_err(database_error)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}
