//! Backfills of a fleet.

use amc_fleet::fleet::seconds;
use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env};
use napi_derive::napi;

use crate::error::host;
use crate::fleet::{Fleet, ListOptions, listed};
use crate::instance::{Identified, id};
use crate::record::Host;
use crate::standing::{Backfill, BackfillPlan, BackfillSegment};
use crate::standing_options::BackfillOptions;

#[napi]
impl Fleet {
    /// Says what a backfill would do, and writes nothing.
    ///
    /// Rejects as `backfill`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// console.log((await fleet.planBackfill(report, range)).runs); // 6
    /// ```
    #[napi(ts_return_type = "Promise<BackfillPlan>")]
    pub fn plan_backfill<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        options: BackfillOptions<'_>,
    ) -> napi::Result<PromiseRaw<'e, BackfillPlan>> {
        let (fleet, report, spec) = (self.core()?.clone(), id(report), options.spec()?.map_err(host)?);
        env.spawn_future(
            async move { fleet.plan_backfill(&report, &spec).await.map(Host::host).map_err(host) },
        )
    }

    /// Runs the history of a report: each segment once for each instance, behind all other work. Asked for again with
    /// the same content it is the same backfill, and goes on where it was.
    ///
    /// Rejects with `unknown_report`, `report_inactive`, `date_invalid`, `range_empty`, `range_in_future`,
    /// `range_too_long`, `zone_unknown`, `no_instances`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// console.log(history.total); // 6
    /// ```
    #[napi(ts_return_type = "Promise<Backfill>")]
    pub fn backfill<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        options: BackfillOptions<'_>,
    ) -> napi::Result<PromiseRaw<'e, Backfill>> {
        let (fleet, report, spec) = (self.core()?.clone(), id(report), options.spec()?.map_err(host)?);
        env.spawn_future(async move { fleet.backfill(&report, &spec).await.map(Host::host).map_err(host) })
    }

    /// Says where a backfill stands.
    ///
    /// Rejects with `unknown_backfill`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// console.log((await fleet.backfillStatus(history)).total); // 6
    /// ```
    #[napi]
    pub async fn backfill_status(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Backfill> {
        self.core()?.backfill_report(&id(backfill)).await.map(Host::host).map_err(host)
    }

    /// Waits until nothing of a backfill is left to do, but for provisional segments, or for so many seconds; it goes on
    /// either way.
    ///
    /// Rejects with `unknown_backfill` or `wait_timed_out`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// console.log((await fleet.waitBackfill(history)).status); // completed
    /// ```
    #[napi]
    pub async fn wait_backfill(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
        timeout: Option<f64>,
    ) -> napi::Result<Backfill> {
        let timeout = timeout.map(|timeout| seconds("timeout", timeout)).transpose().map_err(host)?;
        self.core()?.wait_backfill(&id(backfill), timeout).await.map(Host::host).map_err(host)
    }

    /// Lists backfills, newest first, of one report or of all.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// const found = await fleet.backfills(report);
    /// ```
    #[napi]
    pub async fn backfills(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'> | null | undefined")] report: Option<
            Either<String, Identified>,
        >,
        options: Option<ListOptions>,
    ) -> napi::Result<Vec<Backfill>> {
        let report = report.map(id);
        let found = self.core()?.backfills(report.as_deref(), listed(options)).await;
        found.map(|page| page.items.host()).map_err(host)
    }

    /// Lists the segments of a backfill and where their data come from, oldest first.
    ///
    /// Rejects with `unknown_backfill`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// const [first] = await fleet.backfillSegments(history);
    /// console.log(first.firstDay); // 2025-09-01
    /// ```
    #[napi]
    pub async fn backfill_segments(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Vec<BackfillSegment>> {
        self.core()?.backfill_segments(&id(backfill)).await.map(Host::host).map_err(host)
    }

    /// Pauses a backfill: what runs is finished, nothing more is started.
    ///
    /// Rejects with `unknown_backfill` or `backfill_cancelled`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// await fleet.pauseBackfill(history);
    /// ```
    #[napi]
    pub async fn pause_backfill(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Backfill> {
        self.core()?.pause_backfill(&id(backfill)).await.map(Host::host).map_err(host)
    }

    /// Goes on with a paused backfill.
    ///
    /// Rejects with `unknown_backfill` or `backfill_cancelled`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// await fleet.resumeBackfill(history);
    /// ```
    #[napi]
    pub async fn resume_backfill(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Backfill> {
        self.core()?.resume_backfill(&id(backfill)).await.map(Host::host).map_err(host)
    }

    /// Tries the segments of a backfill again that failed, and only those.
    ///
    /// Rejects with `unknown_backfill`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// await fleet.retryBackfill(history);
    /// ```
    #[napi]
    pub async fn retry_backfill(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Backfill> {
        self.core()?.retry_backfill(&id(backfill)).await.map(Host::host).map_err(host)
    }

    /// Cancels a backfill: nothing more is started, and what runs is cancelled too.
    ///
    /// Rejects with `unknown_backfill` or `backfill_cancelled`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// const history = await fleet.backfill(report, range);
    /// const { status } = await fleet.cancelBackfill(history);
    /// console.log(status); // cancelled
    /// ```
    #[napi]
    pub async fn cancel_backfill(
        &self,
        #[napi(ts_arg_type = "string | Pick<Backfill, 'id'>")] backfill: Either<String, Identified>,
    ) -> napi::Result<Backfill> {
        self.core()?.cancel_backfill(&id(backfill)).await.map(Host::host).map_err(host)
    }
}
