//! Backfills and their segments in SQL.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder, Transaction};
use uuid::Uuid;

use super::pages::page;
use super::retry::retried;
use super::rows::nouns;
use super::{Backend, Db, batches, database_error, reports};
use crate::error::{Error, Result};
use crate::model::{
    BackfillOptions, BatchId, Collection, CollectionId, CollectionStatus, ExecutionId, IdRef, NewBatch,
    Origin, Page, PageRequest, ReportId, Scope, SegmentId, SegmentRow,
};
use crate::store::{BackfillStore, SegmentStep};

const INSERT: &str = "INSERT INTO report_data_collections
    (id, collection_id, owner_id, created_by, report, request_hash, segment_type, start_date, end_date, timezone, options,
     status, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
    ON CONFLICT (owner_id, request_hash) WHERE status <> 'cancelled' DO NOTHING";

const SAME: &str = "SELECT * FROM report_data_collections
    WHERE owner_id = $1 AND request_hash = $2 AND status <> 'cancelled'";

const INSERT_SEGMENTS: &str = "INSERT INTO report_data_segments
    (id, owner_id, collection, instance, first_day, last_day, segment_start, segment_end, mature_at, status, is_provisional,
     attempt, created_at, updated_at) ";

/// Segments that go into one statement.
const ROWS_AT_ONCE: usize = 200;

const BY_UUID: &str = "SELECT * FROM report_data_collections WHERE id = $1 AND ($2 IS NULL OR owner_id = $2)";

const BY_NAME: &str =
    "SELECT * FROM report_data_collections WHERE collection_id = $1 AND ($2 IS NULL OR owner_id = $2)";

macro_rules! filtered {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM report_data_collections WHERE ($1 IS NULL OR owner_id = $1) AND ($2 IS NULL OR report = $2)",
            $tail
        )
    };
}

const LIST: &str = filtered!("SELECT *", " ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4");

const COUNT: &str = filtered!("SELECT count(*)", "");

const SEGMENTS: &str = "SELECT s.*, i.instance_id FROM report_data_segments s JOIN amc_instances i ON i.id = s.instance
    WHERE s.collection = $1 AND ($2 IS NULL OR s.owner_id = $2) ORDER BY s.segment_start, i.instance_id, s.id";

const OPEN: &str = "SELECT c.* FROM report_data_collections c WHERE c.status = 'active' AND EXISTS (
        SELECT 1 FROM report_data_segments s WHERE s.collection = c.id AND (s.status IN ('pending', 'running')
            OR (s.status = 'completed' AND s.is_provisional AND s.mature_at <= $1)))
    ORDER BY c.created_at, c.id";

const CHANGE: &str = "UPDATE report_data_collections SET status = $4, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND status <> 'cancelled'";

const CANCEL_PENDING: &str = "UPDATE report_data_segments
    SET status = 'cancelled', reason = 'the backfill was cancelled', updated_at = $2
    WHERE collection = $1 AND status = 'pending'";

const START: &str = "UPDATE report_data_segments
    SET status = 'running', batch = $2, execution = $3, attempt = attempt + 1, updated_at = $4
    WHERE id = $1 AND status = 'pending'
      AND collection IN (SELECT id FROM report_data_collections WHERE status = 'active')";

const SETTLE: &str = "UPDATE report_data_segments
    SET status = $4, is_provisional = $5, attempt = $6, amc_execution_id = $7, record_count = $8, reason = $9,
        started_at = $10, completed_at = $11, updated_at = $12
    WHERE id = $1 AND status = $2 AND (execution = $3 OR (execution IS NULL AND $3 IS NULL))";

