//! Races: several workers and callers at once, each step of each true to the others'.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::{join, join_all};
use parking_lot::Mutex;

use super::fixture::{Fixture, scope, terms};
use crate::model::{
    BatchId, BatchStatus, Change, Counts, EventKind, Execution, ExecutionId, ExecutionStatus, InstanceUuid,
    Limits, NewBatch, Priority, Worker,
};
use crate::store::{CancelTarget, Step, StepOutcome, Store};

const WORKERS: usize = 4;
const LIMITS: Limits = Limits { per_instance: 2, per_account: 5 };

/// What the workers of a race did together.
#[derive(Debug, Default)]
struct Race {
    submits: Mutex<HashMap<ExecutionId, u32>>,
    alive: Mutex<HashMap<InstanceUuid, u32>>,
    is_over: AtomicBool,
}

impl Race {
    /// An execution was taken: nobody else has it, and its instance has room.
    fn submit(&self, execution: &Execution) {
        *self.submits.lock().entry(execution.id).or_default() += 1;
        let mut alive = self.alive.lock();
        *alive.entry(execution.instance).or_default() += 1;
        assert!(alive[&execution.instance] <= LIMITS.per_instance, "one too many on an instance");
        assert!(alive.values().sum::<u32>() <= LIMITS.per_account, "one too many of the account");
    }

    /// Its slots are about to be freed.
    fn end(&self, execution: &Execution) {
        *self.alive.lock().entry(execution.instance).or_default() -= 1;
    }
}

/// Workers that race for every execution, while a batch is cancelled under them: each is submitted at most once, no limit
/// is passed, and batches, counts and events end true.
pub async fn workers_race_and_one_wins<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 5).await;
    let batches = join_all((0..6).map(|number| fixture.batch_of(Priority::Interactive, number))).await;
    let race = Race::default();
    let cancel = async {
        store.request_cancel(&scope(), CancelTarget::Batch(batches[3]), fixture.now).await.map(drop).unwrap()
    };
    let work = join_all((0..WORKERS).map(|_| work(&fixture, &race)));
    join(work, cancel).await;

    assert!(race.submits.lock().values().all(|submits| *submits == 1));
    for batch in batches {
        check(&fixture, batch).await;
    }
}

async fn work<S: Store>(fixture: &Fixture<'_, S>, race: &Race) {
    let worker = fixture.worker().await;
    while !race.is_over.load(Ordering::Relaxed) {
        submit(fixture, race, &worker).await;
        watch(fixture, race, &worker).await;
        for claim in fixture.collects(&worker).await {
            let completed = Change::Completed { row_count: 1, size_bytes: 1 };
            assert_eq!(fixture.apply(&claim, completed).await, StepOutcome::Applied);
        }
        let left = fixture.store.unfinished(&scope()).await.unwrap();
        race.is_over.store(left == 0, Ordering::Relaxed);
    }
}

async fn submit<S: Store>(fixture: &Fixture<'_, S>, race: &Race, worker: &Worker) {
    let claims = fixture.claim_submits(worker, LIMITS).await;
    claims.iter().for_each(|claim| race.submit(&claim.execution));
    for claim in claims {
        let id = claim.execution.id.to_string();
        assert_eq!(fixture.apply(&claim, fixture.submitted(&id)).await, StepOutcome::Applied);
    }
}

async fn watch<S: Store>(fixture: &Fixture<'_, S>, race: &Race, worker: &Worker) {
    for watch in fixture.store.claim_watches(&terms(worker), fixture.now).await.unwrap() {
        // Cancelled at AMC or done there: what a cancel made of the run since it was read is the store's to say.
        for run in &watch.runs {
            let change = match run.cancel_requested_at {
                Some(_) => Change::Cancelled,
                None => Change::Collecting,
            };
            race.end(run);
            let step = Step::new(watch.fence(run), change);
            if fixture.store.apply(&[step], fixture.now).await.unwrap() == [StepOutcome::Stale] {
                *race.alive.lock().entry(run.instance).or_default() += 1;
            }
        }
        fixture.store.release_watches(&[watch.release(fixture.now, watch.foreign)]).await.unwrap();
    }
}

async fn check<S: Store>(fixture: &Fixture<'_, S>, batch: BatchId) {
    let record = fixture.store.batch(&scope(), &batch.into()).await.unwrap().unwrap();
    let executions = fixture.executions(batch).await;
    assert!(executions.iter().all(|execution| execution.status.is_terminal()));
    assert_eq!(record.counts, Counts::of(executions.iter().map(|execution| execution.status)));
    assert_eq!(record.status, record.counts.roll_up(record.cancel_requested_at.is_some()));
    if record.cancel_requested_at.is_none() {
        assert_eq!(record.status, BatchStatus::Completed);
    }
    let events = fixture.store.events(&scope(), batch, 0, 1000).await.unwrap();
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=record.event_sequence).collect::<Vec<_>>());
    assert_eq!(events.last().unwrap().kind, EventKind::BatchFinished);
    let finished = events.iter().filter(|event| event.kind == EventKind::BatchFinished).count();
    let ended = executions.iter().filter(|it| it.status == ExecutionStatus::Completed).count();
    let completed = events.iter().filter(|event| event.kind == EventKind::Completed).count();
    assert_eq!((finished, completed), (1, ended));
}

/// However many ask for it at once, a key is one batch.
pub async fn a_key_that_many_ask_for_at_once_is_one_batch<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let one = async || {
        let batch = fixture.new_batch(Priority::Interactive, 1).await;
        let keyed = NewBatch { idempotency_key: Some("monday".into()), ..batch };
        store.create_batch(&keyed, fixture.now).await.unwrap()
    };
    let created = join_all((0..8).map(|_| one())).await;
    assert_eq!(created.iter().filter(|created| created.is_new).count(), 1);
    assert!(created.iter().all(|it| it.batch.id == created[0].batch.id));
    assert_eq!(store.unfinished(&scope()).await.unwrap(), 3);
}
