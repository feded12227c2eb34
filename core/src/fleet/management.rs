//! Looking through what ran, letting go of what is old, and making a second one of what there is.

use chrono::TimeDelta;

use super::{ExecutionReport, Fleet, ReportSpec, WorkflowSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BatchId, IdRef, Page, PageRequest, Report, Workflow};
use crate::store::ExecutionFilter;

/// Batches that are let go of together.
const AT_ONCE: u32 = 100;

impl Fleet {
    /// Lists executions of all batches, as their filter says.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn executions(
        &self,
        filter: &ExecutionFilter,
        page: PageRequest,
    ) -> Result<Page<ExecutionReport>> {
        let found = self.0.store.find_executions(&self.scope(), filter, page).await?;
        Ok(Page { items: found.items.into_iter().map(Into::into).collect(), total: found.total })
    }

    /// Deletes batches with their executions, events and results, by either id or by key; how many. Ticks and segments
    /// they were for stay and say so.
    ///
    /// # Errors
    /// Nothing is deleted then: `NotFound` (`unknown_batch`), `Conflict` (`batch_running`).
    pub async fn delete_batches<S: AsRef<str> + Sync>(&self, ids: &[S]) -> Result<usize> {
        let mut batches = Vec::new();
        for id in ids {
            let batch = self.batch(id.as_ref()).await?;
            if !batch.status().await?.status.is_terminal() {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    "batch_running",
                    format!("{} has not ended", batch.id()),
                )
                .hint("wait for it, or cancel it first"));
            }
            batches.push(batch.id());
        }
        self.forget(&batches).await?;
        Ok(batches.len())
    }

    /// Deletes batches that ended more than so many days ago, with their executions, events and results; how many.
    /// Definitions stay, and so do ticks and segments, which say that their run was deleted.
    ///
    /// # Errors
    /// Only the stores' own.
    pub async fn apply_retention(&self, keep_days: u32) -> Result<usize> {
        let before = self.0.surroundings.clock.now() - TimeDelta::days(keep_days.into());
        let mut deleted = 0;
        loop {
            let batches = self.0.store.ended_before(&self.scope(), before, AT_ONCE).await?;
            if batches.is_empty() {
                return Ok(deleted);
            }
            self.forget(&batches).await?;
            deleted += batches.len();
        }
    }

    /// Results go first: what is broken off in between is done again, and leaves no rows without a batch.
    async fn forget(&self, batches: &[BatchId]) -> Result<()> {
        for batch in batches {
            let executions = self.0.store.executions(&self.scope(), *batch).await?;
            let ids: Vec<_> = executions.iter().map(|execution| execution.id).collect();
            self.0.results.forget(&ids).await?;
        }
        let now = self.0.surroundings.clock.now();
        self.0.store.delete_batches(&self.scope(), batches, now).await.map(drop)
    }

    /// Saves a workflow once more under another name.
    ///
    /// # Errors
    /// `NotFound` (`unknown_workflow`), `Conflict` (`name_taken`), `InvalidInput` (`workflow_unnamed`).
    pub async fn duplicate_workflow(&self, id: &str, name: &str) -> Result<Workflow> {
        let workflow = self.workflow(id).await?;
        let known = self.0.store.workflow(&self.scope(), &IdRef::Public(name.to_owned())).await?;
        refuse_taken(known.is_some(), name)?;
        self.save_workflow(WorkflowSpec { name: name.to_owned(), ..workflow_spec(workflow) }).await
    }

    /// Saves a report once more under another name; its schedules and runs stay its own.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`), `Conflict` (`name_taken`), `InvalidInput` (`report_unnamed`).
    pub async fn duplicate_report(&self, id: &str, name: &str) -> Result<Report> {
        let report = self.report(id).await?;
        let known = self.0.store.report(&self.scope(), &IdRef::Public(name.to_owned())).await?;
        refuse_taken(known.is_some(), name)?;
        self.save_report(ReportSpec { name: name.to_owned(), ..report_spec(report)? }).await
    }
}

fn refuse_taken(is_taken: bool, name: &str) -> Result<()> {
    if !is_taken {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, "name_taken", format!("there is a '{name}' already"))
        .hint("take another name, or archive that one first"))
}

/// A workflow as it was saved.
pub(super) fn workflow_spec(workflow: Workflow) -> WorkflowSpec {
    WorkflowSpec {
        name: workflow.name,
        sql: workflow.sql,
        description: workflow.description,
        window: workflow.window,
        parameters: workflow.defaults,
        amc_options: workflow.amc_options,
        declarations: workflow.declarations,
        template: workflow.template,
    }
}

/// A report as it was saved.
pub(super) fn report_spec(report: Report) -> Result<ReportSpec> {
    let unreadable = |error| Error::unexpected("the instances of a report cannot be read").caused_by(error);
    Ok(ReportSpec {
        name: report.name,
        workflow: report.workflow.map(|workflow| workflow.0.to_string()),
        sql: report.sql,
        instances: serde_json::from_value(report.instances).map_err(unreadable)?,
        window: Some(report.window),
        timezone: report.timezone,
        parameters: report.parameters,
        instance_parameters: report.instance_parameters,
        description: report.description,
        is_active: report.is_active,
    })
}
