//! Batches and their executions in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Transaction};

use super::bulk::chunks;
use super::pages::{page, pattern};
use super::retry::retried;
use super::reuse::{self, Sources};
use super::rows::{BatchRow, EventRow, ExecutionRow, executions, nouns};
use super::{Backend, Db, attempts, cancel, database_error, events, reruns};
use crate::clock::IdSource;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Attempt, Batch, BatchId, Event, EventKind, Execution, ExecutionId, ExecutionStatus, IdRef, NewBatch,
    NewExecution, Page, PageRequest, Scope,
};
use crate::store::{BatchFilter, BatchSort, BatchStore, CancelTarget, CreatedBatch};

const INSERT: &str = "INSERT INTO batch_executions
    (id, batch_id, owner_id, created_by, workflow, name, description, idempotency_key, request_hash, instance_ids, skipped,
     base_parameters, instance_parameters, options, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
    ON CONFLICT (owner_id, idempotency_key) DO NOTHING";

const INSERT_SQL: &str = "INSERT INTO execution_sql (owner_id, sql_hash, sql) ";

const UNLESS_KNOWN: &str = " ON CONFLICT (owner_id, sql_hash) DO NOTHING";

const INSERT_EXECUTIONS: &str = "INSERT INTO executions
    (id, execution_id, owner_id, created_by, batch, instance, workflow, triggered_by, priority, status, sql_hash,
     parameters_snapshot, time_window_start, time_window_end, timezone, amc_options, credential_key, not_before,
     deadline_at, reuse_key, reuse_of, created_at, updated_at) ";

/// Executions that go into one statement.
const ROWS_AT_ONCE: usize = 200;

const BY_UUID: &str = "SELECT * FROM batch_executions WHERE id = $1 AND ($2 IS NULL OR owner_id = $2)";

const BY_NAME: &str = "SELECT * FROM batch_executions
    WHERE (batch_id = $1 OR idempotency_key = $1) AND ($2 IS NULL OR owner_id = $2)
    ORDER BY CASE WHEN batch_id = $1 THEN 0 ELSE 1 END LIMIT 1";

const BY_KEY: &str = "SELECT * FROM batch_executions WHERE owner_id = $1 AND idempotency_key = $2";

macro_rules! filtered {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM batch_executions WHERE ($1 IS NULL OR owner_id = $1) AND ($2 IS NULL OR workflow = $2)
              AND ($3 IS NULL OR status = $3) AND ($4 IS NULL OR created_at >= $4) AND ($5 IS NULL OR created_at < $5)
              AND ($6 IS NULL OR lower(name) LIKE $6 ESCAPE '\\' OR lower(description) LIKE $6 ESCAPE '\\'
                OR lower(idempotency_key) LIKE $6 ESCAPE '\\')
              AND ($7 IS NULL OR EXISTS (SELECT 1 FROM executions e JOIN amc_instances i ON i.id = e.instance
                WHERE e.batch = batch_executions.id AND i.instance_id = $7))",
            $tail
        )
    };
}

const NEWEST: &str = filtered!("SELECT *", " ORDER BY created_at DESC, id DESC LIMIT $8 OFFSET $9");

const OLDEST: &str = filtered!("SELECT *", " ORDER BY created_at, id LIMIT $8 OFFSET $9");

const BY_TITLE: &str = filtered!("SELECT *", " ORDER BY name, created_at DESC, id DESC LIMIT $8 OFFSET $9");

const COUNT: &str = filtered!("SELECT count(*)", "");

const EXECUTIONS: &str =
    executions!("e.batch = $1 AND e.superseded_by IS NULL ORDER BY i.name, i.instance_id");

const EXECUTION_BY_UUID: &str = executions!("e.id = $1");

const EXECUTION_BY_NAME: &str = executions!("e.execution_id = $1");

const SUPERSEDED: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE e.batch = $1 AND e.superseded_by IS NOT NULL AND ($2 IS NULL OR e.owner_id = $2)
    ORDER BY i.name, i.instance_id, e.created_at, e.id";

const SENT_SQL: &str =
    "SELECT sql FROM execution_sql WHERE sql_hash = $1 AND ($2 IS NULL OR owner_id = $2) LIMIT 1";

const EVENTS: &str = "SELECT v.*, i.instance_id
    FROM events v LEFT JOIN executions e ON e.id = v.execution LEFT JOIN amc_instances i ON i.id = e.instance
    WHERE v.batch = $1 AND v.sequence > $2 AND ($3 IS NULL OR v.owner_id = $3) ORDER BY v.sequence LIMIT $4";

