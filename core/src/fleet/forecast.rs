//! Looking before the jump: what a batch would come to. AMC hears nothing of it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::plan::Plan;
use super::selection::select;
use super::{BatchSpec, Fleet};
use crate::error::Result;
use crate::insight::{Band, Estimator, Outstanding};
use crate::model::{Instance, InstanceUuid, Limits, NewBatch, NewExecution, Skipped};
use crate::sql;
use crate::store::{EarlierRuns, Likeness};

/// How many of the newest like runs tell how long the next take.
const HISTORY: u32 = 500;
/// Fewer than this say nothing.
const FEWEST: usize = 5;
/// Overlaps and tables that are missing shown in words.
const SHOWN: usize = 5;

/// What a batch would come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanReport {
    /// The batch's name.
    pub name: String,
    /// How many runs it takes, one an instance.
    pub runs: usize,
    /// How many of them may be at AMC at once.
    pub slots: usize,
    /// The window in words.
    pub window_label: String,
    /// What would be left out.
    pub skipped: Vec<Skipped>,
    /// Each run.
    pub instances: Vec<PlannedRun>,
    /// The tables that the query reads.
    pub data_sources: Vec<String>,
    /// How long the whole takes, estimated from earlier runs; none where there were too few.
    pub expected_hours: Option<Hours>,
    /// How long all runs take together, one after another.
    pub slot_hours: Option<Hours>,
    /// Earlier runs that read the same days of the same tables of an instance. AMC may reject a query for what those have
    /// told already.
    pub overlaps: Vec<Overlap>,
    /// Tables that an instance does not have and another has.
    pub missing_data_sources: Vec<MissingDataSource>,
}

/// A run of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedRun {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The instance's name.
    pub instance_name: String,
    /// The region of its account.
    pub region: String,
    /// The first instant of its window.
    pub window_start: DateTime<Utc>,
    /// The first instant after its window.
    pub window_end: DateTime<Utc>,
    /// The values of its parameters.
    pub parameters: Map<String, Value>,
}

/// An estimate in hours: with a probability of about 80 % the truth lies between.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hours {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Of how many earlier runs it is drawn.
    pub from_runs: usize,
}

impl From<Band> for Hours {
    fn from(band: Band) -> Self {
        Self { low: band.low_seconds / 3600.0, high: band.high_seconds / 3600.0, from_runs: band.runs }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { low, high, from_runs: runs } = *self;
        Band { low_seconds: low * 3600.0, high_seconds: high * 3600.0, runs }.fmt(f)
    }
}

/// Earlier runs that read the same days of a table of an instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The table.
    pub data_source: String,
    /// How many runs.
    pub runs: u64,
    /// The first instant that one of them read.
    pub window_start: DateTime<Utc>,
    /// The first instant after all that they read.
    pub window_end: DateTime<Utc>,
}

/// A table that an instance does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingDataSource {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// The table.
    pub data_source: String,
}

impl Fleet {
    /// Says what a batch would come to: its runs, the slots they take, how long it takes by what earlier runs took, and
    /// which earlier runs read the same. Nothing is written and AMC hears nothing.
    ///
    /// # Errors
    /// What [`run_batch`](Self::run_batch) refuses before it asks AMC.
    pub async fn plan(&self, spec: BatchSpec) -> Result<PlanReport> {
        let query = self.query(&spec).await?;
        let plan = Plan::new(spec, query)?;
        let known = self.0.store.instances(&self.scope()).await?;
        let tables = plan.tables();
        let missing_data_sources = missing(&known, plan.sql());
        let selected = select(known, plan.instances(), plan.on_unavailable())?;
        let instances = selected.instances.clone();
        let now = self.0.surroundings.clock.now();
        let batch = plan.batch(selected, &self.0.owner, None, self.0.surroundings.ids.as_ref(), now)?;
        let estimator = self.estimator(&batch, &instances).await?;
        let waiting: Vec<Outstanding> = batch.executions.iter().map(outstanding).collect();
        let overlaps = self.overlaps(&batch, &tables).await?;
        let runs = planned(&batch, &instances);
        let is_planned = |id: &String| runs.iter().any(|run| run.instance_id == *id);
        Ok(PlanReport {
            runs: batch.executions.len(),
            slots: slots(&instances, self.0.engine.limits),
            window_label: batch.options.window_label,
            name: batch.name,
            skipped: batch.skipped,
            data_sources: tables,
            expected_hours: estimator.remaining(&waiting).map(Hours::from),
            slot_hours: estimator.total(&waiting).map(Hours::from),
            overlaps,
            missing_data_sources: missing_data_sources
                .into_iter()
                .filter(|missing| is_planned(&missing.instance_id))
                .collect(),
            instances: runs,
        })
    }

    /// What like runs took: those of the same query if there are enough, else of the workflow, else of the owner.
    async fn estimator(&self, batch: &NewBatch, instances: &[Instance]) -> Result<Estimator> {
        let sql_hash = batch.executions.first().map(|execution| execution.sql_hash.clone());
        let same = Likeness { sql_hash, workflow: None };
        let history = self.history([same, Likeness { workflow: batch.workflow, sql_hash: None }]).await?;
        let limits = self.0.engine.limits;
        Ok(Estimator::new(history, slots(instances, limits), places(limits.per_instance)))
    }

    pub(super) async fn history(&self, likenesses: [Likeness; 2]) -> Result<Vec<f64>> {
        for likeness in likenesses.into_iter().filter(|it| *it != Likeness::default()) {
            let durations = self.0.store.durations(&self.scope(), &likeness, HISTORY).await?;
            if durations.len() >= FEWEST {
                return Ok(durations);
            }
        }
        self.0.store.durations(&self.scope(), &Likeness::default(), HISTORY).await
    }