#[derive(FromRow)]
struct CollectionRow {
    id: Uuid,
    owner_id: String,
    created_by: Option<String>,
    report: Uuid,
    request_hash: String,
    segment_type: String,
    start_date: String,
    end_date: String,
    timezone: String,
    options: Json<BackfillOptions>,
    status: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<CollectionRow> for Collection {
    type Error = Error;

    fn try_from(row: CollectionRow) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            created_by: row.created_by,
            report: row.report.into(),
            request_hash: row.request_hash,
            segment_type: row.segment_type,
            start_date: day(&row.start_date)?,
            end_date: day(&row.end_date)?,
            timezone: row.timezone,
            options: row.options.0,
            status: row.status.parse()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(FromRow)]
struct SegmentRecord {
    id: Uuid,
    collection: Uuid,
    instance: Uuid,
    instance_id: String,
    first_day: String,
    last_day: String,
    segment_start: DateTime<Utc>,
    segment_end: DateTime<Utc>,
    mature_at: DateTime<Utc>,
    status: String,
    is_provisional: bool,
    attempt: i64,
    batch: Option<Uuid>,
    execution: Option<Uuid>,
    amc_execution_id: Option<String>,
    record_count: Option<i64>,
    reason: Option<String>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl TryFrom<SegmentRecord> for SegmentRow {
    type Error = Error;

    fn try_from(row: SegmentRecord) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            collection: row.collection.into(),
            instance: row.instance.into(),
            instance_id: row.instance_id,
            first_day: day(&row.first_day)?,
            last_day: day(&row.last_day)?,
            segment_start: row.segment_start,
            segment_end: row.segment_end,
            mature_at: row.mature_at,
            status: row.status.parse()?,
            is_provisional: row.is_provisional,
            attempt: row.attempt,
            batch: row.batch.map(Into::into),
            execution: row.execution.map(Into::into),
            amc_execution_id: row.amc_execution_id,
            record_count: row.record_count,
            reason: row.reason,
            started_at: row.started_at,
            completed_at: row.completed_at,
        })
    }
}

fn day(text: &str) -> Result<NaiveDate> {
    text.parse()
        .map_err(|error| Error::unexpected(format!("{text:?} in the database is no day")).caused_by(error))
}

#[async_trait]
impl BackfillStore for Backend {
    async fn create_backfill(
        &self,
        collection: &Collection,
        segments: &[SegmentRow],
        now: DateTime<Utc>,
    ) -> Result<(Collection, bool)> {
        retried(|| create(self, collection, segments, now)).await
    }

    async fn backfill(&self, scope: &Scope, id: &IdRef) -> Result<Option<Collection>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, CollectionRow>(BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        row.map(Collection::try_from).transpose()
    }

