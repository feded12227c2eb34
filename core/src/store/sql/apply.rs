//! Fenced changes in SQL: read, work out with the one table of the model, write back under the same token.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::Transaction;
use uuid::Uuid;

use super::bulk::{chunks, listed};
use super::dialect::lock_executions;
use super::rows::ExecutionRow;
use super::write::{Written, write};
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{Change, Execution, Fence};
use crate::store::{Step, StepOutcome};

const READ: &str = "SELECT e.*, i.instance_id, i.name AS instance_name, a.region
    FROM executions e JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
    WHERE e.id IN";

const WATCH_TOKENS: &str = "SELECT instance, lease_token FROM instance_watches WHERE instance IN";

/// Applies steps in one transaction.
pub(super) async fn apply_all(
    store: &Backend,
    steps: &[Step],
    now: DateTime<Utc>,
) -> Result<Vec<StepOutcome>> {
    let mut transaction = store.begin().await?;
    lock(&mut transaction, steps).await?;
    let mut outcomes = vec![StepOutcome::Stale; steps.len()];
    for round in rounds(steps) {
        let written = work_out(&mut transaction, &round, now).await?;
        let (places, written): (Vec<usize>, Vec<Written>) = written.into_iter().unzip();
        write(&mut transaction, &written, now).await?;
        for place in places {
            outcomes[place] = StepOutcome::Applied;
        }
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(outcomes)
}

/// Locks all that these steps write.
async fn lock(transaction: &mut Transaction<'static, Db>, steps: &[Step]) -> Result<()> {
    let ids = steps.iter().map(|step| step.fence.lease.execution.0).collect();
    let with_watches = steps
        .iter()
        .any(|step| step.fence.watch.is_some() || matches!(step.change, Change::Submitted { .. }));
    lock_executions(transaction, ids, with_watches).await
}

/// Steps with their places, in rounds: a step comes after every earlier one of the same execution.
fn rounds(steps: &[Step]) -> Vec<Vec<(usize, &Step)>> {
    let mut rounds: Vec<Vec<(usize, &Step)>> = Vec::new();
    let mut depths: HashMap<Uuid, usize> = HashMap::new();
    for (place, step) in steps.iter().enumerate() {
        let depth = depths.entry(step.fence.lease.execution.0).or_default();
        if rounds.len() == *depth {
            rounds.push(Vec::new());
        }
        rounds[*depth].push((place, step));
        *depth += 1;
    }
    rounds
}

/// Works out the steps of a round whose fences hold.
async fn work_out(
    transaction: &mut Transaction<'static, Db>,
    round: &[(usize, &Step)],
    now: DateTime<Utc>,
) -> Result<Vec<(usize, Written)>> {
    let ids: Vec<Uuid> = round.iter().map(|(_, step)| step.fence.lease.execution.0).collect();
    let mut before = read(transaction, &ids).await?;
    let tokens = watch_tokens(transaction, round).await?;
    let mut written = Vec::with_capacity(round.len());
    for (place, step) in round {
        let held = before.remove(&step.fence.lease.execution.0).filter(|it| holds(step.fence, it, &tokens));
        if let Some(before) = held {
            let change = step.transition(&before, now)?;
            written.push((*place, Written { before, change }));
        }
    }
    Ok(written)
}

fn holds(fence: Fence, execution: &Execution, watch_tokens: &HashMap<Uuid, i64>) -> bool {
    let watches = |(instance, token): (crate::model::InstanceUuid, i64)| {
        watch_tokens.get(&instance.0).is_some_and(|held| *held == token)
    };
    execution.lease_token == fence.lease.token && fence.watch.is_none_or(watches)
}

async fn read(transaction: &mut Transaction<'static, Db>, ids: &[Uuid]) -> Result<HashMap<Uuid, Execution>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in chunks(ids) {
        let mut query = listed(READ, chunk);
        let query = query.build_query_as::<ExecutionRow>();
        for row in query.fetch_all(&mut **transaction).await.map_err(database_error)? {
            let execution = Execution::try_from(row)?;
            found.insert(execution.id.0, execution);
        }
    }
    Ok(found)
}

async fn watch_tokens(
    transaction: &mut Transaction<'static, Db>,
    round: &[(usize, &Step)],
) -> Result<HashMap<Uuid, i64>> {
    let mut ids: Vec<Uuid> = round.iter().filter_map(|(_, step)| Some(step.fence.watch?.0.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in chunks(&ids) {
        let mut query = listed(WATCH_TOKENS, chunk);
        let query = query.build_query_as::<(Uuid, i64)>();
        found.extend(query.fetch_all(&mut **transaction).await.map_err(database_error)?);
    }
    Ok(found)
}