    async fn overlaps(&self, batch: &NewBatch, tables: &[String]) -> Result<Vec<Overlap>> {
        let Some((from, until)) = batch.options.window_start.zip(batch.options.window_end) else {
            return Ok(Vec::new());
        };
        let earlier = self.0.store.earlier_runs(&self.scope(), from, until).await?;
        let mut found: BTreeMap<(&str, &String), Overlap> = BTreeMap::new();
        for (execution, runs) in together(batch, &earlier) {
            let read = sql::sources(&runs.sql);
            for table in tables.iter().filter(|table| read.iter().any(|source| source.name == **table)) {
                let entry = found.entry((execution.instance_id.as_str(), table));
                let overlap = entry.or_insert_with(|| Overlap::none(execution, table));
                overlap.add(runs);
            }
        }
        Ok(found.into_values().collect())
    }
}

impl Overlap {
    fn none(execution: &NewExecution, table: &str) -> Self {
        Self {
            instance_id: execution.instance_id.clone(),
            data_source: table.to_owned(),
            runs: 0,
            window_start: DateTime::<Utc>::MAX_UTC,
            window_end: DateTime::<Utc>::MIN_UTC,
        }
    }

    fn add(&mut self, earlier: &EarlierRuns) {
        self.runs += earlier.runs;
        self.window_start = self.window_start.min(earlier.window_start);
        self.window_end = self.window_end.max(earlier.window_end);
    }
}

/// Each run with the earlier ones of its instance that have an instant in common with its own window.
fn together<'a>(
    batch: &'a NewBatch,
    earlier: &'a [EarlierRuns],
) -> impl Iterator<Item = (&'a NewExecution, &'a EarlierRuns)> {
    let by_instance: BTreeMap<InstanceUuid, &NewExecution> =
        batch.executions.iter().map(|execution| (execution.instance, execution)).collect();
    earlier.iter().filter_map(move |runs| {
        let execution = by_instance.get(&runs.instance)?;
        let meets = runs.window_start < execution.window_end && runs.window_end > execution.window_start;
        meets.then_some((*execution, runs))
    })
}

/// The tables of a query that an instance lacks and another has. One that none has is AMC's to speak about: a list of
/// tables may lack some that can be read.
pub(super) fn missing(known: &[Instance], sql: &str) -> Vec<MissingDataSource> {
    let has = |instance: &Instance, table: &str| {
        let listed = instance.data_sources.as_ref().filter(|listed| !listed.ids.is_empty());
        listed.map(|listed| listed.ids.iter().any(|id| bare(id).eq_ignore_ascii_case(table)))
    };
    let mut missing = Vec::new();
    for source in sql::sources(sql) {
        if !known.iter().any(|instance| has(instance, &source.name) == Some(true)) {
            continue;
        }
        let without = known.iter().filter(|instance| has(instance, &source.name) == Some(false));
        missing.extend(without.map(|instance| MissingDataSource {
            instance_id: instance.instance_id.clone(),
            data_source: source.name.clone(),
        }));
    }
    missing
}

/// AMC puts a schema before the name of some tables: `sandbox.dsp_clicks`.
fn bare(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(_, bare)| bare)
}

fn planned(batch: &NewBatch, instances: &[Instance]) -> Vec<PlannedRun> {
    let run = |(execution, instance): (&NewExecution, &Instance)| PlannedRun {
        instance_id: execution.instance_id.clone(),
        instance_name: instance.name.clone(),
        region: instance.account.region.clone(),
        window_start: execution.window_start,
        window_end: execution.window_end,
        parameters: execution.parameters.clone(),
    };
    batch.executions.iter().zip(instances).map(run).collect()
}

fn outstanding(execution: &NewExecution) -> Outstanding {
    Outstanding { instance: execution.instance.0.as_u128(), age: None }
}

/// How many runs on these instances, one each, may be at AMC at once.
pub(super) fn slots(instances: &[Instance], limits: Limits) -> usize {
    let mut by_account: BTreeMap<_, usize> = BTreeMap::new();
    for instance in instances {
        *by_account.entry(instance.account.id.0).or_default() += 1;
    }
    by_account.into_values().map(|runs| runs.min(places(limits.per_account))).sum()
}

pub(super) fn places(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl fmt::Display for PlanReport {
    /// A few lines, as a person wants them before they say yes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = plural(self.runs, "run", "runs");
        writeln!(f, "'{}': {of} · {} · {} at once", self.name, self.window_label, self.slots)?;
        match (&self.expected_hours, &self.slot_hours) {
            (Some(whole), Some(all)) => {
                writeln!(
                    f,
                    "expected: {whole} ({all} of AMC's time), estimated from {} earlier runs",
                    whole.from_runs
                )?;
            }
            _ => writeln!(f, "expected: unknown, too few earlier runs")?,
        }
        if !self.data_sources.is_empty() {
            writeln!(f, "reads: {}", self.data_sources.join(", "))?;
        }
        for skipped in &self.skipped {
            writeln!(f, "left out: {} {}", skipped.instance_id, skipped.reason)?;
        }
        self.write_warnings(f)
    }
}

impl PlanReport {
    fn write_warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for missing in self.missing_data_sources.iter().take(SHOWN) {
            writeln!(f, "missing: {} has no {}", missing.instance_id, missing.data_source)?;
        }
        for overlap in self.overlaps.iter().take(SHOWN) {
            let Overlap { instance_id, data_source, runs, .. } = overlap;
            let runs = plural(usize::try_from(*runs).unwrap_or(usize::MAX), "earlier run", "earlier runs");
            writeln!(f, "overlap: {runs} read the same days of {data_source} of {instance_id}")?;
        }
        match self.overlaps.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "overlap: and {more} more"),
        }
    }
}

fn plural(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
