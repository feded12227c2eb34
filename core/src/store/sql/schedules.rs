//! Schedules and their ticks in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, Transaction};
use uuid::Uuid;

use super::pages::page;
use super::retry::retried;
use super::rows::nouns;
use super::{Backend, Db, batches, database_error, reports};
use crate::error::{Error, Result};
use crate::model::{
    Due, IdRef, NewBatch, NewTick, NextTick, Origin, Page, PageRequest, Report, ReportId, Schedule,
    ScheduleChange, ScheduleHistory, ScheduleId, ScheduleOptions, Scope, TickRecord,
};
use crate::store::{ScheduleStore, WrittenTick};

const SAVE: &str = "INSERT INTO report_schedules
    (id, schedule_id, owner_id, created_by, report, cron_expression, timezone, options, paused_at, pause_note, next_run_at,
     due_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (id) DO UPDATE SET cron_expression = excluded.cron_expression, timezone = excluded.timezone,
        options = excluded.options, next_run_at = excluded.next_run_at, due_at = excluded.due_at,
        updated_at = excluded.updated_at";

macro_rules! told {
    ($tail:literal) => {
        concat!(
            "SELECT s.*, o.run_count, o.failed_count, o.last_run_at, o.last_status
            FROM report_schedules s JOIN report_schedules_overview o ON o.id = s.id
            WHERE s.archived_at IS NULL AND ",
            $tail
        )
    };
}

const BY_UUID: &str = told!("s.id = $1 AND ($2 IS NULL OR s.owner_id = $2)");

const BY_NAME: &str = told!("s.schedule_id = $1 AND ($2 IS NULL OR s.owner_id = $2)");

const LIST: &str = told!(
    "($1 IS NULL OR s.owner_id = $1) AND ($2 IS NULL OR s.report = $2)
      AND EXISTS (SELECT 1 FROM report_definitions r WHERE r.id = s.report AND r.archived_at IS NULL)
    ORDER BY s.created_at, s.id LIMIT $3 OFFSET $4"
);

const COUNT: &str = "SELECT count(*) FROM report_schedules s JOIN report_definitions r ON r.id = s.report
    WHERE s.archived_at IS NULL AND r.archived_at IS NULL
      AND ($1 IS NULL OR s.owner_id = $1) AND ($2 IS NULL OR s.report = $2)";

const PAUSE: &str = "UPDATE report_schedules SET paused_at = $3, pause_note = $4, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const RESUME: &str = "UPDATE report_schedules
    SET paused_at = NULL, pause_note = NULL, next_run_at = $4, due_at = $5, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const ARCHIVE: &str = "UPDATE report_schedules SET archived_at = $3, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

const DUE: &str = "SELECT s.* FROM report_schedules s JOIN report_definitions r ON r.id = s.report
    WHERE s.due_at <= $1 AND s.paused_at IS NULL AND s.archived_at IS NULL AND r.archived_at IS NULL
      AND ($2 IS NULL OR s.owner_id = $2)
    ORDER BY s.due_at, s.id LIMIT $3";

const REPORT: &str = "SELECT * FROM report_definitions WHERE id = $1";

const INSERT_TICK: &str = "INSERT INTO schedule_ticks
    (id, owner_id, schedule, nominal_at, fired_at, outcome, reason, batch, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $5) ON CONFLICT DO NOTHING";

const TICK_BATCH: &str = "UPDATE schedule_ticks SET batch = $2 WHERE id = $1";

const ADVANCE: &str =
    "UPDATE report_schedules SET next_run_at = $3, due_at = $4 WHERE id = $1 AND next_run_at = $2";

macro_rules! ticks {
    ($tail:literal) => {
        concat!(
            "SELECT t.nominal_at, t.fired_at, t.outcome, t.reason, t.batch, b.status AS batch_status
            FROM schedule_ticks t LEFT JOIN batch_executions b ON b.id = t.batch
            WHERE t.schedule = $1 AND ($2 IS NULL OR t.owner_id = $2) ",
            $tail
        )
    };
}

const TICKS: &str = ticks!("ORDER BY t.nominal_at DESC LIMIT $3");

const TICK: &str = ticks!("AND t.nominal_at = $3");

#[derive(FromRow)]
struct ScheduleRow {
    id: Uuid,
    owner_id: String,
    created_by: Option<String>,
    report: Uuid,
    cron_expression: String,
    timezone: String,
    options: Json<ScheduleOptions>,
    paused_at: Option<DateTime<Utc>>,
    pause_note: Option<String>,
    next_run_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A schedule and what became of its ticks.
#[derive(FromRow)]
struct ToldRow {
    #[sqlx(flatten)]
    schedule: ScheduleRow,
    run_count: i64,
    failed_count: i64,
    last_run_at: Option<DateTime<Utc>>,
    last_status: Option<String>,
}

impl From<ToldRow> for Schedule {
    fn from(row: ToldRow) -> Self {
        let ToldRow { schedule, run_count, failed_count, last_run_at, last_status } = row;
        let history = ScheduleHistory { run_count, failed_count, last_run_at, last_status };
        Self { history, ..schedule.into() }
    }
}

impl From<ScheduleRow> for Schedule {
    fn from(row: ScheduleRow) -> Self {
        Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            created_by: row.created_by,
            report: row.report.into(),
            expression: row.cron_expression,
            timezone: row.timezone,
            options: row.options.0,
            paused_at: row.paused_at,
            pause_note: row.pause_note,
            next_run_at: row.next_run_at,
            due_at: row.due_at,
            history: ScheduleHistory::default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(FromRow)]
struct TickRow {
    nominal_at: DateTime<Utc>,
    fired_at: DateTime<Utc>,
    outcome: String,
    reason: Option<String>,
    batch: Option<Uuid>,
    batch_status: Option<String>,
}

impl TryFrom<TickRow> for TickRecord {
    type Error = Error;

    fn try_from(row: TickRow) -> Result<Self> {
        Ok(Self {
            nominal_at: row.nominal_at,
            fired_at: row.fired_at,
            outcome: row.outcome.parse()?,
            reason: row.reason,
            batch: row.batch.map(Into::into),
            batch_status: row.batch_status.map(|status| status.parse()).transpose()?,
        })
    }
}

#[async_trait]
impl ScheduleStore for Backend {
    async fn save_schedule(&self, schedule: &Schedule) -> Result<()> {
        let mut transaction = self.begin().await?;
        sqlx::query(SAVE)
            .bind(schedule.id.0)
            .bind(schedule.id.public())
            .bind(&schedule.owner_id)
            .bind(&schedule.created_by)
            .bind(schedule.report.0)
            .bind(&schedule.expression)
            .bind(&schedule.timezone)
            .bind(Json(&schedule.options))
            .bind(schedule.paused_at)
            .bind(&schedule.pause_note)
            .bind(schedule.next_run_at)
            .bind(schedule.due_at)
            .bind(schedule.created_at)
            .bind(schedule.updated_at)
            .execute(&mut *transaction)
            .await
            .map_err(database_error)?;
        transaction.commit().await.map_err(database_error)
    }

    async fn schedule(&self, scope: &Scope, id: &IdRef) -> Result<Option<Schedule>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, ToldRow>(BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        Ok(row.map(Into::into))
    }

    async fn schedules(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Schedule>> {
        let report = report.map(|report| report.0);
        page!(self, ToldRow, [LIST, COUNT], page; scope.owner(), report).await
    }

    async fn change_schedule(
        &self,
        scope: &Scope,
        id: ScheduleId,
        change: &ScheduleChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let sql = match change {
            ScheduleChange::Paused(_) => PAUSE,
            ScheduleChange::Resumed(_) => RESUME,
            ScheduleChange::Archived => ARCHIVE,
        };
        let query = sqlx::query(sql).bind(id.0).bind(scope.owner()).bind(now);
        let query = match change {
            ScheduleChange::Paused(note) => query.bind(note),
            ScheduleChange::Resumed(next) => query.bind(next.next_run_at).bind(next.due_at),
            ScheduleChange::Archived => query,
        };
        let mut transaction = self.begin().await?;
        let written = query.execute(&mut *transaction).await.map_err(database_error)?.rows_affected();
        transaction.commit().await.map_err(database_error)?;
        Ok(written == 1)
    }

    async fn due_schedules(&self, scope: &Scope, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>> {
        let query = sqlx::query_as(DUE).bind(now).bind(scope.owner()).bind(i64::from(limit));
        let rows: Vec<ScheduleRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let query = sqlx::query_as::<Db, reports::ReportRow>(REPORT).bind(row.report);
            let report = Report::from(query.fetch_one(self.reads()).await.map_err(database_error)?);
            let schedule = Schedule::from(row);
            due.extend(schedule.next_run_at.map(|nominal_at| Due { schedule, report, nominal_at }));
        }
        Ok(due)
    }

    async fn write_tick(
        &self,
        tick: &NewTick,
        batch: Option<(&NewBatch, Origin)>,
        now: DateTime<Utc>,
    ) -> Result<WrittenTick> {
        retried(|| write_tick(self, tick, batch, now)).await
    }

    async fn put_off_tick(&self, schedule: ScheduleId, tick: NextTick) -> Result<()> {
        let mut transaction = self.begin().await?;
        advance(&mut transaction, schedule, tick.next_run_at, tick).await?;
        transaction.commit().await.map_err(database_error)
    }

    async fn tick(
        &self,
        scope: &Scope,
        schedule: ScheduleId,
        nominal_at: DateTime<Utc>,
    ) -> Result<Option<TickRecord>> {
        let query = sqlx::query_as(TICK).bind(schedule.0).bind(scope.owner()).bind(nominal_at);
        let row: Option<TickRow> = query.fetch_optional(self.reads()).await.map_err(database_error)?;
        row.map(TickRecord::try_from).transpose()
    }

    async fn ticks(&self, scope: &Scope, schedule: ScheduleId, limit: u32) -> Result<Vec<TickRecord>> {
        let query = sqlx::query_as(TICKS).bind(schedule.0).bind(scope.owner()).bind(i64::from(limit));
        let rows: Vec<TickRow> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }
}

/// Writes the tick first: whoever else writes the same waits here, and finds it taken.
async fn write_tick(
    store: &Backend,
    tick: &NewTick,
    batch: Option<(&NewBatch, Origin)>,
    now: DateTime<Utc>,
) -> Result<WrittenTick> {
    let mut transaction = store.begin().await?;
    let is_new = insert(&mut transaction, tick, now).await?;
    advance(&mut transaction, tick.schedule, Some(tick.nominal_at), tick.next).await?;
    let mut written = None;
    if let Some((batch, origin)) = batch.filter(|_| is_new) {
        written = Some(Box::new(batches::write(&mut transaction, batch, now).await?.batch));
        reports::link(&mut transaction, batch.id, &tick.owner_id, origin, now).await?;
        let link = sqlx::query(TICK_BATCH).bind(tick_id(tick)).bind(batch.id.0);
        link.execute(&mut *transaction).await.map_err(database_error)?;
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(if is_new { WrittenTick::Written(written) } else { WrittenTick::Taken })
}

async fn insert(
    transaction: &mut Transaction<'static, Db>,
    tick: &NewTick,
    now: DateTime<Utc>,
) -> Result<bool> {
    let written = sqlx::query(INSERT_TICK)
        .bind(tick_id(tick))
        .bind(&tick.owner_id)
        .bind(tick.schedule.0)
        .bind(tick.nominal_at)
        .bind(now)
        .bind(tick.outcome.as_str())
        .bind(&tick.reason)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(written.rows_affected() == 1)
}

/// Moves a schedule on from one tick to the next, unless somebody else did.
async fn advance(
    transaction: &mut Transaction<'static, Db>,
    schedule: ScheduleId,
    from: Option<DateTime<Utc>>,
    next: NextTick,
) -> Result<()> {
    let query = sqlx::query(ADVANCE).bind(schedule.0).bind(from).bind(next.next_run_at).bind(next.due_at);
    query.execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// A tick is named by its schedule and its time, so its id needs no randomness.
fn tick_id(tick: &NewTick) -> Uuid {
    Uuid::new_v5(&tick.schedule.0, &tick.nominal_at.timestamp().to_be_bytes())
}
