//! Schedules of reports.

use amc_fleet::ScheduleSpec;
use chrono::{DateTime, Utc};
use pyo3::prelude::*;

use super::Fleet;
use crate::arguments::{Span, Values, page};
use crate::records::{Overdue, Schedule, Tick};
use crate::runtime::wait;
use crate::standing::{InstantGiven, Policies, ReportRef, ScheduleRef};

#[pymethods]
impl Fleet {
    /// Lets a report run by itself.
    ///
    /// Its first tick is the next one after now.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str
    ///     The report, by itself, by its id or by its name.
    /// expression : str
    ///     When it fires: five fields of cron (``"0 6 * * MON"``), or words such as ``"daily at 06:30"`` and
    ///     ``"monthly on last"``.
    /// timezone : str, optional
    ///     The zone in whose local time it fires; the report's if not given.
    /// window_timezone : str, optional
    ///     The zone of the windows: a name, or ``instance``; the report's if not given.
    /// parameters : dict, optional
    ///     Values over those of the report.
    /// catch_up : {"none", "last", "all"}, optional
    ///     What becomes of ticks that nobody was there to fire; the last fires if not given.
    /// catch_up_window : float or timedelta, optional
    ///     How far back ticks are made up; 31 days if not given.
    /// overlap : {"skip", "queue", "allow"}, optional
    ///     What a tick does while the run before it has not ended; it waits if not given.
    /// freshness : {"wait", "immediate"}, optional
    ///     Whether a tick waits until the data of its window are complete, 48 hours after its end; it does if not
    ///     given.
    /// jitter : float or timedelta, optional
    ///     Ticks fire up to so much later, each by its own amount.
    /// pause_after_failures : int, optional
    ///     After so many failures in a row it pauses itself.
    /// reuse : bool, default True
    ///     Whether its runs may take results of runs that ask AMC the same, as in ``run_batch``.
    ///
    /// Returns
    /// -------
    /// Schedule
    ///     The schedule.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    /// InvalidInputError
    ///     ``cron_invalid`` with its column, ``cron_never``, ``zone_unknown``, ``unknown_catch_up``,
    ///     ``unknown_overlap``, ``unknown_freshness``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> schedule.says
    /// 'At 06:00, on Monday.'
    #[pyo3(signature = (report: "Report | str", expression, *, timezone = None, window_timezone = None, parameters: "Mapping[str, Any] | None" = None, catch_up: "Literal['none', 'last', 'all'] | None" = None, catch_up_window: "float | timedelta | None" = None, overlap: "Literal['skip', 'queue', 'allow'] | None" = None, freshness: "Literal['wait', 'immediate'] | None" = None, jitter: "float | timedelta | None" = None, pause_after_failures = None, reuse = true))]
    #[expect(clippy::too_many_arguments, reason = "one keyword of Python each")]
    fn schedule(
        &self,
        py: Python<'_>,
        report: ReportRef,
        expression: String,
        timezone: Option<String>,
        window_timezone: Option<String>,
        parameters: Option<Values>,
        catch_up: Option<String>,
        catch_up_window: Option<Span>,
        overlap: Option<String>,
        freshness: Option<String>,
        jitter: Option<Span>,
        pause_after_failures: Option<u32>,
        reuse: bool,
    ) -> PyResult<Schedule> {
        let policies = Policies {
            window_timezone,
            parameters,
            catch_up,
            catch_up_window,
            overlap,
            freshness,
            jitter,
            pause_after_failures,
            reuse,
        };
        let spec = ScheduleSpec { expression, timezone, options: policies.options()? };
        let fleet = self.open()?;
        wait(py, async move { fleet.schedule_report(&report.0, spec).await }).map(Schedule::from)
    }

    /// Lists schedules, oldest first, of one report or of all.
    ///
    /// Parameters
    /// ----------
    /// report : Report or str, optional
    ///     The report; all if not given.
    /// limit : int, optional
    ///     How many at most; 20 if not given.
    /// offset : int, default 0
    ///     How many to leave out first.
    ///
    /// Returns
    /// -------
    /// list of Schedule
    ///     The schedules.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_report``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> schedule in fleet.schedules("Monday")
    /// True
    #[pyo3(signature = (report: "Report | str | None" = None, *, limit = None, offset = 0))]
    fn schedules(
        &self,
        py: Python<'_>,
        report: Option<ReportRef>,
        limit: Option<u32>,
        offset: u32,
    ) -> PyResult<Vec<Schedule>> {
        let fleet = self.open()?;
        let found = wait(py, async move {
            fleet.schedules(report.as_ref().map(|it| it.0.as_str()), page(limit, offset)).await
        })?;
        Ok(found.items.into_iter().map(Schedule::from).collect())
    }

    /// Pauses a schedule: it fires no more until it is resumed.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    /// note : str, optional
    ///     Why.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> fleet.pause(schedule, "holidays")
    #[pyo3(signature = (schedule: "Schedule | str", note = None))]
    fn pause(&self, py: Python<'_>, schedule: ScheduleRef, note: Option<String>) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.pause(&schedule.0, note).await })
    }

