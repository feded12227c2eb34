//! RFC 4180 CSV: comma, double quote, CRLF; NULL is an empty field, an empty text is `""`.

use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::Schema;

use crate::Result;
use crate::results::text::Cells;

const LINE_END: &str = "\r\n";
const BYTE_ORDER_MARK: &str = "\u{feff}";
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
        let mut text = String::from(if self.options.byte_order_mark { BYTE_ORDER_MARK } else { "" });
        for (index, field) in schema.fields().iter().enumerate() {
            separate(index, &mut text);
            self.write_text(field.name(), &mut text);
        }
        text.push_str(LINE_END);
        text.into_bytes()
    }

    /// Encodes the rows of a batch.
    ///
    /// # Errors
    /// `Unexpected` when a column's type has no text form.
    pub fn encode(&self, batch: &RecordBatch) -> Result<Vec<u8>> {
        let columns =
            batch.columns().iter().map(|column| CsvCells::new(column)).collect::<Result<Vec<_>>>()?;
        let mut text = String::with_capacity(batch.num_rows() * columns.len() * CELL_BYTES);
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                separate(index, &mut text);
                self.write_cell(column, row, &mut text)?;
            }
            text.push_str(LINE_END);
        }
        Ok(text.into_bytes())
    }

    fn write_cell(&self, column: &CsvCells<'_>, row: usize, out: &mut String) -> Result<()> {
        if column.cells.is_null(row) {
            return Ok(());
        }
        match column.texts {
            None => return column.cells.write(row, out),
            Some(texts) if column.is_plain && !self.options.spreadsheet_safe => {
                out.push_str(if texts.value(row).is_empty() { "\"\"" } else { texts.value(row) });
            }
            Some(texts) => self.write_text(texts.value(row), out),
        }
        Ok(())
    }

    fn write_text(&self, text: &str, out: &mut String) {
        let guarded =
            self.options.spreadsheet_safe && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        if !text.is_empty() && !text.contains([',', '"', '\r', '\n']) {
            out.push_str(if guarded { "'" } else { "" });
            return out.push_str(text);
        }
        out.push_str(if guarded { "\"'" } else { "\"" });
        for (index, part) in text.split('"').enumerate() {
            out.push_str(if index > 0 { "\"\"" } else { "" });
            out.push_str(part);
        }
        out.push('"');
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

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}
