//! The merged result of a batch: streamed, typed, and honest about what it lacks.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, TryStreamExt};
use serde::Serialize;
use tokio::io::AsyncWriteExt;

use super::ahead::read_ahead;
use super::report::grouped;
use super::{BatchReport, ExecutionReport};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Execution, ExecutionStatus};
use crate::results::store::{Manifest, ResultStore};
use crate::results::{MergePlan, Widening, export};

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

/// The part of one instance in a merged result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InstanceResult {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Its name.
    pub instance_name: String,
    /// The region of its account.
    pub region: String,
    /// Our id of the execution.
    pub execution_id: String,
    /// AMC's id of the run.
    pub amc_execution_id: Option<String>,
    /// Its rows.
    pub row_count: u64,
    /// Seconds from its first submit to its end.
    pub duration_seconds: Option<f64>,
    /// When its rows were complete.
    pub completed_at: DateTime<Utc>,
}

/// What a merged result is made of and what it lacks: goes with every export.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultSummary {
    /// The batch.
    pub batch_id: String,
    /// Its name.
    pub name: String,
    /// "118 of 120": instances with rows here, of all that were run.
    pub complete: String,
    /// Instances without a result, by AMC id.
    pub missing: Vec<String>,
    /// Rows in all.
    pub total_rows: u64,
    /// The window in words.
    pub window: String,
    /// The instances with a result.
    pub instances: Vec<InstanceResult>,
    /// Columns whose type differed between instances.
    pub widenings: Vec<Widening>,
}

impl fmt::Display for ResultSummary {
    /// One line, as a person wants it: what, how much, of how many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { batch_id, name, complete, window, .. } = self;
        let rows = grouped(i64::try_from(self.total_rows).unwrap_or(i64::MAX));
        write!(f, "{batch_id} '{name}': {rows} rows, {complete} instances · {window}")
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The file.
    pub path: PathBuf,
    /// The file beside it that says what it is made of.
    pub manifest_path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// A merged result. Rows are read from the result store when they are asked for, a batch at a time.
#[derive(Debug, Clone)]
pub struct Results {
    plan: Arc<MergePlan>,
    pieces: Arc<Vec<Piece>>,
    store: Arc<dyn ResultStore>,
    summary: Arc<ResultSummary>,
}

#[derive(Debug)]
struct Piece {
    instance: InstanceResult,
    manifest: Manifest,
}

impl Results {
    pub(super) async fn open(
        report: BatchReport,
        executions: Vec<Execution>,
        missing: Missing,
        store: &Arc<dyn ResultStore>,
    ) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut lacking = Vec::new();
        for execution in executions {
            match manifest(&execution, store.as_ref()).await? {
                Some(manifest) => pieces.push(Piece { instance: instance(execution, &manifest), manifest }),
                None => lacking.push(execution.instance_id),
            }
        }
        if missing == Missing::Raise && !lacking.is_empty() {
            return Err(incomplete(&report, pieces.len(), lacking));
        }
        let schemas = pieces.iter().map(|it| (it.instance.instance_id.as_str(), it.manifest.schema.as_ref()));
        let plan = MergePlan::new(schemas)?;
        let summary = summary(&report, &pieces, lacking, plan.widenings());
        Ok(Self {
            plan: Arc::new(plan),
            pieces: Arc::new(pieces),
            store: Arc::clone(store),
            summary: Arc::new(summary),
        })
    }