    /// Resumes a paused schedule.
    ///
    /// What it missed is made up as its catch-up policy says.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> fleet.resume(schedule)
    #[pyo3(signature = (schedule: "Schedule | str"))]
    fn resume(&self, py: Python<'_>, schedule: ScheduleRef) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.resume(&schedule.0).await })
    }

    /// Puts a schedule away: it is listed no more and fires no more; its runs stay.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> fleet.archive_schedule(schedule)
    #[pyo3(signature = (schedule: "Schedule | str"))]
    fn archive_schedule(&self, py: Python<'_>, schedule: ScheduleRef) -> PyResult<()> {
        let fleet = self.open()?;
        wait(py, async move { fleet.archive_schedule(&schedule.0).await })
    }

    /// Lists the ticks of a schedule that were, newest first.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    /// limit : int, default 20
    ///     How many at most.
    ///
    /// Returns
    /// -------
    /// list of Tick
    ///     The ticks.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> fleet.ticks(schedule)
    /// []
    #[pyo3(signature = (schedule: "Schedule | str", *, limit = 20))]
    fn ticks(&self, py: Python<'_>, schedule: ScheduleRef, limit: u32) -> PyResult<Vec<Tick>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.ticks(&schedule.0, limit).await })?;
        Ok(found.into_iter().map(Tick::from).collect())
    }

    /// Lists the next nominal times of a schedule.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    /// count : int, default 5
    ///     How many.
    ///
    /// Returns
    /// -------
    /// list of datetime
    ///     In order, each aware and in UTC.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``.
    /// TooLargeError
    ///     ``too_many_runs``.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin")
    /// >>> fleet.next_runs(schedule, 1) == [schedule.next_run_at]
    /// True
    #[pyo3(signature = (schedule: "Schedule | str", count = 5))]
    fn next_runs(&self, py: Python<'_>, schedule: ScheduleRef, count: usize) -> PyResult<Vec<DateTime<Utc>>> {
        let fleet = self.open()?;
        wait(py, async move { fleet.next_runs(&schedule.0, count).await })
    }

    /// Lists what should have run by now and did not, the longest due first.
    ///
    /// Returns
    /// -------
    /// list of Overdue
    ///     Nobody runs schedules, or a run before it has not ended.
    ///
    /// Examples
    /// --------
    /// >>> fleet.overdue()
    /// []
    fn overdue(&self, py: Python<'_>) -> PyResult<Vec<Overdue>> {
        let fleet = self.open()?;
        let found = wait(py, async move { fleet.overdue().await })?;
        Ok(found.into_iter().map(Overdue::from).collect())
    }

    /// Fires a tick of a schedule now, for a nominal time, whoever keeps the time: Airflow, a Lambda, a queue.
    ///
    /// Its windows are those of the nominal time, however late it is. Fired again for the same time, nothing is written,
    /// and the tick that was is returned. What the schedule says of overlaps, failures in a row and complete data holds
    /// here too: a run whose data are not complete is written now and submitted when they are.
    ///
    /// Parameters
    /// ----------
    /// schedule : Schedule or str
    ///     The schedule, by itself or by its id.
    /// nominal_at : datetime or str
    ///     The time it stands for, aware; not in the future.
    ///
    /// Returns
    /// -------
    /// Tick
    ///     What became of it.
    ///
    /// Raises
    /// ------
    /// NotFoundError
    ///     ``unknown_schedule``, ``unknown_report``.
    /// InvalidInputError
    ///     ``tick_in_future``, ``instant_invalid``, ``instant_naive``.
    /// ConflictError
    ///     ``schedule_paused``; ``tick_waits`` while the run before it has not ended and overlaps queue.
    ///
    /// Examples
    /// --------
    /// >>> report = fleet.save_report("Monday", workflow="Reach by campaign", window="last 7 days")
    /// >>> schedule = fleet.schedule("Monday", "weekly on Monday at 06:00", timezone="Europe/Berlin", overlap="allow")
    /// >>> fleet.fire(schedule, "2025-09-08T06:00:00+02:00").outcome
    /// 'fired'
    #[pyo3(signature = (schedule: "Schedule | str", nominal_at: "datetime | str"))]
    fn fire(&self, py: Python<'_>, schedule: ScheduleRef, nominal_at: InstantGiven) -> PyResult<Tick> {
        let (fleet, nominal_at) = (self.open()?, nominal_at.instant()?);
        wait(py, async move { fleet.fire(&schedule.0, nominal_at).await }).map(Tick::from)
    }

    /// Fires every tick that is due at this moment, once: for hosts that keep time themselves.
    ///
    /// ``schedules=True`` of ``Fleet`` does so all the time.
    ///
    /// Returns
    /// -------
    /// int
    ///     How many ticks were written.
    ///
    /// Examples
    /// --------
    /// >>> fleet.run_schedules()
    /// 0
    fn run_schedules(&self, py: Python<'_>) -> PyResult<usize> {
        let fleet = self.open()?;
        wait(py, async move { fleet.run_schedules_once().await })
    }
}
