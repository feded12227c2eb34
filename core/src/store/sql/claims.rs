//! How workers take work in SQL.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Database, Transaction};
use uuid::Uuid;

use super::dialect::{LOOKS_FIRST, lock_accounts, lock_executions};
use super::retry::retried;
use super::rows::{ClaimRow, nouns};
use super::slots::Places;
use super::workers::{self, unheld};
use super::write::{Written, write};
use super::{Backend, Db, apply, database_error, watches};
use crate::error::Result;
use crate::model::{Change, Failure, Fence, Lease, Limits, Worker, WorkerId};
use crate::store::{Claim, ClaimTerms, Step, StepOutcome, Watch, WatchRelease, WorkStore};

/// The instances and accounts that have no place left, other people's runs included.
macro_rules! with_full_places {
    () => {
        "WITH used (scope, id, places) AS (
            SELECT scope, scope_id, count(*) FROM execution_slots GROUP BY scope, scope_id
            UNION ALL SELECT 'instance', instance, foreign_runs FROM instance_watches WHERE foreign_runs > 0
            UNION ALL SELECT 'account', i.account, t.foreign_runs
                FROM instance_watches t JOIN amc_instances i ON i.id = t.instance WHERE t.foreign_runs > 0
        ), taken (id) AS (
            SELECT id FROM used GROUP BY scope, id HAVING sum(places) >= CASE scope WHEN 'instance' THEN $4 ELSE $5 END
        ) "
    };
}

macro_rules! claimable {
    ($with:expr, $where:expr) => {
        concat!(
            $with,
            "SELECT e.*, i.instance_id, i.name AS instance_name, i.account, a.region, a.account_id, a.marketplace_id,
                a.account_name, a.api_endpoint, a.extra_headers, a.credential_key AS account_credential_key,
                a.timezone AS account_timezone, q.sql
            FROM executions e
            JOIN amc_instances i ON i.id = e.instance
            JOIN amc_accounts a ON a.id = i.account
            JOIN execution_sql q ON q.owner_id = e.owner_id AND q.sql_hash = e.sql_hash
            WHERE e.credential_key = $1 AND (e.not_before IS NULL OR e.not_before <= $2) AND ",
            $where,
            " LIMIT $3"
        )
    };
}

const PENDING: &str = unclaimed!(
    claimable!(
        with_full_places!(),
        "e.status = 'pending' AND e.reuse_of IS NULL
            AND e.instance NOT IN (SELECT id FROM taken) AND i.account NOT IN (SELECT id FROM taken)
        ORDER BY e.priority, e.created_at, e.id"
    ),
    "e"
);

const SUBMITTING: &str = unclaimed!(
    claimable!("", concat!("e.status = 'submitting' AND ", unheld!("e"), " ORDER BY e.not_before, e.id")),
    "e"
);

const COLLECTING: &str = unclaimed!(
    claimable!("", concat!("e.status = 'collecting' AND ", unheld!("e"), " ORDER BY e.updated_at, e.id")),
    "e"
);

/// What waits for the result of a run that has ended, or is gone.
const SERVED: &str = unclaimed!(
    claimable!(
        "",
        concat!(
            "e.status = 'pending' AND e.reuse_of IS NOT NULL AND ",
            unheld!("e"),
            " AND NOT EXISTS (SELECT 1 FROM executions s WHERE s.id = e.reuse_of
                AND s.status IN ('pending', 'submitting', 'running', 'collecting'))
            ORDER BY e.priority, e.created_at, e.id"
        )
    ),
    "e"
);

const OVERDUE: &str = "SELECT id, lease_token FROM executions
    WHERE credential_key = $1 AND status = 'pending' AND deadline_at <= $2";

#[async_trait]
impl WorkStore for Backend {
    async fn beat(&self, worker: &Worker, now: DateTime<Utc>) -> Result<()> {
        retried(|| workers::beat(self, worker, now)).await
    }

    async fn retire(&self, worker: WorkerId) -> Result<()> {
        workers::retire(self, worker).await
    }

    async fn somebody_works(&self, credential_key: &str, now: DateTime<Utc>) -> Result<bool> {
        workers::somebody_works(self, credential_key, now).await
    }

