//! Ticks on a clock that the test moves: late ones, overlaps, failures, many workers, jumps and changes of clocks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use amc_fleet::model::{
    CatchUp, Freshness, Overlap, ScheduleOptions, TickOutcome, TickRecord, WindowExpression, Zone,
};
use amc_fleet::scheduler::next_runs;
use amc_fleet::testing::ManualClock;
use amc_fleet::{
    Fleet, FleetOptions, Instances, PageRequest, ReportSpec, Schedule, ScheduleSpec, WorkerChoice,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::fleet::{SQL, Scene};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A fleet that runs nothing: what it fires stays open.
async fn idle(scene: &Scene, clock: &Arc<ManualClock>) -> Fleet {
    let options = FleetOptions {
        worker: WorkerChoice::Never,
        surroundings: Some(clock.surroundings()),
        ..scene.options()
    };
    Fleet::open(&scene.kept.database, options).await.unwrap()
}

async fn report(fleet: &Fleet, name: &str, instances: Instances, timezone: &str) {
    let spec = ReportSpec {
        name: name.to_owned(),
        sql: Some(SQL.to_owned()),
        instances,
        window: Some("yesterday".to_owned()),
        timezone: timezone.to_owned(),
        ..ReportSpec::default()
    };
    fleet.save_report(spec).await.unwrap();
}

/// A schedule at six every day that waits for nothing.
async fn daily(fleet: &Fleet, report: &str, options: ScheduleOptions) -> String {
    let options = ScheduleOptions { freshness: Freshness::Immediate, ..options };
    let spec = ScheduleSpec { options, ..ScheduleSpec::new("daily at 06:00") };
    fleet.schedule_report(report, spec).await.unwrap().id.public()
}

/// The ticks of a schedule, oldest first.
async fn ticks(fleet: &Fleet, schedule: &str) -> Vec<TickRecord> {
    let mut ticks = fleet.ticks(schedule, 1000).await.unwrap();
    ticks.reverse();
    ticks
}

async fn outcomes(fleet: &Fleet, schedule: &str) -> Vec<TickOutcome> {
    ticks(fleet, schedule).await.iter().map(|tick| tick.outcome).collect()
}

#[tokio::test]
async fn what_nobody_fired_is_made_up_as_asked() {
    use TickOutcome::{Fired, Skipped};
    let scene = Scene::with_instances(1).await;
    let clock = Arc::new(ManualClock::at(at("2026-02-01T05:00:00Z")));
    let fleet = idle(&scene, &clock).await;
    fleet.sync_instances().await.unwrap();
    report(&fleet, "Daily", Instances::All, "UTC").await;
    let policy = |catch_up, days: u32| ScheduleOptions {
        catch_up,
        catch_up_seconds: days * 24 * 3600,
        overlap: Overlap::Allow,
        ..ScheduleOptions::default()
    };
    let mut schedules = Vec::new();
    for options in [policy(CatchUp::None, 31), policy(CatchUp::Last, 31), policy(CatchUp::All, 3)] {
        schedules.push(daily(&fleet, "Daily", options).await);
    }
    clock.set(at("2026-02-06T12:00:00Z"));
    assert_eq!(fleet.overdue().await.unwrap().len(), 3);
    assert_eq!(fleet.run_schedules_once().await.unwrap(), 18);
    assert_eq!(outcomes(&fleet, &schedules[0]).await, [Skipped; 6]);
    assert_eq!(outcomes(&fleet, &schedules[1]).await, [Skipped, Skipped, Skipped, Skipped, Skipped, Fired]);
    assert_eq!(outcomes(&fleet, &schedules[2]).await, [Skipped, Skipped, Skipped, Fired, Fired, Fired]);
    assert!(fleet.overdue().await.unwrap().is_empty());
    let told = fleet.schedule(&schedules[2]).await.unwrap().history;
    assert_eq!((told.run_count, told.failed_count, told.last_status.as_deref()), (3, 0, Some("pending")));
    fleet.close().await;
}

#[tokio::test]
async fn a_tick_meets_the_run_before_it_as_asked() {
    use TickOutcome::{Fired, Skipped};
    let scene = Scene::with_instances(1).await;
    let clock = Arc::new(ManualClock::at(at("2026-02-01T05:00:00Z")));
    let fleet = idle(&scene, &clock).await;
    fleet.sync_instances().await.unwrap();
    report(&fleet, "Daily", Instances::All, "UTC").await;
    let mut schedules = Vec::new();
    for overlap in [Overlap::Skip, Overlap::Queue, Overlap::Allow] {
        schedules
            .push(daily(&fleet, "Daily", ScheduleOptions { overlap, ..ScheduleOptions::default() }).await);
    }
    for day in ["2026-02-01T06:00:30Z", "2026-02-02T06:00:30Z"] {
        clock.set(at(day));
        fleet.run_schedules_once().await.unwrap();
    }
    assert_eq!(outcomes(&fleet, &schedules[0]).await, [Fired, Skipped]);
    assert_eq!(outcomes(&fleet, &schedules[1]).await, [Fired], "the second waits");
    assert_eq!(outcomes(&fleet, &schedules[2]).await, [Fired, Fired]);
    let second = fleet.fire(&schedules[1], at("2026-02-02T06:00:00Z")).await.unwrap_err();
    assert_eq!(second.code(), "tick_waits");
    let first = ticks(&fleet, &schedules[1]).await[0].batch.unwrap();
    fleet.batch(&first.public()).await.unwrap().cancel().await.unwrap();
    clock.advance(Duration::from_secs(120));
    assert_eq!(fleet.run_schedules_once().await.unwrap(), 1);
    assert_eq!(outcomes(&fleet, &schedules[1]).await, [Fired, Fired]);
    fleet.close().await;
}

#[tokio::test]
async fn a_schedule_that_fails_again_and_again_pauses_itself() {
    let scene = Scene::with_instances(1).await;
    let clock = Arc::new(ManualClock::at(at("2026-02-01T05:00:00Z")));
    let fleet = idle(&scene, &clock).await;
    fleet.sync_instances().await.unwrap();
    report(&fleet, "Gone", Instances::ids(["amcgone"]), "UTC").await;
    let options = ScheduleOptions { pause_after_failures: Some(3), ..ScheduleOptions::default() };
    let schedule = daily(&fleet, "Gone", options).await;
    for day in 1..=6 {
        clock.set(at("2026-02-01T06:00:30Z") + TimeDelta::days(day - 1));
        fleet.run_schedules_once().await.unwrap();
    }
    let failed = ticks(&fleet, &schedule).await;
    assert_eq!(failed.len(), 3);
    assert!(failed.iter().all(|tick| tick.reason.as_deref() == Some("no_instances: no instance to run on")));
    let paused = fleet.schedule(&schedule).await.unwrap();
    assert_eq!(paused.pause_note.as_deref(), Some("paused itself after 3 failures in a row"));
    assert_eq!((paused.history.failed_count, paused.history.last_status.as_deref()), (3, Some("failed")));
    let refused = fleet.fire(&schedule, at("2026-02-04T06:00:00Z")).await.unwrap_err();
    assert_eq!(refused.code(), "schedule_paused");
    report(&fleet, "Gone", Instances::All, "UTC").await;
    fleet.resume(&schedule).await.unwrap();
    fleet.run_schedules_once().await.unwrap();
    assert_eq!(ticks(&fleet, &schedule).await.last().unwrap().outcome, TickOutcome::Fired);
    fleet.close().await;
}

#[tokio::test]
async fn a_host_fires_a_tick_once_for_its_nominal_time() {
    let scene = Scene::with_instances(2).await;
    let clock = Arc::new(ManualClock::at(at("2026-02-03T05:00:00Z")));
    let fleet = idle(&scene, &clock).await;
    fleet.sync_instances().await.unwrap();
    report(&fleet, "Daily", Instances::All, "Europe/Berlin").await;
    let spec = ScheduleSpec::new("0 6 * * *");
    let schedule = fleet.schedule_report("Daily", spec).await.unwrap().id.public();
    let nominal = at("2026-02-02T06:00:00Z");
    let (one, other) = tokio::join!(fleet.fire(&schedule, nominal), fleet.fire(&schedule, nominal));
    assert_eq!(one.as_ref().unwrap(), other.as_ref().unwrap());
    let batch = fleet.batch(&one.unwrap().batch.unwrap().public()).await.unwrap();
    let told = batch.status().await.unwrap();
    assert_eq!(told.executions[0].window_start, at("2026-01-31T23:00:00Z"));
    // The data of the 1st are complete on the 3rd at 23:00: until then it is not submitted.
    let trace = fleet.trace(&told.executions[0].execution_id).await.unwrap();
    assert_eq!((trace.schedule_id.as_deref(), trace.nominal_at), (Some(schedule.as_str()), Some(nominal)));
    assert!(told.findings.iter().any(|finding| finding.message.contains("2026-02-03T23:00:00")), "{told:?}");
    let early = fleet.fire(&schedule, at("2026-02-03T06:00:00Z")).await.unwrap_err();
    assert_eq!(early.code(), "tick_in_future");
    assert_eq!(fleet.fire("sch_none", nominal).await.unwrap_err().code(), "unknown_schedule");
    assert_eq!(ticks(&fleet, &schedule).await.len(), 1);
    fleet.close().await;
}

const ZONED: [(&str, &str); 3] = [
    ("America/New_York", "30 2 * * *"),      // skipped on the 8th of March
    ("Europe/Berlin", "15 2 * * *"),         // skipped on the 29th of March
    ("Australia/Lord_Howe", "45 */6 * * *"), // half an hour comes twice on the 5th of April
];

/// Eight workers on clocks that disagree, jump and go back; some are started again; clocks change in three zones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tick_fires_once_over_eight_workers_and_jumping_clocks() {
    let scene = Scene::with_instances(1).await;
    let start = at("2026-03-01T12:00:00Z");
    let clocks: Vec<Arc<ManualClock>> = (0..8).map(|_| Arc::new(ManualClock::at(start))).collect();
    let mut fleets = Vec::new();
    for clock in &clocks {
        fleets.push(idle(&scene, clock).await);
    }
    fleets[0].sync_instances().await.unwrap();
    let options = ScheduleOptions {
        catch_up: CatchUp::All,
        overlap: Overlap::Allow,
        freshness: Freshness::Immediate,
        ..ScheduleOptions::default()
    };
    let mut schedules = Vec::new();
    for (zone, expression) in ZONED {
        report(&fleets[0], zone, Instances::All, zone).await;
        let spec = ScheduleSpec { options: options.clone(), ..ScheduleSpec::new(expression) };
        schedules.push(fleets[0].schedule_report(zone, spec).await.unwrap());
    }
    let mut dice = StdRng::seed_from_u64(7);
    let (mut now, end) = (start, at("2026-04-09T00:00:00Z"));
    while now < end {
        now += TimeDelta::hours(dice.random_range(1..60));
        clocks.iter().for_each(|clock| jump(clock, now, &mut dice));
        for fired in join_all(fleets.iter().map(Fleet::run_schedules_once)).await {
            fired.unwrap();
        }
        let restarted = dice.random_range(0..8);
        fleets[restarted].close().await;
        fleets[restarted] = idle(&scene, &clocks[restarted]).await;
    }
    for schedule in &schedules {
        every_nominal_time_fired_once(&fleets[0], schedule, start, end - TimeDelta::days(3)).await;
    }
    for fleet in fleets {
        fleet.close().await;
    }
}

