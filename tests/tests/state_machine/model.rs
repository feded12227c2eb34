//! A fleet as it must be, in plain words: no database, and none of the rules of the core.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::verb::{Verb, Word};

/// Instances of the fleet, each with one run of every batch.
pub(crate) const INSTANCES: usize = 3;
/// Workers of the fleet.
pub(crate) const WORKERS: usize = 3;
/// Runs of one instance that may live at AMC at once.
pub(crate) const LIMIT: u32 = 2;
/// Seconds a worker is believed to live.
pub(crate) const LEASE: i64 = 20;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Pending,
    Submitting,
    Running,
    Collecting,
    Completed,
    Failed,
    Cancelled,
}

use Place::{Cancelled, Collecting, Completed, Failed, Pending, Running, Submitting};

impl Place {
    pub(crate) const ALL: [Self; 7] =
        [Pending, Submitting, Running, Collecting, Completed, Failed, Cancelled];

    fn is_end(self) -> bool {
        matches!(self, Completed | Failed | Cancelled)
    }
}

/// A run as it must be.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) place: Place,
    pub(crate) token: i64,
    pub(crate) attempt: i64,
    holder: Option<usize>,
    not_before: i64,
    is_cancelled: bool,
}

impl Run {
    fn new() -> Self {
        Self { place: Pending, token: 0, attempt: 1, holder: None, not_before: 0, is_cancelled: false }
    }

    fn hold(&mut self, worker: usize) {
        self.holder = Some(worker);
        self.token += 1;
    }

    fn go(&mut self, place: Place, not_before: i64) {
        (self.place, self.holder, self.not_before) = (place, None, not_before);
        self.token += 1;
    }

    /// Whether it has a place at AMC.
    fn has_slot(&self) -> bool {
        matches!(self.place, Submitting | Running)
    }
}

/// What a verb must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Nothing,
    /// Runs by number, each with its token.
    Taken(Vec<(usize, i64)>),
    Applied,
    Stale,
    Illegal,
}

/// The fleet.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// Seconds since the beginning.
    pub(crate) now: i64,
    /// When each worker counts as dead; `None` is retired.
    pub(crate) workers: [Option<i64>; WORKERS],
    /// The runs of the first batch by instance, then those of the second, …
    pub(crate) runs: Vec<Run>,
    /// Which batches somebody cancelled.
    pub(crate) cancelled: Vec<bool>,
    /// What the last verb must have answered.
    pub(crate) answer: Answer,
}

impl Model {
    pub(crate) fn runs_of(&self, batch: usize) -> &[Run] {
        &self.runs[batch * INSTANCES..(batch + 1) * INSTANCES]
    }

