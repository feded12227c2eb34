//! Carrying backfills on: what ended is written down, what is next is started.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Map;

use super::Fleet;
use super::report_run::{Asked, batch_spec};
use super::{BatchSpec, Instances};
use crate::error::{Error, Result};
use crate::model::{
    BatchId, Collection, Execution, ExecutionId, IdRef, NewBatch, Origin, Priority, Report, Scope, SegmentId,
    SegmentRow, SegmentStatus, TriggeredBy,
};
use crate::scheduler::{SegmentGroup, next_segments};
use crate::store::SegmentStep;

impl Fleet {
    /// Carries every active backfill on, of every owner, so far as it goes at this moment. How many segments were written
    /// down or started.
    ///
    /// # Errors
    /// Only the store's own: what is wrong with a segment is written with it.
    pub async fn run_backfills_once(&self) -> Result<usize> {
        let now = self.0.surroundings.clock.now();
        let mut done = 0;
        for collection in self.0.store.open_backfills(now).await? {
            done += self.settle_backfill(&collection).await?;
            done += self.start_backfill(&collection, now).await?;
        }
        Ok(done)
    }

    /// Writes down what became of the runs of a backfill, and puts provisional segments back that are mature by now.
    pub(super) async fn settle_backfill(&self, collection: &Collection) -> Result<usize> {
        let now = self.0.surroundings.clock.now();
        let segments = self.0.store.segments(&Scope::System, collection.id).await?;
        let executions = self.executions_of(&segments).await?;
        let steps: Vec<SegmentStep> = segments
            .iter()
            .filter_map(|segment| {
                let to = match segment.status {
                    SegmentStatus::Running => ended(segment, &executions, collection.options.retries),
                    _ => segment.matured(now),
                }?;
                Some(SegmentStep { from: segment.status, execution: segment.execution, to })
            })
            .collect();
        self.0.store.settle_segments(&steps, now).await
    }

    async fn executions_of(&self, segments: &[SegmentRow]) -> Result<BTreeMap<ExecutionId, Execution>> {
        let running = segments.iter().filter(|segment| segment.status == SegmentStatus::Running);
        let batches: BTreeSet<BatchId> = running.filter_map(|segment| segment.batch).collect();
        let mut found = BTreeMap::new();
        for batch in batches {
            let executions = self.0.store.executions(&Scope::System, batch).await?;
            found.extend(executions.into_iter().map(|execution| (execution.id, execution)));
        }
        Ok(found)
    }

    async fn start_backfill(&self, collection: &Collection, now: DateTime<Utc>) -> Result<usize> {
        let owner = Scope::Owner(collection.owner_id.clone());
        let report = self.0.store.report(&owner, &IdRef::from(collection.report)).await?;
        let Some(report) = report.filter(|report| report.is_active) else { return Ok(0) };
        let segments = self.0.store.segments(&owner, collection.id).await?;
        let mut started = 0;
        for group in next_segments(&segments, &collection.options, now) {
            started += self.start_group(collection, &report, &group, now).await?;
        }
        if started > 0 {
            self.0.signals.raise();
        }
        Ok(started)
    }

    async fn start_group(
        &self,
        collection: &Collection,
        report: &Report,
        group: &SegmentGroup<'_>,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        let asked = Asked {
            owner: collection.owner_id.clone(),
            actor: collection.created_by.clone(),
            triggered_by: TriggeredBy::Backfill,
            windows_at: None,
            tick: Map::new(),
        };
        let batch = match self.report_batch(report, group_spec(collection, report, group)?, &asked).await {
            Ok(batch) => batch,
            Err(error) if error.is_retryable() => return Err(error),
            Err(error) => return self.refuse(group, |_| told(&error), now).await,
        };
        let left_out =
            |segment: &SegmentRow| !batch.executions.iter().any(|it| it.instance == segment.instance);
        let (refused, taken): (Vec<&SegmentRow>, Vec<&SegmentRow>) =
            group.iter().partition(|it| left_out(it));
        self.refuse(&refused, |segment| reason(&batch, segment), now).await?;
        let started: Vec<(SegmentId, ExecutionId)> =
            taken.iter().filter_map(|segment| Some((segment.id, execution(&batch, segment)?))).collect();
        let origin = Origin { report: report.id, triggered_by: TriggeredBy::Backfill };
        let is_written = self.0.store.start_segments(&batch, origin, &started, now).await?;
        Ok(if is_written { started.len() } else { 0 })
    }

    /// Says of segments why they cannot run.
    async fn refuse(
        &self,
        segments: &[&SegmentRow],
        why: impl Fn(&SegmentRow) -> String,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        let steps = segments.iter().map(|segment| SegmentStep {
            from: segment.status,
            execution: segment.execution,
            to: SegmentRow {
                status: SegmentStatus::Failed,
                reason: Some(why(segment)),
                completed_at: Some(now),
                ..(*segment).clone()
            },
        });
        self.0.store.settle_segments(&steps.collect::<Vec<_>>(), now).await
    }
}

/// A segment whose execution ended, or is not there any more.
fn ended(
    segment: &SegmentRow,
    executions: &BTreeMap<ExecutionId, Execution>,
    retries: u32,
) -> Option<SegmentRow> {
    match segment.execution.and_then(|id| executions.get(&id)) {
        Some(execution) => segment.settled(execution, retries),
        None => Some(SegmentRow {
            status: SegmentStatus::Pending,
            reason: Some("its execution was deleted".to_owned()),
            ..segment.clone()
        }),
    }
}

/// The days of a group on its instances, behind all other work.
fn group_spec(collection: &Collection, report: &Report, group: &SegmentGroup<'_>) -> Result<BatchSpec> {
    let mut spec = batch_spec(report, Priority::Backfill)?;
    spec.instances = Instances::ids(group.iter().map(|segment| segment.instance.0.to_string()));
    spec.window = group.first().map(|segment| format!("{}..{}", segment.first_day, segment.last_day));
    spec.timezone = Some(collection.timezone.clone());
    // Values for instances that are not in this group are no mistake here.
    let named =
        |name: &String| group.iter().any(|it| it.instance_id == *name || it.instance.0.to_string() == *name);
    spec.instance_parameters.retain(|name, _| named(name));
    Ok(spec)
}

fn execution(batch: &NewBatch, segment: &SegmentRow) -> Option<ExecutionId> {
    batch.executions.iter().find(|it| it.instance == segment.instance).map(|execution| execution.id)
}

fn reason(batch: &NewBatch, segment: &SegmentRow) -> String {
    let skipped = batch.skipped.iter().find(|skipped| skipped.instance_id == segment.instance_id);
    skipped
        .map_or_else(|| "the instance is gone".to_owned(), |it| format!("{} {}", it.instance_id, it.reason))
}

fn told(error: &Error) -> String {
    format!("{}: {}", error.code(), error.message())
}
