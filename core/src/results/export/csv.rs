//! RFC 4180 CSV: comma, double quote, CRLF; NULL is an empty field, an empty text is `""`.

use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::Schema;

use crate::Result;
use crate::results::text::{Cells, write_text};

const LINE_END: &[u8] = b"\r\n";
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// About how long a cell is, to begin with.
const CELL_BYTES: usize = 12;

/// What a CSV file is made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CsvOptions {
    /// Begins with a byte order mark, by which some spreadsheets know UTF-8.
    pub byte_order_mark: bool,
    /// Puts an apostrophe before texts that a spreadsheet would take for a formula: those that begin with `=`, `+`,
    /// `-`, `@`, a tab or a line end. Such a file is for people; a program reads the apostrophe back.
    pub spreadsheet_safe: bool,
}

/// Encodes batches of one schema as CSV.
///
/// Numbers keep every digit, times are ISO 8601 in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct CsvEncoder {
    options: CsvOptions,
}

impl CsvEncoder {
    /// An encoder of files made for something.
    #[must_use]
    pub const fn new(options: CsvOptions) -> Self {
        Self { options }
    }

    /// The beginning of a file: the names of the columns.
    #[must_use]
    pub fn header(&self, schema: &Schema) -> Vec<u8> {
        let mut bytes = if self.options.byte_order_mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
        for (index, field) in schema.fields().iter().enumerate() {
            separate(index, &mut bytes);
            self.write_quoted(field.name(), &mut bytes);
        }
        bytes.extend_from_slice(LINE_END);
        bytes
    }

    /// Encodes the rows of a batch.
    ///
    /// # Errors
    /// `Unexpected` when a column's type has no text form.
    pub fn encode(&self, batch: &RecordBatch) -> Result<Vec<u8>> {
        let columns =
            batch.columns().iter().map(|column| CsvCells::new(column)).collect::<Result<Vec<_>>>()?;
        let mut bytes = Vec::with_capacity(batch.num_rows() * columns.len() * CELL_BYTES);
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                separate(index, &mut bytes);
                self.write_cell(column, row, &mut bytes)?;
            }
            bytes.extend_from_slice(LINE_END);
        }
        Ok(bytes)
    }

    fn write_cell(&self, column: &CsvCells<'_>, row: usize, out: &mut Vec<u8>) -> Result<()> {
        if column.cells.is_null(row) {
            return Ok(());
        }
        match column.texts {
            None => return column.cells.write(row, out),
            Some(texts)
                if column.is_plain && !self.options.spreadsheet_safe && texts.value_length(row) > 0 =>
            {
                write_text(texts, row, out);
            }
            Some(texts) => self.write_quoted(texts.value(row), out),
        }
        Ok(())
    }

    /// Appends a text, between quotes if it needs them.
    fn write_quoted(&self, text: &str, out: &mut Vec<u8>) {
        let guarded =
            self.options.spreadsheet_safe && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        let guard: &[u8] = if guarded { b"'" } else { b"" };
        if !text.is_empty() && !text.contains([',', '"', '\r', '\n']) {
            out.extend_from_slice(guard);
            return out.extend_from_slice(text.as_bytes());
        }
        out.push(b'"');
        out.extend_from_slice(guard);
        for (index, part) in text.split('"').enumerate() {
            out.extend_from_slice(if index > 0 { b"\"\"" } else { b"" });
            out.extend_from_slice(part.as_bytes());
        }
        out.push(b'"');
    }
}

/// The cells of one column, and whether none of them needs quotes.
struct CsvCells<'a> {
    cells: Cells<'a>,
    texts: Option<&'a StringArray>,
    is_plain: bool,
}

impl<'a> CsvCells<'a> {
    fn new(array: &'a dyn Array) -> Result<Self> {
        let cells = Cells::new(array)?;
        let texts = cells.texts();
        Ok(Self { cells, texts, is_plain: texts.is_none_or(is_plain) })
    }
}

/// All texts of a column are looked at together, which is many times faster than one by one.
fn is_plain(texts: &StringArray) -> bool {
    let offsets = texts.value_offsets();
    let ends = offsets.first().zip(offsets.last());
    let [start, end] =
        ends.map_or([0; 2], |(start, end)| [*start, *end].map(|at| usize::try_from(at).unwrap_or_default()));
    let bytes = &texts.value_data()[start..end];
    memchr::memchr3(b',', b'"', b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_none()
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}
