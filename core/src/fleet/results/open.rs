//! The merged result of a batch.

use std::str::FromStr;
use std::sync::Arc;

use super::piece::{Piece, Stored};
use super::summary::{InstanceResult, ResultSummary};
use super::{Home, Query, Results};
use crate::error::{Error, ErrorKind, Result};
use crate::fleet::{BatchReport, ExecutionReport};
use crate::model::window::Readiness;
use crate::model::{Execution, ExecutionStatus};
use crate::results::store::{Manifest, ResultStore};
use crate::results::{MergeOptions, Origin, Verdict};
use crate::scheduler::{days, is_provisional};

/// What to do about executions without a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// Refuse, naming them.
    #[default]
    Raise,
    /// Give what there is, and say what is missing in every export.
    Include,
}

impl FromStr for Missing {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "raise" => Ok(Self::Raise),
            "include" => Ok(Self::Include),
            _ => Err(Error::invalid("unknown_missing", format!("missing = '{word}' means nothing"))
                .hint("one of raise, include")),
        }
    }
}

/// What is asked of the results of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResultsOptions {
    /// What to do about executions without a result.
    pub missing: Missing,
    /// How results are merged.
    pub merge: MergeOptions,
}

impl From<Missing> for ResultsOptions {
    fn from(missing: Missing) -> Self {
        Self { missing, ..Self::default() }
    }
}

impl Results {
    pub(in crate::fleet) async fn open(
        report: BatchReport,
        executions: Vec<Execution>,
        query: Query,
        options: ResultsOptions,
        home: Home,
    ) -> Result<Self> {
        let (pieces, lacking) = pieces(executions, &home.store).await?;
        let lacking: Vec<String> = lacking.into_iter().map(|execution| execution.instance_id).collect();
        if options.missing == Missing::Raise && !lacking.is_empty() {
            return Err(incomplete(&report, pieces.len(), lacking));
        }
        let summary = summary(&report, &pieces, lacking);
        let merged = Self::merged(pieces, summary, query, &options.merge)?;
        Ok(Self { home: Some(Arc::new(home)), ..merged })
    }
}

/// The results that are there, and the executions that have none.
pub(super) async fn pieces(
    executions: Vec<Execution>,
    store: &Arc<dyn ResultStore>,
) -> Result<(Vec<Piece>, Vec<Execution>)> {
    let (mut pieces, mut lacking) = (Vec::new(), Vec::new());
    for execution in executions {
        match manifest(&execution, store.as_ref()).await? {
            Some(manifest) => pieces.push(piece(execution, manifest, store)?),
            None => lacking.push(execution),
        }
    }
    Ok((pieces, lacking))
}

async fn manifest(execution: &Execution, store: &dyn ResultStore) -> Result<Option<Manifest>> {
    if execution.status != ExecutionStatus::Completed {
        return Ok(None);
    }
    store.manifest(execution.id).await
}

/// The window of an execution in days of its own zone: the first, and the one after the last.
pub(super) fn segment(execution: &Execution) -> Result<String> {
    days(execution).map(|(first, after)| format!("{first}/{after}"))
}

fn piece(execution: Execution, manifest: Manifest, store: &Arc<dyn ResultStore>) -> Result<Piece> {
    let (segment, is_provisional) = (segment(&execution)?, is_provisional(&execution));
    let (segment_start, segment_end) = (execution.window_start, execution.window_end);
    let instance = instance(execution, &manifest);
    let origin = Origin {
        instance_id: instance.instance_id.clone(),
        instance_name: instance.instance_name.clone(),
        region: instance.region.clone(),
        segment,
        execution_id: instance.execution_id.clone(),
        segment_start,
        segment_end,
        is_provisional,
    };
    let source = Arc::new(Stored { store: Arc::clone(store), manifest });
    Ok(Piece { instance, origin: Some(origin), source })
}

fn instance(execution: Execution, manifest: &Manifest) -> InstanceResult {
    let Manifest { row_count, marked_rows, completed_at, .. } = *manifest;
    let may_lack_events = Readiness::default().may_lack_events(execution.window_end, completed_at);
    let report = ExecutionReport::from(execution);
    InstanceResult {
        instance_id: report.instance_id,
        instance_name: report.instance_name,
        region: report.region,
        execution_id: report.execution_id,
        amc_execution_id: report.amc_execution_id,
        row_count,
        verdict: Verdict::new(row_count, marked_rows, may_lack_events),
        marked_rows,
        duration_seconds: report.duration_seconds,
        reuse_of: report.reuse_of,
        age_seconds: report.age_seconds,
        completed_at,
    }
}

fn summary(report: &BatchReport, pieces: &[Piece], missing: Vec<String>) -> ResultSummary {
    let skipped = report.skipped.iter().map(|skipped| skipped.instance_id.clone());
    let missing: Vec<String> = missing.into_iter().chain(skipped).collect();
    ResultSummary {
        batch_id: report.batch_id.clone(),
        name: report.name.clone(),
        complete: format!("{} of {}", pieces.len(), pieces.len() + missing.len()),
        missing,
        total_rows: pieces.iter().map(|piece| piece.instance.row_count).sum(),
        window: report.window_label.clone(),
        instances: pieces.iter().map(|piece| piece.instance.clone()).collect(),
        widenings: Vec::new(),
        notes: Vec::new(),
    }
}

fn incomplete(report: &BatchReport, present: usize, missing: Vec<String>) -> Error {
    let total = present + missing.len();
    let message = format!("{} has results of {present} of {total} instances", report.batch_id);
    let hint = if report.status.is_terminal() {
        "say missing = include to take what there is, or run the missing ones again"
    } else {
        "wait for the batch, or say missing = include to take what there is"
    };
    Error::new(ErrorKind::Incomplete, "results_incomplete", message).instances(missing).hint(hint)
}
