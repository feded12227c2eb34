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
        let (mut pieces, mut lacking) = (Vec::new(), Vec::new());
        for execution in executions {
            match manifest(&execution, home.store.as_ref()).await? {
                Some(manifest) => pieces.push(piece(execution, manifest, &home.store)),
                None => lacking.push(execution.instance_id),
            }
        }
        if options.missing == Missing::Raise && !lacking.is_empty() {
            return Err(incomplete(&report, pieces.len(), lacking));
        }
        let summary = summary(&report, &pieces, lacking);
        let merged = Self::merged(pieces, summary, query, &options.merge)?;
        Ok(Self { home: Some(Arc::new(home)), ..merged })
    }
}

async fn manifest(execution: &Execution, store: &dyn ResultStore) -> Result<Option<Manifest>> {
    if execution.status != ExecutionStatus::Completed {
        return Ok(None);
    }
    store.manifest(execution.id).await
}

fn piece(execution: Execution, manifest: Manifest, store: &Arc<dyn ResultStore>) -> Piece {
    let [first, end] = [execution.window_start, execution.window_end].map(|at| at.date_naive());
    let instance = instance(execution, &manifest);
    let origin = Origin {
        instance_id: instance.instance_id.clone(),
        instance_name: instance.instance_name.clone(),
        region: instance.region.clone(),
        segment: format!("{first}/{end}"),
        execution_id: instance.execution_id.clone(),
    };
    Piece { instance, origin: Some(origin), source: Arc::new(Stored { store: Arc::clone(store), manifest }) }
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
