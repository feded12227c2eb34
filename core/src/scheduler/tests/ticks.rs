//! What a tick does: catch-up, overlap, pauses, jitter, complete data.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::model::{
    BatchStatus, CatchUp, Due, Freshness, NextTick, Overlap, Report, Schedule, ScheduleHistory,
    ScheduleOptions, TickOutcome, TickRecord, Zone,
};
use crate::scheduler::{Decision, decide, next_tick};
use crate::testing::store_suite::monday;

fn nominal() -> DateTime<Utc> {
    "2026-03-02T06:00:00Z".parse().unwrap()
}

fn due(options: ScheduleOptions) -> Due {
    let report =
        Report { id: Uuid::from_u128(1).into(), created_at: nominal(), updated_at: nominal(), ..monday() };
    let schedule = Schedule {
        id: Uuid::from_u128(2).into(),
        owner_id: "ada".to_owned(),
        created_by: None,
        report: report.id,
        expression: "0 6 * * *".to_owned(),
        timezone: "UTC".to_owned(),
        options,
        paused_at: None,
        pause_note: None,
        next_run_at: Some(nominal()),
        due_at: Some(nominal()),
        history: ScheduleHistory::default(),
        created_at: nominal() - TimeDelta::days(100),
        updated_at: nominal() - TimeDelta::days(100),
    };
    Due { schedule, report, nominal_at: nominal() }
}

/// What becomes of a tick that is so late, when the next is due a day after it.
fn decided(options: ScheduleOptions, before: &[TickRecord], late: TimeDelta) -> Decision {
    let after = Some(nominal() + TimeDelta::days(1));
    decide(&due(options), before, NextTick { next_run_at: after, due_at: after }, nominal() + late)
}

fn fires(options: &ScheduleOptions, late: TimeDelta) -> bool {
    decided(options.clone(), &[], late) == Decision::Fire
}

/// A tick so many days before, and what became of it.
fn past(days: i64, outcome: TickOutcome, batch_status: Option<BatchStatus>) -> TickRecord {
    let at = nominal() - TimeDelta::days(days);
    TickRecord { nominal_at: at, fired_at: at, outcome, reason: None, batch: None, batch_status }
}

#[test]
fn late_ticks_follow_the_catch_up_policy() {
    let [minutes, hours, days] = [TimeDelta::minutes, TimeDelta::hours, TimeDelta::days];
    let policy = |catch_up| ScheduleOptions { catch_up, ..ScheduleOptions::default() };
    for catch_up in [CatchUp::None, CatchUp::Last, CatchUp::All] {
        assert!(fires(&policy(catch_up), minutes(10)), "{catch_up}: ten minutes are in time");
    }
    assert!(!fires(&policy(CatchUp::None), minutes(11)));
    assert!(fires(&policy(CatchUp::Last), hours(23)));
    assert!(!fires(&policy(CatchUp::Last), hours(24)), "there is a later one");
    assert!(fires(&policy(CatchUp::All), days(31)) && !fires(&policy(CatchUp::All), days(32)));
    for (seconds, reach) in [(7200, hours(2)), (0, minutes(10))] {
        for catch_up in [CatchUp::Last, CatchUp::All] {
            let options = ScheduleOptions { catch_up_seconds: seconds, ..policy(catch_up) };
            assert!(fires(&options, reach) && !fires(&options, reach + minutes(1)), "{catch_up} {seconds}");
        }
    }
}

#[test]
fn overlaps_follow_their_policy() {
    let open = [past(1, TickOutcome::Fired, Some(BatchStatus::Running))];
    let ended = [past(1, TickOutcome::Fired, Some(BatchStatus::Failed)), past(2, TickOutcome::Skipped, None)];
    let decided = |overlap, before: &[TickRecord]| {
        decided(ScheduleOptions { overlap, ..ScheduleOptions::default() }, before, TimeDelta::zero())
    };
    for overlap in [Overlap::Skip, Overlap::Queue, Overlap::Allow] {
        assert_eq!(decided(overlap, &ended), Decision::Fire, "{overlap}");
    }
    assert_eq!(decided(Overlap::Allow, &open), Decision::Fire);
    assert_eq!(decided(Overlap::Queue, &open), Decision::Wait(nominal() + TimeDelta::minutes(1)));
    assert_eq!(decided(Overlap::Skip, &open), Decision::Skip("the run before it has not ended".to_owned()));
}

#[test]
fn failures_in_a_row_pause_and_a_success_between_does_not() {
    let failed = |days| past(days, TickOutcome::Failed, None);
    let batch_failed = |days| past(days, TickOutcome::Fired, Some(BatchStatus::Failed));
    let completed = |days| past(days, TickOutcome::Fired, Some(BatchStatus::Completed));
    let options = ScheduleOptions { pause_after_failures: Some(3), ..ScheduleOptions::default() };
    let pauses = |before: &[TickRecord]| {
        matches!(decided(options.clone(), before, TimeDelta::zero()), Decision::Pause(_))
    };
    assert!(pauses(&[failed(1), batch_failed(2), failed(3)]));
    assert!(!pauses(&[failed(1), failed(2)]));
    assert!(!pauses(&[failed(1), failed(2), completed(3), failed(4)]));
    assert!(!pauses(&[failed(1), failed(2), failed(101)]), "what was before the last change is forgiven");
}

#[test]
fn an_inactive_report_passes_over_its_ticks() {
    let mut due = due(ScheduleOptions::default());
    due.report.is_active = false;
    let decision = decide(&due, &[], NextTick::default(), nominal());
    assert_eq!(decision, Decision::Skip("the report is not active".to_owned()));
}

#[test]
fn ticks_wait_for_complete_data_in_every_zone() {
    let zones: Vec<Zone> = ["Asia/Tokyo", "America/New_York"].map(|name| name.parse().unwrap()).into();
    let at = |freshness| {
        let due = due(ScheduleOptions { freshness, ..ScheduleOptions::default() });
        next_tick(&due.schedule, &due.report, &zones, nominal() - TimeDelta::days(1)).unwrap()
    };
    // The week ends with the 1st of March in New York, at 05:00 of the 2nd in UTC.
    let complete = "2026-03-04T05:00:00Z".parse().ok();
    assert_eq!(at(Freshness::Wait), NextTick { next_run_at: Some(nominal()), due_at: complete });
    assert_eq!(at(Freshness::Immediate).due_at, Some(nominal()));
}

proptest! {
    #[test]
    fn jitter_is_bounded_and_the_same_wherever_it_is_worked_out(jitter_seconds in 0..7200_u32, id in any::<u128>()) {
        let options = ScheduleOptions { jitter_seconds, freshness: Freshness::Immediate, ..ScheduleOptions::default() };
        let mut due = due(options);
        due.schedule.id = Uuid::from_u128(id).into();
        let mut amounts = BTreeSet::new();
        for day in 0..10 {
            let after = nominal() + TimeDelta::days(day);
            let tick = || next_tick(&due.schedule, &due.report, &[], after).unwrap();
            prop_assert_eq!(tick(), tick());
            let late = (tick().due_at.unwrap() - tick().next_run_at.unwrap()).num_seconds();
            prop_assert!((0..=i64::from(jitter_seconds)).contains(&late));
            amounts.insert(late);
        }
        prop_assert!(jitter_seconds < 1000 || amounts.len() > 5, "each tick has an amount of its own");
    }
}
