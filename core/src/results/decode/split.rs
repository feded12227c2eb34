//! Splits blocks of bytes into records and fields, copying only what is escaped.

use super::problem::Problem;
use super::scan::{Stops, places};
use crate::results::Dialect;
use crate::results::text::copy_short;

/// The longest record accepted, in bytes: an unclosed quote must not swallow a whole result into memory.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// Where the bytes of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the block, as they are.
    Plain,
    /// In the block, between quotes.
    Quoted,
    /// Among the unescaped ones.
    Unescaped,
}

impl Place {
    const fn bits(self) -> u32 {
        match self {
            Self::Plain => 0,
            Self::Quoted => 1,
            Self::Unescaped => 2,
        }
    }
}

/// One field of a record: small, since there are very many.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    /// Its length, and in the two lowest bits its place.
    len_and_place: u32,
}

impl Span {
    /// A field of less than [`LONGEST_RECORD`] bytes.
    const fn new(start: u32, len: u32, place: Place) -> Self {
        Self { start, len_and_place: (len << 2) | place.bits() }
    }

    const fn len(self) -> u32 {
        self.len_and_place >> 2
    }

    const fn place(self) -> Place {
        match self.len_and_place & 3 {
            0 => Place::Plain,
            1 => Place::Quoted,
            _ => Place::Unescaped,
        }
    }
}

/// The fields of some records of a block, record by record.
#[derive(Debug, Default)]
pub(super) struct Grid {
    spans: Vec<Span>,
    unescaped: Vec<u8>,
    /// Where each record begins in the block.
    starts: Vec<u32>,
    /// How many fields each record has.
    width: usize,
}

impl Grid {
    pub(super) fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Forgets every record; those to come have `width` fields.
    pub(super) fn clear(&mut self, width: usize) {
        self.width = width;
        self.spans.clear();
        self.unescaped.clear();
        self.starts.clear();
    }

    /// Where a record begins in the block.
    pub(super) fn start(&self, row: usize) -> usize {
        self.starts[row] as usize
    }

    /// The fields of one column, from the first record to the last.
    pub(super) fn column<'a>(&'a self, block: &'a [u8], column: usize) -> Fields<'a> {
        Fields { block, grid: self, at: column, step: self.width.max(1) }
    }

    /// The fields of the last record, which has `count` of them.
    pub(super) fn last<'a>(&'a self, block: &'a [u8], count: usize) -> Fields<'a> {
        Fields { block, grid: self, at: self.spans.len().saturating_sub(count), step: 1 }
    }

    /// Takes the last record away again, which has `count` fields.
    pub(super) fn pop(&mut self, count: usize) {
        self.starts.pop();
        self.spans.truncate(self.spans.len().saturating_sub(count));
    }

    /// Adds a record of one NULL.
    pub(super) fn push_null(&mut self, at: usize) {
        self.starts.push(offset(at));
        self.spans.push(span(at, at, Place::Plain));
    }

    fn field<'a>(&'a self, block: &'a [u8], span: Span) -> Option<&'a [u8]> {
        let (start, end) = (span.start as usize, (span.start + span.len()) as usize);
        match span.place() {
            Place::Plain if span.len() == 0 => None,
            Place::Unescaped => Some(&self.unescaped[start..end]),
            _ => Some(&block[start..end]),
        }
    }
}

/// Fields one after the other; `None` is NULL, an empty field without quotes.
#[derive(Debug, Clone)]
pub(in crate::results) struct Fields<'a> {
    block: &'a [u8],
    grid: &'a Grid,
    at: usize,
    step: usize,
}

impl Fields<'_> {
    /// Appends the next field to `bytes`: whether it has a value.
    pub(super) fn append_next(&mut self, bytes: &mut Vec<u8>) -> Option<bool> {
        let span = *self.grid.spans.get(self.at)?;
        self.at += self.step;
        let source = if span.place() == Place::Unescaped { &self.grid.unescaped } else { self.block };
        copy_short(source, span.start as usize, span.len() as usize, bytes);
        Some(span.len_and_place != 0)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let span = *self.grid.spans.get(self.at)?;
        self.at += self.step;
        Some(self.grid.field(self.block, span))
    }
}

/// What a record turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// A record that ends before this byte of the block, with this many fields.
    Record { end: usize, fields: usize },
    /// An empty line that ends before this byte: nothing beside other columns, NULL alone.
    Blank { end: usize },
    /// The block ends inside the record.
    Unfinished,
}

/// The rules of a dialect, made fast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splitter {
    dialect: Dialect,
    plain: Stops,
    quoted: Stops,
}

/// How a field ended.
enum Ended {
    Field(usize),
    Record(usize),
    Block,
}

impl Splitter {
    pub(super) fn new(dialect: Dialect) -> Self {
        let plain = Stops::new(dialect.separator(), b'\n');
        Self { dialect, plain, quoted: Stops::new(dialect.quote(), dialect.escape()) }
    }

