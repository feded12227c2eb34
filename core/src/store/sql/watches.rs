//! Watches in SQL: which worker lists which instance next.

use chrono::{DateTime, Utc};
use sqlx::{Database, FromRow, Transaction};
use uuid::Uuid;

use super::dialect::LOOKS_FIRST;
use super::rows::{ExecutionRow, InstanceRow, nouns};
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{Execution, Instance, WorkerId};
use crate::store::{ClaimTerms, StepOutcome, Watch};

const DUE: &str = unclaimed!(
    "SELECT t.instance AS watched, t.lease_token AS token, i.*, a.account_id, a.marketplace_id, a.account_name, a.region, a.api_endpoint,
        a.extra_headers, a.credential_key AS account_credential_key, a.timezone AS account_timezone
    FROM instance_watches t JOIN amc_instances i ON i.id = t.instance JOIN amc_accounts a ON a.id = i.account
    WHERE a.credential_key = $1 AND t.next_poll_at <= $2
        AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = t.worker AND w.id <> $4 AND w.lease_expires_at > $2)
        AND EXISTS (SELECT 1 FROM executions e WHERE e.instance = t.instance AND e.status = 'running')
    ORDER BY t.next_poll_at, t.instance LIMIT $3",
    "t"
);

const TAKE: &str = "UPDATE instance_watches SET worker = $3, lease_token = lease_token + 1
    WHERE instance = $1 AND lease_token = $2 RETURNING lease_token";

const RUNS: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE e.instance = $1 AND e.status = 'running' ORDER BY e.submitted_at, e.id";

const RELEASE: &str =
    "UPDATE instance_watches SET worker = NULL, lease_token = lease_token + 1, next_poll_at = $3
    WHERE instance = $1 AND lease_token = $2";

#[derive(FromRow)]
struct DueRow {
    watched: Uuid,
    token: i64,
    #[sqlx(flatten)]
    instance: InstanceRow,
}

pub(super) async fn claim(store: &Backend, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>> {
    if LOOKS_FIRST && due(&mut *store.reader().await?, terms, now).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = store.begin().await?;
    let mut watches = Vec::new();
    for row in due(&mut transaction, terms, now).await? {
        watches.extend(take(&mut transaction, row, terms.worker.id).await?);
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(watches)
}

/// Watches whose time has come, without those the caller has in hand.
async fn due(
    connection: &mut <Db as Database>::Connection,
    terms: &ClaimTerms,
    now: DateTime<Utc>,
) -> Result<Vec<DueRow>> {
    let mut due: Vec<DueRow> = Vec::new();
    for key in &terms.worker.credential_keys {
        let query = sqlx::query_as(DUE).bind(key).bind(now).bind(terms.candidates()).bind(terms.worker.id.0);
        due.extend(query.fetch_all(&mut *connection).await.map_err(database_error)?);
    }
    due.retain(|row: &DueRow| !terms.in_hand.contains(&row.watched));
    due.truncate(terms.size());
    Ok(due)
}

/// Takes a watch, unless another worker took it since it was read.
async fn take(
    transaction: &mut Transaction<'static, Db>,
    row: DueRow,
    worker: WorkerId,
) -> Result<Option<Watch>> {
    let take = sqlx::query_scalar(TAKE).bind(row.watched).bind(row.token).bind(worker.0);
    let taken = take.fetch_optional(&mut **transaction).await.map_err(database_error)?;
    let Some(token) = taken else { return Ok(None) };
    let query = sqlx::query_as(RUNS).bind(row.watched);
    let runs: Vec<ExecutionRow> = query.fetch_all(&mut **transaction).await.map_err(database_error)?;
    let instance = Instance::try_from(row.instance)?;
    Ok(Some(Watch {
        instance: instance.id,
        target: instance.target(),
        token,
        runs: nouns::<_, Execution>(runs)?,
    }))
}

pub(super) async fn release(
    store: &Backend,
    watch: &Watch,
    next_poll_at: DateTime<Utc>,
) -> Result<StepOutcome> {
    let mut transaction = store.begin().await?;
    let release = sqlx::query(RELEASE).bind(watch.instance.0).bind(watch.token).bind(next_poll_at);
    let written = release.execute(&mut *transaction).await.map_err(database_error)?.rows_affected();
    transaction.commit().await.map_err(database_error)?;
    Ok(if written == 1 { StepOutcome::Applied } else { StepOutcome::Stale })
}
