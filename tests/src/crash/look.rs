//! Looking at a fleet from outside, at its database and at AMC, while others work on it.

use std::sync::Arc;

use amc_fleet::model::{BatchId, Event, Execution, ExecutionStatus, PageRequest, Scope};
use amc_fleet::store::{BatchFilter, Migrate, PostgresStore, SqliteStore, Store};
use amc_fleet::{Database, Error};
use serde_json::Value;

use super::State;
use crate::database::Kept;
use crate::ids::signer;
use crate::process::EmulatorProcess;
use crate::witness::Witness;

/// Everything there is: batches of these tests are few.
const ALL: PageRequest = PageRequest { limit: 1000, offset: 0 };

/// A look at one fleet.
#[derive(Debug)]
pub(super) struct Look {
    store: Arc<dyn Store>,
    witness_url: String,
}

impl Look {
    pub(super) async fn at(kept: &Kept, emulator: &EmulatorProcess) -> Result<Self, Error> {
        let store: Arc<dyn Store> = match &kept.database {
            Database::Sqlite(path) => Arc::new(SqliteStore::open(path).await?),
            _ => Arc::new(PostgresStore::open(&kept.address(), Migrate::Never).await?),
        };
        Ok(Self { store, witness_url: format!("{}/_emulator/executions", emulator.url()) })
    }

    pub(super) async fn batches(&self) -> Result<Vec<BatchId>, Error> {
        let found = self.store.batches(&Scope::System, &BatchFilter::default(), ALL).await?;
        Ok(found.items.iter().map(|batch| batch.id).collect())
    }

    pub(super) async fn executions(&self) -> Result<Vec<Execution>, Error> {
        let mut found = Vec::new();
        for batch in self.batches().await? {
            found.extend(self.store.executions(&Scope::System, batch).await?);
        }
        Ok(found)
    }

    pub(super) async fn events(&self, batch: BatchId) -> Result<Vec<Event>, Error> {
        self.store.events(&Scope::System, batch, 0, u32::MAX >> 1).await
    }

    pub(super) async fn witness(&self) -> Result<Witness, reqwest::Error> {
        Ok(Witness::new(&reqwest::get(&self.witness_url).await?.json::<Value>().await?))
    }

    /// What workers are in the midst of, each by its process id: their executions, and what there is besides under no
    /// process at all. None where nobody can tell.
    pub(super) async fn states(&self) -> Option<Vec<(Option<u32>, State)>> {
        let executions = self.executions().await.ok()?;
        let witness = self.witness().await.ok()?;
        let held = |it: &Execution| Some((Some(signer(it.worker?.0)), state(it, &witness)?));
        let mut states: Vec<_> = executions.iter().filter_map(held).collect();
        let is_out = executions.iter().any(|it| it.status == ExecutionStatus::Running);
        states.push((None, if is_out { State::Running } else { State::Idle }));
        Some(states)
    }

    /// Everything about executions that did not complete, or have more than one run, for whoever has to find out why.
    pub(super) async fn tell(&self, witness: &Witness) -> Result<(), Error> {
        for execution in self.executions().await? {
            let runs = witness.under(execution.amc_workflow_id.as_deref().unwrap_or_default());
            if execution.status == ExecutionStatus::Completed && runs.len() < 2 {
                continue;
            }
            eprintln!("{} {} {:?} {:?}", execution.id, execution.status, execution.failure, execution.worker);
            runs.iter().for_each(|run| eprintln!("  at AMC: {run}"));
            for event in self.events(execution.batch).await? {
                if event.execution == Some(execution.id) {
                    eprintln!("  {} {} {}", event.at, event.kind, serde_json::Value::from(event.detail));
                }
            }
        }
        Ok(())
    }
}

fn state(execution: &Execution, witness: &Witness) -> Option<State> {
    match execution.status {
        ExecutionStatus::Submitting if witness.knows(execution.amc_workflow_id.as_deref()?) => {
            Some(State::SubmittingBeforeAnswer)
        }
        ExecutionStatus::Submitting => Some(State::SubmittingBeforeEffect),
        ExecutionStatus::Collecting => Some(State::Collecting),
        _ => None,
    }
}
