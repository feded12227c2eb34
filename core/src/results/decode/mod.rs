//! Decodes the CSV parts of one AMC run into typed Arrow batches, as the bytes arrive.

mod column;
mod decimal;
mod guess;
mod layout;
mod problem;
mod scan;
mod split;
mod survey;
mod unpack;
mod values;

use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_schema::{Field, SchemaRef};

use self::layout::{Layout, Wrong};
use self::problem::{Place, Problem};
use self::split::{Grid, LONGEST_RECORD, Split, Splitter};
use self::unpack::Unpacker;
use super::{Dialect, OutputColumn};
use crate::Result;

pub(in crate::results) use self::column::column;
pub(in crate::results) use self::guess::Guess;
pub(crate) use self::survey::{Mark, Survey};

/// A batch is given out at the latest when its rows came in as this many bytes.
const BATCH_BYTES: usize = 8 << 20;
/// How many records are split before their columns are read.
const GRID_ROWS: usize = 256;
/// The most bytes looked at together: offsets in a block are 32 bits wide.
const BLOCK_BYTES: usize = 16 << 20;

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Decodes the parts of one run, in order, in chunks of any size.
///
/// Types come from AMC's `outputColumns`; of a column AMC did not describe the texts are kept with a guess of what they
/// are, by which [`MergePlan`](super::MergePlan) types it over all results together. NULL is an empty field without
/// quotes; an empty quoted field is an empty text (NULL in a column that is not text). A part may repeat the header
/// or not: a first line that equals it is one. A decimal that needs more scale than declared widens its column from the current batch on: earlier
/// batches keep the smaller scale, [`finish`](Self::finish) gives the widest, and
/// [`MergePlan::conform`](super::MergePlan::conform) brings them together.
///
/// # Errors
/// Every method fails with code `result_unreadable` and says the part, the line, the column and the offending text.
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
    unpacker: Unpacker,
    splitter: Splitter,
    output_columns: Vec<OutputColumn>,
    batch_rows: usize,
    /// Whether only a look is taken, and no text kept.
    looking: bool,
    layout: Option<Layout>,
    body: Option<Mark>,
    grid: Grid,
    /// The bytes of a record that is not complete yet.
    carry: Vec<u8>,
    /// How many bytes must be there before it is tried again: twice as many as last time.
    enough: usize,
    position: Position,
    rows: u64,
    waiting_rows: usize,
    waiting_bytes: usize,
    ready: Vec<RecordBatch>,
}

/// Where in the parts the next block begins.
#[derive(Debug)]
struct Position {
    part: usize,
    bytes: u64,
    lines: usize,
    mark_passed: bool,
    record_seen: bool,
}

impl Position {
    const fn part(part: usize) -> Self {
        Self { part, bytes: 0, lines: 0, mark_passed: false, record_seen: false }
    }
}

impl RunDecoder {
    /// Starts decoding one run into batches of at most `batch_rows` rows (at least one).
    #[must_use]
    pub fn new(dialect: Dialect, output_columns: Option<Vec<OutputColumn>>, batch_rows: usize) -> Self {
        Self {
            unpacker: Unpacker::default(),
            splitter: Splitter::new(dialect),
            output_columns: output_columns.unwrap_or_default(),
            batch_rows: batch_rows.max(1),
            looking: false,
            layout: None,
            body: None,
            grid: Grid::default(),
            carry: Vec::new(),
            enough: 0,
            position: Position::part(1),
            rows: 0,
            waiting_rows: 0,
            waiting_bytes: 0,
            ready: Vec::new(),
        }
    }

    /// Starts in the middle of a file whose records have `width` fields, to read only `fields`, each with the number of
    /// the field it is, of the records between two places.
    pub(crate) fn within(
        dialect: Dialect,
        width: usize,
        fields: &[(usize, Field)],
        [from, to]: [Mark; 2],
        batch_rows: usize,
    ) -> Self {
        let Mark { bytes, lines, rows } = from;
        let position = Position { part: 1, bytes, lines, mark_passed: true, record_seen: true };
        let expected = usize::try_from(to.rows - rows).unwrap_or(batch_rows).min(batch_rows);
        let layout = Some(Layout::asked(width, fields, expected));
        Self { layout, position, rows, ..Self::new(dialect, None, batch_rows) }
    }

    /// Starts a look at a file: its rows are checked and guessed at, not kept.
    fn looking(dialect: Dialect) -> Self {
        Self { looking: true, ..Self::new(dialect, None, usize::MAX) }
    }

