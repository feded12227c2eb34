//! A folder of CSV files, one an instance, as a merged result.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::{TryStreamExt, stream};

use super::file::ResultFile;
use super::piece::Piece;
use super::summary::{InstanceResult, ResultSummary};
use super::{Query, Results, unreadable};
use crate::error::{Error, Result};
use crate::fleet::in_order::{aside, in_order};
use crate::results::{Dialect, MergeOptions, Origin, Verdict};

/// How the files of a folder are read.
#[derive(Debug, Clone, Copy)]
pub struct FolderOptions {
    /// Their dialect; RFC 4180 unless said otherwise. Files that AMC wrote by default are read by
    /// [`Dialect::default`].
    pub dialect: Dialect,
    /// How they are merged; without names, which files do not have, unless said otherwise.
    pub merge: MergeOptions,
}

impl Default for FolderOptions {
    fn default() -> Self {
        let merge = MergeOptions { instance_name: false, ..MergeOptions::default() };
        Self { dialect: Dialect::RFC_4180, merge }
    }
}

impl Results {
    /// Reads a folder of CSV files as one result: a file is what an instance returned, named `<instance id>.csv`.
    ///
    /// Types are guessed, over all files together, so that every value is held exactly. Files are looked at once here,
    /// and read again, in stretches, when rows are asked for.
    ///
    /// # Errors
    /// `Unavailable` (`file_not_readable`), `result_unreadable` with file, line and column, or as for a merge.
    pub async fn of_folder(folder: impl AsRef<Path>, options: FolderOptions) -> Result<Self> {
        let folder = folder.as_ref();
        let paths = csv_files(folder).map_err(|error| unreadable(folder, error))?;
        if paths.is_empty() {
            return Err(Error::not_found("no_files", format!("{} has no .csv files", folder.display())));
        }
        let dialect = options.dialect;
        let look = move |path: PathBuf| async move { aside(move || piece(path, dialect)).await };
        let pieces: Vec<Piece> = in_order(stream::iter(paths.into_iter().map(look))).try_collect().await?;
        let summary = summary(folder, &pieces);
        Self::merged(pieces, summary, Query::default(), &options.merge)
    }
}

/// The CSV files of a folder, by name.
fn csv_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn piece(path: PathBuf, dialect: Dialect) -> Result<Piece> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let written = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
    let file = ResultFile::open(path, dialect)?;
    let instance = InstanceResult {
        instance_id: stem.clone(),
        instance_name: stem.clone(),
        row_count: file.row_count(),
        verdict: Verdict::new(file.row_count(), None, false),
        completed_at: written.map_or(DateTime::UNIX_EPOCH, DateTime::<Utc>::from),
        ..InstanceResult::default()
    };
    let origin = Origin { instance_id: stem.clone(), instance_name: stem, ..Origin::default() };
    Ok(Piece { instance, origin: Some(origin), source: Arc::new(file) })
}

fn summary(folder: &Path, pieces: &[Piece]) -> ResultSummary {
    ResultSummary {
        batch_id: folder.display().to_string(),
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        complete: format!("{0} of {0}", pieces.len()),
        missing: Vec::new(),
        total_rows: pieces.iter().map(|piece| piece.instance.row_count).sum(),
        window: String::new(),
        instances: pieces.iter().map(|piece| piece.instance.clone()).collect(),
        widenings: Vec::new(),
        notes: Vec::new(),
    }
}
