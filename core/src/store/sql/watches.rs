//! Watches in SQL: which worker lists which instance next.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Database, FromRow, QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::{chunks, list};
use super::dialect::LOOKS_FIRST;
use super::rows::{ExecutionRow, InstanceRow};
use super::workers::unheld;
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{Execution, ExecutionStatus, Instance, InstanceUuid, WorkerId};
use crate::store::{ClaimTerms, ForeignRuns, StepOutcome, Watch, WatchRelease};

const DUE: &str = unclaimed!(
    concat!(
        "SELECT t.instance AS watched, t.lease_token AS token, t.foreign_runs, t.foreign_since, t.surveyed_at, i.*,
        a.account_id, a.marketplace_id, a.account_name, a.region, a.api_endpoint, a.extra_headers,
        a.credential_key AS account_credential_key, a.timezone AS account_timezone
    FROM instance_watches t JOIN amc_instances i ON i.id = t.instance JOIN amc_accounts a ON a.id = i.account
    WHERE a.credential_key = $1 AND t.next_poll_at <= $2
        AND ",
        unheld!("t"),
        " AND (EXISTS (SELECT 1 FROM executions e WHERE e.instance = t.instance AND e.status = 'running')
            OR (t.foreign_runs > 0
                AND EXISTS (SELECT 1 FROM executions e WHERE e.instance = t.instance AND e.status = 'pending')))
    ORDER BY t.next_poll_at, t.instance LIMIT $3",
    ),
    "t"
);

const HELD: &str = "WITH v (watched, token) AS (";

const TAKE: &str = ") UPDATE instance_watches SET lease_token = lease_token + 1, worker = ";

const TAKEN: &str =
    " FROM v WHERE instance = v.watched AND lease_token = v.token RETURNING instance, lease_token";

