//! A round: batches, workers that are killed, a witness.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep, timeout};

use super::faults;
use super::judge::Verdict;
use super::look::Look;
use super::state::State;
use crate::database::{Kept, Kind};
use crate::process::{EmulatorProcess, Killed};

/// What these tools end with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How long a kill waits for a worker to be in the midst of what it aims at.
const AIM: Duration = Duration::from_secs(3);
/// How long everything may take after the last kill.
const PATIENCE: Duration = Duration::from_secs(180);
/// A clock is set forward by less than a lease outlasts the earliest look-up: nobody may believe a worker dead, and its
/// POST settled, while both are under way.
const JUMPS_MS: std::ops::RangeInclusive<i64> = -3000..=500;

const REMEMBER: &str = "DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database());
END $$";

/// How hard a round is.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Where the fleet is kept.
    pub store: Kind,
    /// Batches.
    pub batches: usize,
    /// Instances of each.
    pub instances: usize,
    /// Runs of an instance that may live at once.
    pub per_instance: usize,
    /// Workers that share the work.
    pub workers: usize,
    /// How many are killed; each is followed by another.
    pub kills: usize,
    /// A program that stops the PostgreSQL server the hard way and starts it again.
    pub restart: Option<PathBuf>,
}

/// What happened in a round.
#[derive(Debug, Default)]
pub struct Round {
    /// What the workers that were killed were in the midst of.
    pub kills: BTreeMap<State, usize>,
    /// How often the clock was set.
    pub jumps: usize,
    /// How often the server was stopped.
    pub stops: usize,
    /// What was counted at the end.
    pub verdict: Verdict,
}

impl Round {
    /// Runs one.
    ///
    /// # Errors
    /// When a process cannot be started or looked at; what becomes of the fleet is in the verdict.
    pub async fn run(terms: &Terms, seed: u64) -> Outcome<Self> {
        let mut scene = Scene::new(terms, seed).await?;
        let mut round = Self::default();
        for _ in 0..terms.workers {
            scene.start()?;
        }
        for _ in 0..terms.kills {
            round.disturb(&mut scene).await?;
            *round.kills.entry(scene.kill().await?).or_default() += 1;
            scene.start()?;
        }
        let ended = scene.all_ended().await;
        let witness = scene.look.witness().await?;
        round.verdict =
            Verdict::of(&scene.look, &witness, terms.batches * terms.instances, terms.per_instance).await?;
        if !ended || !round.verdict.is_clean() {
            eprintln!("seed {seed}: ended {ended}, {:?}", round.verdict);
            scene.look.tell(&witness).await?;
        }
        Ok(round)
    }

    async fn disturb(&mut self, scene: &mut Scene<'_>) -> Outcome {
        if scene.die.random_bool(0.3) {
            self.jumps += 1;
            scene.set_clock()?;
        }
        if scene.terms.restart.is_some() && scene.die.random_bool(0.2) {
            self.stops += 1;
            scene.restart_server().await?;
        }
        Ok(())
    }
}

struct Scene<'t> {
    terms: &'t Terms,
    die: StdRng,
    look: Look,
    workers: Vec<Killed>,
    offset: i64,
    emulator: EmulatorProcess,
    kept: Kept,
}

impl<'t> Scene<'t> {
    async fn new(terms: &'t Terms, seed: u64) -> Outcome<Self> {
        let kept = Kept::new(terms.store).await;
        if terms.store == Kind::Postgres {
            // The tests' server forgets its last moments when it is stopped the hard way; nobody's own may.
            kept.run(REMEMBER).await;
        }
        let (instances, seeded) = (terms.instances.to_string(), seed.to_string());
        let emulator = EmulatorProcess::start(&[
            "--instances",
            &instances,
            "--rows",
            "20",
            "--latency-ms",
            "300",
            "--seed",
            &seeded,
        ])?;
        for fault in faults::plan(seed) {
            let url = format!("{}/_emulator/faults", emulator.url());
            reqwest::Client::new().post(url).json(&fault).send().await?.error_for_status()?;
        }
        let look = Look::at(&kept, &emulator).await?;
        Ok(Self {
            terms,
            die: StdRng::seed_from_u64(seed),
            look,
            workers: Vec::new(),
            offset: 0,
            emulator,
            kept,
        })
    }

    fn clock(&self) -> PathBuf {
        self.kept.folder.path().join("clock")
    }

    fn start(&mut self) -> Outcome {
        let more = [
            ("--batches", self.terms.batches.to_string()),
            ("--per-instance", self.terms.per_instance.to_string()),
            ("--clock", self.clock().display().to_string()),
        ];
        let more: Vec<String> = more.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect();
        self.workers.push(self.emulator.worker(&self.kept.address(), "crash", &more)?);
        Ok(())
    }

    /// Kills a worker in the midst of what it aims at, or of whatever one has come to when the time to aim is over.
    async fn kill(&mut self) -> Outcome<State> {
        let aim = State::AIMS[self.die.random_range(0..State::AIMS.len())];
        sleep(Duration::from_millis(self.die.random_range(20..400))).await;
        let until = Instant::now() + AIM;
        let mut victim = self.die.random_range(0..self.workers.len());
        while let Some(aim) = aim
            && Instant::now() < until
        {
            if let Some(found) = self.who_is(aim).await {
                victim = found;
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
        let mut killed = self.workers.swap_remove(victim);
        killed.kill()?;
        let left = self.left_by(killed.id()).await;
        Ok(aim.filter(|aim| left.contains(aim)).or_else(|| left.iter().min().copied()).unwrap_or(State::Idle))
    }

    /// A worker that is in the midst of something.
    async fn who_is(&self, state: State) -> Option<usize> {
        let states = self.look.states().await?;
        let process = states.iter().find(|(process, found)| process.is_some() && *found == state)?.0;
        self.workers.iter().position(|worker| Some(worker.id()) == process)
    }

    /// What a dead worker left, once somebody can tell.
    async fn left_by(&self, process: u32) -> Vec<State> {
        loop {
            if let Some(states) = self.look.states().await {
                let own = states.into_iter().filter(|(of, _)| of.is_none_or(|of| of == process));
                return own.map(|(_, state)| state).collect();
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn set_clock(&mut self) -> Outcome {
        self.offset += self.die.random_range(JUMPS_MS);
        let beside = self.clock().with_extension("new");
        std::fs::write(&beside, self.offset.to_string())?;
        Ok(std::fs::rename(beside, self.clock())?)
    }

    async fn restart_server(&self) -> Outcome {
        let Some(program) = &self.terms.restart else { return Ok(()) };
        let status = tokio::process::Command::new(program).status().await?;
        if status.success() { Ok(()) } else { Err("the PostgreSQL server did not start again".into()) }
    }

    async fn all_ended(&mut self) -> bool {
        let workers = &mut self.workers;
        let ending = async {
            for worker in workers {
                while !matches!(worker.ended(), Ok(Some(_))) {
                    sleep(Duration::from_millis(20)).await;
                }
            }
        };
        timeout(PATIENCE, ending).await.is_ok()
    }
}
