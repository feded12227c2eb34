//! The columns of a run: what its header says, matched with what AMC described.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema, SchemaRef};

use super::column::{Column, column};
use super::problem::{Problem, excerpt};
use super::records::Record;
use crate::results::column::{INTEGER_DIGITS, OutputColumn};
use crate::{Error, Result};

/// The columns of one run, in the order of its header.
#[derive(Debug)]
pub(super) struct Layout {
    header: Vec<Vec<u8>>,
    described: Vec<OutputColumn>,
    fields: Vec<String>,
    columns: Vec<Box<dyn Column>>,
    schema: SchemaRef,
}

impl Layout {
    /// Reads the header line; a column AMC did not describe is STRING.
    pub(super) fn from_header(record: Record<'_>, output_columns: &[OutputColumn]) -> Result<Self, Problem> {
        let header: Vec<Vec<u8>> = record.fields().map(|field| field.unwrap_or_default().to_vec()).collect();
        let names = header.iter().map(|field| text(field)).collect::<Result<Vec<_>, _>>()?;
        let described = describe(&names, output_columns);
        if !output_columns.is_empty() && described.iter().all(Option::is_none) {
            return Err(Problem::ForeignHeader(excerpt(names.join(", ").as_bytes())));
        }
        let undescribed = |(name, column): (&String, Option<&OutputColumn>)| {
            column.cloned().unwrap_or_else(|| OutputColumn::new(name, "STRING"))
        };
        let described = names.iter().zip(described).map(undescribed).collect();
        Ok(Self::new(header, described, distinct(names)))
    }

    /// The columns of a run without a file, as AMC described them.
    pub(super) fn without_header(output_columns: &[OutputColumn]) -> Self {
        let names = output_columns.iter().map(|column| column.name.clone()).collect();
        Self::new(Vec::new(), output_columns.to_vec(), distinct(names))
    }

    fn new(header: Vec<Vec<u8>>, described: Vec<OutputColumn>, fields: Vec<String>) -> Self {
        let columns: Vec<_> = described.iter().map(|described| column(&described.arrow_type())).collect();
        let mut layout = Self { header, described, fields, columns, schema: Arc::new(Schema::empty()) };
        layout.schema = Arc::new(Schema::new(layout.arrow_fields()));
        layout
    }

    /// Whether a record repeats the header.
    pub(super) fn is_header(&self, record: Record<'_>) -> bool {
        record.len() == self.header.len()
            && record.fields().zip(&self.header).all(|(field, name)| field.unwrap_or_default() == name)
    }

    /// Appends a row, the `row`-th of the run; `false` when the line is empty and says nothing.
    pub(super) fn append(&mut self, record: Record<'_>, row: u64) -> Result<bool> {
        if record.len() != self.columns.len() {
            return if record.is_blank() { Ok(false) } else { Err(self.ragged(record, row)) };
        }
        for (index, field) in record.fields().enumerate() {
            let column = &mut self.columns[index];
            match field {
                None => column.push_null(),
                Some(field) => column.push(field).map_err(|why| why.at(row, Some(&self.fields[index])))?,
            }
        }
        Ok(true)
    }

    /// Takes the rows appended since the last call.
    pub(super) fn take_batch(&mut self) -> Result<RecordBatch> {
        let arrays = self.columns.iter_mut().map(|column| column.finish()).collect();
        if self.types_changed() {
            self.schema = Arc::new(Schema::new(self.arrow_fields()));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| Error::unexpected("a decoded batch does not fit its schema").caused_by(error))
    }

    /// The schema of the whole run: decimals at their widest, with the digits they were seen to need.
    pub(super) fn final_schema(&self) -> SchemaRef {
        let mut fields = self.arrow_fields();
        for (field, column) in fields.iter_mut().zip(&self.columns) {
            if let Some(digits) = column.integer_digits() {
                field.metadata_mut().insert(INTEGER_DIGITS.to_owned(), digits.to_string());
            }
        }
        Arc::new(Schema::new(fields))
    }

    fn types_changed(&self) -> bool {
        self.columns
            .iter()
            .zip(self.schema.fields())
            .any(|(column, field)| column.data_type() != *field.data_type())
    }

    fn arrow_fields(&self) -> Vec<Field> {
        let parts = self.described.iter().zip(&self.fields).zip(&self.columns);
        parts.map(|((described, name), column)| described.field(name, column.data_type())).collect()
    }

    fn ragged(&self, record: Record<'_>, row: u64) -> Error {
        Problem::FieldCount { found: record.len(), expected: self.columns.len() }.at(row, None)
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
