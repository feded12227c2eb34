//! Looking through what ran, letting go of what is old, and definitions as one document.

use amc_fleet::{Definitions, ExecutionFilter, Imported as CoreImported};
use chrono::NaiveDate;
use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env, JsDate};
use napi_derive::napi;
use serde_json::Value;

use crate::error::host;
use crate::fleet::{Fleet, page};
use crate::instance::{Identified, id};
use crate::record::Host;
use crate::report::ExecutionReport;
use crate::run::word;
use crate::schedules::instant;
use crate::standing::Report;
use crate::workflow::Workflow;

/// Which executions are listed.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct ExecutionsOptions<'a> {
    /// Only those with this text in the name of their batch or instance, in AMC's id of it, or in what failed.
    pub text: Option<String>,
    /// Only those on the instance of this AMC id.
    pub instance: Option<String>,
    /// Only those with this status.
    #[napi(ts_type = "ExecutionReport['status']")]
    pub status: Option<String>,
    /// Only those written at or after.
    #[napi(ts_type = "string | Date")]
    pub created_from: Option<Either<String, JsDate<'a>>>,
    /// Only those written before.
    #[napi(ts_type = "string | Date")]
    pub created_before: Option<Either<String, JsDate<'a>>>,
    /// In which order; the newest first where absent.
    #[napi(ts_type = "'newest' | 'oldest' | 'instance'")]
    pub sort: Option<String>,
    /// How many at most; 20 where absent.
    pub limit: Option<u32>,
    /// How many to pass over; none where absent.
    pub offset: Option<u32>,
}

impl std::fmt::Debug for ExecutionsOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExecutionsOptions").field("text", &self.text).finish_non_exhaustive()
    }
}

impl ExecutionsOptions<'_> {
    fn filter(self) -> napi::Result<ExecutionFilter> {
        Ok(ExecutionFilter {
            text: self.text,
            instance: self.instance,
            workflow: None,
            status: self.status.as_deref().map(str::parse).transpose().map_err(host)?,
            created_from: instant(self.created_from)?,
            created_before: instant(self.created_before)?,
            sort: word(self.sort).map_err(host)?,
        })
    }
}

record! {
    /// One day of a history.
    HistoryDay of amc_fleet::HistoryDay {
        /// The day in UTC on which the runs were written.
        day: String,
        /// Runs of that day.
        run_count: i64,
        /// Those of which every instance completed.
        completed_count: i64,
        /// Those of which some instance, or all, did not.
        failed_count: i64,
        /// How long its ended runs took on average, in seconds.
        average_seconds: Option<f64>,
    }
}

record! {
    /// What became of runs over time.
    History of amc_fleet::History {
        /// Runs in all.
        run_count: i64,
        /// Those of which every instance completed.
        completed_count: i64,
        /// Those of which some instance, or all, did not.
        failed_count: i64,
        /// The share of ended runs that completed.
        success_rate: Option<f64>,
        /// How long ended runs took on average, in seconds, from their first submit to their end.
        average_seconds: Option<f64>,
        /// How long 95 % of them took at most.
        p95_seconds: Option<f64>,
        /// The days on which something ran, the oldest first.
        timeline: Vec<HistoryDay>,
    }
}

record! {
    /// How many definitions were written.
    Imported of CoreImported {
        /// Workflows saved.
        workflows: i64,
        /// Reports saved.
        reports: i64,
        /// Schedules made; those that were there already are left as they are.
        schedules: i64,
    }
}

impl Host<String> for NaiveDate {
    fn host(self) -> String {
        self.to_string()
    }
}

