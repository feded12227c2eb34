//! JSON Lines: one object a row, numbers with every digit.

use arrow_array::{Array, RecordBatch};
use arrow_schema::Schema;

use super::json::CellForm;
use crate::results::text::Cells;
use crate::{Error, Result};

/// Encodes batches of one schema as JSON Lines.
#[derive(Debug)]
pub(super) struct JsonLines {
    /// What comes before each cell: the name of its column.
    keys: Vec<String>,
}

impl JsonLines {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let key = |(index, name): (usize, &String)| {
            let name = serde_json::to_string(name).map_err(unwritable)?;
            Ok(format!("{}{name}:", if index == 0 { "{" } else { "," }))
        };
        let names = schema.fields().iter().map(|field| field.name()).enumerate();
        Ok(Self { keys: names.map(key).collect::<Result<_>>()? })
    }

    pub(super) fn encode(&self, batch: &RecordBatch) -> Result<Vec<u8>> {
        let columns = batch.columns().iter().map(|column| LineCells::new(column));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let mut lines = Vec::new();
        for row in 0..batch.num_rows() {
            for (key, cells) in self.keys.iter().zip(&columns) {
                lines.extend_from_slice(key.as_bytes());
                cells.write(row, &mut lines)?;
            }
            lines.extend_from_slice(if self.keys.is_empty() { b"{}\n" } else { b"}\n" });
        }
        Ok(lines)
    }
}

struct LineCells<'a> {
    form: CellForm,
    cells: Cells<'a>,
}

impl<'a> LineCells<'a> {
    fn new(array: &'a dyn Array) -> Result<Self> {
        Ok(Self { form: CellForm::of(array.data_type()), cells: Cells::new(array)? })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        if self.cells.is_null(row) {
            out.extend_from_slice(b"null");
            return Ok(());
        }
        if let CellForm::Boolean | CellForm::Number | CellForm::Long | CellForm::Decimal = self.form {
            return self.cells.write(row, out);
        }
        let text = self.cells.text(row)?;
        // JSON has no word for what is not a number.
        if self.form == CellForm::Double && text.parse::<f64>().is_ok_and(f64::is_finite) {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        serde_json::to_writer(out, &text).map_err(unwritable)
    }
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::unexpected("rows cannot be written as JSON").caused_by(error)
}
