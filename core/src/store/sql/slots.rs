//! Slots in SQL: rows whose numbers are unique, so that the database itself forbids one too many.

use std::collections::{BTreeSet, HashMap};

use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::{chunks, listed};
use super::{Db, database_error};
use crate::error::Result;
use crate::model::{ExecutionId, Limits};

const TAKEN: &str = "SELECT scope_id, slot FROM execution_slots WHERE scope_id IN";

const FOREIGN: &str = "SELECT t.instance, i.account, t.foreign_runs FROM instance_watches t
    JOIN amc_instances i ON i.id = t.instance WHERE t.foreign_runs > 0";

const TAKE: &str = "INSERT INTO execution_slots (scope, scope_id, slot, execution) ";

const FREE: &str = "DELETE FROM execution_slots WHERE execution IN";

/// The places of some instances and accounts, as somebody who locked the accounts found them.
#[derive(Debug, Default)]
pub(super) struct Places {
    taken: HashMap<Uuid, BTreeSet<i64>>,
    /// Runs of others take places without a number.
    foreign: HashMap<Uuid, i64>,
    new: Vec<(&'static str, Uuid, i64, ExecutionId)>,
}

impl Places {
    /// Reads the places of instances and accounts.
    pub(super) async fn of(transaction: &mut Transaction<'static, Db>, scopes: &[Uuid]) -> Result<Self> {
        let mut places = Self::default();
        for chunk in chunks(scopes) {
            let mut query = listed(TAKEN, chunk);
            let query = query.build_query_as::<(Uuid, i64)>();
            for (scope, slot) in query.fetch_all(&mut **transaction).await.map_err(database_error)? {
                places.taken.entry(scope).or_default().insert(slot);
            }
        }
        let query = sqlx::query_as::<Db, (Uuid, Uuid, i64)>(FOREIGN);
        for (instance, account, count) in query.fetch_all(&mut **transaction).await.map_err(database_error)? {
            *places.foreign.entry(instance).or_default() += count;
            *places.foreign.entry(account).or_default() += count;
        }
        Ok(places)
    }

    /// Takes a slot of the instance and one of the account, or none.
    pub(super) fn take(
        &mut self,
        execution: ExecutionId,
        instance: Uuid,
        account: Uuid,
        limits: Limits,
    ) -> bool {
        let scopes = [("instance", instance, limits.per_instance), ("account", account, limits.per_account)];
        let free = scopes.map(|(_, id, limit)| self.first_free(id, limit));
        let [Some(_), Some(_)] = free else { return false };
        for ((scope, id, _), slot) in scopes.into_iter().zip(free.into_iter().flatten()) {
            self.taken.entry(id).or_default().insert(slot);
            self.new.push((scope, id, slot, execution));
        }
        true
    }

    fn first_free(&self, id: Uuid, limit: u32) -> Option<i64> {
        let taken = self.taken.get(&id);
        let count = taken.map_or(0, BTreeSet::len);
        let foreign = self.foreign.get(&id).copied().unwrap_or_default();
        let is_full = i64::try_from(count).is_ok_and(|count| count + foreign >= i64::from(limit));
        let is_free = |slot: &i64| taken.is_none_or(|taken| !taken.contains(slot));
        (1..=i64::from(limit)).find(is_free).filter(|_| !is_full)
    }

    /// Writes what was taken.
    pub(super) async fn keep(self, transaction: &mut Transaction<'static, Db>) -> Result<()> {
        for chunk in chunks(&self.new) {
            let mut query = QueryBuilder::<Db>::new(TAKE);
            query.push_values(chunk, |mut row, (scope, id, slot, execution)| {
                row.push_bind(*scope).push_bind(*id).push_bind(*slot).push_bind(execution.0);
            });
            query.build().execute(&mut **transaction).await.map_err(database_error)?;
        }
        Ok(())
    }
}

/// Frees the slots of executions: nothing of them lives at AMC.
pub(super) async fn free(transaction: &mut Transaction<'static, Db>, executions: &[Uuid]) -> Result<()> {
    for chunk in chunks(executions) {
        listed(FREE, chunk).build().execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(())
}
