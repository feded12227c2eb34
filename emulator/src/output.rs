//! A finished run's result: CSV bytes in up to five parts, small ones in memory, large ones in temporary files.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, stream};
use tempfile::{NamedTempFile, TempPath};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::csv::Dialect;
use crate::query::{Answer, OutputColumn, Refusal, Row};
use crate::switches::PartHeaders;

const MAX_PARTS: usize = 5;
const FLUSH_BYTES: usize = 256 * 1024;
const READ_BYTES: usize = 64 * 1024;

/// What a run left to download.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) columns: Vec<OutputColumn>,
    pub(crate) parts: Vec<Arc<Part>>,
}

/// One file of a result.
#[derive(Debug)]
pub(crate) enum Part {
    Memory(Bytes),
    /// The file goes when the part does.
    File {
        path: TempPath,
        bytes: u64,
    },
}

impl Part {
    /// Gives the length of the part in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { bytes, .. } => *bytes,
        }
    }

    /// Opens the part for sending.
    pub(crate) async fn body(self: Arc<Self>) -> io::Result<Body> {
        match &*self {
            Self::Memory(bytes) => Ok(Body::from(bytes.clone())),
            Self::File { path, .. } => {
                let file = File::open(path).await?;
                Ok(Body::from_stream(stream::try_unfold((file, Arc::clone(&self)), read_on)))
            }
        }
    }
}

/// Reads the next piece; the part is carried along so that its file outlives the download.
async fn read_on((mut file, part): (File, Arc<Part>)) -> io::Result<Option<(Bytes, (File, Arc<Part>))>> {
    let mut piece = Vec::with_capacity(READ_BYTES);
    let read = file.read_buf(&mut piece).await?;
    Ok((read > 0).then(|| (Bytes::from(piece), (file, part))))
}

/// How a result is written.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    /// Rows of a part before the next one is begun.
    pub(crate) part_rows: usize,
    pub(crate) headers: PartHeaders,
    /// The largest result in rows; 0 allows any.
    pub(crate) max_rows: usize,
    /// Where large parts lie.
    pub(crate) folder: PathBuf,
}

impl Layout {
    /// Writes an answer as it comes.
    ///
    /// # Errors
    /// What the engine refused with while rows were computed, a result that is too large, or a full disk.
    pub(crate) async fn write(self, answer: Answer) -> Result<Output, Refusal> {
        let Answer { columns, mut rows } = answer;
        let mut writer = Writer::new(self, &columns);
        while let Some(batch) = rows.next().await {
            for row in &batch? {
                writer.push(row)?;
            }
            writer.flush(FLUSH_BYTES).await?;
        }
        let parts = writer.finish().await?;
        Ok(Output { columns, parts })
    }
}

struct Writer {
    layout: Layout,
    header: String,
    rows: usize,
    done: Vec<Piece>,
    part: Piece,
}

/// A part being written.
#[derive(Default)]
struct Piece {
    text: String,
    file: Option<(File, TempPath)>,
    bytes: u64,
}

impl Writer {
    fn new(layout: Layout, columns: &[OutputColumn]) -> Self {
        let mut header = String::new();
        layout.dialect.write(&mut header, columns.iter().map(|column| Some(column.name.as_str())));
        let part = Piece { text: header.clone(), ..Piece::default() };
        Self { layout, header, rows: 0, done: Vec::new(), part }
    }

    fn push(&mut self, row: &Row) -> Result<(), Refusal> {
        let max = self.layout.max_rows;
        if max > 0 && self.rows >= max {
            return Err(Refusal::Failed(format!("The result exceeds the limit of {max} rows.")));
        }
        if self.rows > 0
            && self.rows.is_multiple_of(self.layout.part_rows.max(1))
            && self.done.len() + 1 < MAX_PARTS
        {
            self.begin_part();
        }
        self.layout.dialect.write(&mut self.part.text, row.iter().map(Option::as_deref));
        self.rows += 1;
        Ok(())
    }

    fn begin_part(&mut self) {
        let text = match self.layout.headers {
            PartHeaders::All => self.header.clone(),
            PartHeaders::First => String::new(),
        };
        let part = Piece { text, ..Piece::default() };
        self.done.push(std::mem::replace(&mut self.part, part));
    }

    async fn flush(&mut self, over: usize) -> Result<(), Refusal> {
        for piece in self.done.iter_mut().chain([&mut self.part]).filter(|piece| piece.text.len() > over) {
            piece.spill(&self.layout.folder).await.map_err(|error| disk(&self.layout.folder, &error))?;
        }
        Ok(())
    }

    async fn finish(self) -> Result<Vec<Arc<Part>>, Refusal> {
        let Self { layout, mut done, part, .. } = self;
        done.push(part);
        let mut parts = Vec::with_capacity(done.len());
        for piece in done {
            let part = piece.finish(&layout.folder).await.map_err(|error| disk(&layout.folder, &error))?;
            parts.push(Arc::new(part));
        }
        Ok(parts)
    }
}

impl Piece {
    async fn spill(&mut self, folder: &Path) -> io::Result<()> {
        if self.file.is_none() {
            let (file, path) = NamedTempFile::new_in(folder)?.into_parts();
            self.file = Some((File::from_std(file), path));
        }
        if let Some((file, _)) = &mut self.file {
            file.write_all(self.text.as_bytes()).await?;
        }
        self.bytes += self.text.len() as u64;
        self.text.clear();
        Ok(())
    }

    async fn finish(mut self, folder: &Path) -> io::Result<Part> {
        if self.file.is_some() {
            self.spill(folder).await?;
        }
        match self.file {
            None => Ok(Part::Memory(Bytes::from(self.text))),
            Some((mut file, path)) => {
                file.flush().await?;
                Ok(Part::File { path, bytes: self.bytes })
            }
        }
    }
}

fn disk(folder: &Path, error: &io::Error) -> Refusal {
    Refusal::Failed(format!("The emulator cannot keep the result in {}: {error}.", folder.display()))
}
