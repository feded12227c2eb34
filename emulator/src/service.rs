//! The emulated service: the state, the clock that moves it, and the engine that works for it.

mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, this_moment};
use crate::error::StartError;
use crate::faults::FaultPlan;
use crate::ids::Ids;
use crate::options::Options;
use crate::query::QueryEngine;
use crate::scripted::ScriptedEngine;
use crate::spool::Spool;
use crate::throttle::Throttle;
use crate::tokens::Tokens;
use crate::world::{Step, World};

/// How many results are computed at once, whatever the clock says.
const ENGINE_WORKERS: usize = 2;

/// An emulated AMC, without a socket.
#[derive(Debug)]
pub struct Service {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) engine: Arc<ScriptedEngine>,
    pub(crate) faults: FaultPlan,
    pub(crate) tokens: Tokens,
    pub(crate) throttle: Throttle,
    pub(crate) ids: Ids,
    world: Mutex<World>,
    engine_done: Notify,
    replanned: Notify,
    /// How many callers are moving the clock.
    advancing: AtomicUsize,
    workers: Semaphore,
    spool: Arc<Spool>,
}

impl Service {
    /// Builds the service with everything that exists from the start.
    ///
    /// # Errors
    /// [`StartError::Results`] when no temporary file for results can be made.
    pub fn new(options: Options, engine: Arc<dyn QueryEngine>) -> Result<Arc<Self>, StartError> {
        let start = options.now.unwrap_or_else(this_moment);
        let engine = Arc::new(ScriptedEngine::new(engine));
        Ok(Arc::new(Self {
            clock: Clock::new(start, options.frozen),
            faults: FaultPlan::new(options.seed),
            tokens: Tokens::new(options.seed),
            throttle: Throttle::new(options.requests_per_second),
            ids: Ids::new(options.seed),
            world: Mutex::new(World::new(&options, Arc::clone(&engine), start)),
            engine,
            engine_done: Notify::new(),
            replanned: Notify::new(),
            advancing: AtomicUsize::new(0),
            workers: Semaphore::new(ENGINE_WORKERS),
            spool: Arc::new(Spool::new().map_err(StartError::Results)?),
            options,
        }))
    }

    /// Applies what is due, then `act`, and sets the engine to work.
    pub(crate) fn world<T>(self: &Arc<Self>, act: impl FnOnce(&mut World, DateTime<Utc>) -> T) -> T {
        let (answer, jobs) = {
            let mut world = self.world.lock();
            let now = self.clock.now();
            if self.is_patient() {
                world.settle_in_order(now);
            } else {
                world.settle(now);
            }
            let planned = world.next_due();
            let answer = act(&mut world, now);
            if world.next_due() != planned {
                self.replanned.notify_one();
            }
            (answer, world.take_jobs())
        };
        self.work(jobs);
        answer
    }

    /// Moves the clock to `target` and lets everything happen on the way in its order, the engine waited for.
    pub async fn advance_to(self: &Arc<Self>, target: DateTime<Utc>) {
        let advancing = Advancing::begin(&self.advancing);
        loop {
            let done = self.engine_done.notified();
            match self.step(target) {
                Step::Took(_) => {}
                Step::Waits => done.await,
                Step::Done => break,
            }
        }
        self.clock.reach(target);
        drop(advancing);
        self.replanned.notify_one();
    }

    /// Moves the clock on by `duration`, as [`Self::advance_to`].
    pub async fn advance(self: &Arc<Self>, duration: Duration) {
        self.advance_to(crate::clock::later(self.clock.now(), duration)).await;
    }

    /// Tells whether what is due waits for the engine, so that the order of events is the clock's alone.
    fn is_patient(&self) -> bool {
        self.clock.is_frozen() || self.advancing.load(Ordering::SeqCst) > 0
    }

    fn step(self: &Arc<Self>, target: DateTime<Utc>) -> Step {
        let (step, jobs) = {
            let mut world = self.world.lock();
            let step = world.step(target);
            if let Step::Took(at) = step {
                self.clock.reach(at);
            }
            (step, world.take_jobs())
        };
        self.work(jobs);
        step
    }

    /// Lets what is due happen when it is due, without a request, until `stop`.
    pub(crate) async fn keep_time(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let due = self.world(|world, _| world.next_due());
            let due = due.filter(|_| !self.is_patient()).and_then(|due| self.clock.until(due));
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.replanned.notified() => {}
                () = sleep_or_never(due) => {}
            }
        }
    }

    /// Sets the clock; forwards as [`Self::advance_to`], backwards without undoing anything.
    pub async fn set_clock(self: &Arc<Self>, instant: DateTime<Utc>) {
        if instant > self.clock.now() {
            self.advance_to(instant).await;
        } else {
            self.clock.set(instant);
            self.replanned.notify_one();
        }
    }

    /// Holds the clock still or lets it run with real time.
    pub fn freeze(&self, frozen: bool) {
        self.clock.freeze(frozen);
        self.replanned.notify_one();
    }
}

/// Counts a caller that moves the clock, for as long as it does.
struct Advancing<'a>(&'a AtomicUsize);

impl<'a> Advancing<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Advancing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn sleep_or_never(duration: Option<Duration>) {
    match duration {
        Some(duration) => tokio::time::sleep(duration).await,
        None => std::future::pending().await,
    }
}
