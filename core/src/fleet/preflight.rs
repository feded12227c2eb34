//! Checking first: AMC compiles a query before anything of a batch is written, once for each set of tables that its
//! instances have.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::Fleet;
use super::forecast::missing;
use super::selection::Selected;
use super::written::Written;
use crate::client::{AmcClient, AmcRun, RunRequest, RunStatus, Submission, Target};
use crate::engine::deny_if_out_of_reach;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BatchOptions, Instance, NewBatch, NewExecution, Scope, Zone};
use crate::results::Dialect;
use crate::sql;

/// How long a check takes at most, but for the call that is out then.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// How often a compilation that is not finished is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a compilation that AMC did not take is sent, and the longest wait between.
const SENDS: u32 = 3;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How many instances are asked at most, where some are out of reach.
const ASKED: usize = 3;

/// What is checked before a batch is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// AMC compiles the query on one instance of each set of tables that the instances have.
    #[default]
    First,
    /// Nothing but what is known here.
    None,
}

impl FromStr for Check {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "first" => Ok(Self::First),
            "none" => Ok(Self::None),
            _ => Err(Error::invalid("unknown_check", format!("check = '{word}' means nothing"))
                .hint("one of first, none")),
        }
    }
}

/// An execution and its instance, on which the query may be compiled.
type Candidate<'a> = (&'a NewExecution, &'a Instance);

/// What a compilation came to.
enum Verdict {
    Accepted,
    /// AMC did not say.
    Unanswered,
}

/// Refuses, or leaves out, instances that lack a table which the query reads and another instance has.
pub(super) fn capable(
    known: &[Instance],
    selected: Selected,
    sql: &str,
    leaves_out: bool,
) -> Result<Selected> {
    let mut without: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for lacking in missing(known, sql) {
        without.entry(lacking.instance_id).or_default().push(lacking.data_source);
    }
    let (lacking, able): (Vec<Instance>, Vec<Instance>) =
        selected.instances.iter().cloned().partition(|it| without.contains_key(&it.instance_id));
    if lacking.is_empty() {
        return Ok(selected);
    }
    if !leaves_out || able.is_empty() {
        return Err(incapable(&lacking, &without, sql));
    }
    let mut skipped = selected.skipped;
    skipped.extend(lacking.iter().map(|instance| crate::model::Skipped {
        instance_id: instance.instance_id.clone(),
        reason: format!("has no {}", without[&instance.instance_id].join(", ")),
    }));
    Ok(Selected { instances: able, skipped })
}

fn incapable(lacking: &[Instance], without: &BTreeMap<String, Vec<String>>, sql: &str) -> Error {
    let ids: Vec<&str> = lacking.iter().map(|instance| instance.instance_id.as_str()).collect();
    let table = ids.first().and_then(|id| without.get(*id)?.first().cloned()).unwrap_or_default();
    let more = if ids.len() > 1 { format!(" and {} more", ids.len() - 1) } else { String::new() };
    let message = format!("{}{more} cannot run the query: no {table} there", ids.first().unwrap_or(&""));
    let source = sql::sources(sql).into_iter().find(|source| source.name == table);
    let error = Error::invalid("data_source_missing", message)
        .instances(ids)
        .hint("leave them out, or say on_unavailable = skip; sync again where the table is new there");
    match source {
        Some(source) => error.at(source.position).shown_in(sql),
        None => error,
    }
}

impl Fleet {
    /// Lets AMC compile each distinct query once. A rejection is one error, with its place in the user's own text; what AMC
    /// does not answer in time is no reason to refuse.
    pub(super) async fn check(&self, batch: &NewBatch) -> Result<()> {
        let known = self.0.store.instances(&Scope::Owner(batch.owner_id.clone())).await?;
        let sets = distinct(batch, &known);
        let template =
            batch.options.template.as_deref().and_then(|hash| text(batch, hash)).unwrap_or_default();
        let until = self.0.surroundings.clock.now() + PATIENCE;
        let checks = sets.values().map(|alike| self.compile_somewhere(batch, alike, template, until));
        try_join_all(checks).await.map(drop)
    }

