//! Schedules and their ticks.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::fixture::{Fixture, OWNER, scope, start};
use super::reports::monday;
use crate::clock::{IdSource, RandomIds};
use crate::model::{
    NewTick, NextTick, Origin, PageRequest, Priority, Report, ReportChange, Schedule, ScheduleChange,
    ScheduleHistory, ScheduleOptions, Scope, TickOutcome, TriggeredBy,
};
use crate::store::{Store, WrittenTick};

pub(crate) fn in_days(days: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(days)
}

/// A schedule whose next tick is so many days away.
pub(crate) async fn scheduled<S: Store + ?Sized>(store: &S, days: i64) -> (Report, Schedule) {
    let report = store.save_report(&monday()).await.unwrap();
    let schedule = Schedule {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        report: report.id,
        expression: "0 0 * * *".to_owned(),
        timezone: "UTC".to_owned(),
        options: ScheduleOptions { jitter_seconds: 7, ..ScheduleOptions::default() },
        paused_at: None,
        pause_note: None,
        next_run_at: Some(in_days(days)),
        due_at: Some(in_days(days)),
        history: ScheduleHistory::default(),
        created_at: start(),
        updated_at: start(),
    };
    store.save_schedule(&schedule).await.unwrap();
    (report, schedule)
}

fn tick(schedule: &Schedule, outcome: TickOutcome) -> NewTick {
    let nominal_at = schedule.next_run_at.unwrap();
    let after = Some(nominal_at + TimeDelta::days(1));
    NewTick {
        schedule: schedule.id,
        owner_id: schedule.owner_id.clone(),
        nominal_at,
        outcome,
        reason: (outcome != TickOutcome::Fired).then(|| "because".to_owned()),
        next: NextTick { next_run_at: after, due_at: after },
    }
}

/// A schedule is read as it was written, by its owner alone.
pub async fn owner_sees_own_schedules<S: Store>(store: &S) {
    let (report, schedule) = scheduled(store, 1).await;
    let read = store.schedule(&scope(), &schedule.id.into()).await.unwrap();
    assert_eq!(read.as_ref(), Some(&schedule));
    let bob = Scope::Owner("bob".into());
    assert_eq!(store.schedule(&bob, &schedule.id.into()).await.unwrap(), None);
    assert_eq!(store.schedules(&bob, None, PageRequest::default()).await.unwrap().total, 0);
    assert!(!store.change_schedule(&bob, schedule.id, &ScheduleChange::Archived, start()).await.unwrap());
    assert!(store.due_schedules(&bob, in_days(9), 9).await.unwrap().is_empty());
    let own = store.schedules(&scope(), Some(report.id), PageRequest::default()).await.unwrap();
    assert_eq!((own.total, own.items), (1, vec![schedule]));
}

/// Only what is due is given, the longest due first: nothing paused, nothing archived, nothing of an archived report.
pub async fn only_due_schedules_are_given<S: Store>(store: &S) {
    let (_, late) = scheduled(store, 2).await;
    let (report, early) = scheduled(store, 1).await;
    let due = async |days: i64, limit| {
        let due = store.due_schedules(&Scope::System, in_days(days), limit).await.unwrap();
        due.iter().map(|it| (it.schedule.id, it.nominal_at)).collect::<Vec<_>>()
    };
    assert_eq!(due(0, 9).await, []);
    assert_eq!(due(1, 9).await, [(early.id, in_days(1))]);
    assert_eq!(due(5, 9).await, [(early.id, in_days(1)), (late.id, in_days(2))]);
    assert_eq!(due(5, 1).await, [(early.id, in_days(1))]);
    let change = async |change| store.change_schedule(&scope(), early.id, &change, start()).await.unwrap();
    assert!(change(ScheduleChange::Paused(Some("holidays".into()))).await);
    assert_eq!(due(5, 9).await, [(late.id, in_days(2))]);
    let paused = store.schedule(&scope(), &early.id.into()).await.unwrap().unwrap();
    assert_eq!((paused.paused_at, paused.pause_note.as_deref()), (Some(start()), Some("holidays")));
    let next = NextTick { next_run_at: Some(in_days(3)), due_at: Some(in_days(4)) };
    assert!(change(ScheduleChange::Resumed(next)).await);
    assert_eq!(due(5, 9).await, [(late.id, in_days(2)), (early.id, in_days(3))]);
    assert!(change(ScheduleChange::Archived).await);
    assert_eq!(due(5, 9).await, [(late.id, in_days(2))]);
    store.change_report(&scope(), report.id, ReportChange::Archived, start()).await.unwrap();
    assert_eq!(due(5, 9).await, []);
    assert_eq!(store.schedules(&scope(), None, PageRequest::default()).await.unwrap().total, 0);
}

