//! A store that fails when told to.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::faults::FaultPlan;
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{
    Attempt, Batch, BatchId, Collection, CollectionId, CollectionStatus, DataSourceSet, Due, Event,
    Execution, ExecutionId, ExecutionStatus, Failure, IdRef, Instance, InstanceUuid, KnownDataSources,
    Limits, NewBatch, NewTemplate, NewTick, NewWorkflow, NextTick, Origin, Page, PageRequest, Profile,
    Report, ReportChange, ReportId, ReportOverview, Schedule, ScheduleChange, ScheduleId, Scope, SegmentId,
    SegmentRow, SyncedAccount, TemplateId, TemplateUsage, TemplateVersion, TickRecord, Worker, WorkerId,
    Workflow, WorkflowId,
};
use crate::store::{
    BackfillStore, BatchFilter, BatchStore, Broken, CancelTarget, CatalogueStore, Claim, ClaimTerms,
    CreatedBatch, EarlierRuns, ExecutionFilter, HistoryStore, InstanceStore, Likeness, Lineage, LineageStore,
    ManagementStore, ReportFilter, ReportStore, ScheduleStore, SegmentStep, Step, StepOutcome, Store,
    SyncChanges, TemplateStore, Watch, WatchRelease, WorkStore, WorkflowFilter, WorkflowStore, WrittenTick,
};

/// Passes every call on to another store, but for the calls that are to fail: before the commit or after it, with an
/// error of kind `Unavailable` and the code `fault_injected`, or without ever answering.
#[derive(Debug)]
pub struct FaultyStore<S: ?Sized> {
    inner: Arc<S>,
    plan: Arc<FaultPlan>,
}

