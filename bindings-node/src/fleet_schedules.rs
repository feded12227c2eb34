//! Schedules of a fleet.

use amc_fleet::scheduler::Instant;
use chrono::{DateTime, Utc};
use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env, JsDate};
use napi_derive::napi;

use crate::error::host;
use crate::fleet::{Fleet, ListOptions, listed};
use crate::instance::{Identified, id};
use crate::record::Host;
use crate::schedules::text;
use crate::standing::{Overdue, Schedule, Tick};
use crate::standing_options::ScheduleOptions;

#[napi]
impl Fleet {
    /// Lets a report run by itself. Its first tick is the next one after now.
    ///
    /// The expression is five cron fields (`0 6 * * MON`), or words such as `daily at 06:30` and `monthly on last`.
    ///
    /// Rejects with `unknown_report`, `cron_invalid` with its column, `cron_never`, `zone_unknown`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// console.log(schedule.says); // At 06:00, on Monday.
    /// ```
    #[napi]
    pub async fn schedule(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'>")] report: Either<String, Identified>,
        expression: String,
        options: Option<ScheduleOptions>,
    ) -> napi::Result<Schedule> {
        let spec = options.unwrap_or_default().spec(expression).map_err(host)?;
        self.core()?.schedule_report(&id(report), spec).await.map(Host::host).map_err(host)
    }

    /// Lists schedules, oldest first, of one report or of all.
    ///
    /// Rejects with `unknown_report`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// const found = await fleet.schedules(report);
    /// ```
    #[napi]
    pub async fn schedules(
        &self,
        #[napi(ts_arg_type = "string | Pick<Report, 'id'> | null | undefined")] report: Option<
            Either<String, Identified>,
        >,
        options: Option<ListOptions>,
    ) -> napi::Result<Vec<Schedule>> {
        let report = report.map(id);
        let found = self.core()?.schedules(report.as_deref(), listed(options)).await;
        found.map(|page| page.items.host()).map_err(host)
    }

    /// Pauses a schedule: it fires no more until it is resumed.
    ///
    /// Rejects with `unknown_schedule`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// await fleet.pause(schedule, "holidays");
    /// ```
    #[napi]
    pub async fn pause(
        &self,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
        note: Option<String>,
    ) -> napi::Result<()> {
        self.core()?.pause(&id(schedule), note).await.map_err(host)
    }

    /// Resumes a paused schedule. What it missed is made up as its catch-up policy says.
    ///
    /// Rejects with `unknown_schedule`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// await fleet.resume(schedule);
    /// ```
    #[napi]
    pub async fn resume(
        &self,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
    ) -> napi::Result<()> {
        self.core()?.resume(&id(schedule)).await.map_err(host)
    }

    /// Puts a schedule away: it is listed no more and fires no more; its runs stay.
    ///
    /// Rejects with `unknown_schedule`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// await fleet.archiveSchedule(schedule);
    /// ```
    #[napi]
    pub async fn archive_schedule(
        &self,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
    ) -> napi::Result<()> {
        self.core()?.archive_schedule(&id(schedule)).await.map_err(host)
    }

    /// Lists the ticks of a schedule that were, newest first.
    ///
    /// Rejects with `unknown_schedule`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// console.log((await fleet.ticks(schedule)).length); // 0
    /// ```
    #[napi]
    pub async fn ticks(
        &self,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
        options: Option<ListOptions>,
    ) -> napi::Result<Vec<Tick>> {
        let found = self.core()?.ticks(&id(schedule), listed(options).limit).await;
        found.map(Host::host).map_err(host)
    }

    /// Lists the next nominal times of a schedule.
    ///
    /// Rejects with `unknown_schedule` or `too_many_runs`.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00");
    /// const [next] = await fleet.nextRuns(schedule, 1);
    /// console.log(next.getTime() === schedule.nextRunAt.getTime()); // true
    /// ```
    #[napi]
    pub async fn next_runs(
        &self,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
        count: u32,
    ) -> napi::Result<Vec<DateTime<Utc>>> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.core()?.next_runs(&id(schedule), count).await.map_err(host)
    }

    /// Lists what should have run by now and did not, the longest due first: nobody runs schedules, or a run before
    /// it has not ended.
    ///
    /// ```js
    /// console.log((await fleet.overdue()).length); // 0
    /// ```
    #[napi]
    pub async fn overdue(&self) -> napi::Result<Vec<Overdue>> {
        self.core()?.overdue().await.map(Host::host).map_err(host)
    }

    /// Fires a tick of a schedule now, for a nominal time, whoever keeps the time: Airflow, a Lambda, a queue. Its windows
    /// are those of the nominal time, however late it is. Fired again for the same time, nothing is written, and the tick
    /// that was is returned. What the schedule says of overlaps, failures in a row and complete data holds here too: a run
    /// whose data are not complete is written now and submitted when they are.
    ///
    /// Rejects with `unknown_schedule`, `unknown_report`, `tick_in_future`, `schedule_paused`; with `tick_waits` while the
    /// run before it has not ended and overlaps queue.
    ///
    /// ```js
    /// const monday = { workflow: "Reach by campaign", window: "last 7 days" };
    /// const report = await fleet.saveReport("Monday", monday);
    /// const schedule = await fleet.schedule(report, "weekly on Monday at 06:00", { overlap: "allow" });
    /// console.log((await fleet.fire(schedule, new Date("2025-09-08T06:00:00Z"))).outcome); // fired
    /// ```
    #[napi(ts_return_type = "Promise<Tick>")]
    pub fn fire<'e>(
        &self,
        env: &'e Env,
        #[napi(ts_arg_type = "string | Pick<Schedule, 'id'>")] schedule: Either<String, Identified>,
        #[napi(ts_arg_type = "string | Date")] nominal_at: Either<String, JsDate<'_>>,
    ) -> napi::Result<PromiseRaw<'e, Tick>> {
        let (fleet, schedule) = (self.core()?.clone(), id(schedule));
        let nominal_at = text(nominal_at)?.parse::<Instant>().map_err(host)?.0;
        env.spawn_future(async move { fleet.fire(&schedule, nominal_at).await.map(Host::host).map_err(host) })
    }

    /// Fires every tick that is due at this moment, once, and tells how many were written: for hosts that keep time
    /// themselves. `schedules: true` of `Fleet.open` does so all the time.
    ///
    /// ```js
    /// console.log(await fleet.runSchedules()); // 0
    /// ```
    #[napi]
    pub async fn run_schedules(&self) -> napi::Result<i64> {
        self.core()?.run_schedules_once().await.map(Host::host).map_err(host)
    }
}
