//! Rows in an order, and what that makes of them: ranks, a table across instances.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::take::{take, take_record_batch};

use super::filter::comparable;
use super::roll_up::{Groups, Numbers, check_ordered, number_of};
use crate::{Error, Result};

/// The column of ranks: 1 is the largest, equal values share a rank.
pub const RANK: &str = "_rank";

/// By what rows are ordered: columns, the first counting most, each from small to large unless it says descending.
/// NULL comes last, and rows that are equal stay as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    by: Vec<(String, bool)>,
}

impl Order {
    /// Orders by columns, all of them in one direction.
    pub fn by<S: Into<String>>(columns: impl IntoIterator<Item = S>, descending: bool) -> Self {
        columns.into_iter().fold(Self::default(), |order, column| order.with(column, descending))
    }

    /// Orders by a column from small to large; further columns count where it is equal.
    #[must_use]
    pub fn ascending(self, column: impl Into<String>) -> Self {
        self.with(column, false)
    }

    /// Orders by a column from large to small.
    #[must_use]
    pub fn descending(self, column: impl Into<String>) -> Self {
        self.with(column, true)
    }

    fn with(mut self, column: impl Into<String>, descending: bool) -> Self {
        self.by.push((column.into(), descending));
        self
    }
}

/// An order by columns that exist.
#[derive(Debug)]
pub(crate) struct OrderPlan {
    by: Vec<(usize, bool)>,
}

impl OrderPlan {
    /// Checks an order against the columns there are.
    pub(crate) fn new(order: &Order, schema: &Schema) -> Result<Self> {
        let column = |(name, descending): &(String, bool)| {
            let number = number_of(name, schema)?;
            match schema.field(number).data_type() {
                DataType::Boolean => {}
                data_type => check_ordered(name, data_type)?,
            }
            Ok((number, *descending))
        };
        Ok(Self { by: order.by.iter().map(column).collect::<Result<_>>()? })
    }

    /// The first `limit` rows of a batch in this order.
    pub(crate) fn first(&self, batch: &RecordBatch, limit: usize) -> Result<RecordBatch> {
        let columns = self.by.iter().map(|(column, _)| comparable(batch.column(*column)));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let keys: Vec<Key<'_>> = columns
            .iter()
            .zip(&self.by)
            .map(|(column, (_, descending))| Key::new(column, *descending))
            .collect();
        let mut rows: Vec<u32> = (0..u32::try_from(batch.num_rows()).unwrap_or(u32::MAX)).collect();
        let order = |left: &u32, right: &u32| {
            let orders = keys.iter().map(|key| key.order(*left as usize, *right as usize));
            orders.fold(Ordering::Equal, Ordering::then)
        };
        rows.sort_by(order);
        rows.truncate(limit);
        take_record_batch(batch, &UInt32Array::from(rows)).map_err(unfit)
    }
}

/// A column that rows are ordered by.
struct Key<'a> {
    column: &'a ArrayRef,
    values: Numbers<'a>,
    descending: bool,
}

impl<'a> Key<'a> {
    fn new(column: &'a ArrayRef, descending: bool) -> Self {
        Self { column, values: Numbers::of(column), descending }
    }

    fn order(&self, left: usize, right: usize) -> Ordering {
        let nulls = [left, right].map(|row| self.column.is_null(row));
        if nulls[0] || nulls[1] {
            return nulls[0].cmp(&nulls[1]);
        }
        let order = match &self.values {
            Numbers::Exact(values) => values[left].cmp(&values[right]),
            Numbers::Float(values) => values[left].total_cmp(&values[right]),
            Numbers::Text(texts) => texts.value(left).cmp(texts.value(right)),
        };
        if self.descending { order.reverse() } else { order }
    }
}

