//! Reports in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{FromRow, Transaction};
use uuid::Uuid;

use super::pages::{page, pattern};
use super::retry::retried;
use super::rows::{BatchRow, ExecutionRow, executions, nouns};
use super::{Backend, Db, batches, database_error};
use crate::error::{Error, Result};
use crate::model::{
    Batch, BatchId, Execution, IdRef, NewBatch, Origin, Page, PageRequest, Report, ReportChange, ReportId,
    ReportOverview, Scope,
};
use crate::store::{CreatedBatch, ReportFilter, ReportStore};

const SAVE: &str = "INSERT INTO report_definitions
    (id, report_id, owner_id, created_by, name, description, workflow, sql, instances, parameters, instance_parameters,
     time_window, timezone, is_active, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (owner_id, name) DO UPDATE SET description = excluded.description, workflow = excluded.workflow,
        sql = excluded.sql, instances = excluded.instances, parameters = excluded.parameters,
        instance_parameters = excluded.instance_parameters, time_window = excluded.time_window,
        timezone = excluded.timezone, is_active = excluded.is_active, archived_at = NULL,
        updated_at = excluded.updated_at
    RETURNING *";

const BY_UUID: &str = "SELECT * FROM report_definitions
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const BY_NAME: &str = "SELECT * FROM report_definitions
    WHERE (report_id = $1 OR name = $1) AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL
    ORDER BY CASE WHEN report_id = $1 THEN 0 ELSE 1 END LIMIT 1";

macro_rules! filtered {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM report_definitions r JOIN report_runs_overview o ON o.id = r.id",
            " WHERE ($1 IS NULL OR r.owner_id = $1) AND ($2 IS NULL OR r.is_active = $2)",
            " AND ($3 IS NULL OR lower(r.name) LIKE $3 ESCAPE '\\' OR lower(r.description) LIKE $3 ESCAPE '\\')",
            $tail
        )
    };
}

const LIST: &str = filtered!(
    "SELECT r.*, o.run_count, o.completed_count, o.failed_count, o.last_run_at, o.last_status, o.next_run_at",
    " ORDER BY r.name, r.id LIMIT $4 OFFSET $5"
);

const COUNT: &str = filtered!("SELECT count(*)", "");

const ACTIVATE: &str = "UPDATE report_definitions SET is_active = $4, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const ARCHIVE: &str = "UPDATE report_definitions SET archived_at = $3, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const INSERT_RUN: &str = "INSERT INTO report_runs (batch, owner_id, report, triggered_by, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (batch) DO NOTHING";

macro_rules! runs {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM report_runs u JOIN batch_executions b ON b.id = u.batch",
            " WHERE u.report = $1 AND ($2 IS NULL OR u.owner_id = $2)",
            $tail
        )
    };
}

const RUNS: &str = runs!("SELECT b.*", " ORDER BY u.created_at DESC, u.batch DESC LIMIT $3 OFFSET $4");

const COUNT_RUNS: &str = runs!("SELECT count(*)", "");

const SERIES: &str = executions!(
    "e.batch IN (SELECT u.batch FROM report_runs u WHERE u.report = $1 AND u.triggered_by IN ('schedule', 'backfill'))
        AND e.superseded_by IS NULL AND e.time_window_end > $3 AND e.time_window_start < $4
    ORDER BY i.name, i.instance_id, e.time_window_start, e.id"
);

