//! A merged result as a file, with a manifest beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::TryStreamExt;
use tokio::io::AsyncWriteExt;

use super::Results;
use crate::error::{Error, ErrorKind, Result};
use crate::results::CsvOptions;
use crate::results::export::CsvEncoder;

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

impl Results {
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
        let mut file = tokio::fs::File::create(path).await.map_err(fail)?;
        let encoder = CsvEncoder::new(CsvOptions::default());
        let header = encoder.header(&self.schema());
        file.write_all(&header).await.map_err(fail)?;
        let (mut rows, mut bytes) = (0, header.len());
        let encode = move |batch: arrow_array::RecordBatch| Ok((batch.num_rows(), encoder.encode(&batch)?));
        let mut stream = std::pin::pin!(self.each(Arc::clone(&self.plan), 0, encode));
        while let Some((count, text)) = stream.try_next().await? {
            file.write_all(&text).await.map_err(fail)?;
            rows += u64::try_from(count).unwrap_or_default();
            bytes += text.len();
        }
        file.flush().await.map_err(fail)?;
        Ok((rows, u64::try_from(bytes).unwrap_or_default()))
    }
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
