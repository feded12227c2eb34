//! Which type holds every value of two types without losing a digit.

use arrow_schema::{DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field};

use crate::results::INTEGER_DIGITS;
use crate::results::column::GUESS;
use crate::results::decode::Guess;

/// The exact integer types, each with the most digits it can have, narrowest first.
const INTEGERS: [(DataType, u32); 4] =
    [(DataType::Int8, 3), (DataType::Int16, 5), (DataType::Int32, 10), (DataType::Int64, 19)];

/// A type, and for exact numbers the digits before the point that its values may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) data_type: DataType,
    pub(super) integer_digits: u32,
    /// Of a column nobody described: what its texts look like.
    guess: Option<Guess>,
}

impl Shape {
    /// The shape of a column: a decimal has the digits its decoder saw, else those its type allows.
    pub(super) fn of(field: &Field) -> Self {
        let guess = field.metadata().get(GUESS).and_then(|guess| guess.parse().ok());
        if let Some(guess) = guess {
            return Self::guessed(guess);
        }
        let seen = field.metadata().get(INTEGER_DIGITS).and_then(|digits| digits.parse().ok());
        let data_type = field.data_type().clone();
        let integer_digits = seen.unwrap_or_else(|| allowed_digits(&data_type));
        Self { data_type, integer_digits, guess: None }
    }

    fn guessed(guess: Guess) -> Self {
        Self { data_type: guess.data_type(), integer_digits: guess.integer_digits(), guess: Some(guess) }
    }

    /// Whether nothing was seen by which to tell what it is.
    pub(super) fn is_nothing(&self) -> bool {
        self.guess.is_some_and(Guess::is_nothing)
    }

    /// The narrowest shape that holds every value of both; text where there is none among the numbers.
    pub(super) fn join(&self, other: &Self) -> Self {
        match (self.guess, other.guess) {
            (Some(left), Some(right)) => return Self::guessed(left.join(right)),
            _ if self.is_nothing() => return other.clone(),
            _ if other.is_nothing() => return self.clone(),
            _ => {}
        }
        let integer_digits = self.integer_digits.max(other.integer_digits);
        let data_type = if self.data_type == other.data_type {
            self.data_type.clone()
        } else {
            self.exact(other, integer_digits).or_else(|| self.floating(other)).unwrap_or(DataType::Utf8)
        };
        Self { data_type, integer_digits, guess: None }
    }

    fn exact(&self, other: &Self, integer_digits: u32) -> Option<DataType> {
        let scale = scale(&self.data_type)?.max(scale(&other.data_type)?);
        let (left, right) = (integer_rank(&self.data_type), integer_rank(&other.data_type));
        if let (Some(left), Some(right)) = (left, right) {
            return Some(INTEGERS[left.max(right)].0.clone());
        }
        let digits = integer_digits + u32::from(scale.unsigned_abs());
        let fits = digits <= u32::from(DECIMAL128_MAX_PRECISION) && !self.is_256() && !other.is_256();
        Some(if fits {
            DataType::Decimal128(DECIMAL128_MAX_PRECISION, scale)
        } else {
            DataType::Decimal256(DECIMAL256_MAX_PRECISION, scale)
        })
    }

    // A double holds 53 bits exactly, a float 24: what is larger than that has no common floating type.
    fn floating(&self, other: &Self) -> Option<DataType> {
        let bits = significant_bits(&self.data_type)?.max(significant_bits(&other.data_type)?);
        let is_float = |shape: &Self| matches!(shape.data_type, DataType::Float32 | DataType::Float64);
        (is_float(self) || is_float(other)).then_some(())?;
        match bits {
            0..=24 => Some(DataType::Float32),
            25..=53 => Some(DataType::Float64),
            _ => None,
        }
    }

    fn is_256(&self) -> bool {
        matches!(self.data_type, DataType::Decimal256(..))
    }
}

fn integer_rank(data_type: &DataType) -> Option<usize> {
    INTEGERS.iter().position(|(integer, _)| integer == data_type)
}

fn allowed_digits(data_type: &DataType) -> u32 {
    match data_type {
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => {
            u32::from(*precision).saturating_sub(u32::from(scale.unsigned_abs()))
        }
        _ => integer_rank(data_type).map_or(0, |rank| INTEGERS[rank].1),
    }
}

/// The digits behind the point of an exact number.
fn scale(data_type: &DataType) -> Option<i8> {
    match data_type {
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => Some(*scale),
        _ => integer_rank(data_type).map(|_| 0),
    }
}

fn significant_bits(data_type: &DataType) -> Option<u32> {
    match data_type {
        DataType::Int8 => Some(8),
        DataType::Int16 => Some(16),
        DataType::Float32 => Some(24),
        DataType::Int32 => Some(32),
        DataType::Float64 => Some(53),
        DataType::Int64 => Some(64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DataType::{
        Boolean, Date32, Decimal128, Decimal256, Float32, Float64, Int8, Int16, Int32, Int64, Utf8,
    };

    fn shape(data_type: &DataType) -> Shape {
        Shape::of(&Field::new("x", data_type.clone(), true))
    }

    #[test]
    fn widenings_lose_no_digit() {
        for (left, right, joined) in [
            (Int8, Int64, Int64),
            (Int16, Int8, Int16),
            (Int64, Decimal128(38, 4), Decimal128(38, 4)),
            (Int64, Decimal128(38, 20), Decimal256(76, 20)),
            (Decimal128(38, 4), Decimal128(38, 17), Decimal256(76, 17)),
            (Decimal128(18, 4), Decimal128(20, 6), Decimal128(38, 6)),
            (Decimal256(76, 17), Int8, Decimal256(76, 17)),
            (Int16, Float32, Float32),
            (Int32, Float32, Float64),
            (Int32, Float64, Float64),
            (Float32, Float64, Float64),
            (Int64, Float64, Utf8),
            (Decimal128(38, 4), Float64, Utf8),
            (Date32, crate::results::column::timestamp(), Utf8),
            (Boolean, Int8, Utf8),
        ] {
            assert_eq!(shape(&left).join(&shape(&right)).data_type, joined, "{left} {right}");
            assert_eq!(shape(&right).join(&shape(&left)).data_type, joined, "{right} {left}");
        }
    }

    #[test]
    fn digits_that_were_seen_count_before_digits_that_are_allowed() {
        let metadata = [(INTEGER_DIGITS.to_owned(), "9".to_owned())].into();
        let seen = Field::new("x", Decimal128(38, 4), true).with_metadata(metadata);
        let ratio = Field::new("x", Decimal128(38, 17), true);
        assert_eq!(Shape::of(&seen).join(&Shape::of(&ratio)).data_type, Decimal128(38, 17));
    }
}
