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
        let mut lines = String::new();
        for row in 0..batch.num_rows() {
            for (key, cells) in self.keys.iter().zip(&columns) {
                lines.push_str(key);
                cells.write(row, &mut lines)?;
            }
            lines.push_str(if self.keys.is_empty() { "{}\n" } else { "}\n" });
        }
        Ok(lines.into_bytes())
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

    fn write(&self, row: usize, out: &mut String) -> Result<()> {
        if self.cells.is_null(row) {
            out.push_str("null");
            return Ok(());
        }
        let from = out.len();
        self.cells.write(row, out)?;
        let is_bare = match self.form {
            CellForm::Boolean | CellForm::Number | CellForm::Long | CellForm::Decimal => true,
            // JSON has no word for what is not a number.
            CellForm::Double => out[from..].parse::<f64>().is_ok_and(f64::is_finite),
            CellForm::Text | CellForm::Date | CellForm::Timestamp => false,
        };
        if !is_bare {
            let quoted = serde_json::to_string(&out[from..]).map_err(unwritable)?;
            out.truncate(from);
            out.push_str(&quoted);
        }
        Ok(())
    }
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::unexpected("rows cannot be written as JSON").caused_by(error)
}
