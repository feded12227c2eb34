//! What a fleet is set up with, as one document: to keep, to look at, to bring to another fleet.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::management::{report_spec, workflow_spec};
use super::reports::zone;
use super::{Fleet, Instances, ReportSpec, ScheduleSpec, WorkflowSpec};
use crate::error::{Error, Result};
use crate::model::{PageRequest, Schedule, ScheduleOptions, WindowExpression, Zone};
use crate::params::Declaration;
use crate::scheduler::CronExpression;
use crate::sql;
use crate::store::{ReportFilter, WorkflowFilter};

/// The form of the document.
const FORMAT: &str = "amc-fleet/1";
/// Everything a list has.
const ALL: PageRequest = PageRequest { limit: u32::MAX >> 1, offset: 0 };

/// Workflows, reports and schedules by name, without ids, runs and results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    format: String,
    workflows: Vec<WorkflowDefinition>,
    reports: Vec<ReportDefinition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkflowDefinition {
    name: String,
    sql: String,
    description: Option<String>,
    window: Option<String>,
    parameters: Map<String, Value>,
    amc_options: Map<String, Value>,
    declarations: Vec<Declaration>,
    template: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportDefinition {
    name: String,
    /// The name of its workflow.
    workflow: Option<String>,
    sql: Option<String>,
    instances: Instances,
    window: String,
    timezone: String,
    parameters: Map<String, Value>,
    instance_parameters: Map<String, Value>,
    description: Option<String>,
    is_active: bool,
    schedules: Vec<ScheduleDefinition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleDefinition {
    expression: String,
    timezone: String,
    options: ScheduleOptions,
}

/// How many definitions were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Workflows saved.
    pub workflows: usize,
    /// Reports saved.
    pub reports: usize,
    /// Schedules made; those that were there already are left as they are.
    pub schedules: usize,
}

impl Definitions {
    /// Reads a document, and checks all of it.
    ///
    /// # Errors
    /// `InvalidInput`: `definitions_unreadable`, and what is wrong with a query, a window, a zone or an expression.
    pub fn from_json(document: Value) -> Result<Self> {
        let read: Self = serde_json::from_value(document)
            .map_err(|error| unreadable(format!("this is no export of definitions: {error}")))?;
        if read.format != FORMAT {
            return Err(unreadable(format!("the format is {:?}, {FORMAT} is read", read.format)));
        }
        read.workflows.iter().try_for_each(WorkflowDefinition::check)?;
        read.reports.iter().try_for_each(ReportDefinition::check)?;
        Ok(read)
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// `Unexpected` when it cannot be written.
    pub fn to_json(&self) -> Result<Value> {
        serde_json::to_value(self)
            .map_err(|error| Error::unexpected("definitions cannot be written").caused_by(error))
    }
}

impl WorkflowDefinition {
    fn check(&self) -> Result<()> {
        sql::readable(&self.sql)?;
        self.declarations.iter().try_for_each(Declaration::check)?;
        self.window.as_deref().map_or(Ok(()), |window| window.parse::<WindowExpression>().map(drop))
    }
}

impl ReportDefinition {
    fn check(&self) -> Result<()> {
        self.sql.as_deref().map_or(Ok(()), sql::readable)?;
        self.window.parse::<WindowExpression>()?;
        zone(&self.timezone)?;
        for schedule in &self.schedules {
            schedule.expression.parse::<CronExpression>()?;
            schedule.timezone.parse::<Zone>()?;
        }
        Ok(())
    }
}

fn unreadable(message: String) -> Error {
    Error::invalid("definitions_unreadable", message).hint("give what export_definitions() gave")
}

impl Fleet {
    /// Every workflow and every report with its schedules, as one document.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn export_definitions(&self) -> Result<Definitions> {
        let workflows = self.workflows(&WorkflowFilter::default(), ALL).await?.items;
        let mut reports = Vec::new();
        for told in self.reports(&ReportFilter::default(), ALL).await?.items {
            let schedules = self.schedules(Some(&told.report.id.0.to_string()), ALL).await?.items;
            let workflow = workflows.iter().find(|it| Some(it.id) == told.report.workflow);
            let workflow = workflow.map(|workflow| workflow.name.clone());
            reports.push(report_definition(report_spec(told.report)?, workflow, schedules));
        }
        let workflows = workflows.into_iter().map(|it| workflow_definition(workflow_spec(it))).collect();
        Ok(Definitions { format: FORMAT.to_owned(), workflows, reports })
    }

    /// Saves what a document defines: what has the same name is updated, what is there beside it stays.
    ///
    /// # Errors
    /// As [`Definitions::from_json`], before anything is written; `NotFound` (`unknown_workflow`) when a report names
    /// a workflow that is neither there nor in the document.
    pub async fn import_definitions(&self, definitions: Definitions) -> Result<Imported> {
        self.refuse_strange_workflows(&definitions).await?;
        let mut imported = Imported::default();
        for workflow in definitions.workflows {
            self.save_workflow(imported_workflow(workflow)).await?;
            imported.workflows += 1;
        }
        for mut report in definitions.reports {
            let schedules = std::mem::take(&mut report.schedules);
            let id = self.save_report(imported_report(report)).await?.id.0.to_string();
            imported.reports += 1;
            imported.schedules += self.import_schedules(&id, schedules).await?;
        }
        Ok(imported)
    }

    async fn refuse_strange_workflows(&self, definitions: &Definitions) -> Result<()> {
        for name in definitions.reports.iter().filter_map(|report| report.workflow.as_deref()) {
            if !definitions.workflows.iter().any(|workflow| workflow.name == name) {
                self.workflow(name).await?;
            }
        }
        Ok(())
    }

    async fn import_schedules(&self, report: &str, schedules: Vec<ScheduleDefinition>) -> Result<usize> {
        let there = self.schedules(Some(report), ALL).await?.items;
        let known: Vec<ScheduleDefinition> = there.into_iter().map(schedule_definition).collect();
        let mut made = 0;
        for ScheduleDefinition { expression, timezone, options } in
            schedules.into_iter().filter(|schedule| !known.contains(schedule))
        {
            self.schedule_report(report, ScheduleSpec { expression, timezone: Some(timezone), options })
                .await?;
            made += 1;
        }
        Ok(made)
    }
}

fn workflow_definition(spec: WorkflowSpec) -> WorkflowDefinition {
    let WorkflowSpec { name, sql, description, window, parameters, amc_options, declarations, template } =
        spec;
    WorkflowDefinition { name, sql, description, window, parameters, amc_options, declarations, template }
}

fn imported_workflow(it: WorkflowDefinition) -> WorkflowSpec {
    let WorkflowDefinition {
        name,
        sql,
        description,
        window,
        parameters,
        amc_options,
        declarations,
        template,
    } = it;
    WorkflowSpec { name, sql, description, window, parameters, amc_options, declarations, template }
}

fn report_definition(
    spec: ReportSpec,
    workflow: Option<String>,
    schedules: Vec<Schedule>,
) -> ReportDefinition {
    ReportDefinition {
        name: spec.name,
        workflow,
        sql: spec.sql,
        instances: spec.instances,
        window: spec.window.unwrap_or_default(),
        timezone: spec.timezone,
        parameters: spec.parameters,
        instance_parameters: spec.instance_parameters,
        description: spec.description,
        is_active: spec.is_active,
        schedules: schedules.into_iter().map(schedule_definition).collect(),
    }
}

fn imported_report(it: ReportDefinition) -> ReportSpec {
    ReportSpec {
        name: it.name,
        workflow: it.workflow,
        sql: it.sql,
        instances: it.instances,
        window: Some(it.window),
        timezone: it.timezone,
        parameters: it.parameters,
        instance_parameters: it.instance_parameters,
        description: it.description,
        is_active: it.is_active,
    }
}

fn schedule_definition(schedule: Schedule) -> ScheduleDefinition {
    let Schedule { expression, timezone, options, .. } = schedule;
    ScheduleDefinition { expression, timezone, options }
}