    /// Adds records of the grid's width, from `at` on, until it has `rows` of them, as long as they have no quotes: where
    /// the first record begins that is left to [`Splitter::split`], which knows everything.
    pub(super) fn split_plain(&self, block: &[u8], at: usize, rows: usize, grid: &mut Grid) -> usize {
        let (quote, separator) = (self.dialect.quote(), self.dialect.separator());
        grid.spans.reserve(rows * grid.width);
        let mut plain = PlainRecords { block, begin: offset(at), field: offset(at), grid };
        let (chunks, _) = block[at..].as_chunks::<64>();
        for (chunk_at, chunk) in (offset(at)..).step_by(64).zip(chunks) {
            let quotes = places(chunk, |byte| byte == quote);
            let before_quote = quotes.wrapping_sub(1) & !quotes;
            let mut stops = places(chunk, |byte| byte == separator || byte == b'\n') & before_quote;
            while stops != 0 {
                let stop = stops.trailing_zeros();
                let end = chunk_at + stop;
                stops &= stops - 1;
                if chunk[stop as usize] == separator {
                    plain.end_field(end);
                } else if !plain.end_record(end) || plain.grid.rows() == rows {
                    return plain.stop();
                }
            }
            if quotes != 0 {
                break;
            }
        }
        plain.stop()
    }

    /// Adds the record that begins at `at` to the grid; `last` says that the part ends with the block.
    pub(super) fn split(
        &self,
        block: &[u8],
        at: usize,
        last: bool,
        grid: &mut Grid,
    ) -> Result<Split, Problem> {
        let before = (grid.spans.len(), grid.unescaped.len());
        let mut from = at;
        loop {
            match self.field(block, from, last, grid)? {
                Ended::Field(next) => from = next,
                Ended::Record(end) => return Ok(accept(grid, before.0, at, end)),
                Ended::Block => {
                    grid.spans.truncate(before.0);
                    grid.unescaped.truncate(before.1);
                    return Ok(Split::Unfinished);
                }
            }
        }
    }

    fn field(&self, block: &[u8], at: usize, last: bool, grid: &mut Grid) -> Result<Ended, Problem> {
        if block.get(at) == Some(&self.dialect.quote()) {
            return self.quoted_field(block, at + 1, last, grid);
        }
        let end = self.plain.find(block, at);
        match block.get(end) {
            None if !last => return Ok(Ended::Block),
            Some(b'\n') | None => {}
            Some(_) => {
                grid.spans.push(span(at, end, Place::Plain));
                return Ok(Ended::Field(end + 1));
            }
        }
        let text_end = if end > at && block[end - 1] == b'\r' { end - 1 } else { end };
        grid.spans.push(span(at, text_end, Place::Plain));
        Ok(Ended::Record(block.len().min(end + 1)))
    }

    fn quoted_field(&self, block: &[u8], at: usize, last: bool, grid: &mut Grid) -> Result<Ended, Problem> {
        let unfinished = || if last { Err(Problem::OpenQuote) } else { Ok(Ended::Block) };
        let (quote, escape) = (self.dialect.quote(), self.dialect.escape());
        let (kept, mut from) = (grid.unescaped.len(), at);
        loop {
            let stop = self.quoted.find(block, from);
            let (Some(&byte), next) = (block.get(stop), block.get(stop + 1)) else { return unfinished() };
            let is_quote = byte == quote;
            match next {
                None if !is_quote => return unfinished(),
                None if !last => return Ok(Ended::Block),
                Some(&next) if next == quote || (!is_quote && next == escape) => {
                    grid.unescaped.extend_from_slice(&block[from..stop]);
                    grid.unescaped.push(next);
                    from = stop + 2;
                }
                // An escape before any other character is an ordinary character: dropping it would lose a byte.
                Some(_) if !is_quote => {
                    grid.unescaped.extend_from_slice(&block[from..stop + 2]);
                    from = stop + 2;
                }
                _ => {
                    let closed = closed(grid, kept, at, &block[..stop], from);
                    grid.spans.push(closed);
                    return self.after_quote(block, stop + 1, last);
                }
            }
        }
    }

    fn after_quote(&self, block: &[u8], at: usize, last: bool) -> Result<Ended, Problem> {
        match (block.get(at), block.get(at + 1)) {
            (None, _) => Ok(Ended::Record(at)),
            (Some(b'\n'), _) => Ok(Ended::Record(at + 1)),
            (Some(b'\r'), Some(b'\n')) => Ok(Ended::Record(at + 2)),
            (Some(b'\r'), None) if last => Ok(Ended::Record(at + 1)),
            (Some(b'\r'), None) => Ok(Ended::Block),
            (Some(&byte), _) if byte == self.dialect.separator() => Ok(Ended::Field(at + 1)),
            _ => Err(Problem::TextAfterQuote),
        }
    }
}

