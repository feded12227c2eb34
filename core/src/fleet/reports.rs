//! Reports: batches that are asked for again and again, by name.

use serde_json::{Map, Value};

use super::plan::window_missing;
use super::{BatchHandle, Fleet, Instances};
use crate::error::{Error, Result};
use crate::model::{
    IdRef, Page, PageRequest, Report, ReportChange, ReportOverview, WindowExpression, Workflow, Zone,
};
use crate::sql;
use crate::store::ReportFilter;

/// A report to save.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportSpec {
    /// Its name, unique for the owner: saving it again updates it.
    pub name: String,
    /// Its workflow, by either id or by name; or give `sql`.
    pub workflow: Option<String>,
    /// Its own query.
    pub sql: Option<String>,
    /// What it runs on, worked out anew at each run.
    pub instances: Instances,
    /// The window, as an expression; the workflow's own where absent.
    pub window: Option<String>,
    /// The zone of the window: a name, or `instance` for each instance's own.
    pub timezone: String,
    /// Parameter values for all instances.
    pub parameters: Map<String, Value>,
    /// Parameter values by instance id, over the shared ones.
    pub instance_parameters: Map<String, Value>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it may run.
    pub is_active: bool,
}

impl Default for ReportSpec {
    fn default() -> Self {
        Self {
            name: String::new(),
            workflow: None,
            sql: None,
            instances: Instances::default(),
            window: None,
            timezone: "UTC".to_owned(),
            parameters: Map::new(),
            instance_parameters: Map::new(),
            description: None,
            is_active: true,
        }
    }
}

impl ReportSpec {
    /// A report of a saved workflow on every available instance.
    pub fn of_workflow(name: impl Into<String>, workflow: impl Into<String>) -> Self {
        Self { name: name.into(), workflow: Some(workflow.into()), ..Self::default() }
    }
}

impl Fleet {
    /// Saves a report; one of the same name is updated and keeps its id.
    ///
    /// # Errors
    /// `InvalidInput`: `report_unnamed`, `two_queries`, `no_query`, `sql_unreadable` with line and column,
    /// `window_missing`, `window_invalid`, `zone_unknown`. `NotFound`: `unknown_workflow`.
    pub async fn save_report(&self, spec: ReportSpec) -> Result<Report> {
        if spec.name.trim().is_empty() {
            return Err(Error::invalid("report_unnamed", "a report needs a name"));
        }
        let workflow = self.workflow_of(&spec).await?;
        let window = spec.window.as_deref().or_else(|| workflow.as_ref()?.window.as_deref());
        let window: WindowExpression = window.ok_or_else(window_missing)?.parse()?;
        let now = self.0.surroundings.clock.now();
        let report = Report {
            id: self.0.surroundings.ids.next(now).into(),
            owner_id: self.0.owner.clone(),
            created_by: self.0.actor.clone(),
            name: spec.name,
            description: spec.description,
            workflow: workflow.map(|workflow| workflow.id),
            sql: spec.sql,
            instances: serde_json::to_value(&spec.instances)
                .map_err(|error| Error::unexpected("the instances cannot be kept").caused_by(error))?,
            parameters: spec.parameters,
            instance_parameters: spec.instance_parameters,
            window: window.to_string(),
            timezone: zone(&spec.timezone)?,
            is_active: spec.is_active,
            created_at: now,
            updated_at: now,
        };
        self.0.store.save_report(&report).await
    }

    /// Finds a report by either id, or by name.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn report(&self, id: &str) -> Result<Report> {
        let found = self.0.store.report(&self.scope(), &id.parse::<IdRef>()?).await?;
        found.ok_or_else(|| {
            Error::not_found("unknown_report", format!("no report '{id}'"))
                .hint("give its id (rpt_…), its UUID, or its name; list them with reports()")
        })
    }

    /// Lists reports by name, each with what became of its runs.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn reports(&self, filter: &ReportFilter, page: PageRequest) -> Result<Page<ReportOverview>> {
        self.0.store.reports(&self.scope(), filter, page).await
    }

    /// Lets a report run, or lets it run no more; its schedules pass over their ticks meanwhile.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn activate_report(&self, id: &str, is_active: bool) -> Result<()> {
        self.change_report(id, ReportChange::Active(is_active)).await
    }

    /// Archives a report: it is found and listed no more, and its schedules fire no more; its runs stay, and saving its
    /// name again brings it back.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn archive_report(&self, id: &str) -> Result<()> {
        self.change_report(id, ReportChange::Archived).await
    }

    /// Lists the runs of a report, newest first.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`).
    pub async fn report_runs(&self, id: &str, page: PageRequest) -> Result<Page<BatchHandle>> {
        let report = self.report(id).await?;
        let runs = self.0.store.report_runs(&self.scope(), report.id, page).await?;
        Ok(Page { items: runs.items.iter().map(|batch| self.handle(batch)).collect(), total: runs.total })
    }

    async fn change_report(&self, id: &str, change: ReportChange) -> Result<()> {
        let report = self.report(id).await?;
        let now = self.0.surroundings.clock.now();
        self.0.store.change_report(&self.scope(), report.id, change, now).await.map(drop)
    }

    async fn workflow_of(&self, spec: &ReportSpec) -> Result<Option<Workflow>> {
        match (&spec.workflow, &spec.sql) {
            (Some(id), None) => self.workflow(id).await.map(Some),
            (None, Some(sql)) => sql::readable(sql).map(|()| None),
            (Some(_), Some(_)) => Err(Error::invalid("two_queries", "both a workflow and a query are given")
                .hint("give one of them")),
            (None, None) => Err(Error::invalid("no_query", "neither a workflow nor a query is given")
                .hint("save a workflow and name it, or give sql")),
        }
    }
}

/// A zone in its canonical spelling, or the word for each instance's own.
pub(super) fn zone(name: &str) -> Result<String> {
    if name == "instance" { Ok(name.to_owned()) } else { Ok(name.parse::<Zone>()?.name().to_owned()) }
}
