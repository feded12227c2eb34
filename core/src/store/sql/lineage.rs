//! Lineage in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rows::trigger;
use super::{Backend, Db, database_error};
use crate::error::{Error, Result};
use crate::model::{BatchId, IdRef, Scope};
use crate::store::{BatchStore, Broken, Lineage, LineageStore};

const RUN: &str = "SELECT report, triggered_by FROM report_runs WHERE batch = $1";

const TICK: &str = "SELECT schedule, nominal_at FROM schedule_ticks WHERE batch = $1";

const SEGMENT: &str = "SELECT collection, id FROM report_data_segments WHERE execution = $1";

/// What cannot be true: a code, what is wrong, and the query that finds it. Each gives public ids of a scope, `$1`.
const CHECKS: [(&str, &str, &str); 16] = [
    ("batch_counts_wrong", "its counts are not those of its executions",
     "SELECT b.batch_id FROM batch_executions b WHERE ($1 IS NULL OR b.owner_id = $1) AND (
        b.total_instances <> (SELECT count(*) FROM executions e WHERE e.batch = b.id AND e.superseded_by IS NULL)
        OR b.completed_instances <> (SELECT count(*) FROM executions e
            WHERE e.batch = b.id AND e.superseded_by IS NULL AND e.status = 'completed')
        OR b.failed_instances <> (SELECT count(*) FROM executions e
            WHERE e.batch = b.id AND e.superseded_by IS NULL AND e.status = 'failed'))"),
    ("batch_status_wrong", "its status does not follow from its counts",
     "SELECT b.batch_id FROM batch_executions b WHERE ($1 IS NULL OR b.owner_id = $1) AND (
        (b.status = 'completed') <> (b.total_instances > 0 AND b.completed_instances = b.total_instances)
        OR (b.status IN ('pending', 'running')) <> (b.pending_instances + b.running_instances > 0))"),
    ("events_missing", "its events have gaps",
     "SELECT b.batch_id FROM batch_executions b WHERE ($1 IS NULL OR b.owner_id = $1)
        AND b.event_sequence <> (SELECT count(*) FROM events v WHERE v.batch = b.id)"),
    ("sql_missing", "the query it was made with is gone",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1) AND NOT EXISTS (
        SELECT 1 FROM execution_sql q WHERE q.owner_id = e.owner_id AND q.sql_hash = e.sql_hash)"),
    ("row_count_missing", "it completed and does not say with how many rows",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1)
        AND e.status = 'completed' AND e.row_count IS NULL"),
    ("amc_execution_id_missing", "it completed and does not say which run of AMC it was",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1)
        AND e.status = 'completed' AND e.amc_execution_id IS NULL"),
    ("amc_execution_id_shared", "two executions of an instance name one run of AMC",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1) AND e.reuse_of IS NULL AND EXISTS (
        SELECT 1 FROM executions o WHERE o.instance = e.instance AND o.amc_execution_id = e.amc_execution_id
            AND o.id <> e.id AND o.reuse_of IS NULL)"),
    ("failure_unexplained", "it failed and does not say why",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1)
        AND e.status = 'failed' AND e.error_code IS NULL"),
    ("end_missing", "it ended and does not say when",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1)
        AND e.status IN ('completed', 'failed', 'cancelled') AND e.completed_at IS NULL"),
    ("window_reversed", "its window ends before it begins",
     "SELECT e.execution_id FROM executions e WHERE ($1 IS NULL OR e.owner_id = $1)
        AND e.time_window_start >= e.time_window_end"),
    ("slot_held", "it holds a place at AMC and has nothing alive there",
     "SELECT DISTINCT e.execution_id FROM executions e JOIN execution_slots s ON s.execution = e.id
        WHERE ($1 IS NULL OR e.owner_id = $1) AND e.status NOT IN ('submitting', 'running')"),
    ("tick_without_batch", "its tick fired and has no batch",
     "SELECT c.schedule_id FROM schedule_ticks t JOIN report_schedules c ON c.id = t.schedule
        WHERE ($1 IS NULL OR t.owner_id = $1) AND t.outcome = 'fired' AND t.batch IS NULL AND t.reason IS NULL"),
    ("schedule_without_tick", "it is active and has no next tick",
     "SELECT c.schedule_id FROM report_schedules c WHERE ($1 IS NULL OR c.owner_id = $1)
        AND c.archived_at IS NULL AND c.paused_at IS NULL AND (c.next_run_at IS NULL OR c.due_at < c.next_run_at)"),
    ("run_of_another_owner", "it is a run of a report of another owner",
     "SELECT b.batch_id FROM report_runs u JOIN batch_executions b ON b.id = u.batch
        JOIN report_definitions r ON r.id = u.report
        WHERE ($1 IS NULL OR u.owner_id = $1) AND (r.owner_id <> b.owner_id OR u.owner_id <> b.owner_id)"),
    ("segment_unexplained", "a segment has no execution and does not say why",
     "SELECT c.collection_id FROM report_data_segments s JOIN report_data_collections c ON c.id = s.collection
        WHERE ($1 IS NULL OR s.owner_id = $1) AND s.status <> 'pending' AND s.execution IS NULL AND s.reason IS NULL"),
    ("segment_count_wrong", "a segment counts other rows than its execution",
     "SELECT c.collection_id FROM report_data_segments s JOIN report_data_collections c ON c.id = s.collection
        JOIN executions e ON e.id = s.execution
        WHERE ($1 IS NULL OR s.owner_id = $1) AND s.status = 'completed'
            AND (s.record_count IS NULL OR s.record_count <> e.row_count)"),
];

#[async_trait]
impl LineageStore for Backend {
    async fn lineage(&self, scope: &Scope, execution: &IdRef) -> Result<Option<Lineage>> {
        let Some(execution) = self.execution(scope, execution).await? else { return Ok(None) };
        let batch = self.batch(&Scope::System, &execution.batch.into()).await?;
        let batch = batch.ok_or_else(|| Error::unexpected(format!("{} has no batch", execution.id)))?;
        Ok(Some(Lineage {
            report: run(self, batch.id).await?,
            tick: pair::<DateTime<Utc>>(self, TICK, batch.id.0).await?.map(|(id, at)| (id.into(), at)),
            segment: pair::<Uuid>(self, SEGMENT, execution.id.0)
                .await?
                .map(|(of, id)| (of.into(), id.into())),
            batch,
            execution,
        }))
    }

    async fn verify(&self, scope: &Scope) -> Result<Vec<Broken>> {
        let mut broken = Vec::new();
        for (code, message, sql) in CHECKS {
            let ids: Vec<String> = sqlx::query_scalar(sql)
                .bind(scope.owner())
                .fetch_all(self.reads())
                .await
                .map_err(database_error)?;
            broken.extend(ids.into_iter().map(|id| Broken {
                code: code.into(),
                id,
                message: message.into(),
            }));
        }
        broken.sort();
        broken.dedup();
        Ok(broken)
    }
}

async fn run(
    store: &Backend,
    batch: BatchId,
) -> Result<Option<(crate::model::ReportId, crate::model::TriggeredBy)>> {
    let found = pair::<String>(store, RUN, batch.0).await?;
    found.map(|(report, word)| Ok((report.into(), trigger(&word)?))).transpose()
}

/// The two columns of the row of a thing, where there is one.
async fn pair<T>(store: &Backend, sql: &'static str, id: Uuid) -> Result<Option<(Uuid, T)>>
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, Db> + sqlx::Type<Db>,
{
    let query = sqlx::query_as::<Db, (Uuid, T)>(sql).bind(id);
    query.fetch_optional(store.reads()).await.map_err(database_error)
}
