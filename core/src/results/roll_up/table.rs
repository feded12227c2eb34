//! A finished roll-up as a table.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::concat::concat;

use super::{Partial, RollUpPlan, Rolled};
use crate::results::text::Cells;
use crate::{Error, Result};

/// What is known about the rows of a roll-up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// How many instances lack a result.
    pub(crate) missing: usize,
    /// How many were asked.
    pub(crate) asked: usize,
    /// Whether AMC marks the rows with suppressed values.
    pub(crate) marks_suppressed: bool,
}

impl Known {
    /// Why a count of distinct users may be larger than all counts together.
    fn no_upper(&self, suppressed_rows: u64) -> Option<String> {
        if self.missing > 0 {
            return Some(format!("{} of {} instances are missing", self.missing, self.asked));
        }
        if !self.marks_suppressed {
            return Some("AMC was not asked to mark what it suppressed".to_owned());
        }
        (suppressed_rows > 0).then(|| format!("{suppressed_rows} rows are suppressed"))
    }
}

impl Partial {
    /// The table: the columns grouped by, those with roles, `_instances`, `_rows`, and where AMC marks suppressed rows
    /// `_suppressed`, which is TRUE for the last row if it is what is left of those.
    pub(crate) fn finish(self, plan: &RollUpPlan, known: &Known) -> Result<RecordBatch> {
        let suppressed_rows: u64 = self.remainder.rows.iter().sum();
        let no_upper = known.no_upper(suppressed_rows);
        self.known.refuse_mixed_currencies(plan)?;
        let mut columns = self.known.columns(plan, no_upper.as_deref())?;
        let groups = self.known.rows.len();
        if suppressed_rows > 0 {
            let rest = self.remainder.columns(plan, no_upper.as_deref())?;
            columns = columns
                .into_iter()
                .map(|(field, array)| append(field, &array, &rest))
                .collect::<Result<_>>()?;
        }
        if known.marks_suppressed {
            let rest = usize::from(suppressed_rows > 0);
            columns.push((Field::new("_suppressed", DataType::Boolean, false), marks(groups, rest)));
        }
        table(columns, groups + usize::from(suppressed_rows > 0))
    }
}

impl Rolled {
    fn columns(&self, plan: &RollUpPlan, no_upper: Option<&str>) -> Result<Vec<(Field, ArrayRef)>> {
        let keys = self.groups.values()?;
        let by = plan.by.iter().map(|column| plan.schema.field(*column).clone());
        let mut columns: Vec<(Field, ArrayRef)> = match keys.len() {
            0 => by
                .map(|field| {
                    let array = new_null_array(field.data_type(), self.rows.len());
                    (field, array)
                })
                .collect(),
            _ => by.zip(keys).collect(),
        };
        for measure in &self.measures {
            let made = measure.finish(no_upper, &self.rows)?;
            let is_mixed = measure.currency_conflict()?.is_some();
            let made = made.into_iter().map(|made| if is_mixed { without_values(made) } else { made });
            let is_new = |(field, _): &(Field, ArrayRef)| {
                columns.iter().all(|(known, _)| known.name() != field.name())
            };
            let made: Vec<_> = made.filter(is_new).collect();
            columns.extend(made);
        }
        let instances = self.instances.counts(self.rows.len());
        columns.extend(instances.map(|instances| counts("_instances", instances.into_iter())));
        columns.push(counts("_rows", self.rows.iter().copied()));
        Ok(columns)
    }

    fn refuse_mixed_currencies(&self, plan: &RollUpPlan) -> Result<()> {
        for measure in &self.measures {
            if let Some((group, conflict)) = measure.currency_conflict()? {
                let place = described(plan, &self.groups.values()?, group)?;
                let message = format!("{} cannot be added up{place}: {conflict}", measure.name());
                return Err(Error::invalid("mixed_currencies", message)
                    .hint("group by the currency too, or convert the amounts in the query"));
            }
        }
        Ok(())
    }
}

/// What is left of several currencies is no amount.
fn without_values((field, array): (Field, ArrayRef)) -> (Field, ArrayRef) {
    let nothing = new_null_array(array.data_type(), array.len());
    (field, nothing)
}

/// A group in words: ` where campaign = Summer`.
fn described(plan: &RollUpPlan, keys: &[ArrayRef], group: usize) -> Result<String> {
    let mut words = Vec::new();
    for (column, key) in plan.by.iter().zip(keys) {
        let cells = Cells::new(key)?;
        let text = if cells.is_null(group) { "NULL".to_owned() } else { cells.text(group)? };
        words.push(format!("{} = {text}", plan.schema.field(*column).name()));
    }
    Ok(if words.is_empty() { String::new() } else { format!(" where {}", words.join(" and ")) })
}

fn counts(name: &str, counts: impl Iterator<Item = u64>) -> (Field, ArrayRef) {
    let counts = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    (Field::new(name, DataType::Int64, false), Arc::new(Int64Array::from_iter_values(counts)))
}

fn marks(groups: usize, rest: usize) -> ArrayRef {
    let mut marks = BooleanBuilder::new();
    marks.append_n(groups, false);
    marks.append_n(rest, true);
    Arc::new(marks.finish())
}

/// A column with the value of the remainder behind it; NULL where the remainder has none.
fn append(field: Field, array: &ArrayRef, rest: &[(Field, ArrayRef)]) -> Result<(Field, ArrayRef)> {
    let last =
        rest.iter().find(|(other, _)| other.name() == field.name() && other.data_type() == field.data_type());
    let last = last.map_or_else(|| new_null_array(field.data_type(), 1), |(_, array)| Arc::clone(array));
    let both: [&dyn Array; 2] = [array, &last];
    let array =
        concat(&both).map_err(|error| Error::unexpected("a roll-up does not fit").caused_by(error))?;
    Ok((field.with_nullable(true), array))
}

fn table(columns: Vec<(Field, ArrayRef)>, rows: usize) -> Result<RecordBatch> {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let rows = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &rows)
        .map_err(|error| Error::unexpected("a roll-up does not fit its schema").caused_by(error))
}
