//! The aggregate that says where too few users are behind a total, although enough are behind its row.
//!
//! Users who contribute nothing do not count (*effective* users), and users count for as much as they weigh against
//! the weightiest (*equivalent* users: the total by the largest share of one user). A shortfall is a number that
//! travels with a row's users: the kind in the upper 2 bits, the path in 14, the users required in 24, the users
//! there are in 24.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, UInt64Type};
use datafusion::error::Result;
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{Accumulator, Expr, Volatility, create_udaf, lit, try_cast};
use datafusion::scalar::ScalarValue;

use super::hidden::USERS;
use super::ledger::{HASH_BITS, Ledger};

/// Bits of a number of users.
const COUNT_BITS: u32 = 24;
/// Bits of a path.
const PATH_BITS: u32 = 14;

/// What too few users are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Users who contribute to a total.
    Effective,
    /// Users as weighty as the weightiest.
    Equivalent,
}

/// A total that too few users are behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shortfall {
    /// The path the users came by.
    pub(crate) path: u64,
    /// How they were counted.
    pub(crate) weight: Weight,
    /// How many there are.
    pub(crate) users: u64,
    /// How many it takes.
    pub(crate) required: u64,
}

impl Shortfall {
    fn number(self) -> u64 {
        let kind = match self.weight {
            Weight::Effective => 1,
            Weight::Equivalent => 2,
        };
        let place = (kind << PATH_BITS) | self.path;
        (place << HASH_BITS) | (self.required << COUNT_BITS) | self.users
    }

    /// Reads a number of a ledger.
    pub(crate) fn read(number: u64) -> Option<Self> {
        let weight = match number >> (HASH_BITS + PATH_BITS) {
            1 => Weight::Effective,
            2 => Weight::Equivalent,
            _ => return None,
        };
        let cut = |number: u64, bits: u32| number & ((1 << bits) - 1);
        Some(Self {
            path: cut(number >> HASH_BITS, PATH_BITS),
            weight,
            users: cut(number, COUNT_BITS),
            required: cut(number >> COUNT_BITS, COUNT_BITS),
        })
    }
}

/// The shortfalls of the total of `value` over rows with these users.
pub(crate) fn weigh(
    ledger: &Arc<Ledger>,
    users: Expr,
    value: Expr,
    (effective, equivalent): (u64, u64),
) -> Expr {
    let ledger = Arc::clone(ledger);
    let list = |of: DataType| DataType::List(Arc::new(Field::new_list_field(of, true)));
    let shares = move |_: AccumulatorArgs<'_>| {
        let accumulator = Shares { ledger: Arc::clone(&ledger), ..Shares::default() };
        Ok(Box::new(accumulator) as Box<dyn Accumulator>)
    };
    create_udaf(
        "weigh_users",
        vec![USERS, DataType::Float64, DataType::UInt64, DataType::UInt64],
        Arc::new(USERS),
        Volatility::Immutable,
        Arc::new(shares),
        Arc::new(vec![list(DataType::UInt64), list(DataType::Float64), DataType::UInt64, DataType::UInt64]),
    )
    .call(vec![users, try_cast(value, DataType::Float64), lit(effective), lit(equivalent)])
}

/// What each user contributes to a total, by the user's number.
#[derive(Debug, Default)]
struct Shares {
    ledger: Arc<Ledger>,
    shares: BTreeMap<u64, f64>,
    required: (u64, u64),
}

impl Shares {
    /// A row of several users of a path is theirs in equal parts.
    fn add(&mut self, entry: u64, value: f64) {
        let path = |number: u64| number >> HASH_BITS;
        let mut users = self.ledger.users_of(entry);
        users.retain(|number| path(*number) << HASH_BITS != *number);
        let mut of_path: BTreeMap<u64, f64> = BTreeMap::new();
        users.iter().for_each(|number| *of_path.entry(path(*number)).or_default() += 1.0);
        for number in users {
            *self.shares.entry(number).or_default() += value / of_path[&path(number)];
        }
    }

