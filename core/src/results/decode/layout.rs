//! The columns of a run: what its header says, matched with what AMC described.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::column::{Column, column, guessing, looking};
use super::problem::{Problem, excerpt};
use super::split::{Fields, Grid};
use crate::results::column::{GUESS, INTEGER_DIGITS, OutputColumn};
use crate::{Error, Result};

/// The columns of one run, in the order of its header.
#[derive(Debug)]
pub(super) struct Layout {
    header: Vec<Vec<u8>>,
    width: usize,
    slots: Vec<Slot>,
    schema: SchemaRef,
}

/// One column that is read.
#[derive(Debug)]
struct Slot {
    /// Which field of a record it is.
    index: usize,
    name: String,
    origin: Origin,
    column: Box<dyn Column>,
}

/// Who says what a column is.
#[derive(Debug)]
enum Origin {
    /// AMC.
    Described(OutputColumn),
    /// Nobody: its texts are guessed at.
    Guessed,
    /// Whoever reads it.
    Asked(Field),
}

impl Slot {
    fn new(index: usize, name: String, described: Option<OutputColumn>, look: bool) -> Self {
        match described {
            Some(described) => {
                let column = column(&described.arrow_type());
                Self { index, name, origin: Origin::Described(described), column }
            }
            None => {
                let column = if look { looking() } else { guessing() };
                Self { index, name, origin: Origin::Guessed, column }
            }
        }
    }

    fn field(&self) -> Field {
        let data_type = self.column.data_type();
        match &self.origin {
            Origin::Described(described) => described.field(&self.name, data_type),
            Origin::Guessed => Field::new(&self.name, data_type, true),
            Origin::Asked(field) => field.clone().with_data_type(data_type),
        }
    }

    fn final_field(&self) -> Field {
        let mut field = self.field();
        if let Some(digits) = self.column.integer_digits() {
            field.metadata_mut().insert(INTEGER_DIGITS.to_owned(), digits.to_string());
        }
        if let Some(guess) = self.column.guess() {
            field.metadata_mut().insert(GUESS.to_owned(), guess.to_string());
        }
        field
    }
}

/// A field that cannot be read.
pub(super) struct Wrong {
    /// Which record of the grid it is in.
    pub(super) row: usize,
    /// Its column.
    pub(super) column: String,
    /// What is wrong.
    pub(super) problem: Problem,
}

impl Layout {
    /// Reads the header line; of a column AMC did not describe the texts are kept, unless it is only looked at.
    pub(super) fn from_header(
        record: Fields<'_>,
        output_columns: &[OutputColumn],
        look: bool,
    ) -> Result<Self, Problem> {
        let header: Vec<Vec<u8>> = record.map(|field| field.unwrap_or_default().to_vec()).collect();
        let names = header.iter().map(|field| text(field)).collect::<Result<Vec<_>, _>>()?;
        let described = describe(&names, output_columns);
        if !output_columns.is_empty() && described.iter().all(Option::is_none) {
            return Err(Problem::ForeignHeader(excerpt(names.join(", ").as_bytes())));
        }
        Ok(Self::new(header, names, described.into_iter().map(|found| found.cloned()), look))
    }

    /// The columns of a run without a file, as AMC described them.
    pub(super) fn without_header(output_columns: &[OutputColumn]) -> Self {
        let names = output_columns.iter().map(|column| column.name.clone()).collect();
        Self::new(Vec::new(), names, output_columns.iter().cloned().map(Some), false)
    }

    /// Some columns of `rows` records of `width` fields, each with the field it is and the type it is read as.
    pub(super) fn asked(width: usize, fields: &[(usize, Field)], rows: usize) -> Self {
        let slot = |(index, field): &(usize, Field)| {
            let mut column = column(field.data_type());
            column.reserve(rows);
            Slot { index: *index, name: field.name().clone(), column, origin: Origin::Asked(field.clone()) }
        };
        Self { width, ..Self::of(Vec::new(), fields.iter().map(slot).collect()) }
    }

    fn new(
        header: Vec<Vec<u8>>,
        names: Vec<String>,
        described: impl Iterator<Item = Option<OutputColumn>>,
        look: bool,
    ) -> Self {
        let named = distinct(names).into_iter().zip(described).enumerate();
        let slots = named.map(|(index, (name, described))| Slot::new(index, name, described, look));
        Self::of(header, slots.collect())
    }

    fn of(header: Vec<Vec<u8>>, slots: Vec<Slot>) -> Self {
        let schema = Arc::new(Schema::new(slots.iter().map(Slot::field).collect::<Vec<_>>()));
        Self { width: slots.len(), header, slots, schema }
    }

    /// How many fields a record has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whether a record repeats the header.
    pub(super) fn is_header(&self, record: Fields<'_>) -> bool {
        record.map(Option::unwrap_or_default).eq(self.header.iter().map(Vec::as_slice))
    }

    /// Appends the records of a grid; of what cannot be read, the first is told.
    pub(super) fn append(&mut self, grid: &Grid, block: &[u8]) -> Result<(), Wrong> {
        let mut first: Option<Wrong> = None;
        for slot in &mut self.slots {
            if let Err((row, problem)) = slot.column.extend(grid.column(block, slot.index))
                && first.as_ref().is_none_or(|first| row < first.row)
            {
                first = Some(Wrong { row, column: slot.name.clone(), problem });
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Takes the rows appended since the last call.
    pub(super) fn take_batch(&mut self, rows: usize) -> Result<RecordBatch> {
        let arrays = self.slots.iter_mut().map(|slot| slot.column.finish()).collect::<Result<_>>()?;
        if self.types_changed() {
            self.schema = Arc::new(Schema::new(self.slots.iter().map(Slot::field).collect::<Vec<_>>()));
        }
        let rows = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &rows)
            .map_err(|error| Error::unexpected("a decoded batch does not fit its schema").caused_by(error))
    }

    /// The schema of the whole run: decimals at their widest, with the digits they were seen to need, and guesses.
    pub(super) fn final_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(self.slots.iter().map(Slot::final_field).collect::<Vec<_>>()))
    }

    fn types_changed(&self) -> bool {
        let differs = |(slot, data_type): (&Slot, &DataType)| slot.column.data_type() != *data_type;
        self.slots.iter().zip(self.schema.fields().iter().map(|field| field.data_type())).any(differs)
    }
}

/// The description of each header name: by name, in any case; equal names in the order of their appearance.
fn describe<'a>(names: &[String], output_columns: &'a [OutputColumn]) -> Vec<Option<&'a OutputColumn>> {
    let mut left: Vec<&OutputColumn> = output_columns.iter().collect();
    let mut find = |name: &String| {
        let at = left.iter().position(|column| column.name.to_lowercase() == name.to_lowercase())?;
        Some(left.remove(at))
    };
    names.iter().map(&mut find).collect()
}

/// The names with `_2`, `_3` … appended where a query gave two columns one name.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let given: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut settle = |name: String| {
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        let free = (2..).map(|n| format!("{name}_{n}")).find(|candidate| {
            let lower = candidate.to_lowercase();
            !given.contains(&lower) && taken.insert(lower)
        });
        free.unwrap_or(name)
    };
    names.into_iter().map(&mut settle).collect()
}

fn text(field: &[u8]) -> Result<String, Problem> {
    String::from_utf8(field.to_vec()).map_err(|_| Problem::NotUtf8(excerpt(field)))
}
