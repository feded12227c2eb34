//! A workbook: the rows on one sheet, where they come from on another.

use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::format::EncodeFile;
use crate::Error;
use crate::results::text::Cells;

type Result<T, E = Error> = std::result::Result<T, E>;

/// The most rows a sheet has, without that of the names.
const MOST_ROWS: u32 = 1_048_575;
/// The most digits a spreadsheet keeps of a number; what has more is written as text.
const KEPT_DIGITS: usize = 15;
/// The day before which a spreadsheet counts, in days before 1970-01-01.
const EPOCH: f64 = 25_569.0;
const MICROS_PER_DAY: f64 = 86_400_000_000.0;
const ROWS: &str = "Results";
const PROVENANCE: &str = "Provenance";

/// Encodes batches of one schema as one workbook.
pub(super) struct XlsxEncoder {
    workbook: Workbook,
    next_row: u32,
    day: Format,
    instant: Format,
}

impl fmt::Debug for XlsxEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XlsxEncoder").field("next_row", &self.next_row).finish_non_exhaustive()
    }
}

impl XlsxEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        let rows = sheet(&mut workbook, ROWS).map_err(unwritable)?;
        for (at, field) in (0..).zip(schema.fields()) {
            rows.write_string_with_format(0, at, field.name(), &bold).map_err(unwritable)?;
        }
        rows.set_freeze_panes(1, 0).map_err(unwritable)?;
        let provenance = sheet(&mut workbook, PROVENANCE).map_err(unwritable)?;
        let mut said: Vec<_> = schema.metadata().iter().collect();
        said.sort();
        for (row, (key, value)) in (0..).zip(said) {
            provenance.write_string_with_format(row, 0, key, &bold).map_err(unwritable)?;
            provenance.write_string(row, 1, value).map_err(unwritable)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let instant = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { workbook, next_row: 1, day, instant })
    }

    fn write_cell(
        sheet: &mut Worksheet,
        place: (u32, u16),
        cell: (&dyn Array, &Cells<'_>, usize),
        formats: (&Format, &Format),
    ) -> Result<()> {
        let ((row, column), (array, cells, at)) = (place, cell);
        let written = match array.data_type() {
            _ if cells.is_null(at) => return Ok(()),
            DataType::Boolean => sheet.write_boolean(row, column, array.as_boolean().value(at)),
            DataType::Date32 => {
                let days = f64::from(array.as_primitive::<Date32Type>().value(at)) + EPOCH;
                sheet.write_number_with_format(row, column, days, formats.0)
            }
            DataType::Timestamp(..) => {
                let days = days(array.as_primitive::<TimestampMicrosecondType>().value(at));
                sheet.write_number_with_format(row, column, days, formats.1)
            }
            data_type => {
                let text = cells.text(at)?;
                match number(&text).filter(|_| data_type.is_numeric()) {
                    Some(number) => sheet.write_number(row, column, number),
                    None => sheet.write_string(row, column, text),
                }
            }
        };
        written.map(|_| ()).map_err(unwritable)
    }
}

impl EncodeFile for XlsxEncoder {
    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        let cells = batch.columns().iter().map(|column| Cells::new(column)).collect::<Result<Vec<_>>>()?;
        let sheet = self.workbook.worksheet_from_name(ROWS).map_err(unwritable)?;
        for at in 0..batch.num_rows() {
            if self.next_row > MOST_ROWS {
                return Err(too_many());
            }
            for (column, (array, cells)) in (0..).zip(batch.columns().iter().zip(&cells)) {
                let place = (self.next_row, column);
                Self::write_cell(sheet, place, (array, cells, at), (&self.day, &self.instant))?;
            }
            self.next_row += 1;
        }
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<u8>> {
        self.workbook.save_to_buffer().map_err(unwritable)
    }
}

fn sheet<'a>(workbook: &'a mut Workbook, name: &str) -> Result<&'a mut Worksheet, XlsxError> {
    workbook.add_worksheet_with_constant_memory()?.set_name(name)
}

/// The number a text spells, if a spreadsheet keeps all of its digits.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite() && (digits <= KEPT_DIGITS || text.contains('e')))
}

#[allow(clippy::cast_precision_loss, reason = "a spreadsheet keeps instants as doubles")]
fn days(micros: i64) -> f64 {
    micros as f64 / MICROS_PER_DAY + EPOCH
}

fn too_many() -> Error {
    Error::invalid("too_many_rows", format!("a sheet holds {MOST_ROWS} rows, and there are more"))
        .hint("roll the rows up, or write them as Parquet or CSV")
}

fn unwritable(error: XlsxError) -> Error {
    Error::invalid("sheet_unwritable", "the rows cannot be written as a sheet")
        .hint("a cell holds 32,767 characters, a sheet 16,384 columns: write them as Parquet or CSV")
        .caused_by(error)
}
