//! Saved queries.

use amc_fleet::{Result, Workflow as Core, WorkflowSpec};
use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::functions::declared;
use crate::record::Host;

/// A saved query.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Our id (`wf_…`).
    pub id: String,
    /// Its name, unique for the owner.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The query.
    pub sql: String,
    /// Values for parameters that a batch does not give.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Map<String, Value>,
    /// The window of a batch that names none.
    pub window: Option<String>,
    /// Fields AMC takes beside the query.
    #[napi(ts_type = "Record<string, unknown>")]
    pub amc_options: Map<String, Value>,
    /// What its parameters are, each as a declaration.
    #[napi(ts_type = "Record<string, unknown>[]")]
    pub declarations: Vec<Value>,
    /// The content hash of the template it was made of.
    pub template: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Host<Workflow> for Core {
    fn host(self) -> Workflow {
        let Self {
            id,
            owner_id,
            name,
            description,
            sql,
            defaults,
            window,
            amc_options,
            declarations,
            template,
            created_at,
            updated_at,
        } = self;
        let declarations = amc_fleet::params::as_json(&declarations);
        let (id, owner, parameters) = (id.public(), owner_id, defaults);
        Workflow {
            id,
            name,
            description,
            sql,
            parameters,
            window,
            amc_options,
            declarations,
            template,
            owner,
            created_at,
            updated_at,
        }
    }
}

/// A query to save under a name.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone)]
pub struct WorkflowOptions {
    /// The query.
    pub sql: String,
    /// What it is for.
    pub description: Option<String>,
    /// The window of batches that name none, for example `last 30 days`.
    pub window: Option<String>,
    /// Values for parameters that a batch does not give.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
    /// Fields AMC takes beside the query (`privacyFilteringBehavior`, …), sent as they are.
    #[napi(ts_type = "Record<string, unknown>")]
    pub amc_options: Option<Map<String, Value>>,
    /// What the parameters are, as a list of `{ name, type, … }` or an object of types by name.
    #[napi(ts_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown>")]
    pub declarations: Option<Value>,
}

impl WorkflowOptions {
    pub(crate) fn spec(self, name: String) -> Result<WorkflowSpec> {
        let Self { sql, description, window, parameters, amc_options, declarations } = self;
        let [parameters, amc_options] = [parameters, amc_options].map(Option::unwrap_or_default);
        let declarations = declared(declarations)?;
        Ok(WorkflowSpec {
            description,
            window,
            parameters,
            amc_options,
            declarations,
            ..WorkflowSpec::new(name, sql)
        })
    }
}
