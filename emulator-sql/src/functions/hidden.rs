//! Functions that no query names: they carry the users behind each row through a plan.
//!
//! A row's users are a list of numbers: the path they came by in the upper 16 bits, the hash of a user in the lower
//! 48. A hash of 0 says that the path contributed at all, so that rows of nobody addressable count as 0 users.
//! Numbers with one of the two highest bits are shortfalls of a total ([`super::weights`]).

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, ListBuilder, UInt64Builder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, UInt64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{Accumulator, AggregateUDF, Expr, ScalarUDF, Volatility, create_udaf, lit};
use datafusion::scalar::ScalarValue;

use super::scalar::Scalar;
use crate::world::mix_text;

/// Bits of a user's hash.
pub(super) const HASH_BITS: u32 = 48;
/// The lowest number that is a shortfall and no user.
const SHORTFALLS: u64 = 1 << 62;

static MARK: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(marking())));
static JOIN: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(joining())));
static UNION: LazyLock<Arc<AggregateUDF>> = LazyLock::new(|| Arc::new(union()));

/// The type of a row's users.
pub(crate) fn users_type() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::UInt64, true)))
}

/// The users of a row that a path reads.
pub(crate) fn mark(path: u64, user: Expr) -> Expr {
    MARK.call(vec![lit(path), user])
}

/// The path of a number, and its user's hash unless it is a shortfall.
pub(super) fn user(number: u64) -> Option<(u64, u64)> {
    (number < SHORTFALLS).then_some((number >> HASH_BITS, number & ((1 << HASH_BITS) - 1)))
}

/// The users of a joined row.
pub(crate) fn join(left: Expr, right: Expr) -> Expr {
    JOIN.call(vec![left, right])
}

/// The users of a group.
pub(crate) fn union_of(users: Expr) -> Expr {
    UNION.call(vec![users])
}

/// The numbers of a row's hidden column, each once, in order.
pub(crate) fn numbers(users: &ListArray, row: usize) -> BTreeSet<u64> {
    if users.is_null(row) {
        return BTreeSet::new();
    }
    users.value(row).as_primitive::<UInt64Type>().iter().flatten().collect()
}

/// The number of distinct users of each path that contributed to a row.
pub(crate) fn counts(numbers: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut counts: Vec<(u64, u64)> = Vec::new();
    for (path, hash) in numbers.iter().filter_map(|number| user(*number)) {
        let counted = u64::from(hash != 0);
        match counts.last_mut().filter(|(last, _)| *last == path) {
            Some((_, count)) => *count += counted,
            None => counts.push((path, counted)),
        }
    }
    counts
}

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![marking(), joining()]
}

fn marking() -> Scalar {
    Scalar::new("mark_users", 2, |_| Ok(users_type()), mark_all)
}

fn joining() -> Scalar {
    Scalar::new("join_users", 2, |_| Ok(users_type()), join_all)
}

fn mark_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let paths = columns[0].as_primitive::<UInt64Type>();
    let users = cast(&columns[1], &DataType::Utf8)?;
    let mut marks = ListBuilder::new(UInt64Builder::new());
    for (path, user) in paths.iter().zip(users.as_string::<i32>()) {
        let path = path.unwrap_or_default() << HASH_BITS;
        marks.values().append_value(path);
        if let Some(user) = user {
            marks.values().append_value(path | (mix_text(user) >> (64 - HASH_BITS)).max(1));
        }
        marks.append(true);
    }
    Ok(Arc::new(marks.finish()))
}

fn join_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let sides = columns.iter().map(|side| Ok(cast(side, &users_type())?)).collect::<Result<Vec<_>>>()?;
    let sides: Vec<&ListArray> = sides.iter().map(|side| side.as_list::<i32>()).collect();
    let mut joined = ListBuilder::new(UInt64Builder::new());
    for row in 0..columns[0].len() {
        for side in sides.iter().filter(|side| side.is_valid(row)) {
            joined.values().append_array(side.value(row).as_primitive::<UInt64Type>());
        }
        joined.append(true);
    }
    Ok(Arc::new(joined.finish()))
}

/// The aggregate that unites the users of a group.
pub(super) fn union() -> AggregateUDF {
    create_udaf(
        "unite_users",
        vec![users_type()],
        Arc::new(users_type()),
        Volatility::Immutable,
        Arc::new(|_| Ok(Box::new(Union::default()))),
        Arc::new(vec![users_type()]),
    )
}

#[derive(Debug, Default)]
struct Union(BTreeSet<u64>);

impl Union {
    fn list(&self) -> ScalarValue {
        let numbers: Vec<ScalarValue> =
            self.0.iter().map(|number| ScalarValue::UInt64(Some(*number))).collect();
        ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::UInt64))
    }
}

impl Accumulator for Union {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        for users in columns[0].as_list::<i32>().iter().flatten() {
            let numbers = users.as_primitive::<UInt64Type>().iter().flatten();
            self.0.extend(numbers.filter(|number| user(*number).is_some()));
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.list())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.len() * size_of::<u64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.list()])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }
}
