//! Reports of a fleet.

use amc_fleet::ReportFilter;
use napi::Either;
use napi_derive::napi;

use crate::batch::Batch;
use crate::error::host;
use crate::fleet::{Fleet, ListOptions, listed, page};
use crate::instance::{Identified, id};
use crate::record::Host;
use crate::standing::{Report, ReportOverview};
use crate::standing_options::{ReportListOptions, ReportOptions, ReportRunOptions};

#[napi]
impl Fleet {
    /// Saves a report by name; one of the same name is updated and keeps its id.
    ///
    /// Rejects with `report_unnamed`, `no_query`, `sql_unreadable`, `window_missing`, `window_invalid`,
    /// `zone_unknown`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// console.log(report.name); // Monday
    /// ```
    #[napi]
    pub async fn save_report(&self, name: String, options: ReportOptions) -> napi::Result<Report> {
        let spec = options.spec(name).map_err(host)?;
        self.core()?.save_report(spec).await.map(Host::host).map_err(host)
    }

    /// Finds a report by its id or by its name.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// console.log((await fleet.report("Monday")).id === report.id); // true
    /// ```
    #[napi]
    pub async fn report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
    ) -> napi::Result<Report> {
        self.core()?.report(&id(report)).await.map(Host::host).map_err(host)
    }

    /// Lists reports by name, each with what became of its runs.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const [found] = await fleet.reports({ text: "mon" });
    /// console.log(found.report.name); // Monday
    /// ```
    #[napi]
    pub async fn reports(&self, options: Option<ReportListOptions>) -> napi::Result<Vec<ReportOverview>> {
        let ReportListOptions { text, is_active, limit, offset } = options.unwrap_or_default();
        let page = page(limit, offset);
        let found = self.core()?.reports(&ReportFilter { text, is_active }, page).await;
        found.map(|page| page.items.host()).map_err(host)
    }

    /// Lets a report run again.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// await fleet.activateReport(report);
    /// ```
    #[napi]
    pub async fn activate_report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
    ) -> napi::Result<()> {
        self.core()?.activate_report(&id(report), true).await.map_err(host)
    }

    /// Lets a report run no more; its schedules pass over their ticks meanwhile.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// await fleet.deactivateReport(report);
    /// ```
    #[napi]
    pub async fn deactivate_report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
    ) -> napi::Result<()> {
        self.core()?.activate_report(&id(report), false).await.map_err(host)
    }

    /// Puts a report away: it is found and listed no more, its schedules fire no more, and its runs stay.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// await fleet.archiveReport(report);
    /// ```
    #[napi]
    pub async fn archive_report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
    ) -> napi::Result<()> {
        self.core()?.archive_report(&id(report)).await.map_err(host)
    }

    /// Runs a report now; clients that are gone or cannot run a query are left out and named in `skipped`.
    ///
    /// Rejects with `unknown_report`, `report_inactive` and as `runBatch`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const { status } = await (await fleet.runReport(report)).wait();
    /// console.log(status); // completed
    /// ```
    #[napi]
    pub async fn run_report(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        options: Option<ReportRunOptions>,
    ) -> napi::Result<Batch> {
        let spec = options.unwrap_or_default().spec().map_err(host)?;
        self.core()?.run_report(&id(report), spec).await.map(Batch::from).map_err(host)
    }

    /// Lists the runs of a report, newest first.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const runs = await fleet.reportRuns(report, { limit: 1 });
    /// ```
    #[napi]
    pub async fn report_runs(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        options: Option<ListOptions>,
    ) -> napi::Result<Vec<Batch>> {
        let runs = self.core()?.report_runs(&id(report), listed(options)).await.map_err(host)?;
        Ok(runs.items.into_iter().map(Batch::from).collect())
    }
}
