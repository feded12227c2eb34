//! A column of decimals, whose scale grows when a value needs it: no digit is ever rounded away.

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::{DECIMAL128_MAX_PRECISION, DECIMAL128_MAX_SCALE, DataType};

use super::column::{Column, unfit};
use super::problem::{Problem, excerpt};
use super::values::{self, Decimal};
use crate::Result;

/// The first number that needs 39 digits.
const TOO_LARGE: i128 = 10_i128.pow(38);

/// The powers of ten that 128 bits hold.
const POWERS: [i128; 39] = {
    let (mut powers, mut at) = ([1; 39], 1);
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Values of one scale and at most 38 digits.
#[derive(Debug)]
pub(super) struct DecimalColumn {
    scale: i8,
    values: Vec<i128>,
    nulls: NullBufferBuilder,
    /// The largest absolute value so far, at the column's scale.
    largest: i128,
}

impl DecimalColumn {
    pub(super) fn new(scale: i8) -> Self {
        Self { scale, values: Vec::new(), nulls: NullBufferBuilder::new(0), largest: 0 }
    }

    /// The value at the column's scale, which grows where that is needed.
    fn fit(&mut self, value: Decimal) -> Option<i128> {
        if value.scale == i32::from(self.scale) && value.unscaled.unsigned_abs() < u64::MAX.into() {
            return Some(value.unscaled);
        }
        let value = without_needless_zeros(value, self.scale);
        let missing = value.scale - i32::from(self.scale);
        if missing > 0 && value.unscaled != 0 {
            self.widen(missing)?;
        }
        scaled(value.unscaled, i32::from(self.scale) - value.scale)
    }

    fn widen(&mut self, digits: i32) -> Option<()> {
        let scale = i8::try_from(i32::from(self.scale) + digits).ok()?;
        let largest = scaled(self.largest, digits)?;
        if scale > DECIMAL128_MAX_SCALE {
            return None;
        }
        let factor = power(digits)?;
        self.values.iter_mut().for_each(|value| *value *= factor);
        (self.scale, self.largest) = (scale, largest);
        Some(())
    }

    fn append(&mut self, value: i128) {
        self.largest = self.largest.max(value.abs());
        self.values.push(value);
        self.nulls.append_non_null();
    }
}

impl Column for DecimalColumn {
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem> {
        let Some(field) = field.filter(|field| !field.is_empty()) else {
            self.values.push(0);
            self.nulls.append_null();
            return Ok(());
        };
        let read = values::decimal(field).ok_or_else(|| Problem::not_a("DECIMAL", field))?;
        let fitted = read.ok().and_then(|value| self.fit(value));
        self.append(fitted.ok_or_else(|| Problem::TooManyDigits(excerpt(field)))?);
        Ok(())
    }

    fn reserve(&mut self, rows: usize) {
        self.values.reserve(rows);
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        let values = std::mem::take(&mut self.values);
        let array = Decimal128Array::try_new(values.into(), self.nulls.finish()).map_err(unfit)?;
        Ok(Arc::new(array.with_data_type(self.data_type())))
    }

    fn data_type(&self) -> DataType {
        DataType::Decimal128(DECIMAL128_MAX_PRECISION, self.scale)
    }

    fn integer_digits(&self) -> Option<u32> {
        let whole = power(i32::from(self.scale)).map_or(0, |point| self.largest / point);
        Some(whole.checked_ilog10().map_or(0, |log| log + 1))
    }
}

fn without_needless_zeros(mut value: Decimal, scale: i8) -> Decimal {
    while value.scale > i32::from(scale) && value.unscaled % 10 == 0 && value.unscaled != 0 {
        value = Decimal { unscaled: value.unscaled / 10, scale: value.scale - 1 };
    }
    value
}

/// `value` with `digits` more digits behind the point, if 38 digits can hold it.
fn scaled(value: i128, digits: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    value.checked_mul(power(digits)?).filter(|value| value.abs() < TOO_LARGE)
}

fn power(digits: i32) -> Option<i128> {
    POWERS.get(usize::try_from(digits).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Decimal128Type;

    fn read(scale: i8, fields: &[&str]) -> Result<(DataType, Vec<i128>, Option<u32>), Problem> {
        let mut column = DecimalColumn::new(scale);
        for field in fields {
            column.push(Some(field.as_bytes()))?;
        }
        let digits = column.integer_digits();
        let array = column.finish().unwrap();
        Ok((array.data_type().clone(), array.as_primitive::<Decimal128Type>().values().to_vec(), digits))
    }

    #[test]
    fn values_come_to_the_scale_of_the_column() {
        let (data_type, values, digits) = read(2, &["1", "-12.50", "0.5000", "1E3"]).unwrap();
        assert_eq!(data_type, DataType::Decimal128(38, 2));
        assert_eq!((values, digits), (vec![100, -1250, 50, 100_000], Some(4)));
    }

    #[test]
    fn the_scale_grows_instead_of_rounding() {
        let (data_type, values, _) = read(2, &["1.25", "0.66505", "0"]).unwrap();
        assert_eq!(data_type, DataType::Decimal128(38, 5));
        assert_eq!(values, [125_000, 66_505, 0]);
    }

    #[test]
    fn zero_fits_everywhere() {
        assert_eq!(read(2, &["0E-40", "0.000000"]).unwrap().1, [0, 0]);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let nines = "9".repeat(38);
        assert_eq!(read(0, &[&nines]).unwrap().2, Some(38));
        for fields in [vec![nines.as_str(), "0.1"], vec!["1E38"], vec!["1E-39"], vec!["1E2147483647"]] {
            assert!(matches!(read(0, &fields), Err(Problem::TooManyDigits(_))), "{fields:?}");
        }
        assert!(matches!(read(0, &["12,5"]), Err(Problem::NotA { .. })));
    }
}