    /// The columns: `_instance_id`, `_instance_name`, then the query's own.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.plan.schema()
    }

    /// What it is made of and what it lacks.
    #[must_use]
    pub fn summary(&self) -> &ResultSummary {
        &self.summary
    }

    /// Rows in all.
    #[must_use]
    pub fn total_rows(&self) -> u64 {
        self.summary.total_rows
    }

    /// Every row, instance by instance, a bounded batch at a time. A fresh stream each time.
    ///
    /// It is read by a task of the runtime that first polls it, a little ahead of what is asked for.
    pub fn stream(&self) -> impl Stream<Item = Result<RecordBatch>> + Send + 'static {
        let this = self.clone();
        let pieces = futures::stream::iter(0..self.pieces.len());
        read_ahead(pieces.then(move |piece| this.clone().piece(piece)).try_flatten())
    }

    async fn piece(self, number: usize) -> Result<impl Stream<Item = Result<RecordBatch>> + Send + 'static> {
        let execution = self.pieces[number].manifest.execution;
        let rows = self.store.rows(execution).await?;
        Ok(rows.map(move |batch| {
            let instance = &self.pieces[number].instance;
            self.plan.conform(&batch?, &instance.instance_id, &instance.instance_name)
        }))
    }

    /// The first rows, at most `rows` of them.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn head(&self, rows: usize) -> Result<Vec<RecordBatch>> {
        self.page(0, rows).await
    }

    /// A page of the rows: at most `rows` of them after the first `offset`.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn page(&self, offset: usize, rows: usize) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        let (mut over, mut left) = (offset, rows);
        let mut stream = std::pin::pin!(self.stream());
        while left > 0 {
            let Some(batch) = stream.try_next().await? else { break };
            let passed = over.min(batch.num_rows());
            over -= passed;
            let taken = batch.slice(passed, left.min(batch.num_rows() - passed));
            left -= taken.num_rows();
            if taken.num_rows() > 0 {
                batches.push(taken);
            }
        }
        Ok(batches)
    }

    /// The first rows as a table for people.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn table(&self, rows: usize) -> Result<String> {
        export::table(&self.schema(), &self.head(rows).await?, rows)
    }

    /// Writes every row as CSV (RFC 4180), and beside it a manifest that says what the file is made of and lacks.
    ///
    /// The file appears when it is complete, or not at all.
    ///
    /// # Errors
    /// `Unavailable` (`file_not_writable`) when the file cannot be written.
    pub async fn write_csv(&self, path: impl AsRef<Path>) -> Result<Export> {
        let path = path.as_ref();
        let unfinished = beside(path, "part");
        let written = self.write_rows(&unfinished).await;
        let (rows, bytes) = match written {
            Ok(written) => written,
            Err(error) => {
                // Best effort: the error that matters is the first one.
                let _ = tokio::fs::remove_file(&unfinished).await;
                return Err(error);
            }
        };
        tokio::fs::rename(&unfinished, path).await.map_err(|error| unwritable(path, error))?;
        let manifest_path = beside(path, "manifest.json");
        let manifest = serde_json::to_vec_pretty(self.summary.as_ref())
            .map_err(|error| Error::unexpected("the summary cannot be written").caused_by(error))?;
        tokio::fs::write(&manifest_path, manifest)
            .await
            .map_err(|error| unwritable(&manifest_path, error))?;
        Ok(Export { path: path.to_path_buf(), manifest_path, rows, bytes })
    }

    async fn write_rows(&self, path: &Path) -> Result<(u64, u64)> {
        let fail = |error| unwritable(path, error);
        let mut file = tokio::io::BufWriter::new(tokio::fs::File::create(path).await.map_err(fail)?);
        let mut encoder = export::CsvEncoder::new(&self.schema());
        let (mut rows, mut bytes) = (0, 0);
        let mut stream = std::pin::pin!(self.stream());
        while let Some(batch) = stream.try_next().await? {
            let text = encoder.encode(&batch)?;
            file.write_all(&text).await.map_err(fail)?;
            rows += u64::try_from(batch.num_rows()).unwrap_or_default();
            bytes += u64::try_from(text.len()).unwrap_or_default();
        }
        let rest = encoder.finish();
        file.write_all(&rest).await.map_err(fail)?;
        file.flush().await.map_err(fail)?;
        Ok((rows, bytes + u64::try_from(rest.len()).unwrap_or_default()))
    }
}

async fn manifest(execution: &Execution, store: &dyn ResultStore) -> Result<Option<Manifest>> {
    if execution.status != ExecutionStatus::Completed {
        return Ok(None);
    }
    store.manifest(execution.id).await
}

fn instance(execution: Execution, manifest: &Manifest) -> InstanceResult {
    let report = ExecutionReport::from(execution);
    InstanceResult {
        instance_id: report.instance_id,
        instance_name: report.instance_name,
        region: report.region,
        execution_id: report.execution_id,
        amc_execution_id: report.amc_execution_id,
        row_count: manifest.row_count,
        duration_seconds: report.duration_seconds,
        completed_at: manifest.completed_at,
    }
}

fn summary(
    report: &BatchReport,
    pieces: &[Piece],
    missing: Vec<String>,
    widenings: &[Widening],
) -> ResultSummary {
    let skipped = report.skipped.iter().map(|skipped| skipped.instance_id.clone());
    let missing: Vec<String> = missing.into_iter().chain(skipped).collect();
    ResultSummary {
        batch_id: report.batch_id.clone(),
        name: report.name.clone(),
        complete: format!("{} of {}", pieces.len(), pieces.len() + missing.len()),
        missing,
        total_rows: pieces.iter().map(|piece| piece.manifest.row_count).sum(),
        window: report.window_label.clone(),
        instances: pieces.iter().map(|piece| piece.instance.clone()).collect(),
        widenings: widenings.to_vec(),
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

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "file_not_writable", format!("{} cannot be written", path.display()))
        .hint("check that its folder exists and that this user may write there")
        .caused_by(error)
}
