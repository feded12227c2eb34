//! The one text form of every value: exact digits, ISO dates and times, the shortest form of a double.

use arrow_array::cast::AsArray;
use arrow_array::{Array, StringArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};

use crate::{Error, Result};

/// Times are `2025-09-01T06:00:00Z`, with three or six digits of a fraction where there is one.
const OPTIONS: FormatOptions<'static> = FormatOptions::new();

/// The cells of one column as text.
pub(super) enum Cells<'a> {
    /// Texts, as they are.
    Text(&'a StringArray),
    /// Values with a text form of their own, which never holds a separator, a quote or a line end.
    Value(&'a dyn Array, ArrayFormatter<'a>),
}

impl<'a> Cells<'a> {
    pub(super) fn new(array: &'a dyn Array) -> Result<Self> {
        if array.data_type() == &DataType::Utf8 {
            return Ok(Self::Text(array.as_string()));
        }
        ArrayFormatter::try_new(array, &OPTIONS)
            .map(|formatter| Self::Value(array, formatter))
            .map_err(unprintable)
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(array) => array.is_null(row),
            Self::Value(array, _) => array.is_null(row),
        }
    }

    /// Appends the text of a cell that is not NULL.
    pub(super) fn write(&self, row: usize, out: &mut String) -> Result<()> {
        match self {
            Self::Text(array) => out.push_str(array.value(row)),
            Self::Value(_, formatter) => formatter.value(row).write(out).map_err(unprintable)?,
        }
        Ok(())
    }
}

fn unprintable(error: ArrowError) -> Error {
    Error::unexpected("a value has no text form").caused_by(error)
}
