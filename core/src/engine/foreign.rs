//! Runs of others at an instance: they take places there that ours then do not get.

use chrono::{DateTime, TimeDelta, Utc};

use crate::client::AmcRun;
use crate::store::{ForeignRuns, Watch};

/// The longest AMC lets a run live.
const LONGEST_RUN: TimeDelta = TimeDelta::hours(24);
/// How often somebody looks back that far; in between, as far as the oldest run that is known.
const SURVEY: TimeDelta = TimeDelta::minutes(10);

/// From when on the runs of an instance are to be listed, so that others' are seen too.
pub(super) fn list_since(watch: &Watch, ours: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if is_survey_due(watch, now) { now - LONGEST_RUN } else { watch.foreign.since.unwrap_or(ours).min(ours) }
}

/// What a list that goes so far back tells about others' runs.
pub(super) fn seen<'a>(
    watch: &Watch,
    listed: impl Iterator<Item = &'a AmcRun>,
    now: DateTime<Utc>,
) -> ForeignRuns {
    let alive: Vec<&AmcRun> =
        listed.filter(|run| !run.status.is_terminal() && !watch.ours.contains(&run.workflow_id)).collect();
    ForeignRuns {
        count: u32::try_from(alive.len()).unwrap_or(u32::MAX),
        since: alive.iter().filter_map(|run| run.create_time).min(),
        surveyed_at: if is_survey_due(watch, now) { Some(now) } else { watch.foreign.surveyed_at },
    }
}

fn is_survey_due(watch: &Watch, now: DateTime<Utc>) -> bool {
    watch.foreign.surveyed_at.is_none_or(|at| now - at >= SURVEY)
}
