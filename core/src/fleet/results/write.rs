//! A merged result as a file, with a manifest beside it, or as a stream of a file's bytes.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::Results;
use crate::digest::hexadecimal;
use crate::error::{Error, ErrorKind, Result};
use crate::fleet::in_order::{aside, outcome};
use crate::results::export::{EncodeFile, Encoder, Format};
use crate::results::store::Trace;
use crate::results::{CsvOptions, type_name};

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
    /// The SHA-256 of its bytes, by which [`Fleet::trace_file`](crate::Fleet::trace_file) knows it again.
    pub sha256: String,
}

/// How many pieces may wait to be written.
const WAITING: usize = 2;
/// How many bytes of a file are hashed at a time.
const HASHED_BYTES: usize = 256 << 10;

/// Some bytes of a file, and how many rows they hold.
struct Piece {
    rows: usize,
    bytes: Vec<u8>,
}

impl Results {
    /// Writes every row as CSV (RFC 4180), and beside it a manifest that says what the file is made of and lacks.
    ///
    /// The file appears when it is complete, or not at all.
    ///
    /// # Errors
    /// As [`Results::write`].
    pub async fn write_csv(&self, path: impl AsRef<Path>) -> Result<Export> {
        self.write(path, Some(Format::Csv(CsvOptions::default()))).await
    }

    /// Writes every row in a format, that of the file's ending unless it is said, and beside it a manifest that says
    /// what the file is made of and lacks.
    ///
    /// The file appears when it is complete, or not at all.
    ///
    /// # Errors
    /// `Unavailable` (`file_not_writable`) when the file cannot be written; `InvalidInput`: `unknown_format`,
    /// `too_many_rows` for a sheet.
    pub async fn write(&self, path: impl AsRef<Path>, format: Option<Format>) -> Result<Export> {
        let path = path.as_ref();
        let format = format.map_or_else(|| Format::of_path(path), Ok)?;
        let unfinished = beside(path, "part");
        let written = match self.write_unfinished(&unfinished, format).await {
            Ok(written) => written,
            Err(error) => {
                // Best effort: the error that matters is the first one.
                let _ = tokio::fs::remove_file(&unfinished).await;
                return Err(error);
            }
        };
        let export =
            Export { path: path.to_path_buf(), manifest_path: beside(path, "manifest.json"), ..written };
        let manifest = self.manifest(&export, format)?;
        self.write_manifest(&export.manifest_path, &manifest).await?;
        if let Err(error) = tokio::fs::rename(&unfinished, path).await {
            for left in [&unfinished, &export.manifest_path] {
                let _ = tokio::fs::remove_file(left).await;
            }
            return Err(unwritable(path, error));
        }
        self.remember(&export, manifest).await?;
        Ok(export)
    }