    /// The place before the next record.
    fn mark(&self) -> Mark {
        Mark { bytes: self.position.bytes, rows: self.rows, lines: self.position.lines }
    }

    /// The place before the first row.
    fn body(&self) -> Option<Mark> {
        self.body
    }

    /// Decodes the next bytes of the current part, unpacked if they are gzip; returns the batches they complete.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<RecordBatch>> {
        if !self.unpacker.is_packed(bytes) {
            self.push_text(bytes)?;
            return Ok(std::mem::take(&mut self.ready));
        }
        while !bytes.is_empty() {
            let (unpacked, rest) = self.unpacker.unpack(bytes).map_err(|error| self.broken(error))?;
            self.push_text(&unpacked)?;
            bytes = rest;
        }
        Ok(std::mem::take(&mut self.ready))
    }

    fn broken(&self, error: std::io::Error) -> crate::Error {
        Problem::BrokenGzip(error.to_string()).found(&format!("part {}", self.position.part))
    }

    fn push_text(&mut self, bytes: &[u8]) -> Result<()> {
        for block in bytes.chunks(BLOCK_BYTES) {
            let block = self.complete_carry(block)?;
            let read = if block.is_empty() { 0 } else { self.read(block, false)? };
            self.carry.extend_from_slice(&block[read..]);
        }
        Ok(())
    }

    /// Completes the record under way, line by line: what is left of the block is read where it is.
    fn complete_carry<'a>(&mut self, mut block: &'a [u8]) -> Result<&'a [u8]> {
        while !self.carry.is_empty() && !block.is_empty() {
            let line_end = memchr::memchr(b'\n', block).map_or(block.len(), |at| at + 1);
            self.carry.extend_from_slice(&block[..line_end]);
            block = &block[line_end..];
            if self.carry.len() >= self.enough {
                self.read_carry(false)?;
            }
        }
        Ok(block)
    }

    /// Ends the current part: its last line needs no line end.
    pub fn end_part(&mut self) -> Result<Vec<RecordBatch>> {
        let left = self.unpacker.end().map_err(|error| self.broken(error))?;
        self.push_text(&left)?;
        self.read_carry(true)?;
        self.position = Position::part(self.position.part + 1);
        Ok(std::mem::take(&mut self.ready))
    }

    /// Ends the run: its schema and the batches not given out yet.
    ///
    /// # Errors
    /// As above; also when no part had a header line and AMC described no columns.
    pub fn finish(mut self) -> Result<(SchemaRef, Vec<RecordBatch>)> {
        let mut batches = self.end_part()?;
        if self.waiting_rows > 0 && !self.looking {
            self.take_batch()?;
            batches.append(&mut self.ready);
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

    fn read_carry(&mut self, last: bool) -> Result<()> {
        let mut carry = std::mem::take(&mut self.carry);
        let read = self.read(&carry, last)?;
        carry.drain(..read);
        self.enough = if read == 0 { carry.len() * 2 } else { 0 };
        self.carry = carry;
        Ok(())
    }

    /// Reads the complete records of a block: how many bytes they are.
    fn read(&mut self, block: &[u8], last: bool) -> Result<usize> {
        let Some(mut at) = self.skip_mark(block, last) else { return Ok(0) };
        loop {
            let next = self.fill(block, at, last)?;
            self.empty(block)?;
            self.waiting_bytes += next - at;
            self.take_full_batch()?;
            if next == at {
                break;
            }
            at = next;
        }
        if block.len() - at > LONGEST_RECORD {
            return Err(self.at(block, at, Problem::TooLong(LONGEST_RECORD)));
        }
        self.position.lines += memchr::memchr_iter(b'\n', &block[..at]).count();
        self.position.bytes += u64::try_from(at).unwrap_or_default();
        Ok(at)
    }

    /// Where the first record of a block begins; nothing while a byte order mark may be under way.
    fn skip_mark(&mut self, block: &[u8], last: bool) -> Option<usize> {
        if self.position.mark_passed {
            return Some(0);
        }
        if !last && block.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(block) {
            return None;
        }
        self.position.mark_passed = true;
        Some(if block.starts_with(&BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 })
    }

    /// Splits records into the grid, from `at` on, until it is full or they end: where the next one begins.
    fn fill(&mut self, block: &[u8], mut at: usize, last: bool) -> Result<usize> {
        let room = GRID_ROWS.min(self.batch_rows - self.waiting_rows);
        self.grid.clear(self.layout.as_ref().map_or(0, Layout::width));
        loop {
            at = self.fill_plain(block, at, room);
            if at >= block.len() || self.grid.rows() >= room {
                return Ok(at);
            }
            match self.splitter.split(block, at, last, &mut self.grid) {
                Ok(Split::Unfinished) => return Ok(at),
                Ok(Split::Blank { end }) => at = self.accept_blank(at, end),
                Ok(Split::Record { end, fields }) => {
                    self.accept(block, at..end, fields)?;
                    at = end;
                }
                Err(problem) => return Err(self.after_grid(block, at, problem)),
            }
        }
    }

    /// Splits what is surely rows, and nothing else.
    fn fill_plain(&mut self, block: &[u8], at: usize, room: usize) -> usize {
        let is_past_header = self.layout.is_some() && self.position.record_seen;
        if is_past_header { self.splitter.split_plain(block, at, room, &mut self.grid) } else { at }
    }

    fn accept_blank(&mut self, at: usize, end: usize) -> usize {
        if self.layout.as_ref().is_some_and(|layout| layout.width() == 1) {
            self.grid.push_null(at);
        }
        end
    }

    /// Keeps a record if it is a row.
    fn accept(&mut self, block: &[u8], at: Range<usize>, fields: usize) -> Result<()> {
        let first_of_part = !std::mem::replace(&mut self.position.record_seen, true);
        let Some(layout) = &self.layout else {
            return self.accept_header(block, at.end, fields);
        };
        if first_of_part && layout.is_header(self.grid.last(block, fields)) {
            self.grid.pop(fields);
        } else if fields != layout.width() {
            let problem = Problem::FieldCount { found: fields, expected: layout.width() };
            self.grid.pop(fields);
            return Err(self.after_grid(block, at.start, problem));
        }
        Ok(())
    }

    fn accept_header(&mut self, block: &[u8], end: usize, fields: usize) -> Result<()> {
        let header = self.grid.last(block, fields);
        let layout = Layout::from_header(header, &self.output_columns, self.looking);
        let layout = layout.map_err(|why| why.found("first line"))?;
        self.grid.clear(layout.width());
        self.layout = Some(layout);
        let bytes = self.position.bytes + u64::try_from(end).unwrap_or_default();
        self.body = Some(Mark { bytes, rows: 0, lines: memchr::memchr_iter(b'\n', &block[..end]).count() });
        Ok(())
    }

    /// The error of a record that cannot be split, unless one before it cannot be read.
    fn after_grid(&mut self, block: &[u8], at: usize, problem: Problem) -> crate::Error {
        self.empty(block).err().unwrap_or_else(|| self.at(block, at, problem))
    }

    /// Reads the columns of the records in the grid.
    fn empty(&mut self, block: &[u8]) -> Result<()> {
        let Some(layout) = self.layout.as_mut().filter(|_| self.grid.rows() > 0) else { return Ok(()) };
        if let Err(Wrong { row, column, problem }) = layout.append(&self.grid, block) {
            let place = self.place(block, self.grid.start(row), row);
            return Err(problem.at(&place, Some(&column)));
        }
        self.rows += u64::try_from(self.grid.rows()).unwrap_or_default();
        self.waiting_rows += self.grid.rows();
        self.grid.clear(0);
        Ok(())
    }

    fn at(&self, block: &[u8], at: usize, problem: Problem) -> crate::Error {
        problem.at(&self.place(block, at, 0), None)
    }

    /// Where a record stands that begins at `at`, `ahead` rows after those read.
    fn place(&self, block: &[u8], at: usize, ahead: usize) -> Place {
        let Position { part, lines, .. } = self.position;
        let row = self.rows + u64::try_from(ahead).unwrap_or_default() + 1;
        Place { part, line: lines + memchr::memchr_iter(b'\n', &block[..at]).count() + 1, row }
    }

    fn take_full_batch(&mut self) -> Result<()> {
        let full = self.waiting_rows >= self.batch_rows || self.waiting_bytes >= BATCH_BYTES;
        if full && self.waiting_rows > 0 && !self.looking { self.take_batch() } else { Ok(()) }
    }

    fn take_batch(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting_rows);
        self.waiting_bytes = 0;
        if let Some(layout) = &mut self.layout {
            self.ready.push(layout.take_batch(rows)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
