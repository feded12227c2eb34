//! The dataset of a report: one series over its ticks and backfills.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::results::Query;
use super::{Fleet, Results, ResultsOptions};
use crate::error::{Error, Result};
use crate::scheduler;

/// How far local days may lie from those of UTC.
const FURTHEST_ZONE: TimeDelta = TimeDelta::days(1);

impl Fleet {
    /// One series over the ticks and backfills of a report, from `start` up to but not including `end`: of each instance
    /// and window the newest run, a mature one where there is one, and no day of an instance twice.
    ///
    /// Rows carry `_segment_start`, `_segment_end` and `_provisional`. Of windows that overlap the longer is taken, of
    /// equally long ones the newer; windows that reach over an end of the range are left out. What was left out and
    /// which days nothing covers is said in the notes of the summary.
    ///
    /// # Errors
    /// `NotFound` (`unknown_report`); `InvalidInput` (`range_empty`); `Incomplete` (`results_incomplete`), naming instances
    /// whose windows have no rows here, and when there is nothing at all, unless `missing` says to include what there is.
    pub async fn dataset(
        &self,
        report: &str,
        start: NaiveDate,
        end: NaiveDate,
        options: impl Into<ResultsOptions>,
    ) -> Result<Results> {
        let report = self.report(report).await?;
        if start >= end {
            return Err(Error::invalid("range_empty", format!("no day lies between {start} and {end}"))
                .hint("the start must be earlier than the end, which is not included"));
        }
        let [from, before] = [start, end].map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let (from, before) = (from - FURTHEST_ZONE, before + FURTHEST_ZONE);
        let found = self.0.store.series_executions(&self.scope(), report.id, from, before).await?;
        let series = scheduler::series(found, start, end)?;
        let instances = self.all_instances().await?;
        let query = Query::of_series(&series.runs, &instances, &self.scope(), self.0.store.as_ref()).await?;
        Results::of_series(&report, series, (start, end), query, options.into(), self.home()).await
    }
}
