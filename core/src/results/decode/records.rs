//! Splits a stream of bytes into records: a state machine that may be interrupted at any byte.

use super::problem::Problem;
use crate::results::Dialect;

/// The longest record accepted, in bytes: an unclosed quote must not swallow a whole result into memory.
const LONGEST_RECORD: usize = 16 << 20;

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Where in a record the next byte falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// After this many bytes of a byte order mark, at the beginning of a part.
    Mark(usize),
    FieldStart,
    Plain,
    /// After a carriage return in an unquoted field.
    PlainReturn,
    Quoted,
    /// After the escape character inside a quoted field.
    Escaped,
    /// After a quote inside a quoted field: its end, or half of a doubled quote.
    QuoteSeen,
    /// After a carriage return behind a quoted field.
    QuotedReturn,
}

/// Where a field ends in the record's bytes, and whether it stood in quotes.
#[derive(Debug, Clone, Copy)]
struct End {
    at: usize,
    quoted: bool,
}

/// One record, its fields unescaped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    bytes: &'a [u8],
    ends: &'a [End],
}

impl<'a> Record<'a> {
    pub(super) fn len(self) -> usize {
        self.ends.len()
    }

    /// Whether the line is empty.
    pub(super) fn is_blank(self) -> bool {
        self.bytes.is_empty() && matches!(self.ends, [End { quoted: false, .. }])
    }

    /// The fields; `None` is NULL, an empty field without quotes.
    pub(super) fn fields(self) -> impl Iterator<Item = Option<&'a [u8]>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let field = &self.bytes[start..end.at];
            start = end.at;
            (end.quoted || !field.is_empty()).then_some(field)
        })
    }
}

/// The record splitter.
#[derive(Debug)]
pub(super) struct Records {
    dialect: Dialect,
    ends_plain: [bool; 256],
    state: State,
    bytes: Vec<u8>,
    ends: Vec<End>,
    quoted: bool,
}

impl Records {
    pub(super) fn new(dialect: Dialect) -> Self {
        let mut ends_plain = [false; 256];
        for byte in [dialect.separator(), b'\n', b'\r'] {
            ends_plain[usize::from(byte)] = true;
        }
        let state = State::Mark(0);
        Self { dialect, ends_plain, state, bytes: Vec::new(), ends: Vec::new(), quoted: false }
    }

    /// Reads on, at most to the end of a record: how many bytes were read, and whether a record is complete.
    pub(super) fn feed(&mut self, input: &[u8]) -> Result<(usize, bool), Problem> {
        let mut at = 0;
        while at < input.len() {
            let (read, complete) = self.step(&input[at..])?;
            at += read;
            if complete {
                return Ok((at, true));
            }
        }
        Ok((at, false))
    }

    /// Ends the part: whether a last record without a line end is complete.
    pub(super) fn end_part(&mut self) -> Result<bool, Problem> {
        match std::mem::replace(&mut self.state, State::Mark(0)) {
            State::Quoted | State::Escaped => return Err(Problem::OpenQuote),
            State::Mark(0) => return Ok(false),
            State::FieldStart if self.ends.is_empty() => return Ok(false),
            State::Mark(seen) => self.bytes.extend(&BYTE_ORDER_MARK[..seen]),
            _ => {}
        }
        self.end_field();
        self.state = State::Mark(0);
        Ok(true)
    }

    /// The complete record.
    pub(super) fn record(&self) -> Record<'_> {
        Record { bytes: &self.bytes, ends: &self.ends }
    }

    /// Forgets the record, so that the next one can be read.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    // `input` is never empty; reading nothing is fine as long as the state changes.
    fn step(&mut self, input: &[u8]) -> Result<(usize, bool), Problem> {
        let byte = input[0];
        match self.state {
            State::Mark(seen) => Ok((self.mark(seen, byte), false)),
            State::FieldStart => Ok((self.start_field(byte), false)),
            State::Plain => self.plain(input),
            State::PlainReturn => Ok(self.after_return(byte)),
            State::Quoted => Ok((self.inside_quotes(input)?, false)),
            State::Escaped => Ok((self.escaped(byte), false)),
            State::QuoteSeen => self.after_quote(byte),
            State::QuotedReturn if byte == b'\n' => Ok((1, self.end_record())),
            State::QuotedReturn => Err(Problem::TextAfterQuote),
        }
    }

    fn mark(&mut self, seen: usize, byte: u8) -> usize {
        if byte != BYTE_ORDER_MARK[seen] {
            self.bytes.extend(&BYTE_ORDER_MARK[..seen]);
            self.state = if seen == 0 { State::FieldStart } else { State::Plain };
            return 0;
        }
        self.state =
            if seen + 1 == BYTE_ORDER_MARK.len() { State::FieldStart } else { State::Mark(seen + 1) };
        1
    }

    fn start_field(&mut self, byte: u8) -> usize {
        self.quoted = byte == self.dialect.quote();
        self.state = if self.quoted { State::Quoted } else { State::Plain };
        usize::from(self.quoted)
    }

    fn plain(&mut self, input: &[u8]) -> Result<(usize, bool), Problem> {
        let run = run(input, |byte| self.ends_plain[usize::from(byte)]);
        self.extend(&input[..run])?;
        match input.get(run) {
            None => Ok((run, false)),
            Some(b'\n') => Ok((run + 1, self.end_record())),
            Some(b'\r') => Ok((run + self.enter(State::PlainReturn), false)),
            Some(_) => Ok((run + self.end_field(), false)),
        }
    }

    fn after_return(&mut self, byte: u8) -> (usize, bool) {
        if byte == b'\n' {
            return (1, self.end_record());
        }
        self.bytes.push(b'\r');
        self.state = State::Plain;
        (0, false)
    }

    fn inside_quotes(&mut self, input: &[u8]) -> Result<usize, Problem> {
        let (quote, escape) = (self.dialect.quote(), self.dialect.escape());
        let run = run(input, |byte| byte == quote || byte == escape);
        self.extend(&input[..run])?;
        match input.get(run) {
            None => Ok(run),
            Some(&byte) if byte == quote => Ok(run + self.enter(State::QuoteSeen)),
            Some(_) => Ok(run + self.enter(State::Escaped)),
        }
    }

    // An escape before any other character is an ordinary character: dropping it would lose a byte.
    fn escaped(&mut self, byte: u8) -> usize {
        let escape = self.dialect.escape();
        if byte != self.dialect.quote() && byte != escape {
            self.bytes.push(escape);
        }
        self.bytes.push(byte);
        self.enter(State::Quoted)
    }

    fn after_quote(&mut self, byte: u8) -> Result<(usize, bool), Problem> {
        match byte {
            b'\n' => Ok((1, self.end_record())),
            b'\r' => Ok((self.enter(State::QuotedReturn), false)),
            _ if byte == self.dialect.separator() => Ok((self.end_field(), false)),
            _ if byte == self.dialect.quote() => {
                self.bytes.push(byte);
                Ok((self.enter(State::Quoted), false))
            }
            _ => Err(Problem::TextAfterQuote),
        }
    }

    fn enter(&mut self, state: State) -> usize {
        self.state = state;
        1
    }

    fn extend(&mut self, run: &[u8]) -> Result<(), Problem> {
        self.bytes.extend_from_slice(run);
        if self.bytes.len() > LONGEST_RECORD { Err(Problem::TooLong(LONGEST_RECORD)) } else { Ok(()) }
    }

    fn end_field(&mut self) -> usize {
        self.ends.push(End { at: self.bytes.len(), quoted: std::mem::take(&mut self.quoted) });
        self.enter(State::FieldStart)
    }

    fn end_record(&mut self) -> bool {
        self.end_field();
        true
    }
}

