//! What a batch would run: the exact queries, windows and values, and what is said about them. AMC hears nothing.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::plan::Plan;
use super::plan::Run;
use super::selection::{Selected, select};
use super::{BatchSpec, Fleet, Instances};
use crate::Finding;
use crate::error::Result;
use crate::model::{Instance, ResolvedWindow, Skipped};

/// What one instance would run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreviewedRun {
    /// AMC's id of the instance; none where the fleet knows no instances yet.
    pub instance_id: Option<String>,
    /// Its name.
    pub instance_name: Option<String>,
    /// The query exactly as AMC would get it.
    pub sql: String,
    /// The exact window.
    pub window: ResolvedWindow,
    /// The values of all parameters.
    pub parameters: Map<String, Value>,
    /// AMC's `inputParameters`.
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`: the values that are not written into the query.
    pub parameter_values: Map<String, Value>,
}

impl PreviewedRun {
    pub(super) fn new(instance: Option<&Instance>, run: &Run, now: DateTime<Utc>) -> Self {
        let rendered = &run.written.rendered;
        Self {
            instance_id: instance.map(|instance| instance.instance_id.clone()),
            instance_name: instance.map(|instance| instance.name.clone()),
            sql: run.written.line.sql.clone(),
            window: ResolvedWindow::of(&run.window, now),
            parameters: run.parameters.clone(),
            input_parameters: rendered.input_parameters.clone(),
            parameter_values: rendered.parameter_values.clone(),
        }
    }
}

/// What a batch would run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// Its name with its window: `Reach · 1–30 Sep 2025`.
    pub title: String,
    /// What each instance would run.
    pub runs: Vec<PreviewedRun>,
    /// What was asked for and would be left out.
    pub skipped: Vec<Skipped>,
    /// What is said about the query, its values and its windows.
    pub findings: Vec<Finding>,
}

impl Fleet {
    /// Shows what a batch would run, exactly, and what is said about it. Nothing is written and AMC hears nothing.
    ///
    /// # Errors
    /// As [`run_batch`](Self::run_batch), but that a fleet need not know any instance.
    pub async fn preview(&self, spec: BatchSpec) -> Result<Preview> {
        let query = self.query(&spec).await?;
        let plan = Plan::new(spec, query)?;
        let known = self.0.store.instances(&self.scope()).await?;
        let is_open = known.is_empty() && *plan.instances() == Instances::All;
        let selected = if is_open {
            Selected::default()
        } else {
            select(known, plan.instances(), plan.on_unavailable())?
        };
        let listed = self.listed(&selected.instances).await?;
        plan.preview(selected, &listed, self.0.surroundings.clock.now())
    }
}
