//! What every [`Scheduler`] must do, one named test a behaviour.
//!
//! ```ignore
//! amc_fleet::scheduler_suite!(my_scheduler, async { (MyStore::open().await, guard) }, |store| Driven { … });
//! ```
//!
//! The first expression gives a fresh, empty store and whatever must live as long as it; the second makes a scheduler on
//! it. Each test calls them anew.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is how a suite says no")]

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::store_suite::{Fixture, in_days, scheduled, scope, start};
use crate::model::{
    Due, NewBatch, Origin, PageRequest, Priority, Report, Schedule, ScheduleId, Scope, TickOutcome,
    TriggeredBy,
};
use crate::scheduler::{CronScheduler, HostScheduler, Outcome, Recorded, Scheduler};
use crate::store::Store;

/// Tells a scheduler that a tick is wanted.
type Ask = Box<dyn Fn(ScheduleId, DateTime<Utc>) + Send + Sync>;

/// A scheduler under test, and how to make it give a tick.
pub struct Driven {
    /// The scheduler.
    pub scheduler: Arc<dyn Scheduler>,
    /// Asks it for a tick; nothing where it knows by itself.
    pub ask: Ask,
}

impl fmt::Debug for Driven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driven").field("scheduler", &self.scheduler).finish_non_exhaustive()
    }
}

impl Driven {
    /// The scheduler that follows the expressions of schedules.
    #[must_use]
    pub fn by_cron(store: Arc<dyn Store>) -> Self {
        Self { scheduler: Arc::new(CronScheduler::new(store, Scope::System)), ask: Box::new(|_, _| ()) }
    }

    /// The scheduler that a host drives.
    #[must_use]
    pub fn by_host(store: Arc<dyn Store>) -> Self {
        let scheduler = Arc::new(HostScheduler::new(store, Scope::System));
        let asked = Arc::clone(&scheduler);
        Self { scheduler, ask: Box::new(move |schedule, nominal_at| asked.ask(schedule, nominal_at)) }
    }

    /// The nominal times that are due, by schedule.
    async fn due(&self, days: i64, limit: u32) -> Vec<(ScheduleId, DateTime<Utc>)> {
        let due = self.scheduler.due(in_days(days), limit).await.unwrap();
        due.iter().map(|tick| (tick.schedule.id, tick.nominal_at)).collect()
    }

    async fn tick(&self, days: i64) -> Due {
        self.scheduler.due(in_days(days), 1).await.unwrap().remove(0)
    }

    async fn record(&self, tick: &Due, outcome: &Outcome, days: i64) -> Recorded {
        self.scheduler.record(tick, outcome, in_days(days)).await.unwrap()
    }
}

/// A schedule whose next tick is so many days away, and asked for.
async fn wanted(store: &Arc<dyn Store>, driven: &Driven, days: i64) -> (Report, Schedule) {
    let (report, schedule) = scheduled(store.as_ref(), days).await;
    (driven.ask)(schedule.id, in_days(days));
    (report, schedule)
}

fn fired(batch: &NewBatch, report: &Report) -> Outcome {
    Outcome::Fired(Box::new(batch.clone()), Origin { report: report.id, triggered_by: TriggeredBy::Schedule })
}

/// Ticks come when their time has come, the longest due first, no more at once than asked for.
pub async fn ticks_come_in_order(store: Arc<dyn Store>, driven: Driven) {
    let (_, late) = wanted(&store, &driven, 2).await;
    let (_, early) = wanted(&store, &driven, 1).await;
    assert_eq!(driven.due(0, 9).await, []);
    assert_eq!(driven.due(1, 9).await, [(early.id, in_days(1))]);
    assert_eq!(driven.due(2, 9).await, [(early.id, in_days(1)), (late.id, in_days(2))]);
    assert_eq!(driven.due(2, 1).await, [(early.id, in_days(1))]);
}

/// A tick is given until it is recorded, and then no more.
pub async fn a_tick_is_given_until_it_is_recorded(store: Arc<dyn Store>, driven: Driven) {
    let (_, schedule) = wanted(&store, &driven, 1).await;
    let tick = driven.tick(1).await;
    assert_eq!(driven.tick(1).await, tick);
    let outcome = Outcome::Skipped("because".to_owned());
    assert_eq!(driven.record(&tick, &outcome, 1).await, Recorded::Written(None));
    assert_eq!(driven.due(1, 9).await, []);
    assert_eq!(driven.record(&tick, &outcome, 1).await, Recorded::Taken);
    let written = store.ticks(&scope(), schedule.id, 9).await.unwrap();
    assert_eq!(written.len(), 1);
    assert_eq!((written[0].outcome, written[0].reason.as_deref()), (TickOutcome::Skipped, Some("because")));
    let moved = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap();
    assert_eq!(moved.next_run_at, Some(in_days(2)), "the schedule went on");
}