#[derive(FromRow)]
pub(super) struct ReportRow {
    id: Uuid,
    owner_id: String,
    created_by: Option<String>,
    name: String,
    description: Option<String>,
    workflow: Option<Uuid>,
    sql: Option<String>,
    instances: Json<Value>,
    parameters: Json<Map<String, Value>>,
    instance_parameters: Json<Map<String, Value>>,
    time_window: String,
    timezone: String,
    is_active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<ReportRow> for Report {
    fn from(row: ReportRow) -> Self {
        Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            created_by: row.created_by,
            name: row.name,
            description: row.description,
            workflow: row.workflow.map(Into::into),
            sql: row.sql,
            instances: row.instances.0,
            parameters: row.parameters.0,
            instance_parameters: row.instance_parameters.0,
            window: row.time_window,
            timezone: row.timezone,
            is_active: row.is_active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(FromRow)]
struct OverviewRow {
    #[sqlx(flatten)]
    report: ReportRow,
    run_count: i64,
    completed_count: i64,
    failed_count: i64,
    last_run_at: Option<DateTime<Utc>>,
    last_status: Option<String>,
    next_run_at: Option<DateTime<Utc>>,
}

impl TryFrom<OverviewRow> for ReportOverview {
    type Error = Error;

    fn try_from(row: OverviewRow) -> Result<Self> {
        Ok(Self {
            report: row.report.into(),
            run_count: row.run_count,
            completed_count: row.completed_count,
            failed_count: row.failed_count,
            last_run_at: row.last_run_at,
            last_status: row.last_status.map(|status| status.parse()).transpose()?,
            next_run_at: row.next_run_at,
        })
    }
}

#[async_trait]
impl ReportStore for Backend {
    async fn save_report(&self, report: &Report) -> Result<Report> {
        let mut transaction = self.begin().await?;
        let row: ReportRow = sqlx::query_as(SAVE)
            .bind(report.id.0)
            .bind(report.id.public())
            .bind(&report.owner_id)
            .bind(&report.created_by)
            .bind(&report.name)
            .bind(&report.description)
            .bind(report.workflow.map(|workflow| workflow.0))
            .bind(&report.sql)
            .bind(Json(&report.instances))
            .bind(Json(&report.parameters))
            .bind(Json(&report.instance_parameters))
            .bind(&report.window)
            .bind(&report.timezone)
            .bind(report.is_active)
            .bind(report.created_at)
            .bind(report.updated_at)
            .fetch_one(&mut *transaction)
            .await
            .map_err(database_error)?;
        transaction.commit().await.map_err(database_error)?;
        Ok(row.into())
    }

    async fn report(&self, scope: &Scope, id: &IdRef) -> Result<Option<Report>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, ReportRow>(BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        Ok(row.map(Into::into))
    }

    async fn reports(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        page: PageRequest,
    ) -> Result<Page<ReportOverview>> {
        let text = filter.text.as_deref().map(pattern);
        page!(self, OverviewRow, [LIST, COUNT], page; scope.owner(), filter.is_active, &text).await
    }

    async fn change_report(
        &self,
        scope: &Scope,
        id: ReportId,
        change: ReportChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let query = match change {
            ReportChange::Active(is_active) => {
                sqlx::query(ACTIVATE).bind(id.0).bind(scope.owner()).bind(now).bind(is_active)
            }
            ReportChange::Archived => sqlx::query(ARCHIVE).bind(id.0).bind(scope.owner()).bind(now),
        };
        let written = query.execute(&mut *transaction).await.map_err(database_error)?.rows_affected();
        transaction.commit().await.map_err(database_error)?;
        Ok(written == 1)
    }

    async fn create_report_run(
        &self,
        batch: &NewBatch,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Result<CreatedBatch> {
        retried(|| create_run(self, batch, origin, now)).await
    }

    async fn report_runs(&self, scope: &Scope, report: ReportId, page: PageRequest) -> Result<Page<Batch>> {
        page!(self, BatchRow, [RUNS, COUNT_RUNS], page; report.0, scope.owner()).await
    }

    async fn series_executions(
        &self,
        scope: &Scope,
        report: ReportId,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        let query = sqlx::query_as(SERIES).bind(report.0).bind(scope.owner()).bind(from).bind(before);
        let rows: Vec<ExecutionRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }
}

async fn create_run(
    store: &Backend,
    batch: &NewBatch,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<CreatedBatch> {
    let mut transaction = store.begin().await?;
    let created = batches::write(&mut transaction, batch, now).await?;
    if created.is_new {
        link(&mut transaction, batch.id, &batch.owner_id, origin, now).await?;
        transaction.commit().await.map_err(database_error)?;
    }
    Ok(created)
}

/// Says of which report a batch is a run.
pub(super) async fn link(
    transaction: &mut Transaction<'static, Db>,
    batch: BatchId,
    owner: &str,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<()> {
    let Origin { report, triggered_by } = origin;
    let run = sqlx::query(INSERT_RUN).bind(batch.0).bind(owner).bind(report.0).bind(triggered_by.as_str());
    run.bind(now).execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}