    /// The word for a batch, as the rule of the data model has it.
    pub(crate) fn status_of(&self, batch: usize) -> &'static str {
        let count =
            |wanted: &[Place]| self.runs_of(batch).iter().filter(|run| wanted.contains(&run.place)).count();
        let open = INSTANCES - count(&[Completed, Failed, Cancelled]);
        match () {
            () if count(&[Pending, Submitting]) == INSTANCES => "pending",
            () if open > 0 => "running",
            () if count(&[Completed]) == INSTANCES => "completed",
            () if self.cancelled[batch] && count(&[Cancelled]) > 0 => "cancelled",
            () if count(&[Completed]) > 0 => "partial",
            () => "failed",
        }
    }

    fn is_alive(&self, worker: usize) -> bool {
        self.workers[worker].is_some_and(|until| until > self.now)
    }

    fn submits(&mut self, worker: usize) -> Answer {
        let mut taken = Vec::new();
        for number in 0..self.runs.len() {
            let instance = number % INSTANCES;
            let living = self
                .runs
                .iter()
                .enumerate()
                .filter(|(other, run)| other % INSTANCES == instance && run.has_slot());
            let is_full = living.count() >= LIMIT as usize;
            let run = &mut self.runs[number];
            if run.place == Pending && run.not_before <= self.now && !is_full {
                run.hold(worker);
                (run.place, run.not_before) = (Submitting, self.now + Word::SUBMIT);
                taken.push((number, run.token));
            }
        }
        Answer::Taken(taken)
    }

    fn take(&mut self, worker: usize, place: Place) -> Answer {
        let mut taken = Vec::new();
        for number in 0..self.runs.len() {
            let holder = self.runs[number].holder;
            let is_free = holder.is_none_or(|holder| holder == worker || !self.is_alive(holder));
            let run = &mut self.runs[number];
            if run.place == place && run.not_before <= self.now && is_free {
                run.hold(worker);
                taken.push((number, run.token));
            }
        }
        Answer::Taken(taken)
    }

    fn cancel(&mut self, batch: usize) -> Answer {
        let runs = &mut self.runs[batch * INSTANCES..(batch + 1) * INSTANCES];
        self.cancelled[batch] |= runs.iter().any(|run| !run.place.is_end());
        for run in runs.iter_mut().filter(|run| matches!(run.place, Pending | Submitting | Running)) {
            run.is_cancelled = true;
            match run.place {
                Pending => run.go(Cancelled, 0),
                Running => run.token += 1,
                _ => {}
            }
        }
        Answer::Nothing
    }

    fn write(&mut self, number: usize, token: i64, word: Word) -> Answer {
        let (later, submit) = (self.now + Word::WAIT, self.now + Word::SUBMIT);
        let run = &mut self.runs[number];
        if run.token != token {
            return Answer::Stale;
        }
        match (word, run.place) {
            (Word::Resubmitting, Submitting) if !run.is_cancelled => run.not_before = submit,
            (Word::Submitted | Word::Adopted, Submitting) => run.go(Running, 0),
            (Word::Unresolved | Word::LookUpDelayed, Submitting) => run.go(Submitting, later),
            (Word::Returned, Submitting) | (Word::Retrying, Running) if run.is_cancelled => {
                run.go(Cancelled, 0)
            }
            (Word::Returned, Submitting) => run.go(Pending, later),
            (Word::Retrying, Running) => {
                run.attempt += 1;
                run.go(Pending, later);
            }
            (Word::Observed, Running) => {}
            (Word::Collecting, Running) => run.go(Collecting, 0),
            (Word::CollectDelayed, Collecting) => run.go(Collecting, later),
            (Word::Completed, Collecting) => run.go(Completed, 0),
            (Word::Failed, place) if !place.is_end() => run.go(Failed, 0),
            (Word::Cancelled, Submitting | Running) => run.go(Cancelled, 0),
            _ => return Answer::Illegal,
        }
        Answer::Applied
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Verb;

    fn init_state() -> BoxedStrategy<Self> {
        let workers = [Some(LEASE); WORKERS];
        Just(Self { now: 0, workers, runs: Vec::new(), cancelled: Vec::new(), answer: Answer::Nothing })
            .boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Verb> {
        let batches = state.cancelled.len();
        let always = prop_oneof![
            1 => Just(Verb::Batch),
            2 => (1..50_i64).prop_map(|seconds| Verb::Pass { seconds }),
            3 => (0..WORKERS).prop_map(|worker| Verb::Beat { worker }),
            1 => (0..WORKERS).prop_map(|worker| Verb::Retire { worker }),
            4 => (0..WORKERS).prop_map(|worker| Verb::Submits { worker }),
            4 => (0..WORKERS).prop_map(|worker| Verb::Lookups { worker }),
            4 => (0..WORKERS).prop_map(|worker| Verb::Collects { worker }),
        ];
        if batches == 0 {
            return always.boxed();
        }
        let tokens: Vec<i64> = state.runs.iter().map(|run| run.token).collect();
        // Mostly by whoever holds it, sometimes by who held it before.
        let write =
            (0..tokens.len(), prop_oneof![4 => Just(0), 1 => Just(1)], prop::sample::select(&Word::ALL[..]))
                .prop_map(move |(run, late, word)| Verb::Write { run, token: tokens[run] - late, word });
        prop_oneof![
            18 => always,
            24 => write,
            1 => (0..batches).prop_map(|batch| Verb::Cancel { batch }),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, verb: &Verb) -> bool {
        match verb {
            Verb::Batch => state.cancelled.len() < 4,
            Verb::Pass { .. } | Verb::Beat { .. } => true,
            Verb::Retire { worker } => state.workers[*worker].is_some(),
            Verb::Submits { worker } | Verb::Lookups { worker } | Verb::Collects { worker } => {
                state.is_alive(*worker)
            }
            Verb::Write { run, .. } => *run < state.runs.len(),
            Verb::Cancel { batch } => *batch < state.cancelled.len(),
        }
    }

    fn apply(mut state: Self, verb: &Verb) -> Self {
        state.answer = match *verb {
            Verb::Batch => {
                // A batch is younger than the last, so that their order is known.
                state.now += 1;
                state.runs.extend((0..INSTANCES).map(|_| Run::new()));
                state.cancelled.push(false);
                Answer::Nothing
            }
            Verb::Pass { seconds } => {
                state.now += seconds;
                Answer::Nothing
            }
            Verb::Beat { worker } => {
                state.workers[worker] = Some(state.now + LEASE);
                Answer::Nothing
            }
            Verb::Retire { worker } => {
                state.workers[worker] = None;
                Answer::Nothing
            }
            Verb::Submits { worker } => state.submits(worker),
            Verb::Lookups { worker } => state.take(worker, Submitting),
            Verb::Collects { worker } => state.take(worker, Collecting),
            Verb::Write { run, token, word } => state.write(run, token, word),
            Verb::Cancel { batch } => state.cancel(batch),
        };
        state
    }
}