/// A tick is written with its batch, or with its reason, and the schedule moves on.
pub async fn a_tick_is_written_with_its_batch<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (report, schedule) = scheduled(store, 1).await;
    let batch = fixture.new_batch(Priority::Scheduled, 1).await;
    let origin = Origin { report: report.id, triggered_by: TriggeredBy::Schedule };
    let fired = tick(&schedule, TickOutcome::Fired);
    let written = store.write_tick(&fired, Some((&batch, origin)), in_days(1)).await.unwrap();
    let WrittenTick::Written(Some(created)) = written else { panic!("{written:?}") };
    assert_eq!(store.batch(&scope(), &batch.id.into()).await.unwrap(), Some(*created));
    assert_eq!(store.report_runs(&scope(), report.id, PageRequest::default()).await.unwrap().total, 1);
    let moved = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap();
    assert_eq!((moved.next_run_at, moved.due_at), (Some(in_days(2)), Some(in_days(2))));
    assert_eq!(moved.updated_at, start(), "ticks are no changes of a schedule");
    let skipped = tick(&moved, TickOutcome::Skipped);
    assert_eq!(store.write_tick(&skipped, None, in_days(2)).await.unwrap(), WrittenTick::Written(None));
    let ticks = store.ticks(&scope(), schedule.id, 9).await.unwrap();
    let told: Vec<_> = ticks.iter().map(|it| (it.nominal_at, it.outcome, it.batch, it.is_open())).collect();
    let expected = [
        (in_days(2), TickOutcome::Skipped, None, false),
        (in_days(1), TickOutcome::Fired, Some(batch.id), true),
    ];
    assert_eq!(told, expected);
    assert_eq!(ticks[0].reason.as_deref(), Some("because"));
    let one = store.tick(&scope(), schedule.id, in_days(1)).await.unwrap();
    assert_eq!(one.as_ref(), Some(&ticks[1]));
    assert_eq!(store.tick(&scope(), schedule.id, in_days(3)).await.unwrap(), None);
    let told = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap().history;
    assert_eq!((told.run_count, told.failed_count, told.last_run_at), (1, 0, Some(in_days(1))));
    assert_eq!(told.last_status.as_deref(), Some("skipped"));
    let listed = store.schedules(&scope(), None, PageRequest::default()).await.unwrap();
    assert_eq!(listed.items[0].history, told);
    assert!(store.ticks(&Scope::Owner("bob".into()), schedule.id, 9).await.unwrap().is_empty());
}

/// However many try at once, a tick is one batch.
pub async fn tick_fires_once<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (report, schedule) = scheduled(store, 1).await;
    let origin = Origin { report: report.id, triggered_by: TriggeredBy::Schedule };
    let fired = tick(&schedule, TickOutcome::Fired);
    let batches = join_all((1..=8).map(|number| fixture.new_batch(Priority::Scheduled, number))).await;
    let tries = batches.iter().map(|batch| store.write_tick(&fired, Some((batch, origin)), in_days(1)));
    let written = join_all(tries).await.into_iter().map(Result::unwrap);
    assert_eq!(written.filter(|it| *it != WrittenTick::Taken).count(), 1);
    assert_eq!(store.report_runs(&scope(), report.id, PageRequest::default()).await.unwrap().total, 1);
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 2);
    // A worker that slept through it moves nothing back.
    let again = store.write_tick(&fired, Some((&batches[0], origin)), in_days(9)).await.unwrap();
    assert_eq!(again, WrittenTick::Taken);
    let moved = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap();
    assert_eq!(moved.next_run_at, Some(in_days(2)));
}

/// A tick that was put off comes later, and only as long as it is the next.
pub async fn a_tick_put_off_comes_later<S: Store>(store: &S) {
    let (_, schedule) = scheduled(store, 1).await;
    let later = NextTick { next_run_at: schedule.next_run_at, due_at: Some(in_days(3)) };
    store.put_off_tick(schedule.id, later).await.unwrap();
    assert!(store.due_schedules(&Scope::System, in_days(2), 9).await.unwrap().is_empty());
    assert_eq!(store.due_schedules(&Scope::System, in_days(3), 9).await.unwrap()[0].nominal_at, in_days(1));
    store.write_tick(&tick(&schedule, TickOutcome::Failed), None, in_days(3)).await.unwrap();
    store.put_off_tick(schedule.id, NextTick { due_at: Some(in_days(8)), ..later }).await.unwrap();
    let moved = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap();
    assert_eq!(moved.due_at, Some(in_days(2)));
    assert!(store.ticks(&scope(), schedule.id, 1).await.unwrap()[0].has_failed());
}