const UNFINISHED: &str = "SELECT count(*) FROM executions
    WHERE status IN ('pending', 'submitting', 'running', 'collecting') AND ($1 IS NULL OR owner_id = $1)";

#[async_trait]
impl BatchStore for Backend {
    async fn create_batch(&self, batch: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch> {
        retried(|| create(self, batch, now)).await
    }

    async fn batch(&self, scope: &Scope, id: &IdRef) -> Result<Option<Batch>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, BatchRow>(BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        row.map(Batch::try_from).transpose()
    }

    async fn batches(&self, scope: &Scope, filter: &BatchFilter, page: PageRequest) -> Result<Page<Batch>> {
        let (workflow, status) =
            (filter.workflow.map(|id| id.0), filter.status.map(|status| status.as_str()));
        let list = match filter.sort {
            BatchSort::Newest => NEWEST,
            BatchSort::Oldest => OLDEST,
            BatchSort::Name => BY_TITLE,
        };
        let text = filter.text.as_deref().map(pattern);
        page!(self, BatchRow, [list, COUNT], page;
            scope.owner(), workflow, status, filter.created_from, filter.created_before, &text, &filter.instance)
        .await
    }

    async fn executions(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        let query = sqlx::query_as(EXECUTIONS).bind(batch.0).bind(scope.owner());
        let rows: Vec<ExecutionRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn sent_sql(&self, scope: &Scope, sql_hash: &str) -> Result<Option<String>> {
        let query = sqlx::query_scalar(SENT_SQL).bind(sql_hash).bind(scope.owner());
        query.fetch_optional(self.reads()).await.map_err(database_error)
    }

    async fn events(&self, scope: &Scope, batch: BatchId, after: i64, limit: u32) -> Result<Vec<Event>> {
        let query =
            sqlx::query_as(EVENTS).bind(batch.0).bind(after).bind(scope.owner()).bind(i64::from(limit));
        let rows: Vec<EventRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn execution(&self, scope: &Scope, id: &IdRef) -> Result<Option<Execution>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, ExecutionRow>(EXECUTION_BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(EXECUTION_BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        row.map(Execution::try_from).transpose()
    }

    async fn attempts(&self, scope: &Scope, execution: ExecutionId) -> Result<Vec<Attempt>> {
        attempts::of(self, scope, execution).await
    }

    async fn request_cancel(
        &self,
        scope: &Scope,
        target: CancelTarget,
        now: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        retried(|| cancel::request(self, scope, target, now)).await
    }

    async fn retry(
        &self,
        scope: &Scope,
        batch: BatchId,
        only: &[ExecutionStatus],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        retried(|| reruns::retry(self, scope, batch, only, ids, now)).await
    }

    async fn superseded(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        let query = sqlx::query_as(SUPERSEDED).bind(batch.0).bind(scope.owner());
        let rows: Vec<ExecutionRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn unfinished(&self, scope: &Scope) -> Result<u64> {
        let query = sqlx::query_scalar(UNFINISHED).bind(scope.owner());
        let count: i64 = query.fetch_one(self.reads()).await.map_err(database_error)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

async fn create(store: &Backend, batch: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch> {
    let mut transaction = store.begin().await?;
    let created = write(&mut transaction, batch, now).await?;
    transaction.commit().await.map_err(database_error)?;
    Ok(created)
}

/// Writes a batch with all it has, unless its key is taken.
pub(super) async fn write(
    transaction: &mut Transaction<'static, Db>,
    batch: &NewBatch,
    now: DateTime<Utc>,
) -> Result<CreatedBatch> {
    if !insert(transaction, batch, now).await? {
        let existing = same_key(transaction, batch).await?;
        return Ok(CreatedBatch { batch: existing, is_new: false });
    }
    // In one order, so that two batches of the same texts never wait for each other in a ring.
    let mut texts: Vec<_> = batch.sql.iter().collect();
    texts.sort_unstable();
    for texts in chunks(&texts) {
        let mut insert = QueryBuilder::<Db>::new(INSERT_SQL);
        insert.push_values(texts, |mut row, (hash, sql)| {
            row.push_bind(batch.owner_id.as_str()).push_bind(hash.as_str()).push_bind(sql.as_str());
        });
        let query = insert.push(UNLESS_KNOWN).build();
        query.execute(&mut **transaction).await.map_err(database_error)?;
    }
    let sources = reuse::sources(transaction, batch).await?;
    for executions in batch.executions.chunks(ROWS_AT_ONCE) {
        insert_executions(transaction, batch, executions, &sources, now).await?;
    }
    let created = events::batch_event(batch.id, EventKind::BatchCreated, now);
    events::append(transaction, vec![(batch.owner_id.as_str(), created)]).await?;
    let batch = by_uuid(transaction, batch.id).await?;
    Ok(CreatedBatch { batch, is_new: true })
}

/// The batch that has the key already, if it is of the same content.
async fn same_key(transaction: &mut Transaction<'static, Db>, batch: &NewBatch) -> Result<Batch> {
    let query = sqlx::query_as::<Db, BatchRow>(BY_KEY).bind(&batch.owner_id).bind(&batch.idempotency_key);
    let existing = Batch::try_from(query.fetch_one(&mut **transaction).await.map_err(database_error)?)?;
    existing.answers(&batch.request_hash)?;
    Ok(existing)
}

pub(super) async fn executions_of(
    transaction: &mut Transaction<'static, Db>,
    scope: &Scope,
    batch: BatchId,
) -> Result<Vec<Execution>> {
    let query = sqlx::query_as(EXECUTIONS).bind(batch.0).bind(scope.owner());
    let rows: Vec<ExecutionRow> = query.fetch_all(&mut **transaction).await.map_err(database_error)?;
    nouns(rows)
}

async fn by_uuid(transaction: &mut Transaction<'static, Db>, batch: BatchId) -> Result<Batch> {
    let query = sqlx::query_as::<Db, BatchRow>(BY_UUID).bind(batch.0).bind(None::<String>);
    let row = query.fetch_optional(&mut **transaction).await.map_err(database_error)?;
    row.ok_or_else(|| Error::new(ErrorKind::NotFound, "unknown_batch", format!("{batch} is not known")))?
        .try_into()
}

/// Writes the batch alone, unless its key is taken. Whether it was written.
async fn insert(
    transaction: &mut Transaction<'static, Db>,
    batch: &NewBatch,
    now: DateTime<Utc>,
) -> Result<bool> {
    let instance_ids: Vec<&str> =
        batch.executions.iter().map(|execution| execution.instance_id.as_str()).collect();
    let written = sqlx::query(INSERT)
        .bind(batch.id.0)
        .bind(batch.id.public())
        .bind(&batch.owner_id)
        .bind(&batch.created_by)
        .bind(batch.workflow.map(|workflow| workflow.0))
        .bind(&batch.name)
        .bind(&batch.description)
        .bind(&batch.idempotency_key)
        .bind(&batch.request_hash)
        .bind(Json(instance_ids))
        .bind(Json(&batch.skipped))
        .bind(Json(&batch.base_parameters))
        .bind(Json(&batch.instance_parameters))
        .bind(Json(&batch.options))
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(written.rows_affected() == 1)
}

/// Writes executions many rows a statement: a thousand single ones would take a thousand answers to wait for.
async fn insert_executions(
    transaction: &mut Transaction<'static, Db>,
    batch: &NewBatch,
    executions: &[NewExecution],
    sources: &Sources,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut insert = QueryBuilder::<Db>::new(INSERT_EXECUTIONS);
    insert.push_values(executions, |mut row, execution| {
        row.push_bind(execution.id.0)
            .push_bind(execution.id.public())
            .push_bind(&batch.owner_id)
            .push_bind(&batch.created_by)
            .push_bind(batch.id.0)
            .push_bind(execution.instance.0)
            .push_bind(batch.workflow.map(|workflow| workflow.0))
            .push_bind(execution.triggered_by.as_str())
            .push_bind(execution.priority.rank())
            .push_bind(ExecutionStatus::Pending.as_str())
            .push_bind(&execution.sql_hash)
            .push_bind(Json(&execution.parameters))
            .push_bind(execution.window_start)
            .push_bind(execution.window_end)
            .push_bind(&execution.timezone)
            .push_bind(Json(&execution.amc))
            .push_bind(&execution.credential_key)
            .push_bind(execution.not_before)
            .push_bind(execution.deadline_at)
            .push_bind(&execution.reuse_key)
            .push_bind(sources.get(&execution.reuse_key).filter(|_| execution.may_reuse).copied())
            .push_bind(now)
            .push_bind(now);
    });
    let query = insert.build().persistent(false);
    query.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}
