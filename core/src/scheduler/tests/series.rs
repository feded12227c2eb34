//! Series: no day of an instance twice, and nothing lost that another run does not cover.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::Map;
use uuid::Uuid;

use crate::model::{AmcOptions, CallCounts, Execution, ExecutionStatus, TriggeredBy};
use crate::scheduler::{is_provisional, series};

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Days::new(number)
}

fn at(number: u64) -> DateTime<Utc> {
    day(number).and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// A run of some days, asked for so many days after the first of January.
fn run(instance: u128, days: (u64, u64), asked: u64, status: ExecutionStatus) -> Execution {
    let id = Uuid::from_u128(instance * 1_000_000 + u128::from(days.0 * 10_000 + days.1 * 100 + asked));
    Execution {
        id: id.into(),
        instance: Uuid::from_u128(instance).into(),
        instance_id: format!("amc{instance}"),
        status,
        window_start: at(days.0),
        window_end: at(days.1),
        created_at: at(asked),
        submitted_at: Some(at(asked)),
        ..unasked()
    }
}

#[expect(clippy::too_many_lines, reason = "one field a line")]
fn unasked() -> Execution {
    Execution {
        id: Uuid::nil().into(),
        reuse_key: String::new(),
        reuse_of: None,
        owner_id: "ada".to_owned(),
        batch: Uuid::nil().into(),
        superseded_by: None,
        instance: Uuid::nil().into(),
        instance_id: String::new(),
        instance_name: "Client".to_owned(),
        region: "NA".to_owned(),
        workflow: None,
        triggered_by: TriggeredBy::Schedule,
        status: ExecutionStatus::Pending,
        sql_hash: "hash".to_owned(),
        parameters: Map::new(),
        window_start: at(0),
        window_end: at(1),
        timezone: "UTC".to_owned(),
        amc: AmcOptions::default(),
        attempt: 1,
        deferrals: 0,
        unknown_answers: 0,
        amc_workflow_id: None,
        amc_execution_id: None,
        amc_status: None,
        calls: CallCounts::default(),
        credential_key: "default".to_owned(),
        row_count: None,
        size_bytes: None,
        failure: None,
        blocked_reason: None,
        not_before: None,
        deadline_at: None,
        cancel_requested_at: None,
        worker: None,
        lease_token: 0,
        created_at: at(0),
        started_at: None,
        submitting_at: None,
        submitted_at: None,
        completed_at: None,
    }
}

fn done(instance: u128, days: (u64, u64), asked: u64) -> Execution {
    run(instance, days, asked, ExecutionStatus::Completed)
}

/// The windows that are taken, as days, each with the day it was asked for.
fn taken(found: Vec<Execution>, end: u64) -> Vec<(u64, u64, u64)> {
    let number = |instant: DateTime<Utc>| u64::try_from((instant - at(0)).num_days()).unwrap();
    let series = series(found, day(0), day(end)).unwrap();
    let told = |run: &Execution| {
        (number(run.window_start), number(run.window_end), number(run.submitted_at.unwrap()))
    };
    series.runs.iter().map(told).collect()
}

#[test]
fn the_newest_run_of_a_window_is_taken() {
    let found = vec![done(1, (0, 7), 7), done(1, (0, 7), 30), done(1, (0, 7), 9), done(1, (7, 14), 16)];
    assert_eq!(taken(found.clone(), 14), [(0, 7, 30), (7, 14, 16)]);
    assert!(is_provisional(&found[0]) && !is_provisional(&found[1]) && !is_provisional(&found[2]));
}

#[test]
fn the_whole_week_goes_before_the_cut_one() {
    let found = vec![done(1, (0, 7), 9), done(1, (7, 10), 12), done(1, (7, 14), 16)];
    assert_eq!(taken(found, 14), [(0, 7, 9), (7, 14, 16)]);
}

#[test]
fn of_windows_that_move_with_the_day_the_latest_make_the_series() {
    let found = (7..=21).map(|end| done(1, (end - 7, end), end + 2)).collect();
    assert_eq!(taken(found, 21), [(0, 7, 9), (7, 14, 16), (14, 21, 23)]);
}

#[test]
fn windows_that_reach_over_an_end_are_left_out() {
    let series = series(vec![done(1, (0, 7), 9), done(1, (7, 14), 16)], day(3), day(14)).unwrap();
    assert_eq!(series.runs.len(), 1);
    assert_eq!(
        series.notes,
        [
            "1 windows reach over an end of the range and are left out",
            "nothing covers 2025-01-04 up to 2025-01-08 of 1 instances",
        ]
    );
}

#[test]
fn what_failed_is_missing_unless_another_run_covers_it() {
    let failed = |days| run(1, days, 40, ExecutionStatus::Failed);
    let found = vec![done(1, (0, 7), 9), failed((0, 7)), failed((2, 4)), failed((7, 14)), failed((7, 14))];
    let series = series(found, day(0), day(14)).unwrap();
    let missing: Vec<_> = series.missing.iter().map(|run| (run.window_start, run.window_end)).collect();
    assert_eq!(missing, [(at(7), at(14))]);
}

#[test]
fn days_are_those_of_the_zone_of_the_window() {
    let mut week = done(1, (0, 7), 9);
    week.timezone = "America/New_York".to_owned();
    (week.window_start, week.window_end) = (at(0) + TimeDelta::hours(5), at(7) + TimeDelta::hours(5));
    assert_eq!(series(vec![week], day(0), day(7)).unwrap().runs.len(), 1);
}

proptest! {
    #[test]
    fn no_day_comes_twice(
        runs in prop::collection::vec((1..3_u128, 0..40_u64, 1..15_u64, 0..60_u64, any::<bool>()), 0..60)
    ) {
        let mut found: Vec<Execution> = runs
            .into_iter()
            .map(|(instance, first, days, asked, is_done)| {
                let status = if is_done { ExecutionStatus::Completed } else { ExecutionStatus::Failed };
                run(instance, (first, first + days), asked, status)
            })
            .collect();
        found.sort_by(|a, b| (&a.instance_id, a.window_start).cmp(&(&b.instance_id, b.window_start)));
        let made = series(found.clone(), day(0), day(60)).unwrap();
        for pair in made.runs.windows(2).filter(|pair| pair[0].instance == pair[1].instance) {
            prop_assert!(pair[0].window_end <= pair[1].window_start);
        }
        let completed = |it: &&Execution| it.status == ExecutionStatus::Completed;
        for run in found.iter().filter(completed) {
            let beside = |it: &&Execution| {
                it.instance == run.instance && it.window_start < run.window_end && run.window_start < it.window_end
            };
            let taken: Vec<_> = made.runs.iter().filter(beside).collect();
            prop_assert!(!taken.is_empty(), "every window with rows is taken, or one that overlaps with it");
            for it in taken.iter().filter(|it| (it.window_start, it.window_end) == (run.window_start, run.window_end)) {
                prop_assert!(it.submitted_at >= run.submitted_at, "of one window the newest");
            }
        }
        prop_assert!(made.runs.iter().all(|run| run.status == ExecutionStatus::Completed));
    }
}
