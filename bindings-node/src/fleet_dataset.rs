//! The dataset of a report.

use amc_fleet::scheduler::Day;
use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env, JsDate};
use napi_derive::napi;

use crate::batch::ResultsOptions;
use crate::error::host;
use crate::fleet::Fleet;
use crate::instance::{Identified, id};
use crate::results::Results;
use crate::schedules::text;

#[napi]
impl Fleet {
    /// One series over the ticks and backfills of a report, from `start` up to but not including `end`: of each instance
    /// and window the newest run, a mature one where there is one, and no day of an instance twice.
    ///
    /// Rows carry `_segment_start`, `_segment_end` and `_provisional`: whether AMC was asked before the data of the window
    /// were complete. Of windows that overlap the longer is taken, of equally long ones the newer; windows that reach over
    /// an end of the range are left out. What was left out, and which days nothing covers, is said in `summary.notes`.
    ///
    /// Rejects with `unknown_report`, `date_invalid`, `range_empty`; with `results_incomplete`, naming instances, unless
    /// `missing` is `include`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const range = { start: "2025-09-01", end: "2025-09-15", segmentType: "weekly", maxDays: 10_000 };
    /// await fleet.waitBackfill(await fleet.backfill(report, range));
    /// const series = await fleet.dataset(report, "2025-09-01", "2025-09-15");
    /// console.log(series.summary.complete); // 6 of 6
    /// ```
    #[napi(ts_return_type = "Promise<Results>")]
    pub fn dataset<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        #[napi(ts_arg_type = "string | Date")] start: Either<String, JsDate<'_>>,
        #[napi(ts_arg_type = "string | Date")] end: Either<String, JsDate<'_>>,
        options: Option<ResultsOptions>,
    ) -> napi::Result<PromiseRaw<'e, Results>> {
        let (fleet, report) = (self.core()?.clone(), id(report));
        let [start, end] = [day(start)?, day(end)?];
        let options = options.map_or_else(|| Ok(Default::default()), amc_fleet::ResultsOptions::try_from);
        let options = options.map_err(host)?;
        let call = async move { fleet.dataset(&report, start.0, end.0, options).await };
        env.spawn_future(async move { call.await.map(Results::from).map_err(host) })
    }
}

fn day(given: Either<String, JsDate<'_>>) -> napi::Result<Day> {
    text(given)?.parse().map_err(host)
}
