//! Earlier runs in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::error::Result;
use crate::model::{Execution, ExecutionStatus, Scope};
use crate::store::history::seconds_between;
use crate::store::{EarlierRuns, HistoryStore, Likeness};

#[async_trait]
impl HistoryStore for MemoryStore {
    async fn durations(&self, scope: &Scope, likeness: &Likeness, limit: u32) -> Result<Vec<f64>> {
        let state = self.state.lock();
        let is_like = |it: &&Execution| {
            scope.admits(&it.owner_id)
                && it.status == ExecutionStatus::Completed
                && likeness.workflow.is_none_or(|workflow| it.workflow == Some(workflow))
                && likeness.sql_hash.as_ref().is_none_or(|hash| it.sql_hash == *hash)
        };
        let mut spans: Vec<_> = state
            .executions
            .values()
            .filter(is_like)
            .filter_map(|it| it.submitted_at.zip(it.completed_at))
            .collect();
        spans.sort_by_key(|(_, end)| std::cmp::Reverse(*end));
        let newest = spans.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(newest.map(|(start, end)| seconds_between(start, end)).collect())
    }

    async fn earlier_runs(
        &self,
        scope: &Scope,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<EarlierRuns>> {
        let state = self.state.lock();
        let mut found: BTreeMap<_, EarlierRuns> = BTreeMap::new();
        for it in state.executions.values().filter(|it| scope.admits(&it.owner_id)) {
            let sql = state.sql.get(&(it.owner_id.clone(), it.sql_hash.clone()));
            let Some(sql) = sql.filter(|_| it.submitted_at.is_some()) else { continue };
            if it.window_start >= until || it.window_end <= from {
                continue;
            }
            let runs = found.entry((it.instance, it.sql_hash.clone())).or_insert_with(|| EarlierRuns {
                instance: it.instance,
                sql: sql.clone(),
                runs: 0,
                window_start: it.window_start,
                window_end: it.window_end,
            });
            runs.runs += 1;
            runs.window_start = runs.window_start.min(it.window_start);
            runs.window_end = runs.window_end.max(it.window_end);
        }
        Ok(found.into_values().collect())
    }
}