/// However many record a tick at once, it is one batch, written with it.
pub async fn a_tick_is_one_batch(store: Arc<dyn Store>, driven: Driven) {
    let fixture = Fixture::with_instances(store.as_ref(), 2).await;
    let (report, _) = wanted(&store, &driven, 1).await;
    let tick = driven.tick(1).await;
    let batches = join_all((1..=8).map(|number| fixture.new_batch(Priority::Scheduled, number))).await;
    let outcomes: Vec<Outcome> = batches.iter().map(|batch| fired(batch, &report)).collect();
    let recorded = join_all(outcomes.iter().map(|outcome| driven.record(&tick, outcome, 1))).await;
    let written: Vec<_> = recorded.iter().filter(|it| **it != Recorded::Taken).collect();
    let [Recorded::Written(Some(batch))] = written[..] else { panic!("{recorded:?}") };
    let runs = store.report_runs(&scope(), report.id, PageRequest::default()).await.unwrap();
    assert_eq!(runs.items.iter().map(|run| run.id).collect::<Vec<_>>(), [*batch]);
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 2, "what came late left nothing");
}

/// A tick that waits comes again at its time, and fires then.
pub async fn a_tick_that_waits_comes_again(store: Arc<dyn Store>, driven: Driven) {
    let fixture = Fixture::with_instances(store.as_ref(), 1).await;
    let (report, schedule) = wanted(&store, &driven, 1).await;
    let tick = driven.tick(1).await;
    let later = in_days(1) + TimeDelta::hours(5);
    assert_eq!(driven.record(&tick, &Outcome::Waiting(later), 1).await, Recorded::PutOff);
    assert_eq!(driven.due(1, 9).await, []);
    assert_eq!(driven.due(2, 9).await, [(schedule.id, in_days(1))]);
    let batch = fixture.new_batch(Priority::Scheduled, 1).await;
    let tick = driven.tick(2).await;
    let recorded = driven.record(&tick, &fired(&batch, &report), 2).await;
    assert_eq!(recorded, Recorded::Written(Some(batch.id)));
}

/// A tick that pauses its schedule is none; nothing of a paused schedule is given.
pub async fn a_paused_schedule_gives_no_tick(store: Arc<dyn Store>, driven: Driven) {
    let (_, schedule) = wanted(&store, &driven, 1).await;
    let tick = driven.tick(1).await;
    let outcome = Outcome::Paused("paused itself after 3 failures in a row".to_owned());
    assert_eq!(driven.record(&tick, &outcome, 1).await, Recorded::PutOff);
    assert_eq!(driven.due(9, 9).await, []);
    let paused = store.schedule(&scope(), &schedule.id.into()).await.unwrap().unwrap();
    assert_eq!(paused.pause_note.as_deref(), Some("paused itself after 3 failures in a row"));
    assert!(store.ticks(&scope(), schedule.id, 9).await.unwrap().is_empty());
}

/// A tick of which no batch can be made is written with its reason.
pub async fn a_tick_that_failed_says_why(store: Arc<dyn Store>, driven: Driven) {
    let (_, schedule) = wanted(&store, &driven, 1).await;
    let outcome = Outcome::Failed("no_instances: no instance to run on".to_owned());
    assert_eq!(driven.record(&driven.tick(1).await, &outcome, 1).await, Recorded::Written(None));
    let written = store.ticks(&scope(), schedule.id, 9).await.unwrap();
    assert!(written[0].has_failed() && written[0].fired_at == in_days(1) && start() < written[0].nominal_at);
}

/// Runs the whole suite against one implementation, as a module of tests.
#[macro_export]
macro_rules! scheduler_suite {
    ($name:ident, $open:expr, $make:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $crate::scheduler_suite!(@tests $open, $make;
                ticks_come_in_order,
                a_tick_is_given_until_it_is_recorded,
                a_tick_is_one_batch,
                a_tick_that_waits_comes_again,
                a_paused_schedule_gives_no_tick,
                a_tick_that_failed_says_why,
            );
        }
    };
    (@tests $open:expr, $make:expr; $($test:ident,)*) => {$(
        #[tokio::test]
        async fn $test() {
            let (store, _guard) = $open.await;
            let store: std::sync::Arc<dyn $crate::store::Store> = std::sync::Arc::new(store);
            let driven = $make(std::sync::Arc::clone(&store));
            $crate::testing::scheduler_suite::$test(store, driven).await;
        }
    )*};
}
