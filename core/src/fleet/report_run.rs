//! Running a report: a batch like any other, with what asked for it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::plan::{Plan, Query};
use super::preflight::capable;
use super::selection::select;
use super::{BatchHandle, BatchSpec, Fleet, Instances, OnUnavailable};
use crate::error::{Error, ErrorKind, Result};
use crate::model::window::ReadinessPolicy;
use crate::model::{
    Freshness, Instance, NewBatch, Origin, Priority, Report, Schedule, Scope, Skipped, TriggeredBy,
};

/// How one run of a report differs from the report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportRunSpec {
    /// What it runs on; what the report says where absent.
    pub instances: Option<Instances>,
    /// The window; the report's where absent.
    pub window: Option<String>,
    /// Parameter values over those of the report.
    pub parameters: Map<String, Value>,
    /// The same key with the same content gives the same run, however often it is asked for.
    pub key: Option<String>,
    /// What asks for it: a person, or another program (`api`).
    pub triggered_by: TriggeredBy,
    /// Whether it may take results of runs that ask AMC the same, as in [`BatchSpec::reuse`].
    pub reuse: bool,
}

/// Who asks for a run, for what moment.
pub(super) struct Asked {
    pub(super) owner: String,
    pub(super) actor: Option<String>,
    pub(super) triggered_by: TriggeredBy,
    /// The moment windows are worked out at, where that is not the present.
    pub(super) windows_at: Option<DateTime<Utc>>,
    /// Values over all others.
    pub(super) tick: Map<String, Value>,
}

impl Fleet {
    /// Runs a report now, once AMC has compiled its query. Clients that are gone or cannot run a query are left out and named
    /// in `skipped`.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`), `Conflict` (`report_inactive`), `InvalidInput` (`unknown_trigger`), and those of
    /// `run_batch`: nothing is written then.
    pub async fn run_report(&self, id: &str, spec: ReportRunSpec) -> Result<BatchHandle> {
        self.client()?;
        let report = self.report(id).await?;
        refuse_inactive(&report)?;
        if spec.triggered_by.is_standing() {
            let message = format!("{} asks for its runs itself", spec.triggered_by.as_str());
            return Err(Error::invalid("unknown_trigger", message).hint("one of manual, api"));
        }
        let asked = Asked {
            owner: self.0.owner.clone(),
            actor: self.0.actor.clone(),
            triggered_by: spec.triggered_by,
            windows_at: None,
            tick: Map::new(),
        };
        let mut batch_spec = batch_spec(&report, Priority::Interactive)?;
        batch_spec.instances = spec.instances.unwrap_or(batch_spec.instances);
        batch_spec.window = spec.window.or(batch_spec.window);
        batch_spec.parameters.extend(spec.parameters);
        batch_spec.key = spec.key;
        batch_spec.reuse = spec.reuse;
        let batch = self.report_batch(&report, batch_spec, &asked).await?;
        let key = batch.idempotency_key.as_deref();
        if let Some(existing) = self.same_key(key, &batch.request_hash).await? {
            return Ok(self.handle(&existing));
        }
        self.check(&batch).await?;
        let origin = Origin { report: report.id, triggered_by: asked.triggered_by };
        let now = self.0.surroundings.clock.now();
        let created = self.0.store.create_report_run(&batch, origin, now).await?;
        self.0.signals.raise();
        Ok(self.handle(&created.batch))
    }

    /// Works out a run of a report and writes nothing.
    pub(super) async fn report_batch(
        &self,
        report: &Report,
        mut spec: BatchSpec,
        asked: &Asked,
    ) -> Result<NewBatch> {
        let scope = Scope::Owner(asked.owner.clone());
        let known = self.0.store.instances(&scope).await?;
        let gone = leave_out_gone(&mut spec.instances, &known);
        let query = self.report_query(report, &scope).await?;
        let plan = Plan::new(spec, query)?.triggered(asked);
        let selected = select(known.clone(), plan.instances(), plan.on_unavailable())?;
        let mut selected = capable(&known, selected, plan.sql(), true)?;
        selected.skipped.extend(gone);
        let now = self.0.surroundings.clock.now();
        plan.batch(selected, &asked.owner, asked.actor.clone(), self.0.surroundings.ids.as_ref(), now)
    }

    async fn report_query(&self, report: &Report, scope: &Scope) -> Result<Query> {
        match (report.workflow, &report.sql) {
            (Some(id), _) => {
                let found = self.0.store.workflow(scope, &id.into()).await?;
                let gone = || Error::not_found("unknown_workflow", format!("the workflow {id} is archived"));
                Ok(Query::Saved(Box::new(found.ok_or_else(gone)?)))
            }
            (None, Some(sql)) => Ok(Query::Inline(sql.clone())),
            (None, None) => Err(Error::unexpected(format!("{} has no query", report.id))),
        }
    }
}

pub(super) fn refuse_inactive(report: &Report) -> Result<()> {
    if report.is_active {
        return Ok(());
    }
    let message = format!("the report '{}' is not active", report.name);
    Err(Error::new(ErrorKind::Conflict, "report_inactive", message)
        .hint("activate it first: activate_report(…)"))
}

/// A report as the batch it is.
pub(super) fn batch_spec(report: &Report, priority: Priority) -> Result<BatchSpec> {
    let instances = serde_json::from_value(report.instances.clone())
        .map_err(|error| Error::unexpected("the instances of a report cannot be read").caused_by(error))?;
    Ok(BatchSpec {
        workflow: report.workflow.map(|workflow| workflow.0.to_string()),
        sql: report.sql.clone(),
        instances,
        window: Some(report.window.clone()),
        timezone: Some(report.timezone.clone()),
        parameters: report.parameters.clone(),
        instance_parameters: report.instance_parameters.clone(),
        on_unavailable: OnUnavailable::Skip,
        priority,
        name: Some(report.name.clone()),
        description: report.description.clone(),
        ..BatchSpec::default()
    })
}

/// The batch of a tick: the report, as its schedule changes it.
pub(super) fn tick_spec(report: &Report, schedule: &Schedule) -> Result<BatchSpec> {
    let mut spec = batch_spec(report, Priority::Scheduled)?;
    spec.timezone = schedule.options.window_timezone.clone().or(spec.timezone);
    spec.reuse = schedule.options.reuse;
    if schedule.options.freshness == Freshness::Wait {
        spec.readiness.freshness = ReadinessPolicy::Wait;
    }
    Ok(spec)
}

/// Takes out of a list what no instance answers to any more: one client that left is no reason to fail the others.
pub(super) fn leave_out_gone(instances: &mut Instances, known: &[Instance]) -> Vec<Skipped> {
    let Instances::Ids(ids) = instances else { return Vec::new() };
    let named: HashSet<String> =
        known.iter().flat_map(|it| [it.instance_id.clone(), it.id.0.to_string()]).collect();
    let (there, gone): (Vec<String>, Vec<String>) = ids.drain(..).partition(|id| named.contains(id));
    *ids = there;
    let skipped =
        |instance_id| Skipped { instance_id, reason: "is no instance of this owner any more".to_owned() };
    gone.into_iter().map(skipped).collect()
}