    /// Asks one of these instances, and the next where the first is out of reach: that is no fault of the query.
    async fn compile_somewhere(
        &self,
        batch: &NewBatch,
        alike: &[Candidate<'_>],
        template: &str,
        until: DateTime<Utc>,
    ) -> Result<()> {
        for (execution, instance) in alike.iter().take(ASKED) {
            let verdict = self.compile(batch, execution, instance, until).await;
            let verdict = verdict.map_err(|error| in_template(error, execution, &batch.options, template))?;
            if let Verdict::Accepted = verdict {
                return Ok(());
            }
            if self.is_over(until) {
                break;
            }
        }
        tracing::warn!(batch = batch.name, "AMC did not say whether the query is right; it runs unchecked");
        Ok(())
    }

    fn is_over(&self, until: DateTime<Utc>) -> bool {
        self.0.surroundings.clock.now() >= until
    }

    async fn compile(
        &self,
        batch: &NewBatch,
        execution: &NewExecution,
        instance: &Instance,
        until: DateTime<Utc>,
    ) -> Result<Verdict> {
        let client = self.client()?.as_ref();
        let request = request(execution, text(batch, &execution.sql_hash).unwrap_or_default().to_owned())?;
        let target = instance.target();
        match self.send(client, &target, &request, until).await {
            Submission::Submitted(run) => self.judged(client, &target, run, until).await,
            Submission::Unknown(_) => Ok(Verdict::Unanswered),
            Submission::Refused(error) if error.is_retryable() => Ok(Verdict::Unanswered),
            Submission::Refused(error) => {
                let now = self.0.surroundings.clock.now();
                deny_if_out_of_reach(self.0.store.as_ref(), client, (instance.id, &target), &error, now)
                    .await?;
                if error.kind() == ErrorKind::InvalidInput { Err(error) } else { Ok(Verdict::Unanswered) }
            }
        }
    }

    /// A compilation costs nothing: one that AMC did not take is sent again, as long as there is time.
    async fn send(
        &self,
        client: &dyn AmcClient,
        target: &Target,
        request: &RunRequest,
        until: DateTime<Utc>,
    ) -> Submission {
        let mut sent = 1;
        loop {
            match client.submit(target, request).await {
                Submission::Refused(error)
                    if error.is_retryable() && sent < SENDS && !self.is_over(until) =>
                {
                    let wait = error.retry_after().unwrap_or(LOOK_EVERY).min(LONGEST_WAIT);
                    self.0.surroundings.clock.sleep(wait).await;
                }
                answer => return answer,
            }
            sent += 1;
        }
    }

    async fn judged(
        &self,
        client: &dyn AmcClient,
        target: &Target,
        mut run: AmcRun,
        until: DateTime<Utc>,
    ) -> Result<Verdict> {
        loop {
            match run.status {
                RunStatus::Succeeded => return Ok(Verdict::Accepted),
                RunStatus::Rejected | RunStatus::Failed => return Err(rejected(&run, target)),
                RunStatus::Cancelled => return Ok(Verdict::Unanswered),
                _ if self.is_over(until) => return Ok(Verdict::Unanswered),
                _ => self.0.surroundings.clock.sleep(LOOK_EVERY).await,
            }
            match client.run(target, &run.execution_id).await {
                Ok(seen) => run = seen,
                Err(error) => tracing::debug!(%error, "a compilation could not be looked at"),
            }
        }
    }
}

/// The same as will be submitted, under an id that no run of ours is looked up by.
fn request(execution: &NewExecution, sql: String) -> Result<RunRequest> {
    let zone = execution.timezone.parse::<Zone>()?;
    Ok(RunRequest {
        workflow_id: format!("amc-fleet-check-{}", execution.id.public()),
        sql,
        input_parameters: execution.amc.input_parameters.clone(),
        parameter_values: execution.amc.parameter_values.clone(),
        window_start: zone.local(execution.window_start),
        window_end: zone.local(execution.window_end),
        time_zone: execution.timezone.clone(),
        timeout_seconds: execution.amc.timeout_seconds,
        require_synthetic_data: execution.amc.require_synthetic_data,
        dry_run: true,
        dialect: Dialect::default(),
        workflow_options: execution.amc.workflow_options.clone(),
        leave_by: None,
    })
}

fn text<'a>(batch: &'a NewBatch, hash: &str) -> Option<&'a str> {
    batch.sql.iter().find(|(known, _)| known == hash).map(|(_, text)| text.as_str())
}

/// The executions, each with its instance, by the set of tables that the instance has.
fn distinct<'a>(
    batch: &'a NewBatch,
    known: &'a [Instance],
) -> BTreeMap<(Vec<&'a str>, bool), Vec<Candidate<'a>>> {
    let mut sets: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let by_id: HashMap<_, _> = known.iter().map(|instance| (instance.id, instance)).collect();
    let placed = batch.executions.iter().filter_map(|it| Some((it, *by_id.get(&it.instance)?)));
    for (execution, instance) in placed {
        let listed = instance.data_sources.as_ref();
        let tables: Vec<&str> = listed.iter().flat_map(|it| &it.ids).map(String::as_str).collect();
        sets.entry((tables, instance.is_sandbox())).or_default().push((execution, instance));
    }
    sets
}

fn rejected(run: &AmcRun, target: &Target) -> Error {
    let words = run.status_reason.as_deref().unwrap_or("no reason is given");
    Error::new(ErrorKind::InvalidInput, "amc_rejected", format!("AMC rejects the query: {words}"))
        .raw(words)
        .request_id(run.request_id.clone())
        .instances([target.instance_id.as_str()])
        .hint("nothing was written or submitted; mend the query and run it again")
}

/// The error with its place in the query as the user wrote it.
fn in_template(error: Error, execution: &NewExecution, options: &BatchOptions, template: &str) -> Error {
    let named = error.raw_text().and_then(sql::place_named);
    let written = Written::new(template, &execution.parameters, options).ok();
    match named.zip(written).and_then(|(named, written)| written.origin(template, named)) {
        Some(origin) => error.at(origin).shown_in(template),
        None => error,
    }
}
