//! Which rows have the same values in the columns that are grouped by.

use std::hash::BuildHasher;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow_schema::DataType;
use arrow_select::concat::concat;
use arrow_select::take::take;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::results::text::Cells;
use crate::{Error, Result};

/// The groups found so far, numbered in the order in which they appeared.
#[derive(Debug, Default)]
pub(in crate::results) struct Groups {
    by: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The bytes of every group's key, one after the other, and where each ends.
    keys: Vec<u8>,
    ends: Vec<usize>,
    /// The values of the groups' keys: for each find of new groups, an array a column.
    values: Vec<Vec<ArrayRef>>,
}

impl Groups {
    /// Groups by the columns of these numbers.
    pub(in crate::results) fn by(columns: Vec<usize>) -> Self {
        Self { by: columns, ..Self::default() }
    }

    pub(in crate::results) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The group of every row of a batch; new ones are added.
    pub(in crate::results) fn find(&mut self, batch: &RecordBatch) -> Result<Vec<u32>> {
        let columns: Vec<ArrayRef> =
            self.by.iter().map(|column| ArrayRef::clone(batch.column(*column))).collect();
        let keys = columns.iter().map(|column| Key::new(column)).collect::<Result<Vec<_>>>()?;
        let (mut key, mut groups, mut firsts) =
            (Vec::new(), Vec::with_capacity(batch.num_rows()), Vec::new());
        for row in 0..batch.num_rows() {
            key.clear();
            keys.iter().try_for_each(|column| column.append(row, &mut key))?;
            let (group, is_new) = self.group(&key);
            if is_new {
                firsts.push(u32::try_from(row).unwrap_or(u32::MAX));
            }
            groups.push(group);
        }
        self.keep(&columns, firsts)?;
        Ok(groups)
    }

    /// The groups here of the groups of another; new ones are added.
    pub(super) fn merge(&mut self, other: Self) -> Result<Vec<u32>> {
        let (mut start, mut groups, mut firsts) = (0, Vec::with_capacity(other.len()), Vec::new());
        for (number, end) in other.ends.iter().enumerate() {
            let (group, is_new) = self.group(&other.keys[start..*end]);
            if is_new {
                firsts.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
            groups.push(group);
            start = *end;
        }
        if !firsts.is_empty() {
            self.keep(&other.values()?, firsts)?;
        }
        Ok(groups)
    }

    /// The values of the groups' keys, an array a column.
    pub(in crate::results) fn values(&self) -> Result<Vec<ArrayRef>> {
        let column = |at: usize| {
            let found: Vec<&dyn Array> = self.values.iter().map(|columns| columns[at].as_ref()).collect();
            concat(&found).map_err(unfit)
        };
        (0..self.values.first().map_or(0, Vec::len)).map(column).collect()
    }

    fn group(&mut self, key: &[u8]) -> (u32, bool) {
        let Self { numbers, hasher, keys, ends, .. } = self;
        let of = |number: u32| key_of(keys, ends, number);
        let hash = hasher.hash_one(key);
        if let Some(number) = numbers.find(hash, |number| of(*number) == key) {
            return (*number, false);
        }
        let number = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(of(*number)));
        keys.extend_from_slice(key);
        ends.push(keys.len());
        (number, true)
    }

    fn keep(&mut self, columns: &[ArrayRef], firsts: Vec<u32>) -> Result<()> {
        if firsts.is_empty() {
            return Ok(());
        }
        let firsts = UInt32Array::from(firsts);
        let taken = columns.iter().map(|column| take(column, &firsts, None).map_err(unfit));
        self.values.push(taken.collect::<Result<_>>()?);
        Ok(())
    }
}

fn key_of<'a>(keys: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let number = number as usize;
    &keys[if number == 0 { 0 } else { ends[number - 1] }..ends[number]]
}

/// The part of a key that one column gives.
enum Key<'a> {
    Text(&'a StringArray),
    Value(Cells<'a>),
}

impl<'a> Key<'a> {
    fn new(array: &'a dyn Array) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8 => Ok(Self::Text(array.as_string())),
            _ => Cells::new(array).map(Self::Value),
        }
    }

    /// Appends a mark of NULL, or the length of the value's text and the text.
    fn append(&self, row: usize, key: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Text(texts) if texts.is_null(row) => key.push(0),
            Self::Text(texts) => append_text(texts.value(row), key),
            Self::Value(cells) if cells.is_null(row) => key.push(0),
            Self::Value(cells) => append_text(&cells.text(row)?, key),
        }
        Ok(())
    }
}

fn append_text(text: &str, key: &mut Vec<u8>) {
    key.push(1);
    key.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    key.extend_from_slice(text.as_bytes());
}

fn unfit(error: arrow_schema::ArrowError) -> Error {
    Error::unexpected("the keys of groups do not fit together").caused_by(error)
}