impl<S: Store + ?Sized> FaultyStore<S> {
    /// Wraps a store; what fails is the plan's to say, and its calls may be counted together with those of others.
    #[must_use]
    pub fn planned(inner: Arc<S>, plan: Arc<FaultPlan>) -> Self {
        Self { inner, plan }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> InstanceStore for FaultyStore<S> {
    async fn sync_account(
        &self,
        owner: &str,
        account: &SyncedAccount,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<SyncChanges> {
        self.plan.pass(self.inner.sync_account(owner, account, ids, now)).await
    }

    async fn instances(&self, scope: &Scope) -> Result<Vec<Instance>> {
        self.plan.pass(self.inner.instances(scope)).await
    }

    async fn save_profiles(
        &self,
        owner: &str,
        profiles: &[(InstanceUuid, Profile)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.plan.pass(self.inner.save_profiles(owner, profiles, now)).await
    }

    async fn grant(
        &self,
        owner: &str,
        instances: &[InstanceUuid],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.plan.pass(self.inner.grant(owner, instances, ids, now)).await
    }

    async fn revoke(&self, owner: &str, instances: &[InstanceUuid]) -> Result<()> {
        self.plan.pass(self.inner.revoke(owner, instances)).await
    }

    async fn deny_account(
        &self,
        instance: InstanceUuid,
        failure: &Failure,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        self.plan.pass(self.inner.deny_account(instance, failure, now)).await
    }

    async fn remember(&self, setting: &str, value: &str) -> Result<String> {
        self.plan.pass(self.inner.remember(setting, value)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> TemplateStore for FaultyStore<S> {
    async fn save_template(&self, template: &NewTemplate, now: DateTime<Utc>) -> Result<TemplateVersion> {
        self.plan.pass(self.inner.save_template(template, now)).await
    }

    async fn template_versions(&self, scope: &Scope, id: &IdRef) -> Result<Vec<TemplateVersion>> {
        self.plan.pass(self.inner.template_versions(scope, id)).await
    }

    async fn template_of(&self, scope: &Scope, content_hash: &str) -> Result<Option<TemplateVersion>> {
        self.plan.pass(self.inner.template_of(scope, content_hash)).await
    }

    async fn templates(&self, scope: &Scope) -> Result<Vec<TemplateVersion>> {
        self.plan.pass(self.inner.templates(scope)).await
    }

    async fn deprecate_template(
        &self,
        scope: &Scope,
        id: TemplateId,
        since: Option<DateTime<Utc>>,
        why: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.plan.pass(self.inner.deprecate_template(scope, id, since, why, now)).await
    }

    async fn template_usage(&self, scope: &Scope, content_hash: &str) -> Result<TemplateUsage> {
        self.plan.pass(self.inner.template_usage(scope, content_hash)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> CatalogueStore for FaultyStore<S> {
    async fn save_catalogue(
        &self,
        instance: InstanceUuid,
        set: &DataSourceSet,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.plan.pass(self.inner.save_catalogue(instance, set, now)).await
    }

    async fn catalogues(&self, scope: &Scope) -> Result<Vec<KnownDataSources>> {
        self.plan.pass(self.inner.catalogues(scope)).await
    }

    async fn catalogue(&self, content_hash: &str) -> Result<Option<serde_json::Value>> {
        self.plan.pass(self.inner.catalogue(content_hash)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> WorkflowStore for FaultyStore<S> {
    async fn save_workflow(&self, workflow: &NewWorkflow, now: DateTime<Utc>) -> Result<Workflow> {
        self.plan.pass(self.inner.save_workflow(workflow, now)).await
    }

    async fn workflow(&self, scope: &Scope, id: &IdRef) -> Result<Option<Workflow>> {
        self.plan.pass(self.inner.workflow(scope, id)).await
    }

    async fn archive_workflow(&self, scope: &Scope, id: WorkflowId, now: DateTime<Utc>) -> Result<bool> {
        self.plan.pass(self.inner.archive_workflow(scope, id, now)).await
    }

    async fn workflows(
        &self,
        scope: &Scope,
        filter: &WorkflowFilter,
        page: PageRequest,
    ) -> Result<Page<Workflow>> {
        self.plan.pass(self.inner.workflows(scope, filter, page)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> BatchStore for FaultyStore<S> {
    async fn create_batch(&self, batch: &NewBatch, now: DateTime<Utc>) -> Result<CreatedBatch> {
        self.plan.pass(self.inner.create_batch(batch, now)).await
    }

    async fn batch(&self, scope: &Scope, id: &IdRef) -> Result<Option<Batch>> {
        self.plan.pass(self.inner.batch(scope, id)).await
    }

    async fn batches(&self, scope: &Scope, filter: &BatchFilter, page: PageRequest) -> Result<Page<Batch>> {
        self.plan.pass(self.inner.batches(scope, filter, page)).await
    }

    async fn executions(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        self.plan.pass(self.inner.executions(scope, batch)).await
    }

    async fn sent_sql(&self, scope: &Scope, sql_hash: &str) -> Result<Option<String>> {
        self.plan.pass(self.inner.sent_sql(scope, sql_hash)).await
    }

    async fn events(&self, scope: &Scope, batch: BatchId, after: i64, limit: u32) -> Result<Vec<Event>> {
        self.plan.pass(self.inner.events(scope, batch, after, limit)).await
    }

    async fn execution(&self, scope: &Scope, id: &IdRef) -> Result<Option<Execution>> {
        self.plan.pass(self.inner.execution(scope, id)).await
    }

    async fn attempts(&self, scope: &Scope, execution: ExecutionId) -> Result<Vec<Attempt>> {
        self.plan.pass(self.inner.attempts(scope, execution)).await
    }

    async fn request_cancel(
        &self,
        scope: &Scope,
        target: CancelTarget,
        now: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        self.plan.pass(self.inner.request_cancel(scope, target, now)).await
    }

    async fn retry(
        &self,
        scope: &Scope,
        batch: BatchId,
        only: &[ExecutionStatus],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        self.plan.pass(self.inner.retry(scope, batch, only, ids, now)).await
    }

    async fn superseded(&self, scope: &Scope, batch: BatchId) -> Result<Vec<Execution>> {
        self.plan.pass(self.inner.superseded(scope, batch)).await
    }

    async fn unfinished(&self, scope: &Scope) -> Result<u64> {
        self.plan.pass(self.inner.unfinished(scope)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> HistoryStore for FaultyStore<S> {
    async fn durations(&self, scope: &Scope, likeness: &Likeness, limit: u32) -> Result<Vec<f64>> {
        self.plan.pass(self.inner.durations(scope, likeness, limit)).await
    }

    async fn earlier_runs(
        &self,
        scope: &Scope,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<EarlierRuns>> {
        self.plan.pass(self.inner.earlier_runs(scope, from, until)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> ReportStore for FaultyStore<S> {
    async fn save_report(&self, report: &Report) -> Result<Report> {
        self.plan.pass(self.inner.save_report(report)).await
    }

    async fn report(&self, scope: &Scope, id: &IdRef) -> Result<Option<Report>> {
        self.plan.pass(self.inner.report(scope, id)).await
    }

    async fn reports(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        page: PageRequest,
    ) -> Result<Page<ReportOverview>> {
        self.plan.pass(self.inner.reports(scope, filter, page)).await
    }

    async fn change_report(
        &self,
        scope: &Scope,
        id: ReportId,
        change: ReportChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        self.plan.pass(self.inner.change_report(scope, id, change, now)).await
    }

    async fn create_report_run(
        &self,
        batch: &NewBatch,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Result<CreatedBatch> {
        self.plan.pass(self.inner.create_report_run(batch, origin, now)).await
    }

    async fn report_runs(&self, scope: &Scope, report: ReportId, page: PageRequest) -> Result<Page<Batch>> {
        self.plan.pass(self.inner.report_runs(scope, report, page)).await
    }

    async fn series_executions(
        &self,
        scope: &Scope,
        report: ReportId,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Vec<Execution>> {
        self.plan.pass(self.inner.series_executions(scope, report, from, before)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> ScheduleStore for FaultyStore<S> {
    async fn save_schedule(&self, schedule: &Schedule) -> Result<()> {
        self.plan.pass(self.inner.save_schedule(schedule)).await
    }

    async fn schedule(&self, scope: &Scope, id: &IdRef) -> Result<Option<Schedule>> {
        self.plan.pass(self.inner.schedule(scope, id)).await
    }

    async fn schedules(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Schedule>> {
        self.plan.pass(self.inner.schedules(scope, report, page)).await
    }

    async fn change_schedule(
        &self,
        scope: &Scope,
        id: ScheduleId,
        change: &ScheduleChange,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        self.plan.pass(self.inner.change_schedule(scope, id, change, now)).await
    }

    async fn due_schedules(&self, scope: &Scope, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>> {
        self.plan.pass(self.inner.due_schedules(scope, now, limit)).await
    }

    async fn write_tick(
        &self,
        tick: &NewTick,
        batch: Option<(&NewBatch, Origin)>,
        now: DateTime<Utc>,
    ) -> Result<WrittenTick> {
        self.plan.pass(self.inner.write_tick(tick, batch, now)).await
    }

    async fn put_off_tick(&self, schedule: ScheduleId, tick: NextTick) -> Result<()> {
        self.plan.pass(self.inner.put_off_tick(schedule, tick)).await
    }

    async fn tick(
        &self,
        scope: &Scope,
        schedule: ScheduleId,
        nominal_at: DateTime<Utc>,
    ) -> Result<Option<TickRecord>> {
        self.plan.pass(self.inner.tick(scope, schedule, nominal_at)).await
    }

    async fn ticks(&self, scope: &Scope, schedule: ScheduleId, limit: u32) -> Result<Vec<TickRecord>> {
        self.plan.pass(self.inner.ticks(scope, schedule, limit)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> BackfillStore for FaultyStore<S> {
    async fn create_backfill(
        &self,
        collection: &Collection,
        segments: &[SegmentRow],
        now: DateTime<Utc>,
    ) -> Result<(Collection, bool)> {
        self.plan.pass(self.inner.create_backfill(collection, segments, now)).await
    }

    async fn backfill(&self, scope: &Scope, id: &IdRef) -> Result<Option<Collection>> {
        self.plan.pass(self.inner.backfill(scope, id)).await
    }

    async fn backfills(
        &self,
        scope: &Scope,
        report: Option<ReportId>,
        page: PageRequest,
    ) -> Result<Page<Collection>> {
        self.plan.pass(self.inner.backfills(scope, report, page)).await
    }

    async fn segments(&self, scope: &Scope, collection: CollectionId) -> Result<Vec<SegmentRow>> {
        self.plan.pass(self.inner.segments(scope, collection)).await
    }

    async fn open_backfills(&self, now: DateTime<Utc>) -> Result<Vec<Collection>> {
        self.plan.pass(self.inner.open_backfills(now)).await
    }

    async fn change_backfill(
        &self,
        scope: &Scope,
        id: CollectionId,
        status: CollectionStatus,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        self.plan.pass(self.inner.change_backfill(scope, id, status, now)).await
    }

    async fn start_segments(
        &self,
        batch: &NewBatch,
        origin: Origin,
        segments: &[(SegmentId, ExecutionId)],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        self.plan.pass(self.inner.start_segments(batch, origin, segments, now)).await
    }

    async fn settle_segments(&self, steps: &[SegmentStep], now: DateTime<Utc>) -> Result<usize> {
        self.plan.pass(self.inner.settle_segments(steps, now)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> LineageStore for FaultyStore<S> {
    async fn lineage(&self, scope: &Scope, execution: &IdRef) -> Result<Option<Lineage>> {
        self.plan.pass(self.inner.lineage(scope, execution)).await
    }

    async fn verify(&self, scope: &Scope) -> Result<Vec<Broken>> {
        self.plan.pass(self.inner.verify(scope)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> ManagementStore for FaultyStore<S> {
    async fn find_executions(
        &self,
        scope: &Scope,
        filter: &ExecutionFilter,
        page: PageRequest,
    ) -> Result<Page<Execution>> {
        self.plan.pass(self.inner.find_executions(scope, filter, page)).await
    }

    async fn ended_before(&self, scope: &Scope, before: DateTime<Utc>, limit: u32) -> Result<Vec<BatchId>> {
        self.plan.pass(self.inner.ended_before(scope, before, limit)).await
    }

    async fn delete_batches(
        &self,
        scope: &Scope,
        batches: &[BatchId],
        now: DateTime<Utc>,
    ) -> Result<Vec<ExecutionId>> {
        self.plan.pass(self.inner.delete_batches(scope, batches, now)).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Store + ?Sized> WorkStore for FaultyStore<S> {
    async fn beat(&self, worker: &Worker, now: DateTime<Utc>) -> Result<()> {
        self.plan.pass(self.inner.beat(worker, now)).await
    }

    async fn retire(&self, worker: WorkerId) -> Result<()> {
        self.plan.pass(self.inner.retire(worker)).await
    }

    async fn somebody_works(&self, credential_key: &str, now: DateTime<Utc>) -> Result<bool> {
        self.plan.pass(self.inner.somebody_works(credential_key, now)).await
    }

    async fn claim_submits(
        &self,
        terms: &ClaimTerms,
        limits: Limits,
        reconcile_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>> {
        self.plan.pass(self.inner.claim_submits(terms, limits, reconcile_at, now)).await
    }

    async fn expire(&self, credential_keys: &[String], now: DateTime<Utc>) -> Result<usize> {
        self.plan.pass(self.inner.expire(credential_keys, now)).await
    }

    async fn claim_lookups(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        self.plan.pass(self.inner.claim_lookups(terms, now)).await
    }

    async fn claim_collects(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Claim>> {
        self.plan.pass(self.inner.claim_collects(terms, now)).await
    }

    async fn claim_watches(&self, terms: &ClaimTerms, now: DateTime<Utc>) -> Result<Vec<Watch>> {
        self.plan.pass(self.inner.claim_watches(terms, now)).await
    }

    async fn release_watches(&self, releases: &[WatchRelease]) -> Result<Vec<StepOutcome>> {
        self.plan.pass(self.inner.release_watches(releases)).await
    }

    async fn apply(&self, steps: &[Step], now: DateTime<Utc>) -> Result<Vec<StepOutcome>> {
        self.plan.pass(self.inner.apply(steps, now)).await
    }

    async fn next_due(
        &self,
        credential_keys: &[String],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        self.plan.pass(self.inner.next_due(credential_keys, now)).await
    }
}