/// Sets a clock a little wrong, and sometimes two days.
fn jump(clock: &ManualClock, now: DateTime<Utc>, dice: &mut StdRng) {
    let minutes = if dice.random_ratio(1, 8) { dice.random_range(-3000..3000) } else { 0 };
    clock.set(now + TimeDelta::minutes(minutes) + TimeDelta::seconds(dice.random_range(-90..90)));
}

async fn every_nominal_time_fired_once(
    fleet: &Fleet,
    schedule: &Schedule,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) {
    let zone: Zone = schedule.timezone.parse().unwrap();
    let window: WindowExpression = "yesterday".parse().unwrap();
    let fired = ticks(fleet, &schedule.id.public()).await;
    let nominal: Vec<_> = fired.iter().map(|tick| tick.nominal_at).collect();
    let expected = next_runs(&schedule.expression, &zone, start, nominal.len()).unwrap();
    assert_eq!(nominal, expected);
    assert!(nominal.last().unwrap() > &end && fired.iter().all(|tick| tick.outcome == TickOutcome::Fired));
    let all = PageRequest { limit: 1000, offset: 0 };
    let runs = fleet.report_runs(&schedule.report.public(), all).await.unwrap();
    assert_eq!(runs.total, fired.len() as u64);
    let mut windows = BTreeMap::new();
    for run in runs.items {
        let told = run.status().await.unwrap();
        windows.insert(run.id(), (told.executions[0].window_start, told.executions[0].window_end));
    }
    for tick in fired {
        let window = window.resolve(tick.nominal_at, &zone).unwrap();
        assert_eq!(windows[&tick.batch.unwrap()], (window.start_utc(), window.end_utc()), "{tick:?}");
    }
}