    fn shortfalls(&self) -> Vec<u64> {
        let mut paths: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (number, share) in &self.shares {
            paths.entry(number >> HASH_BITS).or_default().push(*share);
        }
        paths.into_iter().flat_map(|(path, shares)| self.of_path(path, &shares)).collect()
    }

    fn of_path(&self, path: u64, shares: &[f64]) -> Vec<u64> {
        let total: f64 = shares.iter().sum();
        let largest = shares.iter().copied().fold(0.0, f64::max);
        if total == 0.0 || largest <= 0.0 {
            return Vec::new();
        }
        let effective = shares.iter().filter(|share| **share != 0.0).count() as u64;
        let fits = |count: &u64| largest * (*count as f64) <= total;
        let equivalent = (1..=self.required.1).take_while(fits).count() as u64;
        let short = |weight, users, required| {
            (users < required).then(|| Shortfall { path, weight, users, required }.number())
        };
        let all = [
            short(Weight::Effective, effective, self.required.0),
            short(Weight::Equivalent, equivalent, self.required.1),
        ];
        all.into_iter().flatten().collect()
    }

    fn list(numbers: impl Iterator<Item = u64>) -> ScalarValue {
        let numbers: Vec<ScalarValue> = numbers.map(|number| ScalarValue::UInt64(Some(number))).collect();
        ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::UInt64))
    }

    fn require(&mut self, columns: &[ArrayRef]) {
        let first = |column: &ArrayRef| column.as_primitive::<UInt64Type>().iter().flatten().next();
        if let (Some(effective), Some(equivalent)) = (first(&columns[0]), first(&columns[1])) {
            self.required = (effective, equivalent);
        }
    }
}

impl Accumulator for Shares {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        self.require(&columns[2..]);
        let (users, values) =
            (columns[0].as_primitive::<UInt64Type>(), columns[1].as_primitive::<Float64Type>());
        for (users, value) in users.iter().zip(values) {
            if let (Some(users), Some(value)) = (users, value) {
                self.add(users, value);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::UInt64(self.ledger.shortfalls(self.shortfalls())))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.shares.len() * size_of::<(u64, f64)>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let shares: Vec<ScalarValue> =
            self.shares.values().map(|share| ScalarValue::Float64(Some(*share))).collect();
        Ok(vec![
            Self::list(self.shares.keys().copied()),
            ScalarValue::List(ScalarValue::new_list_nullable(&shares, &DataType::Float64)),
            ScalarValue::UInt64(Some(self.required.0)),
            ScalarValue::UInt64(Some(self.required.1)),
        ])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.require(&states[2..]);
        for (numbers, shares) in states[0].as_list::<i32>().iter().zip(states[1].as_list::<i32>().iter()) {
            let (Some(numbers), Some(shares)) = (numbers, shares) else { continue };
            let numbers = numbers.as_primitive::<UInt64Type>().iter().flatten();
            for (number, share) in numbers.zip(shares.as_primitive::<Float64Type>().iter().flatten()) {
                *self.shares.entry(number).or_default() += share;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortfalls(shares: &[(u64, f64)], required: (u64, u64)) -> Vec<Shortfall> {
        let shares = shares.iter().map(|(user, share)| ((3 << HASH_BITS) | user, *share)).collect();
        let numbers = Shares { shares, required, ..Shares::default() }.shortfalls();
        numbers.into_iter().filter_map(Shortfall::read).collect()
    }

    #[test]
    fn a_total_needs_users_who_contribute() {
        let short = Shortfall { path: 3, weight: Weight::Effective, users: 2, required: 3 };
        assert_eq!(shortfalls(&[(1, 5.0), (2, 5.0), (7, 0.0)], (3, 2)), [short]);
        assert_eq!(shortfalls(&[(1, 5.0), (2, 5.0), (7, 1.0)], (3, 2)), []);
    }

    #[test]
    fn one_user_must_not_outweigh_all_others() {
        let short = Shortfall { path: 3, weight: Weight::Equivalent, users: 1, required: 2 };
        assert_eq!(shortfalls(&[(1, 9.0), (2, 1.0), (7, 1.0)], (3, 2)), [short]);
        assert_eq!(shortfalls(&[(1, 0.0), (2, 0.0)], (3, 2)), []);
    }
}
