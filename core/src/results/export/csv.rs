//! RFC 4180 CSV: comma, double quote, CRLF; NULL is an empty field, an empty text is `""`.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use crate::Result;
use crate::results::text::Cells;

const LINE_END: &str = "\r\n";

/// Encodes batches of one schema as CSV, the header first and once.
///
/// Numbers keep every digit, times are ISO 8601 in UTC.
#[derive(Debug)]
pub struct CsvEncoder {
    header: Option<String>,
}

impl CsvEncoder {
    /// Starts a file with the columns of `schema`.
    #[must_use]
    pub fn new(schema: &Schema) -> Self {
        let mut header = String::new();
        for (index, field) in schema.fields().iter().enumerate() {
            separate(index, &mut header);
            quote_where_needed(field.name(), &mut header);
        }
        header.push_str(LINE_END);
        Self { header: Some(header) }
    }

    /// Encodes a batch, after the header if it is the first one.
    ///
    /// # Errors
    /// `Unexpected` when a column's type has no text form.
    pub fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        let mut text = self.header.take().unwrap_or_default();
        let columns = batch.columns().iter().map(|column| Cells::new(column)).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            for (index, cells) in columns.iter().enumerate() {
                separate(index, &mut text);
                encode_cell(cells, row, &mut text)?;
            }
            text.push_str(LINE_END);
        }
        Ok(text.into_bytes())
    }

    /// Ends the file: the header, if no batch brought it.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.header.unwrap_or_default().into_bytes()
    }
}

fn encode_cell(cells: &Cells<'_>, row: usize, out: &mut String) -> Result<()> {
    if cells.is_null(row) {
        return Ok(());
    }
    if let Cells::Text(texts) = cells {
        quote_where_needed(texts.value(row), out);
        return Ok(());
    }
    cells.write(row, out)
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn quote_where_needed(text: &str, out: &mut String) {
    if !text.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        return out.push_str(text);
    }
    out.push('"');
    for (index, part) in text.split('"').enumerate() {
        out.push_str(if index > 0 { "\"\"" } else { "" });
        out.push_str(part);
    }
    out.push('"');
}