/// Records without quotes on their way into the grid.
struct PlainRecords<'a> {
    block: &'a [u8],
    /// Where the record begins that is under way.
    begin: u32,
    /// Where its last field begins.
    field: u32,
    grid: &'a mut Grid,
}

impl PlainRecords<'_> {
    fn end_field(&mut self, end: u32) {
        self.grid.spans.push(Span::new(self.field, end - self.field, Place::Plain));
        self.field = end + 1;
    }

    /// Ends the record with the line; `false` when it is not as wide as the grid, or a blank line.
    fn end_record(&mut self, line_end: u32) -> bool {
        let carriage = line_end > self.field && self.block[line_end as usize - 1] == b'\r';
        let text_end = line_end - u32::from(carriage);
        self.end_field(text_end);
        let complete = (self.grid.starts.len() + 1) * self.grid.width;
        if self.grid.spans.len() != complete || text_end == self.begin {
            return false;
        }
        self.grid.starts.push(self.begin);
        (self.begin, self.field) = (line_end + 1, line_end + 1);
        true
    }

    /// Forgets the record that is under way: where it begins.
    fn stop(self) -> usize {
        self.grid.spans.truncate(self.grid.starts.len() * self.grid.width);
        self.begin as usize
    }
}

/// The span of a quoted field that ends with the block; what is before `from` is unescaped already.
fn closed(grid: &mut Grid, kept: usize, at: usize, block: &[u8], from: usize) -> Span {
    if from == at {
        return span(at, block.len(), Place::Quoted);
    }
    grid.unescaped.extend_from_slice(&block[from..]);
    span(kept, grid.unescaped.len(), Place::Unescaped)
}

fn accept(grid: &mut Grid, first: usize, at: usize, end: usize) -> Split {
    let fields = grid.spans.len() - first;
    if fields == 1 && grid.spans[first].len_and_place == 0 {
        grid.spans.truncate(first);
        return Split::Blank { end };
    }
    grid.starts.push(offset(at));
    Split::Record { end, fields }
}

fn span(start: usize, end: usize, place: Place) -> Span {
    Span::new(offset(start), offset(end - start), place)
}

/// Blocks are far smaller than 4 GiB: see `RunDecoder::push`.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<Vec<Option<String>>>;

    fn read(dialect: Dialect, block: &[u8]) -> Result<Rows, Problem> {
        let (splitter, mut grid, mut rows, mut at) =
            (Splitter::new(dialect), Grid::default(), Rows::new(), 0);
        while at < block.len() {
            match splitter.split(block, at, true, &mut grid)? {
                Split::Record { end, fields } => {
                    let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
                    rows.push(grid.last(block, fields).map(|field| field.map(text)).collect());
                    at = end;
                }
                Split::Blank { end } => at = end,
                Split::Unfinished => unreachable!("the block is whole"),
            }
        }
        Ok(rows)
    }

    fn row(fields: &[Option<&str>]) -> Vec<Option<String>> {
        fields.iter().map(|field| field.map(str::to_owned)).collect()
    }

    #[test]
    fn fields_are_unescaped() {
        let text = "a,b\r\n\"x,\\\"\\\\\\n\ny\"\"\",\r\n,\"\"\r\n1\r2,é";
        let expected = vec![
            row(&[Some("a"), Some("b")]),
            row(&[Some("x,\"\\\\n\ny\""), None]),
            row(&[None, Some("")]),
            row(&[Some("1\r2"), Some("é")]),
        ];
        assert_eq!(read(Dialect::default(), text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn a_doubled_quote_is_a_quote() {
        let rows = read(Dialect::RFC_4180, b"\"say \"\"hi\"\"\",\"back\\slash\"\n").unwrap();
        assert_eq!(rows, [row(&[Some("say \"hi\""), Some("back\\slash")])]);
    }

    #[test]
    fn a_last_line_needs_no_end() {
        for text in ["a,b\n1,", "a,b\n1,\n", "a,b\r\n1,\r\n", "a,b\n1,\r"] {
            let rows = read(Dialect::default(), text.as_bytes()).unwrap();
            assert_eq!(rows.last(), Some(&row(&[Some("1"), None])), "{text:?}");
            assert_eq!(rows.len(), 2);
        }
    }

    #[test]
    fn an_empty_line_is_blank_and_an_empty_text_is_not() {
        assert_eq!(read(Dialect::default(), b"\n\r\n\"\"\n").unwrap(), [row(&[Some("")])]);
    }

    #[test]
    fn broken_quotes_are_said() {
        for open in [b"\"a".as_slice(), b"\"a\\", b"\"a\\\""] {
            assert_eq!(read(Dialect::default(), open), Err(Problem::OpenQuote));
        }
        assert_eq!(read(Dialect::default(), b"\"a\"b,c\n"), Err(Problem::TextAfterQuote));
        assert_eq!(read(Dialect::default(), b"\"a\"\rb"), Err(Problem::TextAfterQuote));
    }
}
