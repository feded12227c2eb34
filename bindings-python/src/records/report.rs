//! Reports, and what became of their runs.

use chrono::{DateTime, Utc};

use super::record;
use crate::json::Json;

record! {
    /// A query on instances over a window that moves with the day, by name.
    Report {
        /// Our id (``rpt_…``).
        id: String,
        /// Its name, unique for the owner.
        name: String,
        /// What it is for.
        description: Option<String>,
        /// Its workflow (``wf_…``), unless it has a query of its own.
        workflow_id: Option<String>,
        /// Its own query.
        sql: Option<String>,
        /// What it runs on, worked out anew at each run: ``"all"``, or ``{"ids": […]}``.
        instances: Json,
        /// Parameter values for all instances.
        parameters: Json,
        /// Parameter values by instance id.
        instance_parameters: Json,
        /// The window, as an expression.
        window: String,
        /// The zone of the window; ``instance`` for each instance's own.
        timezone: String,
        /// Whether it may run.
        is_active: bool,
        /// When it was first saved.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> report.to_dict()["name"]
    /// 'Monday'
}

impl From<amc_fleet::Report> for Report {
    fn from(it: amc_fleet::Report) -> Self {
        let amc_fleet::Report {
            id,
            owner_id: _,
            created_by: _,
            name,
            description,
            workflow,
            sql,
            instances,
            parameters,
            instance_parameters,
            window,
            timezone,
            is_active,
            created_at,
            updated_at,
        } = it;
        Self {
            id: id.public(),
            name,
            description,
            workflow_id: workflow.map(|workflow| workflow.public()),
            sql,
            instances: Json(instances),
            parameters: Json(parameters.into()),
            instance_parameters: Json(instance_parameters.into()),
            window,
            timezone,
            is_active,
            created_at,
            updated_at,
        }
    }
}

impl Report {
    fn shown(&self) -> String {
        format!("<Report {} '{}'>", self.id, self.name)
    }
}

record! {
    /// A report and what became of its runs.
    ReportOverview {
        /// The report.
        report: Report,
        /// How often it ran.
        run_count: i64,
        /// Runs of which every instance completed.
        completed_count: i64,
        /// Runs of which some instance, or all, did not complete.
        failed_count: i64,
        /// The share of ended runs that completed.
        success_rate: Option<f64>,
        /// When its last run was written.
        last_run_at: Option<DateTime<Utc>>,
        /// Where its last run stands.
        last_status: Option<String>,
        /// The next nominal time of its schedules.
        next_run_at: Option<DateTime<Utc>>,
    }
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> fleet.reports(text="mon")[0].to_dict()["report"]["name"]
    /// 'Monday'
}

impl From<amc_fleet::ReportOverview> for ReportOverview {
    fn from(it: amc_fleet::ReportOverview) -> Self {
        let success_rate = it.success_rate();
        let amc_fleet::ReportOverview {
            report,
            run_count,
            completed_count,
            failed_count,
            last_run_at,
            last_status,
            next_run_at,
        } = it;
        Self {
            report: report.into(),
            run_count,
            completed_count,
            failed_count,
            success_rate,
            last_run_at,
            last_status: last_status.map(|status| status.as_str().to_owned()),
            next_run_at,
        }
    }
}

impl ReportOverview {
    fn shown(&self) -> String {
        format!(
            "<ReportOverview '{}': {} runs, {} completed>",
            self.report.name, self.run_count, self.completed_count
        )
    }
}