/// Orders a table by a column from large to small and says each row's rank in it; what is NULL has none.
pub(crate) fn ranked(table: &RecordBatch, column: &str) -> Result<RecordBatch> {
    let plan = OrderPlan::new(&Order::default().descending(column), &table.schema())?;
    let table = plan.first(table, usize::MAX)?;
    let values = comparable(table.column(number_of(column, &table.schema())?))?;
    let key = Key::new(&values, true);
    let mut rank = 0;
    let ranks = (0..table.num_rows()).map(|row| {
        let is_equal = row > 0 && key.order(row - 1, row) == Ordering::Equal;
        rank = if is_equal { rank } else { i64::try_from(row + 1).unwrap_or(i64::MAX) };
        values.is_valid(row).then_some(rank)
    });
    let ranks: ArrayRef = Arc::new(ranks.collect::<Int64Array>());
    let schema = table.schema();
    let mut fields = vec![Arc::new(Field::new(RANK, DataType::Int64, true))];
    fields.extend(schema.fields().iter().map(Arc::clone));
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    let columns = std::iter::once(ranks).chain(table.columns().iter().map(ArrayRef::clone));
    RecordBatch::try_new(Arc::new(schema), columns.collect()).map_err(unfit)
}

/// Turns a table of `keys` columns, a column of names and one of values into one with a column for each of `names`.
pub(crate) fn across(table: &RecordBatch, keys: usize, names: &[String]) -> Result<RecordBatch> {
    let mut groups = Groups::by((0..keys).collect());
    let found = if keys == 0 { vec![0; table.num_rows()] } else { groups.find(table)? };
    let rows = if keys == 0 { 1 } else { groups.len() };
    let (name, value) = (table.column(keys).as_string::<i32>(), table.column(keys + 1));
    let schema = table.schema();
    let mut fields: Vec<Field> = schema.fields()[..keys].iter().map(|field| field.as_ref().clone()).collect();
    let mut columns = if keys == 0 { Vec::new() } else { groups.values()? };
    for wanted in names {
        let mut places: Vec<Option<u32>> = vec![None; rows];
        for (row, group) in (0_u32..).zip(&found) {
            if name.value(row as usize) == wanted {
                places[*group as usize] = Some(row);
            }
        }
        columns.push(take(value, &UInt32Array::from(places), None).map_err(unfit)?);
        let measure = schema.field(keys + 1);
        fields.push(
            Field::new(wanted, value.data_type().clone(), true).with_metadata(measure.metadata().clone()),
        );
    }
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    RecordBatch::try_new(Arc::new(schema), columns).map_err(unfit)
}

fn unfit(error: arrow_schema::ArrowError) -> Error {
    Error::unexpected("rows cannot be put in an order").caused_by(error)
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, StringArray};

    use super::*;
    use crate::results::export::table;

    fn rows() -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("campaign", Arc::new(StringArray::from(vec!["b", "a", "b", "a"]))),
            ("instance", Arc::new(StringArray::from(vec!["x", "x", "y", "z"]))),
            ("rate", Arc::new(Float64Array::from(vec![Some(2.0), None, Some(10.0), Some(2.0)]))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
    }

    fn drawn(batch: RecordBatch) -> Vec<String> {
        let drawn = table(&batch.schema(), std::slice::from_ref(&batch), 10).unwrap();
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        drawn.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| words(line)).collect()
    }

    #[test]
    fn rows_are_ordered_by_several_columns_and_nulls_come_last() {
        let order = Order::default().ascending("campaign").descending("rate");
        let plan = OrderPlan::new(&order, &rows().schema()).unwrap();
        let all = drawn(plan.first(&rows(), 10).unwrap());
        assert_eq!(all, ["campaign instance rate", "a z 2.0", "a x", "b y 10.0", "b x 2.0"]);
        assert_eq!(drawn(plan.first(&rows(), 1).unwrap()), all[..2]);
        let error = OrderPlan::new(&Order::default().ascending("nowhere"), &rows().schema()).unwrap_err();
        assert_eq!(error.code(), "unknown_column");
    }

    #[test]
    fn equal_values_share_a_rank_and_null_has_none() {
        let expected = ["_rank campaign instance rate", "1 b y 10.0", "2 b x 2.0", "2 a z 2.0", "a x"];
        assert_eq!(drawn(ranked(&rows(), "rate").unwrap()), expected);
    }

    #[test]
    fn a_table_across_has_a_column_for_every_name() {
        let names = ["x", "y", "w"].map(str::to_owned);
        let table = across(&rows(), 1, &names).unwrap();
        assert_eq!((drawn(table.clone())[1].as_str(), table.num_columns()), ("b 2.0 10.0", 4));
        assert_eq!(across(&rows().project(&[1, 2]).unwrap(), 0, &names).unwrap().num_rows(), 1);
    }
}
