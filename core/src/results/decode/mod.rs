//! Decodes the CSV parts of one AMC run into typed Arrow batches, as the bytes arrive.

mod column;
mod decimal;
mod layout;
mod problem;
mod records;
mod values;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use self::layout::Layout;
use self::problem::Problem;
use self::records::Records;
use super::{Dialect, OutputColumn};
use crate::Result;

/// A batch is given out at the latest when its rows came in as this many bytes.
const BATCH_BYTES: usize = 8 << 20;

/// Decodes the parts of one run, in order, in chunks of any size.
///
/// Types come from AMC's `outputColumns`; a column AMC did not describe is text. NULL is an empty field without
/// quotes; an empty quoted field is an empty text (NULL in a column that is not text). A part may repeat the header
/// or not: a first line that equals it is one. A decimal that needs more scale than declared widens its column from the current batch on: earlier
/// batches keep the smaller scale, [`finish`](Self::finish) gives the widest, and
/// [`MergePlan::conform`](super::MergePlan::conform) brings them together.
///
/// # Errors
/// Every method fails with code `result_unreadable` and says the row (from 1), the column and the offending text.
/// After an error the decoder is of no further use.
///
/// ```
/// use amc_fleet::results::{Dialect, OutputColumn, RunDecoder};
///
/// let described = vec![OutputColumn::new("campaign", "STRING"), OutputColumn::new("reach", "LONG")];
/// let mut decoder = RunDecoder::new(Dialect::default(), Some(described), 1000);
/// decoder.push(b"campaign,reach\n\"Summer, ")?;
/// decoder.push(b"late\",120\n")?;
/// decoder.end_part()?;
/// let (schema, batches) = decoder.finish()?;
/// assert_eq!((schema.field(1).name().as_str(), batches[0].num_rows()), ("reach", 1));
/// # Ok::<(), amc_fleet::Error>(())
/// ```
#[derive(Debug)]
pub struct RunDecoder {
    records: Records,
    output_columns: Vec<OutputColumn>,
    batch_rows: usize,
    layout: Option<Layout>,
    part_begun: bool,
    rows: u64,
    waiting_rows: usize,
    waiting_bytes: usize,
}

impl RunDecoder {
    /// Starts decoding one run into batches of at most `batch_rows` rows (at least one).
    #[must_use]
    pub fn new(dialect: Dialect, output_columns: Option<Vec<OutputColumn>>, batch_rows: usize) -> Self {
        Self {
            records: Records::new(dialect),
            output_columns: output_columns.unwrap_or_default(),
            batch_rows: batch_rows.max(1),
            layout: None,
            part_begun: false,
            rows: 0,
            waiting_rows: 0,
            waiting_bytes: 0,
        }
    }

    /// Decodes the next bytes of the current part; returns the batches they complete.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        while !bytes.is_empty() {
            let (read, complete) = self.records.feed(bytes).map_err(|why| why.at(self.rows + 1, None))?;
            bytes = &bytes[read..];
            self.waiting_bytes += read;
            if complete {
                batches.extend(self.accept()?);
            }
        }
        Ok(batches)
    }

    /// Ends the current part: its last line needs no line end.
    pub fn end_part(&mut self) -> Result<Vec<RecordBatch>> {
        let complete = self.records.end_part().map_err(|why| why.at(self.rows + 1, None))?;
        let batch = if complete { self.accept()? } else { None };
        self.part_begun = false;
        Ok(batch.into_iter().collect())
    }

    /// Ends the run: its schema and the batches not given out yet.
    ///
    /// # Errors
    /// As above; also when no part had a header line and AMC described no columns.
    pub fn finish(mut self) -> Result<(SchemaRef, Vec<RecordBatch>)> {
        let mut batches = self.end_part()?;
        if self.waiting_rows > 0 {
            batches.extend(self.take_batch()?);
        }
        let layout = match self.layout {
            Some(layout) => layout,
            None if self.output_columns.is_empty() => return Err(Problem::NoHeader.found("first line")),
            None => Layout::without_header(&self.output_columns),
        };
        Ok((layout.final_schema(), batches))
    }

    /// The rows decoded so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn accept(&mut self) -> Result<Option<RecordBatch>> {
        let first_of_part = !std::mem::replace(&mut self.part_begun, true);
        let record = self.records.record();
        match &mut self.layout {
            None => {
                let layout = Layout::from_header(record, &self.output_columns);
                self.layout = Some(layout.map_err(|why| why.found("first line"))?);
            }
            Some(layout) if first_of_part && layout.is_header(record) => {}
            Some(layout) => {
                let appended = layout.append(record, self.rows + 1)?;
                self.rows += u64::from(appended);
                self.waiting_rows += usize::from(appended);
            }
        }
        self.records.clear();
        self.take_full_batch()
    }

    fn take_full_batch(&mut self) -> Result<Option<RecordBatch>> {
        let full = self.waiting_rows >= self.batch_rows || self.waiting_bytes >= BATCH_BYTES;
        if full && self.waiting_rows > 0 { self.take_batch() } else { Ok(None) }
    }

    fn take_batch(&mut self) -> Result<Option<RecordBatch>> {
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        self.layout.as_mut().map(Layout::take_batch).transpose()
    }
}

#[cfg(test)]
mod tests;
