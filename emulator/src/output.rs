//! A finished run's result: CSV bytes in up to five parts, small ones in memory, large ones in the spool.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};

use crate::csv::Dialect;
use crate::query::{Answer, OutputColumn, Refusal, Row};
use crate::spool::{Extent, Spool};
use crate::switches::PartHeaders;

const MAX_PARTS: usize = 5;

/// How many bytes of a part are held in memory before they are spooled.
const SPOOL_BYTES: usize = 64 * 1024;

/// What a run left to download.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) columns: Vec<OutputColumn>,
    pub(crate) parts: Vec<Arc<Part>>,
}

/// One file of a result: what is spooled, then the rest.
#[derive(Debug)]
pub(crate) struct Part {
    spool: Arc<Spool>,
    spooled: Vec<Extent>,
    rest: Bytes,
}

impl Part {
    /// Gives the length of the part in bytes.
    pub(crate) fn len(&self) -> u64 {
        let spooled: u64 = self.spooled.iter().map(|extent| extent.len()).sum();
        spooled + self.rest.len() as u64
    }

    /// Gives the bytes for sending, from one on.
    pub(crate) fn body(&self, offset: u64) -> Body {
        let spool = Arc::clone(&self.spool);
        let spooled = stream::iter(self.spooled.clone()).then(move |extent| Arc::clone(&spool).read(extent));
        let rest = stream::iter([Ok(self.rest.clone())]);
        let mut passed = 0;
        Body::from_stream(spooled.chain(rest).map_ok(move |bytes| {
            let length = bytes.len() as u64;
            let skipped = offset.saturating_sub(passed).min(length);
            passed += length;
            bytes.slice(usize::try_from(skipped).unwrap_or(usize::MAX)..)
        }))
    }
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
    pub(crate) spool: Arc<Spool>,
}

impl Layout {
    /// Writes an answer as it comes; it blocks the thread while it spools.
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
        }
        Ok(Output { columns, parts: writer.finish() })
    }
}

struct Writer {
    layout: Layout,
    header: String,
    rows: usize,
    done: Vec<Draft>,
    part: Draft,
}

/// A part being written.
#[derive(Default)]
struct Draft {
    spooled: Vec<Extent>,
    text: String,
}

impl Writer {
    fn new(layout: Layout, columns: &[OutputColumn]) -> Self {
        let mut header = String::new();
        layout.dialect.write(&mut header, columns.iter().map(|column| Some(column.name.as_str())));
        let part = Draft { text: header.clone(), ..Draft::default() };
        Self { layout, header, rows: 0, done: Vec::new(), part }
    }

    fn push(&mut self, row: &Row) -> Result<(), Refusal> {
        let max = self.layout.max_rows;
        if max > 0 && self.rows >= max {
            return Err(Refusal::Failed(format!("The result exceeds the limit of {max} rows.")));
        }
        let full = self.rows > 0 && self.rows.is_multiple_of(self.layout.part_rows.max(1));
        if full && self.done.len() + 1 < MAX_PARTS {
            self.begin_part();
        }
        self.layout.dialect.write(&mut self.part.text, row.iter().map(Option::as_deref));
        self.rows += 1;
        if self.part.text.len() >= SPOOL_BYTES { self.part.spool(&self.layout.spool) } else { Ok(()) }
    }

    fn begin_part(&mut self) {
        let text = match self.layout.headers {
            PartHeaders::All => self.header.clone(),
            PartHeaders::First => String::new(),
        };
        let part = Draft { text, ..Draft::default() };
        self.done.push(std::mem::replace(&mut self.part, part));
    }

    fn finish(self) -> Vec<Arc<Part>> {
        let Self { layout, done, part, .. } = self;
        let finish = |Draft { spooled, text }| {
            Arc::new(Part { spool: Arc::clone(&layout.spool), spooled, rest: Bytes::from(text) })
        };
        done.into_iter().chain([part]).map(finish).collect()
    }
}

impl Draft {
    fn spool(&mut self, spool: &Spool) -> Result<(), Refusal> {
        let extent = spool.append(self.text.as_bytes()).map_err(|error| {
            Refusal::Failed(format!(
                "The emulator has no room for the result in its temporary file: {error}."
            ))
        })?;
        self.spooled.push(extent);
        self.text.clear();
        Ok(())
    }
}