    async fn backfills(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Collection>> {
        let report = report.map(|report| report.0);
        page!(self, CollectionRow, [LIST, COUNT], page; scope.owner(), report).await
    }

    async fn segments(&self, scope: &Scope, collection: CollectionId) -> Result<Vec<SegmentRow>> {
        let query = sqlx::query_as(SEGMENTS).bind(collection.0).bind(scope.owner());
        let rows: Vec<SegmentRecord> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn open_backfills(&self, now: DateTime<Utc>) -> Result<Vec<Collection>> {
        let query = sqlx::query_as(OPEN).bind(now);
        let rows: Vec<CollectionRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn change_backfill(
        &self,
        scope: &Scope,
        id: CollectionId,
        status: CollectionStatus,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let change = sqlx::query(CHANGE).bind(id.0).bind(scope.owner()).bind(now).bind(status.as_str());
        let written = change.execute(&mut *transaction).await.map_err(database_error)?.rows_affected() == 1;
        if written && status == CollectionStatus::Cancelled {
            let cancel = sqlx::query(CANCEL_PENDING).bind(id.0).bind(now);
            cancel.execute(&mut *transaction).await.map_err(database_error)?;
        }
        transaction.commit().await.map_err(database_error)?;
        Ok(written)
    }

    async fn start_segments(
        &self,
        batch: &NewBatch,
        origin: Origin,
        segments: &[(SegmentId, ExecutionId)],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        retried(|| start(self, batch, origin, segments, now)).await
    }

    async fn settle_segments(&self, steps: &[SegmentStep], now: DateTime<Utc>) -> Result<usize> {
        if steps.is_empty() {
            return Ok(0);
        }
        let mut transaction = self.begin().await?;
        let mut settled = 0;
        for step in steps {
            settled += usize::from(settle(&mut transaction, step, now).await?);
        }
        transaction.commit().await.map_err(database_error)?;
        Ok(settled)
    }
}

async fn create(
    store: &Backend,
    collection: &Collection,
    segments: &[SegmentRow],
    now: DateTime<Utc>,
) -> Result<(Collection, bool)> {
    let mut transaction = store.begin().await?;
    if !insert(&mut transaction, collection, now).await? {
        let same = sqlx::query_as(SAME).bind(&collection.owner_id).bind(&collection.request_hash);
        let row: CollectionRow = same.fetch_one(&mut *transaction).await.map_err(database_error)?;
        return Ok((row.try_into()?, false));
    }
    for rows in segments.chunks(ROWS_AT_ONCE) {
        insert_segments(&mut transaction, &collection.owner_id, rows, now).await?;
    }
    transaction.commit().await.map_err(database_error)?;
    Ok((collection.clone(), true))
}

async fn insert(
    transaction: &mut Transaction<'static, Db>,
    collection: &Collection,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = sqlx::query(INSERT)
        .bind(collection.id.0)
        .bind(collection.id.public())
        .bind(&collection.owner_id)
        .bind(&collection.created_by)
        .bind(collection.report.0)
        .bind(&collection.request_hash)
        .bind(&collection.segment_type)
        .bind(collection.start_date.to_string())
        .bind(collection.end_date.to_string())
        .bind(&collection.timezone)
        .bind(Json(&collection.options))
        .bind(collection.status.as_str())
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(written.rows_affected() == 1)
}

async fn insert_segments(
    transaction: &mut Transaction<'static, Db>,
    owner: &str,
    segments: &[SegmentRow],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut insert = QueryBuilder::<Db>::new(INSERT_SEGMENTS);
    insert.push_values(segments, |mut row, segment| {
        row.push_bind(segment.id.0)
            .push_bind(owner)
            .push_bind(segment.collection.0)
            .push_bind(segment.instance.0)
            .push_bind(segment.first_day.to_string())
            .push_bind(segment.last_day.to_string())
            .push_bind(segment.segment_start)
            .push_bind(segment.segment_end)
            .push_bind(segment.mature_at)
            .push_bind(segment.status.as_str())
            .push_bind(segment.is_provisional)
            .push_bind(segment.attempt)
            .push_bind(now)
            .push_bind(now);
    });
    let query = insert.build().persistent(false);
    query.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

async fn start(
    store: &Backend,
    batch: &NewBatch,
    origin: Origin,
    segments: &[(SegmentId, ExecutionId)],
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut transaction = store.begin().await?;
    if !batches::write(&mut transaction, batch, now).await?.is_new {
        return Ok(false);
    }
    reports::link(&mut transaction, batch.id, &batch.owner_id, origin, now).await?;
    for (segment, execution) in segments {
        if !begin(&mut transaction, *segment, batch.id, *execution, now).await? {
            return Ok(false);
        }
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(true)
}

async fn begin(
    transaction: &mut Transaction<'static, Db>,
    segment: SegmentId,
    batch: BatchId,
    execution: ExecutionId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let begin = sqlx::query(START).bind(segment.0).bind(batch.0).bind(execution.0).bind(now);
    let written = begin.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(written.rows_affected() == 1)
}

async fn settle(
    transaction: &mut Transaction<'static, Db>,
    step: &SegmentStep,
    now: DateTime<Utc>,
) -> Result<bool> {
    let SegmentStep { from, execution, to } = step;
    let written = sqlx::query(SETTLE)
        .bind(to.id.0)
        .bind(from.as_str())
        .bind(execution.map(|execution| execution.0))
        .bind(to.status.as_str())
        .bind(to.is_provisional)
        .bind(to.attempt)
        .bind(&to.amc_execution_id)
        .bind(to.record_count)
        .bind(&to.reason)
        .bind(to.started_at)
        .bind(to.completed_at)
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(written.rows_affected() == 1)
}
