//! Running a batch: everything is checked before anything is written, and nothing is sent before it is.

use std::time::Duration;

use serde_json::{Map, Value};

use super::plan::{Plan, Query};
use super::preflight::capable;
use super::selection::select;
use super::{BatchHandle, Check, Fleet, Instances, OnUnavailable};
use crate::error::{Error, Result};
use crate::model::window::Readiness;
use crate::model::{Batch, IdRef, Page, PageRequest, Priority};
use crate::params::{Declaration, RenderOptions};
use crate::store::BatchFilter;

/// A batch to run: one query over many instances.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchSpec {
    /// The workflow, by either id or by name; or give `sql`.
    pub workflow: Option<String>,
    /// The query, for a batch without a workflow.
    pub sql: Option<String>,
    /// What it runs on.
    pub instances: Instances,
    /// The window, as an expression; the workflow's own where absent.
    pub window: Option<String>,
    /// The zone of the window: a name, or `instance` for each instance's own; UTC where absent.
    pub timezone: Option<String>,
    /// Parameter values for all instances.
    pub parameters: Map<String, Value>,
    /// Parameter values by instance id, over the shared ones; each an object.
    pub instance_parameters: Map<String, Value>,
    /// The same key with the same content gives the same batch, however often it is asked for.
    pub key: Option<String>,
    /// What to do about a named instance that cannot run a query.
    pub on_unavailable: OnUnavailable,
    /// Which work goes first when places are scarce.
    pub priority: Priority,
    /// How long the whole may take; what is not finished by then fails alone.
    pub deadline: Option<Duration>,
    /// What is checked before anything is written.
    pub check: Check,
    /// Its name; the workflow's where absent.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What the parameters are; what is not declared is what its value says it is.
    pub declarations: Vec<Declaration>,
    /// How values are written into the query.
    pub render: RenderOptions,
    /// What to do about windows whose data are not there yet, or not final.
    pub readiness: Readiness,
    /// Whether an instance may be served with the result of an earlier or a running execution of this owner that asks AMC
    /// the same, instead of running again.
    pub reuse: bool,
}

impl BatchSpec {
    /// A batch of a saved workflow on every available instance.
    pub fn of_workflow(workflow: impl Into<String>) -> Self {
        Self { workflow: Some(workflow.into()), ..Self::default() }
    }
}

impl Fleet {
    /// Writes a batch and returns at once; workers do the rest.
    ///
    /// # Errors
    /// Nothing is written and nothing runs when anything is wrong: `unknown_workflow`, `unknown_instance`,
    /// `duplicate_instance`, `no_instances`, `instance_unavailable`, `window_missing`, `zone_unknown`, `sql_unreadable`,
    /// parameter errors with their place, `too_many_instances`, `parameters_too_large`, `key_conflict`,
    /// `data_source_missing` with its place; and by [`Check::First`] what AMC says about the query, once and with its place
    /// (`amc_rejected`).
    pub async fn run_batch(&self, spec: BatchSpec) -> Result<BatchHandle> {
        self.client()?;
        let query = self.query(&spec).await?;
        let plan = Plan::new(spec, query)?;
        if let Some(existing) = self.same_key(plan.key(), plan.request_hash()).await? {
            return Ok(self.handle(&existing));
        }
        let known = self.0.store.instances(&self.scope()).await?;
        let selected = select(known.clone(), plan.instances(), plan.on_unavailable())?;
        let leaves_out = plan.on_unavailable() == OnUnavailable::Skip;
        let selected = capable(&known, selected, plan.sql(), leaves_out)?;
        let check = plan.check();
        let now = self.0.surroundings.clock.now();
        let batch =
            plan.batch(selected, &self.0.owner, self.0.actor.clone(), self.0.surroundings.ids.as_ref(), now)?;
        if check == Check::First {
            self.check(&batch).await?;
        }
        let created = self.0.store.create_batch(&batch, now).await?;
        self.0.signals.raise();
        Ok(self.handle(&created.batch))
    }

    /// Finds a batch by either id, or by its key.
    ///
    /// # Errors
    /// `NotFound` (`unknown_batch`).
    pub async fn batch(&self, id: &str) -> Result<BatchHandle> {
        let found = self.0.store.batch(&self.scope(), &id.parse::<IdRef>()?).await?;
        let unknown = || {
            Error::not_found("unknown_batch", format!("no batch '{id}'"))
                .hint("give its id (batch_…), its UUID, or its key; list them with batches()")
        };
        Ok(self.handle(&found.ok_or_else(unknown)?))
    }

    /// Lists batches.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn batches(&self, filter: &BatchFilter, page: PageRequest) -> Result<Page<BatchHandle>> {
        let found = self.0.store.batches(&self.scope(), filter, page).await?;
        Ok(Page { items: found.items.iter().map(|batch| self.handle(batch)).collect(), total: found.total })
    }

    pub(super) async fn query(&self, spec: &BatchSpec) -> Result<Query> {
        match (&spec.workflow, &spec.sql) {
            (Some(id), None) => Ok(Query::Saved(Box::new(self.workflow(id).await?))),
            (None, Some(sql)) => Ok(Query::Inline(sql.clone())),
            (Some(_), Some(_)) => Err(Error::invalid("two_queries", "both a workflow and a query are given")
                .hint("give one of them")),
            (None, None) => Err(Error::invalid("no_query", "neither a workflow nor a query is given")
                .hint("save a workflow and name it, or give sql")),
        }
    }

    /// The batch that a key stands for already.
    pub(super) async fn same_key(&self, key: Option<&str>, request_hash: &str) -> Result<Option<Batch>> {
        let Some(key) = key else { return Ok(None) };
        let found = self.0.store.batch(&self.scope(), &IdRef::Public(key.to_owned())).await?;
        let Some(batch) = found.filter(|batch| batch.idempotency_key.as_deref() == Some(key)) else {
            return Ok(None);
        };
        batch.answers(request_hash).map(|()| Some(batch))
    }

    pub(super) fn handle(&self, batch: &Batch) -> BatchHandle {
        BatchHandle::new(self.clone(), batch)
    }
}
