//! Workflows: named queries of ours. At AMC every run is inline, so that it carries our id.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::WorkflowId;
use crate::params::Declaration;

/// A saved query.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Our id.
    pub id: WorkflowId,
    /// Whose it is.
    pub owner_id: String,
    /// Its name, unique for the owner.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The query.
    pub sql: String,
    /// Values for parameters that a batch does not give.
    pub defaults: Map<String, Value>,
    /// The window of a batch that names none, as an expression.
    pub window: Option<String>,
    /// Fields AMC takes beside the query (`privacyFilteringBehavior`, …).
    pub amc_options: Map<String, Value>,
    /// What its parameters are.
    pub declarations: Vec<Declaration>,
    /// The content hash of the template it was made of.
    pub template: Option<String>,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A workflow to save. Saving the same name again updates it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWorkflow {
    /// The id it gets if the name is new.
    pub id: WorkflowId,
    /// Whose it is.
    pub owner_id: String,
    /// Who saves it.
    pub created_by: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The query.
    pub sql: String,
    /// Default parameter values.
    pub defaults: Map<String, Value>,
    /// Default window expression.
    pub window: Option<String>,
    /// Fields AMC takes beside the query.
    pub amc_options: Map<String, Value>,
    /// What its parameters are.
    pub declarations: Vec<Declaration>,
    /// The content hash of the template it was made of.
    pub template: Option<String>,
}
