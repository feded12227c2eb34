//! Which runs make one series: a function of what is known, without I/O.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::tick::DATA_COMPLETE_AFTER;
use crate::error::Result;
use crate::model::{Execution, ExecutionStatus, InstanceUuid, Zone};

/// The gaps that are told one by one.
const GAPS_TOLD: usize = 3;

/// The runs of a report that make one series of a range of days, and what is to be said about the others.
///
/// Of runs of the same window the last is taken, which is a mature one where there is one. No two windows of an instance
/// overlap: of those that would, the longer is taken, of equally long ones the later asked for. Windows that reach over
/// an end of the range are left out, since rows cannot be cut.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// What is taken: by instance, as they were found, and by time.
    pub runs: Vec<Execution>,
    /// Windows that were asked for and that nothing taken covers.
    pub missing: Vec<Execution>,
    /// What else to know about it.
    pub notes: Vec<String>,
}

/// Makes one series of what ticks and backfills asked for, from `start` up to but not including `end`.
///
/// # Errors
/// `zone_unknown` when the zone of a run is none.
pub fn series(found: Vec<Execution>, start: NaiveDate, end: NaiveDate) -> Result<Series> {
    let (mut instances, mut cut, mut overlapping) = (Vec::<(InstanceUuid, Vec<Execution>)>::new(), 0, 0);
    for run in found {
        if !lies_within(&run, start, end)? {
            cut += 1;
            continue;
        }
        match instances.last_mut().filter(|(instance, _)| *instance == run.instance) {
            Some((_, runs)) => runs.push(run),
            None => instances.push((run.instance, vec![run])),
        }
    }
    let (mut all, mut gaps) = (Series::default(), BTreeMap::<(NaiveDate, NaiveDate), usize>::new());
    for (_, runs) in instances {
        let own = Own::of(runs);
        for gap in gaps_of(&own.taken, start, end)? {
            *gaps.entry(gap).or_default() += 1;
        }
        overlapping += own.overlapping;
        all.runs.extend(own.taken.into_values());
        all.missing.extend(own.missing);
    }
    all.notes = notes(&all.runs, [cut, overlapping], &gaps);
    Ok(all)
}

/// Whether a run was asked for before AMC's data of its window were complete.
#[must_use]
pub fn is_provisional(run: &Execution) -> bool {
    run.was_asked_before(run.window_end + DATA_COMPLETE_AFTER)
}

/// The days of a window, in its own zone: the first, and the one after the last.
pub(crate) fn days(run: &Execution) -> Result<(NaiveDate, NaiveDate)> {
    let zone: Zone = run.timezone.parse()?;
    let (first, end) = (zone.local(run.window_start), zone.local(run.window_end));
    let after =
        if end.time() == NaiveTime::MIN { end.date() } else { end.date().succ_opt().unwrap_or(end.date()) };
    Ok((first.date(), after))
}

fn lies_within(run: &Execution, start: NaiveDate, end: NaiveDate) -> Result<bool> {
    days(run).map(|(first, after)| first >= start && after <= end)
}

/// What is taken of one instance.
struct Own {
    taken: BTreeMap<DateTime<Utc>, Execution>,
    missing: Vec<Execution>,
    overlapping: usize,
}

impl Own {
    fn of(runs: Vec<Execution>) -> Self {
        let (completed, others): (Vec<_>, Vec<_>) =
            runs.into_iter().partition(|run| run.status == ExecutionStatus::Completed);
        let mut best = latest(completed);
        best.sort_by_key(|run| {
            Reverse((run.window_end - run.window_start, run.asked_at(), run.window_start))
        });
        let (mut taken, mut overlapping) = (BTreeMap::<_, Execution>::new(), 0);
        for run in best {
            let before = taken.range(..run.window_end).next_back();
            if before.is_none_or(|(_, it)| it.window_end <= run.window_start) {
                taken.insert(run.window_start, run);
            } else {
                overlapping += 1;
            }
        }
        let missing = latest(others).into_iter().filter(|run| !is_covered(run, &taken)).collect();
        Self { taken, missing, overlapping }
    }
}

/// The last run of each window, by time.
fn latest(runs: Vec<Execution>) -> Vec<Execution> {
    let mut windows = BTreeMap::new();
    for run in runs {
        let age = |run: &Execution| (run.asked_at(), run.created_at, run.id);
        let window = (run.window_start, run.window_end);
        if windows.get(&window).is_none_or(|known| age(known) < age(&run)) {
            windows.insert(window, run);
        }
    }
    windows.into_values().collect()
}

fn is_covered(run: &Execution, taken: &BTreeMap<DateTime<Utc>, Execution>) -> bool {
    let mut reached = run.window_start;
    for it in taken.values().filter(|it| it.window_end > run.window_start) {
        if it.window_start > reached {
            break;
        }
        reached = it.window_end;
    }
    reached >= run.window_end
}

fn gaps_of(
    taken: &BTreeMap<DateTime<Utc>, Execution>,
    start: NaiveDate,
    end: NaiveDate,
) -> Result<Vec<(NaiveDate, NaiveDate)>> {
    let (mut gaps, mut reached) = (Vec::new(), start);
    for run in taken.values() {
        let (first, after) = days(run)?;
        gaps.extend((first > reached).then_some((reached, first)));
        reached = reached.max(after);
    }
    gaps.extend((end > reached).then_some((reached, end)));
    Ok(gaps)
}

fn notes(
    runs: &[Execution],
    [cut, overlapping]: [usize; 2],
    gaps: &BTreeMap<(NaiveDate, NaiveDate), usize>,
) -> Vec<String> {
    let provisional = runs.iter().filter(|run| is_provisional(run)).count();
    let counted = [
        (provisional, "were asked for before their data were complete: _provisional"),
        (cut, "reach over an end of the range and are left out"),
        (overlapping, "overlap with longer or later ones of their instance and are left out"),
    ];
    let mut notes: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} windows {what}"))
        .collect();
    let told = gaps.iter().take(GAPS_TOLD);
    notes.extend(
        told.map(|((first, after), count)| {
            format!("nothing covers {first} up to {after} of {count} instances")
        }),
    );
    if gaps.len() > GAPS_TOLD {
        notes.push(format!("nothing covers {} more stretches of days", gaps.len() - GAPS_TOLD));
    }
    notes
}
