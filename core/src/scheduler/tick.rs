//! What a tick does when its time has come: a function of what is known, without I/O.

use chrono::{DateTime, TimeDelta, Utc};

use super::CronExpression;
use crate::error::Result;
use crate::model::{
    CatchUp, Due, Freshness, NextTick, Overlap, Report, Schedule, TickRecord, WindowExpression, Zone,
};

/// How long after the end of a window AMC's data of it are complete.
pub const DATA_COMPLETE_AFTER: TimeDelta = TimeDelta::hours(48);
/// How late a tick may be and still be on time.
pub const GRACE: TimeDelta = TimeDelta::minutes(10);
/// How long a tick waits before it looks again whether the run before it has ended.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// What a tick is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Write its batch.
    Fire,
    /// Pass over it, for this reason.
    Skip(String),
    /// Look again at this time.
    Wait(DateTime<Utc>),
    /// Pause its schedule, for this reason.
    Pause(String),
}

/// Decides about a tick that is due, from the ticks before it, newest first, and the one after it.
#[must_use]
pub fn decide(due: &Due, before: &[TickRecord], next: NextTick, now: DateTime<Utc>) -> Decision {
    if let Some(failures) = failures_in_a_row(&due.schedule, before) {
        return Decision::Pause(format!("paused itself after {failures} failures in a row"));
    }
    if !due.report.is_active {
        return Decision::Skip("the report is not active".to_owned());
    }
    if is_missed(due, next, now) {
        return Decision::Skip(format!(
            "nobody was there to fire it in time ({})",
            due.schedule.options.catch_up
        ));
    }
    if !before.iter().any(TickRecord::is_open) {
        return Decision::Fire;
    }
    match due.schedule.options.overlap {
        Overlap::Allow => Decision::Fire,
        Overlap::Queue => Decision::Wait(now + LOOK_AGAIN),
        Overlap::Skip => Decision::Skip("the run before it has not ended".to_owned()),
    }
}

/// How many failures in a row are too many, where there are so many since somebody last changed the schedule.
fn failures_in_a_row(schedule: &Schedule, before: &[TickRecord]) -> Option<u32> {
    let most = schedule.options.pause_after_failures.filter(|most| *most > 0)?;
    let fired = before.iter().filter(|tick| tick.fired_at >= schedule.updated_at);
    let failed = fired.take_while(|tick| tick.has_failed()).count();
    (failed >= usize::try_from(most).unwrap_or(usize::MAX)).then_some(most)
}

/// Whether a tick is so late that its policy passes over it.
fn is_missed(due: &Due, next: NextTick, now: DateTime<Utc>) -> bool {
    let late = now - due.schedule.due_at.unwrap_or(due.nominal_at);
    let reach = TimeDelta::seconds(due.schedule.options.catch_up_seconds.into());
    match due.schedule.options.catch_up {
        CatchUp::None => late > GRACE,
        CatchUp::Last => late > reach.max(GRACE) || next.due_at.is_some_and(|after| after <= now),
        CatchUp::All => late > reach.max(GRACE),
    }
}

/// The first tick after an instant, and when it fires. `zones` are those of its windows.
///
/// # Errors
/// As for [`super::next_runs`]; `zone_unknown`.
pub fn next_tick(
    schedule: &Schedule,
    report: &Report,
    zones: &[Zone],
    after: DateTime<Utc>,
) -> Result<NextTick> {
    let expression: CronExpression = schedule.expression.parse()?;
    let next_run_at = expression.runs_after(&schedule.timezone.parse()?, after).next();
    let due_at = next_run_at.map(|nominal| fires_at(schedule, report, zones, nominal));
    Ok(NextTick { next_run_at, due_at })
}

/// When a tick fires: not before its own time, its jitter, and complete data in each zone.
fn fires_at(schedule: &Schedule, report: &Report, zones: &[Zone], nominal: DateTime<Utc>) -> DateTime<Utc> {
    let jittered = nominal + jitter(schedule, nominal);
    if schedule.options.freshness == Freshness::Immediate {
        return jittered;
    }
    // A window that is empty on that day is the tick's own failure, when it fires.
    let window = report.window.parse::<WindowExpression>().ok();
    let ends = zones.iter().filter_map(|zone| Some(window.as_ref()?.resolve(nominal, zone).ok()?.end_utc()));
    ends.max().map_or(jittered, |end| jittered.max(end + DATA_COMPLETE_AFTER))
}

/// An amount of its own for each tick, the same wherever it is worked out.
fn jitter(schedule: &Schedule, nominal: DateTime<Utc>) -> TimeDelta {
    let most = u64::from(schedule.options.jitter_seconds) + 1;
    let named = uuid::Uuid::new_v5(&schedule.id.0, &nominal.timestamp().to_be_bytes());
    let amount = (named.as_u64_pair().0 >> 1) % most;
    TimeDelta::seconds(i64::try_from(amount).unwrap_or_default())
}