fn run(input: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    input.iter().position(|&byte| stop(byte)).unwrap_or(input.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<Vec<Option<String>>>;

    fn read(dialect: Dialect, chunks: &[&[u8]]) -> Result<Rows, Problem> {
        let mut records = Records::new(dialect);
        let mut rows = Rows::new();
        for mut chunk in chunks.iter().copied() {
            while !chunk.is_empty() {
                let (read, complete) = records.feed(chunk)?;
                chunk = &chunk[read..];
                if complete {
                    take(&mut records, &mut rows);
                }
            }
        }
        if records.end_part()? {
            take(&mut records, &mut rows);
        }
        Ok(rows)
    }

    fn take(records: &mut Records, rows: &mut Rows) {
        let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        rows.push(records.record().fields().map(|field| field.map(text)).collect());
        records.clear();
    }

    fn row(fields: &[Option<&str>]) -> Vec<Option<String>> {
        fields.iter().map(|field| field.map(str::to_owned)).collect()
    }

    #[test]
    fn every_chunking_reads_alike() {
        let text = "\u{feff}a,b\r\n\"x,\\\"\\\\\\n\ny\"\"\",\r\n,\"\"\r\n1\r2,é";
        let expected = vec![
            row(&[Some("a"), Some("b")]),
            row(&[Some("x,\"\\\\n\ny\""), None]),
            row(&[None, Some("")]),
            row(&[Some("1\r2"), Some("é")]),
        ];
        for size in 1..=text.len() {
            let chunks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            assert_eq!(read(Dialect::default(), &chunks).unwrap(), expected, "chunks of {size}");
        }
    }

    #[test]
    fn a_doubled_quote_is_a_quote() {
        let rows = read(Dialect::RFC_4180, &[b"\"say \"\"hi\"\"\",\"back\\slash\"\n"]).unwrap();
        assert_eq!(rows, [row(&[Some("say \"hi\""), Some("back\\slash")])]);
    }

    #[test]
    fn a_last_line_needs_no_end() {
        for text in ["a,b\n1,", "a,b\n1,\n", "a,b\r\n1,\r\n", "a,b\n1,\r"] {
            let rows = read(Dialect::default(), &[text.as_bytes()]).unwrap();
            assert_eq!(rows.last(), Some(&row(&[Some("1"), None])), "{text:?}");
            assert_eq!(rows.len(), 2);
        }
    }

    #[test]
    fn nothing_is_no_record() {
        assert_eq!(read(Dialect::default(), &[b""]).unwrap(), Rows::new());
        assert_eq!(read(Dialect::default(), &["\u{feff}".as_bytes()]).unwrap(), Rows::new());
    }

    #[test]
    fn broken_quotes_are_said() {
        assert_eq!(read(Dialect::default(), &[b"\"a"]), Err(Problem::OpenQuote));
        assert_eq!(read(Dialect::default(), &[b"\"a\\"]), Err(Problem::OpenQuote));
        assert_eq!(read(Dialect::default(), &[b"\"a\"b,c\n"]), Err(Problem::TextAfterQuote));
        assert_eq!(read(Dialect::default(), &[b"\"a\"\rb"]), Err(Problem::TextAfterQuote));
    }

    #[test]
    fn an_unclosed_quote_does_not_swallow_everything() {
        let long = vec![b'x'; LONGEST_RECORD + 1];
        assert_eq!(read(Dialect::default(), &[b"\"", &long]), Err(Problem::TooLong(LONGEST_RECORD)));
    }
}
