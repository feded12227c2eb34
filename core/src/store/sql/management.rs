//! Looking through what ran, and letting go of it, in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Transaction;
use uuid::Uuid;

use super::pages::{page, pattern};
use super::retry::retried;
use super::rows::ExecutionRow;
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{BatchId, Execution, ExecutionId, Page, PageRequest, Scope};
use crate::store::{ExecutionFilter, ExecutionSort, ManagementStore};

macro_rules! found {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
                JOIN batch_executions b ON b.id = e.batch
            WHERE ($1 IS NULL OR e.owner_id = $1) AND e.superseded_by IS NULL
              AND ($2 IS NULL OR lower(b.name) LIKE $2 ESCAPE '\\' OR lower(i.name) LIKE $2 ESCAPE '\\'
                OR lower(i.instance_id) LIKE $2 ESCAPE '\\' OR lower(e.error_message) LIKE $2 ESCAPE '\\')
              AND ($3 IS NULL OR i.instance_id = $3) AND ($4 IS NULL OR e.workflow = $4) AND ($5 IS NULL OR e.status = $5)
              AND ($6 IS NULL OR e.created_at >= $6) AND ($7 IS NULL OR e.created_at < $7)",
            $tail
        )
    };
}

macro_rules! listed {
    ($tail:literal) => {
        found!("SELECT e.*, i.instance_id, i.name AS instance_name, a.region", $tail)
    };
}

const NEWEST: &str = listed!(" ORDER BY e.created_at DESC, e.id DESC LIMIT $8 OFFSET $9");

const OLDEST: &str = listed!(" ORDER BY e.created_at, e.id LIMIT $8 OFFSET $9");

const BY_INSTANCE: &str =
    listed!(" ORDER BY i.name, i.instance_id, e.created_at DESC, e.id DESC LIMIT $8 OFFSET $9");

const COUNT: &str = found!("SELECT count(*)", "");

const ENDED: &str = "SELECT id FROM batch_executions
    WHERE ($1 IS NULL OR owner_id = $1) AND status NOT IN ('pending', 'running') AND completed_at < $2
    ORDER BY completed_at, id LIMIT $3";

const EXECUTIONS: &str = "SELECT e.id FROM executions e JOIN batch_executions b ON b.id = e.batch
    WHERE b.id = $1 AND ($2 IS NULL OR b.owner_id = $2) AND b.status NOT IN ('pending', 'running')";

/// What a batch was for keeps its own row, and says why it has none.
const TELL: [&str; 2] = [
    "UPDATE schedule_ticks SET reason = 'its run was deleted', batch = NULL WHERE batch = $1",
    "UPDATE report_data_segments SET reason = 'its run was deleted', batch = NULL, execution = NULL, updated_at = $2
        WHERE batch = $1 AND status <> 'running'",
];

const DELETE: &str = "DELETE FROM batch_executions WHERE id = $1";

#[async_trait]
impl ManagementStore for Backend {
    async fn find_executions(
        &self,
        scope: &Scope,
        filter: &ExecutionFilter,
        page: PageRequest,
    ) -> Result<Page<Execution>> {
        let text = filter.text.as_deref().map(pattern);
        let (workflow, status) =
            (filter.workflow.map(|id| id.0), filter.status.map(|status| status.as_str()));
        let list = match filter.sort {
            ExecutionSort::Newest => NEWEST,
            ExecutionSort::Oldest => OLDEST,
            ExecutionSort::Instance => BY_INSTANCE,
        };
        page!(self, ExecutionRow, [list, COUNT], page;
            scope.owner(), &text, &filter.instance, workflow, status, filter.created_from, filter.created_before)
        .await
    }

    async fn ended_before(&self, scope: &Scope, before: DateTime<Utc>, limit: u32) -> Result<Vec<BatchId>> {
        let query = sqlx::query_scalar(ENDED).bind(scope.owner()).bind(before).bind(i64::from(limit));
        let ids: Vec<Uuid> = query.fetch_all(self.reads()).await.map_err(database_error)?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    async fn delete_batches(
        &self,
        scope: &Scope,
        batches: &[BatchId],
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        retried(|| delete(self, scope, batches, now)).await
    }
}

async fn delete(
    store: &Backend,
    scope: &Scope,
    batches: &[BatchId],
    now: DateTime<Utc>,
) -> Result<Vec<ExecutionId>> {
    let mut transaction = store.begin().await?;
    let mut gone = Vec::new();
    for batch in batches {
        let query = sqlx::query_scalar(EXECUTIONS).bind(batch.0).bind(scope.owner());
        let own: Vec<Uuid> = query.fetch_all(&mut *transaction).await.map_err(database_error)?;
        if !own.is_empty() {
            delete_one(&mut transaction, *batch, now).await?;
        }
        gone.extend(own.into_iter().map(ExecutionId::from));
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(gone)
}

async fn delete_one(
    transaction: &mut Transaction<'static, Db>,
    batch: BatchId,
    now: DateTime<Utc>,
) -> Result<()> {
    let [tick, segments] = TELL;
    let statements = [
        sqlx::query(tick).bind(batch.0),
        sqlx::query(segments).bind(batch.0).bind(now),
        sqlx::query(DELETE).bind(batch.0),
    ];
    for statement in statements {
        statement.execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(())
}
