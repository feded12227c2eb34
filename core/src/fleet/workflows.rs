//! Workflows: queries by name.

use serde_json::{Map, Value};

use super::Fleet;
use crate::error::{Error, Result};
use crate::model::{IdRef, NewWorkflow, Page, PageRequest, WindowExpression, Workflow};
use crate::params::Declaration;
use crate::sql;
use crate::store::WorkflowFilter;

/// A workflow to save.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkflowSpec {
    /// Its name, unique for the owner: saving it again updates it.
    pub name: String,
    /// The query.
    pub sql: String,
    /// What it is for.
    pub description: Option<String>,
    /// The window of batches that name none.
    pub window: Option<String>,
    /// Values for parameters that a batch does not give.
    pub parameters: Map<String, Value>,
    /// Fields AMC takes beside the query (`privacyFilteringBehavior`, …), sent as they are.
    pub amc_options: Map<String, Value>,
    /// What its parameters are; what is not declared is what its value says it is.
    pub declarations: Vec<Declaration>,
    /// The content hash of the template it is made of.
    pub template: Option<String>,
}

impl WorkflowSpec {
    /// A workflow of a name and a query.
    pub fn new(name: impl Into<String>, sql: impl Into<String>) -> Self {
        Self { name: name.into(), sql: sql.into(), ..Self::default() }
    }
}

impl Fleet {
    /// Saves a workflow; one of the same name is updated and keeps its id.
    ///
    /// # Errors
    /// `InvalidInput`: `workflow_unnamed`, `sql_unreadable` with line and column, `window_invalid`.
    pub async fn save_workflow(&self, spec: WorkflowSpec) -> Result<Workflow> {
        if spec.name.trim().is_empty() {
            return Err(Error::invalid("workflow_unnamed", "a workflow needs a name"));
        }
        sql::readable(&spec.sql)?;
        spec.declarations.iter().try_for_each(Declaration::check)?;
        let window = spec.window.as_deref().map(str::parse::<WindowExpression>).transpose()?;
        let now = self.0.surroundings.clock.now();
        let workflow = NewWorkflow {
            id: self.0.surroundings.ids.next(now).into(),
            owner_id: self.0.owner.clone(),
            created_by: self.0.actor.clone(),
            name: spec.name,
            description: spec.description,
            sql: spec.sql,
            defaults: spec.parameters,
            window: window.map(|window| window.to_string()),
            amc_options: spec.amc_options,
            declarations: spec.declarations,
            template: spec.template,
        };
        self.0.store.save_workflow(&workflow, now).await
    }

    /// Reads a workflow by either id, or by name.
    ///
    /// # Errors
    /// `NotFound` (`unknown_workflow`).
    pub async fn workflow(&self, id: &str) -> Result<Workflow> {
        let found = self.0.store.workflow(&self.scope(), &id.parse::<IdRef>()?).await?;
        found.ok_or_else(|| {
            Error::not_found("unknown_workflow", format!("no workflow '{id}'"))
                .hint("give its id (wf_…), its UUID, or its name; list them with workflows()")
        })
    }

    /// Archives a workflow: it is found and listed no more, its batches stay, and saving its name again brings it back.
    ///
    /// # Errors
    /// `NotFound` (`unknown_workflow`).
    pub async fn archive_workflow(&self, id: &str) -> Result<()> {
        let workflow = self.workflow(id).await?;
        let now = self.0.surroundings.clock.now();
        // Somebody else may have archived it meanwhile: it is archived either way.
        self.0.store.archive_workflow(&self.scope(), workflow.id, now).await.map(drop)
    }

    /// Lists workflows.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn workflows(&self, filter: &WorkflowFilter, page: PageRequest) -> Result<Page<Workflow>> {
        self.0.store.workflows(&self.scope(), filter, page).await
    }
}