#[napi]
impl Fleet {
    /// Lists executions of all batches.
    ///
    /// Rejects with `unknown_status`, `unknown_sort`, `instant_invalid` or `instant_naive`.
    ///
    /// ```js
    /// const [newest] = await fleet.executions({ text: "reach", limit: 1 });
    /// console.log(newest.status); // completed
    /// ```
    #[napi(ts_return_type = "Promise<Array<ExecutionReport>>")]
    pub fn executions<'e>(
        &self,
        env: &'e Env,
        options: Option<ExecutionsOptions<'_>>,
    ) -> napi::Result<PromiseRaw<'e, Vec<ExecutionReport>>> {
        let options = options.unwrap_or_default();
        let (fleet, page) = (self.core()?.clone(), page(options.limit, options.offset));
        let filter = options.filter()?;
        let call = async move { fleet.executions(&filter, page).await };
        env.spawn_future(async { call.await.map(|found| found.items.host()).map_err(host) })
    }

    /// Deletes batches with their executions, events and results, and tells how many. Ticks and segments they were for
    /// stay and say so.
    ///
    /// Rejects with `unknown_batch` or `batch_running`; nothing is deleted then.
    ///
    /// ```js
    /// const old = await fleet.runBatch("Reach by campaign", { instances: "all", window: "yesterday" });
    /// await old.wait();
    /// console.log(await fleet.deleteBatches([old])); // 1
    /// ```
    #[napi(ts_return_type = "Promise<number>")]
    pub fn delete_batches<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "ReadonlyArray<string | Pick<Batch, 'id'>>")] batches: Vec<
            Either<String, Identified>,
        >,
    ) -> napi::Result<PromiseRaw<'e, i64>> {
        let (fleet, ids) = (self.core()?.clone(), batches.into_iter().map(id).collect::<Vec<_>>());
        env.spawn_future(async move { fleet.delete_batches(&ids).await.map(Host::host).map_err(host) })
    }

    /// Deletes batches that ended more than so many days ago, with their executions, events and results, and tells how
    /// many. Definitions stay, and so do ticks and segments, which say that their run was deleted.
    ///
    /// ```js
    /// console.log(await fleet.applyRetention(400)); // 0
    /// ```
    #[napi]
    pub async fn apply_retention(&self, keep_days: u32) -> napi::Result<i64> {
        self.core()?.apply_retention(keep_days).await.map(Host::host).map_err(host)
    }

    /// Saves a workflow once more under another name.
    ///
    /// Rejects with `unknown_workflow` or `name_taken`.
    ///
    /// ```js
    /// const copy = await fleet.duplicateWorkflow("Reach by campaign", "Reach again");
    /// await fleet.archiveWorkflow(copy.name);
    /// ```
    #[napi]
    pub async fn duplicate_workflow(
        &self,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'>")] workflow: Either<String, Identified>,
        name: String,
    ) -> napi::Result<Workflow> {
        self.core()?.duplicate_workflow(&id(workflow), &name).await.map(Host::host).map_err(host)
    }

    /// Saves a report once more under another name; its schedules and runs stay its own.
    ///
    /// Rejects with `unknown_report` or `name_taken`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const copy = await fleet.duplicateReport(report, "Tuesday");
    /// await fleet.archiveReport(copy);
    /// ```
    #[napi]
    pub async fn duplicate_report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        name: String,
    ) -> napi::Result<Report> {
        self.core()?.duplicate_report(&id(report), &name).await.map(Host::host).map_err(host)
    }

    /// Every workflow and every report with its schedules, as one document: names instead of ids, without runs and
    /// results.
    ///
    /// ```js
    /// const { format } = await fleet.exportDefinitions();
    /// console.log(format); // amc-fleet/1
    /// ```
    #[napi(ts_return_type = "Promise<Record<string, unknown>>")]
    pub async fn export_definitions(&self) -> napi::Result<Value> {
        let found = self.core()?.export_definitions().await;
        found.and_then(|definitions| definitions.to_json()).map_err(host)
    }

    /// Saves what a document of `exportDefinitions` defines: what has the same name is updated. All of it is checked before
    /// anything is written.
    ///
    /// Rejects with `definitions_unreadable`, `unknown_workflow`, and what is wrong with a query, a window, a zone or an
    /// expression.
    ///
    /// ```js
    /// const { schedules } = await fleet.importDefinitions(await fleet.exportDefinitions());
    /// console.log(schedules); // 0
    /// ```
    #[napi]
    pub async fn import_definitions(
        &self,
        #[napi(ts_arg_type = "Record<string, unknown>")] document: Value,
    ) -> napi::Result<Imported> {
        let definitions = Definitions::from_json(document).map_err(host)?;
        self.core()?.import_definitions(definitions).await.map(Host::host).map_err(host)
    }

    /// Says what became of the batches of a workflow that were written since an instant, or ever.
    ///
    /// Rejects with `unknown_workflow`.
    ///
    /// ```js
    /// console.log((await fleet.workflowHistory("Reach by campaign")).successRate); // 1
    /// ```
    #[napi(ts_return_type = "Promise<History>")]
    pub fn workflow_history<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'>")] workflow: Either<String, Identified>,
        #[napi(ts_arg_type = "string | Date")] since: Option<Either<String, JsDate<'_>>>,
    ) -> napi::Result<PromiseRaw<'e, History>> {
        let (fleet, workflow, since) = (self.core()?.clone(), id(workflow), instant(since)?);
        env.spawn_future(async move {
            fleet.workflow_history(&workflow, since).await.map(Host::host).map_err(host)
        })
    }

    /// Says what became of the runs of a report that were written since an instant, or ever.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const { timeline } = await fleet.reportHistory(report);
    /// ```
    #[napi(ts_return_type = "Promise<History>")]
    pub fn report_history<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        #[napi(ts_arg_type = "string | Date")] since: Option<Either<String, JsDate<'_>>>,
    ) -> napi::Result<PromiseRaw<'e, History>> {
        let (fleet, report, since) = (self.core()?.clone(), id(report), instant(since)?);
        env.spawn_future(
            async move { fleet.report_history(&report, since).await.map(Host::host).map_err(host) },
        )
    }
}
