//! One column of a roll-up: the folds its role needs, and what is made of them.

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, new_null_array};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::nullif::nullif;

use super::fold::{Fold, Op};
use super::numbers::{check_number, check_ordered, float_array};
use super::role::{BOUND, REASON, ROLE, Role};
use crate::{Error, Result};

/// One column of a roll-up.
#[derive(Debug)]
pub(super) struct Measure {
    name: String,
    role: Role,
    folds: Vec<Fold>,
}

/// The columns a role reads.
pub(super) fn inputs<'a>(name: &'a str, role: &'a Role) -> Vec<&'a str> {
    match role {
        Role::Ratio { numerator, denominator } => vec![numerator, denominator],
        Role::Weighted { weight } => vec![name, weight],
        Role::Additive { currency: Some(currency) } => vec![name, currency],
        _ => vec![name],
    }
}

impl Measure {
    pub(super) fn new(name: &str, role: &Role, schema: &Schema) -> Result<Self> {
        let column = |name: &str| {
            let number = schema.index_of(name).map_err(|_| Error::unexpected("a column is not read"))?;
            Ok::<_, Error>((number, schema.field(number).data_type()))
        };
        let fold = |op, name: &str| {
            let (number, data_type) = column(name)?;
            let ordered = matches!(op, Op::Minimum | Op::Maximum);
            if ordered { check_ordered(name, data_type) } else { check_number(name, data_type) }?;
            Ok::<_, Error>(Fold::new(op, [number; 2], [data_type; 2]))
        };
        let both = |op, name: &str, weight: &str| {
            let ((value, value_type), (weight, weight_type)) = (column(name)?, column(weight)?);
            Ok::<_, Error>(Fold::new(op, [value, weight], [value_type, weight_type]))
        };
        let folds = match role {
            Role::Additive { currency: None } | Role::Mean => vec![fold(Op::Sum, name)?],
            Role::Additive { currency: Some(currency) } => {
                vec![fold(Op::Sum, name)?, fold(Op::Minimum, currency)?, fold(Op::Maximum, currency)?]
            }
            Role::Ratio { numerator, denominator } => {
                vec![fold(Op::Sum, numerator)?, fold(Op::Sum, denominator)?]
            }
            Role::Weighted { weight } => {
                let _ = (fold(Op::Sum, name)?, fold(Op::Sum, weight)?);
                vec![both(Op::Product, name, weight)?, both(Op::Weight, name, weight)?]
            }
            Role::Minimum => vec![fold(Op::Minimum, name)?],
            Role::Maximum => vec![fold(Op::Maximum, name)?],
            Role::Distinct => {
                check_number(name, column(name)?.1)?;
                vec![fold(Op::Maximum, name)?, fold(Op::Sum, name)?]
            }
        };
        Ok(Self { name: name.to_owned(), role: role.clone(), folds })
    }

    pub(super) fn update(&mut self, batch: &RecordBatch, rows: &[u32], groups: usize) -> Result<()> {
        self.folds.iter_mut().try_for_each(|fold| fold.update(batch, rows, groups))
    }

    pub(super) fn merge(&mut self, other: Self, map: &[u32], groups: usize) -> Result<()> {
        self.folds.iter_mut().zip(other.folds).try_for_each(|(fold, other)| fold.merge(other, map, groups))
    }

    /// The columns it becomes. `no_upper` says why a count of distinct users has no upper bound, `rows` how many rows
    /// each group has.
    pub(super) fn finish(&self, no_upper: Option<&str>, rows: &[u64]) -> Result<Vec<(Field, ArrayRef)>> {
        let field = |name: &str, array: &ArrayRef| {
            let metadata = [(ROLE.to_owned(), self.role.to_string())].into();
            Field::new(name, array.data_type().clone(), true).with_metadata(metadata)
        };
        let array = match &self.role {
            Role::Distinct => return self.bounds(no_upper, rows),
            Role::Ratio { .. } | Role::Weighted { .. } => self.quotients(),
            Role::Mean => float_array(self.means()),
            _ => self.folds[0].array()?,
        };
        let mut columns = vec![(field(&self.name, &array), array)];
        if let Role::Additive { currency: Some(currency) } = &self.role {
            let array = self.folds[1].array()?;
            columns.push((Field::new(currency, array.data_type().clone(), true), array));
        }
        Ok(columns)
    }

    fn quotients(&self) -> ArrayRef {
        let (over, under) = (self.folds[0].doubles(), self.folds[1].doubles());
        let quotient = |(over, under): (Option<f64>, Option<f64>)| {
            let under = under.filter(|under| *under != 0.0)?;
            over.map(|over| over / under)
        };
        float_array(over.into_iter().zip(under).map(quotient).collect())
    }

    #[allow(clippy::cast_precision_loss, reason = "a mean of more than 2^53 rows is rounded anyway")]
    fn means(&self) -> Vec<Option<f64>> {
        let counts = self.folds[0].counts().iter();
        self.folds[0]
            .doubles()
            .into_iter()
            .zip(counts)
            .map(|(sum, count)| sum.map(|sum| sum / *count as f64))
            .collect()
    }

    /// At least the largest count of any row; at most all of them together, where every row is there and whole.
    fn bounds(&self, no_upper: Option<&str>, rows: &[u64]) -> Result<Vec<(Field, ArrayRef)>> {
        let lower = self.folds[0].array()?;
        let sum = self.folds[1].array()?;
        let lacks: BooleanArray =
            self.folds[1].counts().iter().zip(rows).map(|(count, rows)| Some(count < rows)).collect();
        let reason = no_upper.or((lacks.true_count() > 0).then_some("some rows have no value"));
        let upper = match no_upper {
            Some(_) => new_null_array(sum.data_type(), sum.len()),
            None => {
                nullif(&sum, &lacks).map_err(|error| Error::unexpected("a bound is lost").caused_by(error))?
            }
        };
        let bound = |suffix: &str, bound: &str, array: &ArrayRef, reason: Option<&str>| {
            let mut metadata: std::collections::HashMap<String, String> =
                [(ROLE.to_owned(), self.role.to_string()), (BOUND.to_owned(), bound.to_owned())].into();
            metadata.extend(reason.map(|reason| (REASON.to_owned(), reason.to_owned())));
            let data_type: DataType = array.data_type().clone();
            Field::new(format!("{}_{suffix}", self.name), data_type, true).with_metadata(metadata)
        };
        let fields = [bound("at_least", "lower", &lower, None), bound("at_most", "upper", &upper, reason)];
        Ok(fields.into_iter().zip([lower, upper]).collect())
    }

    /// Why its sums cannot be: the first group whose amounts are in several currencies, or in none that is known.
    pub(super) fn currency_conflict(&self) -> Result<Option<(usize, String)>> {
        let Role::Additive { currency: Some(_) } = &self.role else { return Ok(None) };
        let [amounts, lowest, highest] = self.folds.as_slice() else { return Ok(None) };
        let (first, last) = (lowest.array()?, highest.array()?);
        let text = |array: &ArrayRef, group| {
            use arrow_array::cast::AsArray;
            array.as_string_opt::<i32>().map(|texts| texts.value(group).to_owned()).unwrap_or_default()
        };
        for group in 0..amounts.counts().len() {
            if amounts.counts()[group] > 0 && lowest.counts()[group] < amounts.counts()[group] {
                return Ok(Some((group, "some amounts have no currency".to_owned())));
            }
            let (first, last) = (text(&first, group), text(&last, group));
            if first != last {
                return Ok(Some((group, format!("amounts are in {first} and {last}"))));
            }
        }
        Ok(None)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}
