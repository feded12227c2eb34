//! What became of the runs of a workflow or a report over time.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::Fleet;
use crate::error::Result;
use crate::model::{Batch, BatchStatus, PageRequest};
use crate::store::BatchFilter;

/// Batches that are read together.
const AT_ONCE: u32 = 500;

/// One day of a history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryDay {
    /// The day in UTC on which the runs were written.
    pub day: NaiveDate,
    /// Runs of that day.
    pub run_count: usize,
    /// Those of which every instance completed.
    pub completed_count: usize,
    /// Those of which some instance, or all, did not.
    pub failed_count: usize,
    /// How long its ended runs took on average, in seconds.
    pub average_seconds: Option<f64>,
}

/// What became of runs over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    /// Runs in all.
    pub run_count: usize,
    /// Those of which every instance completed.
    pub completed_count: usize,
    /// Those of which some instance, or all, did not.
    pub failed_count: usize,
    /// The share of ended runs that completed; nothing where none has ended.
    pub success_rate: Option<f64>,
    /// How long ended runs took on average, in seconds, from their first submit to their end.
    pub average_seconds: Option<f64>,
    /// How long 95 % of them took at most.
    pub p95_seconds: Option<f64>,
    /// The days on which something ran, the oldest first.
    pub timeline: Vec<HistoryDay>,
}

impl History {
    fn of(batches: &[Batch]) -> Self {
        let mut days: BTreeMap<NaiveDate, Vec<&Batch>> = BTreeMap::new();
        for batch in batches {
            days.entry(batch.created_at.date_naive()).or_default().push(batch);
        }
        let all: Vec<&Batch> = batches.iter().collect();
        let (completed_count, failed_count) = (completed(&all), failed(&all));
        let mut took = durations(&all);
        took.sort_by(f64::total_cmp);
        let timeline = days.into_iter().map(|(day, runs)| HistoryDay {
            day,
            run_count: runs.len(),
            completed_count: completed(&runs),
            failed_count: failed(&runs),
            average_seconds: average(&durations(&runs)),
        });
        Self {
            run_count: all.len(),
            completed_count,
            failed_count,
            success_rate: share(completed_count, completed_count + failed_count),
            average_seconds: average(&took),
            p95_seconds: took.get((took.len() * 95).div_ceil(100).saturating_sub(1)).copied(),
            timeline: timeline.collect(),
        }
    }
}

fn completed(runs: &[&Batch]) -> usize {
    runs.iter().filter(|run| run.status == BatchStatus::Completed).count()
}

fn failed(runs: &[&Batch]) -> usize {
    runs.iter().filter(|run| matches!(run.status, BatchStatus::Failed | BatchStatus::Partial)).count()
}

fn durations(runs: &[&Batch]) -> Vec<f64> {
    let took = |run: &&Batch| Some((run.completed_at? - run.started_at?).as_seconds_f64());
    runs.iter().filter_map(took).collect()
}

fn average(seconds: &[f64]) -> Option<f64> {
    let count = u32::try_from(seconds.len()).unwrap_or(u32::MAX);
    (count > 0).then(|| seconds.iter().sum::<f64>() / f64::from(count))
}

fn share(part: usize, whole: usize) -> Option<f64> {
    let [part, whole] = [part, whole].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

impl Fleet {
    /// Says what became of the batches of a workflow that were written since an instant, or ever.
    ///
    /// # Errors
    /// `NotFound` (`unknown_workflow`).
    pub async fn workflow_history(&self, id: &str, since: Option<DateTime<Utc>>) -> Result<History> {
        let workflow = Some(self.workflow(id).await?.id);
        let filter = BatchFilter { workflow, created_from: since, ..BatchFilter::default() };
        let (mut all, mut page) = (Vec::new(), PageRequest { limit: AT_ONCE, offset: 0 });
        loop {
            let found = self.0.store.batches(&self.scope(), &filter, page).await?;
            all.extend(found.items);
            page.offset += page.limit;
            if u64::from(page.offset) >= found.total {
                return Ok(History::of(&all));
            }
        }
    }

    /// Says what became of the runs of a report that were written since an instant, or ever.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn report_history(&self, id: &str, since: Option<DateTime<Utc>>) -> Result<History> {
        let report = self.report(id).await?.id;
        let (mut all, mut page) = (Vec::new(), PageRequest { limit: AT_ONCE, offset: 0 });
        loop {
            let found = self.0.store.report_runs(&self.scope(), report, page).await?;
            let total = found.total;
            all.extend(
                found.items.into_iter().filter(|run| since.is_none_or(|since| run.created_at >= since)),
            );
            page.offset += page.limit;
            if u64::from(page.offset) >= total {
                return Ok(History::of(&all));
            }
        }
    }
}