    async fn claim_submits(
        &self,
        terms: &ClaimTerms,
        limits: Limits,
        reconcile_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>> {
        let change = Change::Submitting { worker: terms.worker.id, reconcile_at };
        retried(|| claim_pending(self, terms, limits, &change, now)).await
    }

    async fn expire(&self, credential_keys: &[String], now: DateTime<Utc>) -> Result<usize> {
        let mut overdue = Vec::new();
        for key in credential_keys {
            let query = sqlx::query_as::<Db, (Uuid, i64)>(OVERDUE).bind(key).bind(now);
            overdue.extend(query.fetch_all(self.reads()).await.map_err(database_error)?);
        }
        if overdue.is_empty() {
            return Ok(0);
        }
        let lease = |(id, token): (Uuid, i64)| Lease { execution: id.into(), token };
        let step = |row| Step::new(Fence::from(lease(row)), Change::Failed(Failure::overdue()));
        let outcomes = self.apply(&overdue.into_iter().map(step).collect::<Vec<_>>(), now).await?;
        Ok(outcomes.iter().filter(|outcome| **outcome == StepOutcome::Applied).count())
    }

    async fn claim_lookups(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        let change = Change::Claimed { worker: terms.worker.id };
        retried(|| claim_held(self, SUBMITTING, &change, terms, now)).await
    }

    async fn claim_collects(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        let (claimed, reusing) =
            (Change::Claimed { worker: terms.worker.id }, Change::Reusing { worker: terms.worker.id });
        let mut claims = retried(|| claim_held(self, COLLECTING, &claimed, terms, now)).await?;
        if claims.len() < terms.size() {
            let limit = terms.limit - u32::try_from(claims.len()).unwrap_or(terms.limit);
            let rest = ClaimTerms { limit, ..terms.clone() };
            claims.extend(retried(|| claim_held(self, SERVED, &reusing, &rest, now)).await?);
        }
        Ok(claims)
    }

    async fn claim_watches(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>> {
        watches::claim(self, terms, now).await
    }

    async fn release_watches(&self, releases: &[WatchRelease]) -> Result<Vec<StepOutcome>> {
        retried(|| watches::release(self, releases)).await
    }

    async fn apply(&self, steps: &[Step], now: DateTime<Utc>) -> Result<Vec<StepOutcome>> {
        retried(|| apply::apply_all(self, steps, now)).await
    }

    async fn next_due(
        &self,
        credential_keys: &[String],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        workers::next_due(self, credential_keys, now).await
    }
}

async fn claim_pending(
    store: &Backend,
    terms: &ClaimTerms,
    limits: Limits,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    if LOOKS_FIRST && pending(&mut *store.reader().await?, terms, limits, now).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = store.begin().await?;
    let found = pending(&mut transaction, terms, limits, now).await?;
    let (accounts, ids): (Vec<Uuid>, _) =
        found.iter().map(|(account, claim)| (*account, claim.execution.id.0)).unzip();
    let scopes: BTreeSet<Uuid> =
        found.iter().map(|(_, claim)| claim.execution.instance.0).chain(accounts.iter().copied()).collect();
    lock_accounts(&mut transaction, accounts).await?;
    lock_executions(&mut transaction, ids, false).await?;
    let mut places = Places::of(&mut transaction, &Vec::from_iter(scopes)).await?;
    let mut claims = Vec::new();
    for (account, claim) in found {
        if places.take(claim.execution.id, claim.execution.instance.0, account, limits) {
            claims.push(claim);
        }
    }
    places.keep(&mut transaction).await?;
    let claims = taken(&mut transaction, claims, change, now).await?;
    transaction.commit().await.map_err(database_error)?;
    Ok(claims)
}

async fn pending(
    connection: &mut <Db as Database>::Connection,
    terms: &ClaimTerms,
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, Claim)>> {
    let mut found = Vec::new();
    for key in &terms.worker.credential_keys {
        let rows: Vec<ClaimRow> = sqlx::query_as(PENDING)
            .bind(key)
            .bind(now)
            .bind(i64::from(terms.limit))
            .bind(i64::from(limits.per_instance))
            .bind(i64::from(limits.per_account))
            .fetch_all(&mut *connection)
            .await
            .map_err(database_error)?;
        for row in rows {
            found.push((row.account_uuid(), row.try_into()?));
        }
    }
    Ok(found)
}

async fn claim_held(
    store: &Backend,
    statement: &'static str,
    change: &Change,
    terms: &ClaimTerms,
    now: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    if LOOKS_FIRST && held(&mut *store.reader().await?, statement, terms, now).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = store.begin().await?;
    let found = held(&mut transaction, statement, terms, now).await?;
    let claims = taken(&mut transaction, found, change, now).await?;
    transaction.commit().await.map_err(database_error)?;
    Ok(claims)
}

/// What nobody alive works on, without what the caller has in hand.
async fn held(
    connection: &mut <Db as Database>::Connection,
    statement: &'static str,
    terms: &ClaimTerms,
    now: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    let mut found = Vec::new();
    for key in &terms.worker.credential_keys {
        let query =
            sqlx::query_as(statement).bind(key).bind(now).bind(terms.candidates()).bind(terms.worker.id.0);
        let rows: Vec<ClaimRow> = query.fetch_all(&mut *connection).await.map_err(database_error)?;
        found.extend(nouns::<_, Claim>(rows)?);
    }
    found.retain(|claim| !terms.in_hand.contains(&claim.execution.id.0));
    found.truncate(terms.size());
    Ok(found)
}

/// Takes what is locked and was read under that lock.
async fn taken(
    transaction: &mut Transaction<'static, Db>,
    claims: Vec<Claim>,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    let mut written = Vec::with_capacity(claims.len());
    for claim in &claims {
        let change = claim.execution.transition(change, now)?;
        written.push(Written { before: claim.execution.clone(), change });
    }
    write(transaction, &written, now).await?;
    let after = written.into_iter().map(|it| it.change.after);
    Ok(claims.into_iter().zip(after).map(|(claim, execution)| Claim { execution, ..claim }).collect())
}