    /// The bytes of a file of every row, as they become ready. Fresh each time.
    ///
    /// # Errors
    /// `Unsupported` (`format_missing`) when this build has no such format.
    pub fn encoded(&self, format: Format) -> Result<BoxStream<'static, Result<Vec<u8>>>> {
        Ok(self.encode(format)?.map_ok(|piece| piece.bytes).boxed())
    }

    /// Writes the bytes of a file of every row to a writer, and says how many. There is no manifest beside a writer: take
    /// [`summary`](Self::summary) along.
    ///
    /// # Errors
    /// As [`encoded`](Self::encoded); `Unavailable` (`not_writable`) when the writer does not take them.
    pub async fn write_to(&self, writer: &mut (impl AsyncWrite + Unpin), format: Format) -> Result<u64> {
        let unwritable = |error| {
            Error::new(ErrorKind::Unavailable, "not_writable", "the writer does not take the rows")
                .caused_by(error)
        };
        let (mut pieces, mut written) = (self.encoded(format)?, 0);
        while let Some(piece) = pieces.try_next().await? {
            writer.write_all(&piece).await.map_err(unwritable)?;
            written += u64::try_from(piece.len()).unwrap_or_default();
        }
        writer.flush().await.map_err(unwritable)?;
        Ok(written)
    }

    fn encode(&self, format: Format) -> Result<BoxStream<'static, Result<Piece>>> {
        let plan = Arc::clone(&self.plan);
        match format.encoder(&self.schema())? {
            Encoder::Each(first, encode) => {
                let make =
                    move |batch: RecordBatch| Ok(Piece { rows: batch.num_rows(), bytes: encode(&batch)? });
                let first = stream::once(async { Ok(Piece { rows: 0, bytes: first }) });
                Ok(first.chain(self.each(plan, 0, make)).boxed())
            }
            Encoder::InTurn(encoder) => Ok(in_turn(encoder, self.each(plan, 0, Ok).boxed())),
        }
    }

    /// Writes on a thread of its own, so that rows are read meanwhile.
    async fn write_unfinished(&self, path: &Path, format: Format) -> Result<Export> {
        let mut pieces = self.encode(format)?;
        let (sender, receiver) = mpsc::channel(WAITING);
        let path = path.to_path_buf();
        let writing =
            spawn_blocking(move || write_pieces(&path, receiver).map_err(|error| unwritable(&path, error)));
        let poured = async {
            while let Some(piece) = pieces.try_next().await? {
                if sender.send(piece).await.is_err() {
                    break;
                }
            }
            drop(sender);
            Ok(())
        };
        let poured = poured.await;
        let written = outcome(writing.await);
        written.and_then(|export| poured.map(|()| export))
    }

    /// What a file is made of, what it lacks, and by what it can be known again.
    fn manifest(&self, export: &Export, format: Format) -> Result<Value> {
        let summary = serde_json::to_value(self.summary.as_ref());
        let mut manifest =
            summary.map_err(|error| Error::unexpected("the summary cannot be written").caused_by(error))?;
        let schema = self.schema();
        let columns = schema.fields().iter().map(|field| {
            json!({"name": field.name(), "type": type_name(field.data_type()), "metadata": field.metadata()})
        });
        manifest["columns"] = columns.collect();
        manifest["sql_hashes"] = json!(self.query.sql_hashes);
        let name = export.path.file_name().unwrap_or_default().to_string_lossy();
        let Export { rows, bytes, sha256, .. } = export;
        manifest["file"] = json!({
            "name": name, "format": format.as_str(), "rows": rows, "bytes": bytes, "sha256": sha256,
            "made_by": format!("amc-fleet {}", crate::VERSION),
        });
        Ok(manifest)
    }

    async fn write_manifest(&self, path: &Path, manifest: &Value) -> Result<()> {
        let text = serde_json::to_vec_pretty(manifest)
            .map_err(|error| Error::unexpected("the manifest cannot be written").caused_by(error))?;
        let unfinished = beside(path, "part");
        tokio::fs::write(&unfinished, text).await.map_err(|error| unwritable(path, error))?;
        tokio::fs::rename(&unfinished, path).await.map_err(|error| unwritable(path, error))
    }

    async fn remember(&self, export: &Export, manifest: Value) -> Result<()> {
        let Some(home) = &self.home else { return Ok(()) };
        let path = tokio::fs::canonicalize(&export.path).await.unwrap_or_else(|_| export.path.clone());
        let trace = Trace {
            sha256: export.sha256.clone(),
            owner_id: home.owner.clone(),
            path: path.display().to_string(),
            written_at: home.clock.now(),
            manifest,
        };
        home.store.remember(trace).await
    }
}

/// Writes a file as its pieces come, and counts and hashes them.
fn write_pieces(path: &Path, mut pieces: mpsc::Receiver<Piece>) -> std::io::Result<Export> {
    let mut file = std::fs::File::create(path)?;
    let (mut rows, mut bytes, mut hash) = (0, 0, Sha256::new());
    while let Some(piece) = pieces.blocking_recv() {
        hash.update(&piece.bytes);
        rows += u64::try_from(piece.rows).unwrap_or_default();
        bytes += u64::try_from(piece.bytes.len()).unwrap_or_default();
        file.write_all(&piece.bytes)?;
    }
    let sha256 = hexadecimal(&hash.finalize());
    Ok(Export { path: path.to_path_buf(), manifest_path: PathBuf::new(), rows, bytes, sha256 })
}

/// The bytes of a file whose batches are encoded one after the other.
fn in_turn(
    encoder: Box<dyn EncodeFile>,
    rows: BoxStream<'static, Result<RecordBatch>>,
) -> BoxStream<'static, Result<Piece>> {
    let pieces = stream::try_unfold((Some(encoder), rows), |(encoder, mut rows)| async move {
        let Some(mut encoder) = encoder else { return Ok(None) };
        let Some(batch) = rows.try_next().await? else {
            let bytes = aside(move || encoder.finish()).await?;
            return Ok(Some((Piece { rows: 0, bytes }, (None, rows))));
        };
        let encode =
            move || encoder.encode(&batch).map(|bytes| (Piece { rows: batch.num_rows(), bytes }, encoder));
        let (piece, encoder) = aside(encode).await?;
        Ok::<_, Error>(Some((piece, (Some(encoder), rows))))
    });
    pieces.boxed()
}

/// The SHA-256 of a file.
pub(in crate::fleet) async fn checksum(path: PathBuf) -> Result<String> {
    aside(move || {
        let hash = std::fs::File::open(&path).and_then(hash);
        hash.map_err(|error| super::unreadable(&path, error))
    })
    .await
}

fn hash(mut file: std::fs::File) -> std::io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; HASHED_BYTES]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
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
