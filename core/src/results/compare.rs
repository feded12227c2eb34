//! Two tables held against each other by their keys: what is new, what is lost, what changed and by how much.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Decimal128Array, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType, Field, Schema};
use arrow_select::take::take;

use super::roll_up::{BOUND, Groups, Numbers, scale};
use crate::{Error, Result};

/// The column that says what became of a key: `new`, `lost`, `changed` or `same`.
pub const CHANGE: &str = "_change";

/// Compares two tables whose first `keys` columns are keys, each at most once in a table. Of every other column that
/// both have: its value before and after, and where it is no bound the difference, absolute and relative to before.
pub(crate) fn compare(before: &RecordBatch, after: &RecordBatch, keys: usize) -> Result<RecordBatch> {
    let rows = Rows::of(before, after, keys)?;
    let schema = before.schema();
    let mut columns: Vec<(Field, ArrayRef)> = schema.fields()[..keys]
        .iter()
        .zip(rows.keys.clone())
        .map(|(field, key)| (field.as_ref().clone().with_data_type(key.data_type().clone()), key))
        .collect();
    let mut differs = vec![false; rows.before.len()];
    let mut measures = Vec::new();
    for field in &schema.fields()[keys..] {
        if let Some(later) = after.column_by_name(field.name()).filter(|_| !field.name().starts_with('_')) {
            let earlier = before.column_by_name(field.name()).unwrap_or(later);
            let pair = Pair::new(field, [earlier, later], &rows)?;
            differs.iter_mut().zip(pair.differs()).for_each(|(known, more)| *known |= more);
            measures.extend(pair.columns()?);
        }
    }
    columns.push((Field::new(CHANGE, DataType::Utf8, false), Arc::new(rows.changes(&differs))));
    columns.extend(measures);
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(unfit)
}

/// Where each key is in both tables.
struct Rows {
    keys: Vec<ArrayRef>,
    before: Vec<Option<u32>>,
    after: Vec<Option<u32>>,
}

impl Rows {
    fn of(before: &RecordBatch, after: &RecordBatch, keys: usize) -> Result<Self> {
        let mut groups = Groups::by((0..keys).collect());
        let found = [groups.find(before)?, groups.find(after)?];
        let place = |found: &[u32]| {
            let mut rows = vec![None; groups.len()];
            (0..).zip(found).for_each(|(row, group)| rows[*group as usize] = Some(row));
            rows
        };
        let [before, after] = [place(&found[0]), place(&found[1])];
        Ok(Self { keys: groups.values()?, before, after })
    }

    fn changes(&self, differs: &[bool]) -> StringArray {
        let change = |((before, after), differs): ((&Option<u32>, &Option<u32>), &bool)| match (before, after)
        {
            (None, _) => "new",
            (_, None) => "lost",
            _ if *differs => "changed",
            _ => "same",
        };
        StringArray::from_iter_values(self.before.iter().zip(&self.after).zip(differs).map(change))
    }
}

/// A column before and after, key by key.
struct Pair<'a> {
    field: &'a Field,
    before: ArrayRef,
    after: ArrayRef,
}

impl<'a> Pair<'a> {
    fn new(field: &'a Field, [before, after]: [&ArrayRef; 2], rows: &Rows) -> Result<Self> {
        let taken = |array: &ArrayRef, rows: &[Option<u32>]| {
            take(array, &UInt32Array::from(rows.to_vec()), None).map_err(unfit)
        };
        Ok(Self { field, before: taken(before, &rows.before)?, after: taken(after, &rows.after)? })
    }

    fn exact(&self) -> Option<(Vec<i128>, Vec<i128>, i32)> {
        let (Numbers::Exact(before), Numbers::Exact(after)) =
            (Numbers::of(&self.before), Numbers::of(&self.after))
        else {
            return None;
        };
        let scales = [scale(self.before.data_type()), scale(self.after.data_type())];
        let widest = scales[0].max(scales[1]);
        let widened = |values: Vec<i128>, scale: i32| {
            let factor = 10_i128.checked_pow(u32::try_from(widest - scale).ok()?)?;
            values.into_iter().map(|value| value.checked_mul(factor)).collect::<Option<Vec<_>>>()
        };
        Some((widened(before, scales[0])?, widened(after, scales[1])?, widest))
    }

    fn doubles(&self, array: &ArrayRef, row: usize) -> Option<f64> {
        array.is_valid(row).then(|| Numbers::of(array).double(row, scale(array.data_type())))
    }

    /// Whether the value of each key changed.
    fn differs(&self) -> Vec<bool> {
        let exact = self.exact();
        let differs = |row: usize| match (self.before.is_valid(row), self.after.is_valid(row)) {
            (true, true) => match &exact {
                Some((before, after, _)) => before[row] != after[row],
                None => self.doubles(&self.before, row) != self.doubles(&self.after, row),
            },
            (before, after) => before != after,
        };
        (0..self.before.len()).map(differs).collect()
    }

    fn columns(&self) -> Result<Vec<(Field, ArrayRef)>> {
        let named = |suffix: &str, array: ArrayRef| {
            let field =
                Field::new(format!("{}_{suffix}", self.field.name()), array.data_type().clone(), true);
            (field.with_metadata(self.field.metadata().clone()), array)
        };
        let mut columns = vec![
            named("before", ArrayRef::clone(&self.before)),
            named("after", ArrayRef::clone(&self.after)),
        ];
        let is_number = self.before.data_type().is_numeric() && self.after.data_type().is_numeric();
        if is_number && !self.field.metadata().contains_key(BOUND) {
            columns.push(named("difference", self.differences()?));
            columns.push(named("relative", self.relatives()));
        }
        Ok(columns)
    }

    fn differences(&self) -> Result<ArrayRef> {
        let both = |row: usize| self.before.is_valid(row) && self.after.is_valid(row);
        let rows = 0..self.before.len();
        if let Some((before, after, scale)) = self.exact() {
            let values = rows.map(|row| both(row).then(|| after[row].checked_sub(before[row])).flatten());
            let scale = i8::try_from(scale).unwrap_or(i8::MAX);
            let array: Decimal128Array = values.collect();
            let typed = array.with_precision_and_scale(DECIMAL128_MAX_PRECISION, scale).map_err(unfit)?;
            return Ok(Arc::new(typed));
        }
        let values = rows.map(|row| Some(self.doubles(&self.after, row)? - self.doubles(&self.before, row)?));
        Ok(Arc::new(values.collect::<Float64Array>()))
    }

    fn relatives(&self) -> ArrayRef {
        let relative = |row: usize| {
            let (before, after) = (self.doubles(&self.before, row)?, self.doubles(&self.after, row)?);
            (before != 0.0).then(|| (after - before) / before)
        };
        Arc::new((0..self.before.len()).map(relative).collect::<Float64Array>())
    }
}

fn unfit(error: arrow_schema::ArrowError) -> Error {
    Error::invalid("not_comparable", "the two tables cannot be compared")
        .hint("their keys must have the same types")
        .caused_by(error)
}