const RUNS: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region, d.mean_seconds
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
        LEFT JOIN run_durations d ON d.instance = e.instance AND d.workflow = COALESCE(e.workflow, ";

const OUT: &str = ") WHERE e.status IN ('submitting', 'running') AND e.instance IN";

const RELEASES: &str = "WITH v (watched, token, next_poll_at, foreign_runs, foreign_since, surveyed_at) AS (";

const RELEASE: &str = ") UPDATE instance_watches SET worker = NULL, lease_token = lease_token + 1,
        next_poll_at = v.next_poll_at, foreign_runs = v.foreign_runs, foreign_since = v.foreign_since,
        surveyed_at = v.surveyed_at
    FROM v WHERE instance = v.watched AND lease_token = v.token RETURNING instance";

const EXPECT: &str = "INSERT INTO instance_watches (instance, next_poll_at) ";

const EXPECTED: &str = " ON CONFLICT (instance) DO UPDATE SET next_poll_at =
        CASE WHEN excluded.next_poll_at < instance_watches.next_poll_at THEN excluded.next_poll_at
             ELSE instance_watches.next_poll_at END";

#[derive(FromRow)]
struct DueRow {
    watched: Uuid,
    token: i64,
    foreign_runs: i64,
    foreign_since: Option<DateTime<Utc>>,
    surveyed_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    instance: InstanceRow,
}

impl DueRow {
    fn watch(self, token: i64) -> Result<Watch> {
        let foreign = ForeignRuns {
            count: u32::try_from(self.foreign_runs).unwrap_or_default(),
            since: self.foreign_since,
            surveyed_at: self.surveyed_at,
        };
        let instance = Instance::try_from(self.instance)?;
        Ok(Watch {
            instance: instance.id,
            target: instance.target(),
            token,
            runs: Vec::new(),
            typical: HashMap::new(),
            ours: std::collections::HashSet::new(),
            foreign,
        })
    }
}

/// What is out at an instance, and how long its like took.
#[derive(FromRow)]
struct RunRow {
    #[sqlx(flatten)]
    execution: ExecutionRow,
    mean_seconds: Option<f64>,
}

pub(super) async fn claim(store: &Backend, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>> {
    if LOOKS_FIRST && due(&mut *store.reader().await?, terms, now).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = store.begin().await?;
    let due = due(&mut transaction, terms, now).await?;
    let tokens = take(&mut transaction, &due, terms.worker.id).await?;
    let mut watches = Vec::new();
    for row in due {
        if let Some(token) = tokens.get(&row.watched) {
            watches.push(row.watch(*token)?);
        }
    }
    fill(&mut transaction, &mut watches).await?;
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

/// Takes watches, but for those another worker took since they were read. Gives the new tokens.
async fn take(
    transaction: &mut Transaction<'static, Db>,
    due: &[DueRow],
    worker: WorkerId,
) -> Result<HashMap<Uuid, i64>> {
    let mut tokens = HashMap::new();
    for chunk in chunks(due) {
        let mut query = QueryBuilder::<Db>::new(HELD);
        query.push_values(chunk, |mut row, due| {
            row.push_bind(due.watched).push_bind(due.token);
        });
        query.push(TAKE).push_bind(worker.0).push(TAKEN);
        let query = query.build_query_as::<(Uuid, i64)>();
        tokens.extend(query.fetch_all(&mut **transaction).await.map_err(database_error)?);
    }
    Ok(tokens)
}

/// Adds to watches what is out at their instances.
async fn fill(transaction: &mut Transaction<'static, Db>, watches: &mut [Watch]) -> Result<()> {
    let ids: Vec<Uuid> = watches.iter().map(|watch| watch.instance.0).collect();
    let mut runs: HashMap<InstanceUuid, Vec<(Execution, Option<f64>)>> = HashMap::new();
    for chunk in chunks(&ids) {
        for row in out_at(transaction, chunk).await? {
            let execution = Execution::try_from(row.execution)?;
            runs.entry(execution.instance).or_default().push((execution, row.mean_seconds));
        }
    }
    for watch in watches {
        for (execution, mean_seconds) in runs.remove(&watch.instance).unwrap_or_default() {
            watch.ours.extend(execution.amc_workflow_id.clone());
            if execution.status == ExecutionStatus::Running {
                let typical = mean_seconds.and_then(|mean| Duration::try_from_secs_f64(mean).ok());
                watch.typical.extend(typical.map(|typical| (execution.id, typical)));
                watch.runs.push(execution);
            }
        }
    }
    Ok(())
}

async fn out_at(transaction: &mut Transaction<'static, Db>, instances: &[Uuid]) -> Result<Vec<RunRow>> {
    let mut query = QueryBuilder::<Db>::new(RUNS);
    query.push_bind(Uuid::nil()).push(OUT);
    list(&mut query, instances).push(" ORDER BY e.submitted_at, e.id");
    query.build_query_as().fetch_all(&mut **transaction).await.map_err(database_error)
}

/// Lets go of watches.
pub(super) async fn release(store: &Backend, releases: &[WatchRelease]) -> Result<Vec<StepOutcome>> {
    let mut transaction = store.begin().await?;
    let mut released: Vec<Uuid> = Vec::new();
    let mut ordered: Vec<&WatchRelease> = releases.iter().collect();
    // Rows that several workers write are written in the order of their ids.
    ordered.sort_unstable_by_key(|release| release.instance);
    for chunk in chunks(&ordered) {
        let mut query = QueryBuilder::<Db>::new(RELEASES);
        query.push_values(chunk, |mut row, release| {
            row.push_bind(release.instance.0)
                .push_bind(release.token)
                .push_bind(release.next_poll_at)
                .push_bind(i64::from(release.foreign.count))
                .push_bind(release.foreign.since)
                .push_bind(release.foreign.surveyed_at);
        });
        query.push(RELEASE);
        let query = query.build_query_scalar::<Uuid>();
        released.extend(query.fetch_all(&mut *transaction).await.map_err(database_error)?);
    }
    transaction.commit().await.map_err(database_error)?;
    let outcome = |release: &WatchRelease| match released.contains(&release.instance.0) {
        true => StepOutcome::Applied,
        false => StepOutcome::Stale,
    };
    Ok(releases.iter().map(outcome).collect())
}

/// Has instances listed at these instants, at the latest.
pub(super) async fn expect(
    transaction: &mut Transaction<'static, Db>,
    polls: Vec<(InstanceUuid, DateTime<Utc>)>,
) -> Result<()> {
    let mut earliest: BTreeMap<InstanceUuid, DateTime<Utc>> = BTreeMap::new();
    for (instance, at) in polls {
        let known = earliest.entry(instance).or_insert(at);
        *known = at.min(*known);
    }
    for chunk in chunks(&Vec::from_iter(earliest)) {
        let mut query = QueryBuilder::<Db>::new(EXPECT);
        query.push_values(chunk, |mut row, (instance, at)| {
            row.push_bind(instance.0).push_bind(*at);
        });
        query.push(EXPECTED);
        query.build().execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(())
}
