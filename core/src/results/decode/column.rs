//! Collects the fields of one column into an Arrow array.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, NullArray, PrimitiveArray, StringArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;

use super::decimal::DecimalColumn;
use super::guess::Guess;
use super::problem::{Problem, excerpt};
use super::split::Fields;
use super::values;
use crate::{Error, Result};

/// About how long a text is, to begin with.
const TEXT_BYTES: usize = 12;

/// One column under construction.
pub(in crate::results) trait Column: fmt::Debug + Send {
    /// Appends a field; an empty quoted field is an empty text, or NULL where the type has no empty value.
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem>;
    /// Makes room for so many fields.
    fn reserve(&mut self, rows: usize);
    /// Takes what was appended since the last call.
    fn finish(&mut self) -> Result<ArrayRef>;
    /// The type of the next array; only a decimal's may change.
    fn data_type(&self) -> DataType;
    /// The most digits before the point so far, where that is a question.
    fn integer_digits(&self) -> Option<u32> {
        None
    }
    /// What the texts so far look like, where nobody said what they are.
    fn guess(&self) -> Option<Guess> {
        None
    }
    /// Appends fields; fails with the number of the field that is wrong.
    fn extend(&mut self, fields: Fields<'_>) -> Result<(), (usize, Problem)> {
        for (row, field) in fields.enumerate() {
            self.push(field).map_err(|problem| (row, problem))?;
        }
        Ok(())
    }
}

/// A column for values of `data_type`.
pub(in crate::results) fn column(data_type: &DataType) -> Box<dyn Column> {
    match data_type {
        DataType::Int64 => primitive::<Long>(data_type),
        DataType::Int32 => primitive::<Whole<Int32Type>>(data_type),
        DataType::Int16 => primitive::<Whole<Int16Type>>(data_type),
        DataType::Int8 => primitive::<Whole<Int8Type>>(data_type),
        DataType::Float64 => primitive::<Double>(data_type),
        DataType::Float32 => primitive::<Single>(data_type),
        DataType::Date32 => primitive::<Day>(data_type),
        DataType::Timestamp(..) => primitive::<Instant>(data_type),
        DataType::Boolean => Box::<Flags>::default(),
        DataType::Decimal128(_, scale) => Box::new(DecimalColumn::new(*scale)),
        _ => Box::<Text>::default(),
    }
}

/// A column of texts that also guesses what they are.
pub(super) fn guessing() -> Box<dyn Column> {
    Box::new(Text { guess: Some(Guess::default()), ..Text::default() })
}

/// A column that only guesses, and keeps nothing.
pub(super) fn looking() -> Box<dyn Column> {
    Box::<Looking>::default()
}

fn primitive<K: Kind + 'static>(data_type: &DataType) -> Box<dyn Column> {
    let (values, nulls) = (Vec::new(), NullBufferBuilder::new(0));
    Box::new(Primitive::<K> { values, nulls, data_type: data_type.clone() })
}

/// A type of fixed-width values and how its fields are read.
trait Kind {
    type Arrow: ArrowPrimitiveType;
    fn amc_type() -> &'static str;
    fn read(field: &[u8]) -> Option<<Self::Arrow as ArrowPrimitiveType>::Native>;
}

struct Long;
struct Day;
struct Instant;
struct Whole<T>(PhantomData<T>);
struct Double;
struct Single;

impl Kind for Long {
    type Arrow = Int64Type;

    fn amc_type() -> &'static str {
        "LONG"
    }

    fn read(field: &[u8]) -> Option<i64> {
        values::long(field)
    }
}

impl Kind for Day {
    type Arrow = Date32Type;

    fn amc_type() -> &'static str {
        "DATE (yyyy-MM-dd)"
    }

    fn read(field: &[u8]) -> Option<i32> {
        values::date(field)
    }
}

impl Kind for Instant {
    type Arrow = TimestampMicrosecondType;

    fn amc_type() -> &'static str {
        "TIMESTAMP (yyyy-MM-dd'T'HH:mm:ss.SSS)"
    }

    fn read(field: &[u8]) -> Option<i64> {
        values::timestamp(field)
    }
}

impl<T: ArrowPrimitiveType<Native: TryFrom<i64>>> Kind for Whole<T> {
    type Arrow = T;

    fn amc_type() -> &'static str {
        match T::DATA_TYPE {
            DataType::Int32 => "INTEGER",
            DataType::Int16 => "SHORT",
            _ => "BYTE",
        }
    }

    fn read(field: &[u8]) -> Option<T::Native> {
        values::long(field)?.try_into().ok()
    }
}

impl Kind for Double {
    type Arrow = Float64Type;

    fn amc_type() -> &'static str {
        "DOUBLE"
    }

    fn read(field: &[u8]) -> Option<f64> {
        values::double(field)
    }
}

impl Kind for Single {
    type Arrow = Float32Type;

    fn amc_type() -> &'static str {
        "FLOAT"
    }

    fn read(field: &[u8]) -> Option<f32> {
        values::number(field)
    }
}

/// A column of fixed-width values.
struct Primitive<K: Kind> {
    values: Vec<<K::Arrow as ArrowPrimitiveType>::Native>,
    nulls: NullBufferBuilder,
    data_type: DataType,
}

impl<K: Kind> fmt::Debug for Primitive<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::amc_type())
    }
}

impl<K: Kind> Column for Primitive<K> {
    fn extend(&mut self, fields: Fields<'_>) -> Result<(), (usize, Problem)> {
        for (row, field) in fields.enumerate() {
            self.push(field).map_err(|problem| (row, problem))?;
        }
        Ok(())
    }

    fn reserve(&mut self, rows: usize) {
        self.values.reserve(rows);
    }

    #[inline]
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem> {
        let Some(field) = field.filter(|field| !field.is_empty()) else {
            self.values.push(Default::default());
            self.nulls.append_null();
            return Ok(());
        };
        self.values.push(K::read(field).ok_or_else(|| Problem::not_a(K::amc_type(), field))?);
        self.nulls.append_non_null();
        Ok(())
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        let values = ScalarBuffer::from(std::mem::take(&mut self.values));
        let array = PrimitiveArray::<K::Arrow>::try_new(values, self.nulls.finish()).map_err(unfit)?;
        Ok(Arc::new(array.with_data_type(self.data_type.clone())))
    }

    fn data_type(&self) -> DataType {
        self.data_type.clone()
    }
}

/// A column of booleans.
#[derive(Debug, Default)]
struct Flags(BooleanBuilder);

impl Column for Flags {
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem> {
        let flag = match field {
            None | Some([]) => None,
            Some(field) => Some(values::boolean(field).ok_or_else(|| Problem::not_a("BOOLEAN", field))?),
        };
        self.0.append_option(flag);
        Ok(())
    }

    fn reserve(&mut self, _: usize) {}

    fn finish(&mut self) -> Result<ArrayRef> {
        Ok(Arc::new(self.0.finish()))
    }

    fn data_type(&self) -> DataType {
        DataType::Boolean
    }
}

/// A column of texts.
#[derive(Debug)]
struct Text {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    guess: Option<Guess>,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: Vec::new(), offsets: vec![0], nulls: NullBufferBuilder::new(0), guess: None }
    }
}

impl Text {
    /// Ends a text whose bytes are here already.
    fn end(&mut self, is_valid: bool) -> Result<(), Problem> {
        self.nulls.append(is_valid);
        self.offsets.push(i32::try_from(self.bytes.len()).map_err(|_| Problem::TooMuchText)?);
        Ok(())
    }

    fn look_at(&mut self, fields: Fields<'_>) {
        if let Some(guess) = self.guess.as_mut().filter(|guess| !guess.is_text()) {
            fields.flatten().for_each(|field| guess.see(field));
        }
    }
}

impl Column for Text {
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem> {
        if let Some(field) = field.filter(|field| std::str::from_utf8(field).is_err()) {
            return Err(Problem::NotUtf8(excerpt(field)));
        }
        self.bytes.extend_from_slice(field.unwrap_or_default());
        self.end(field.is_some())
    }

    fn reserve(&mut self, rows: usize) {
        self.offsets.reserve(rows);
        self.bytes.reserve(rows * TEXT_BYTES);
    }

    // Most texts are plain ASCII, which is seen at once for all of them.
    fn extend(&mut self, fields: Fields<'_>) -> Result<(), (usize, Problem)> {
        self.look_at(fields.clone());
        let (from, mut left, mut row) = (self.bytes.len(), fields.clone(), 0);
        while let Some(is_valid) = left.append_next(&mut self.bytes) {
            self.end(is_valid).map_err(|problem| (row, problem))?;
            row += 1;
        }
        if self.bytes[from..].is_ascii() {
            return Ok(());
        }
        let broken =
            |field: Option<&[u8]>| field.filter(|field| std::str::from_utf8(field).is_err()).map(excerpt);
        let mut fields = fields.map(broken).enumerate();
        match fields.find_map(|(row, broken)| Some((row, broken?))) {
            Some((row, broken)) => Err((row, Problem::NotUtf8(broken))),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        let rows = self.offsets.len() - 1;
        let offsets = std::mem::replace(&mut self.offsets, Vec::with_capacity(rows + 1));
        self.offsets.push(0);
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes.reserve(bytes.len());
        let offsets = OffsetBuffer::new(offsets.into());
        Ok(Arc::new(StringArray::try_new(offsets, bytes.into(), self.nulls.finish()).map_err(unfit)?))
    }

    fn data_type(&self) -> DataType {
        DataType::Utf8
    }

    fn guess(&self) -> Option<Guess> {
        self.guess
    }
}

/// A column that is only looked at.
#[derive(Debug, Default)]
struct Looking(Guess);

impl Column for Looking {
    fn push(&mut self, field: Option<&[u8]>) -> Result<(), Problem> {
        if let Some(field) = field {
            self.0.see(field);
        }
        Ok(())
    }

    fn reserve(&mut self, _: usize) {}

    fn extend(&mut self, fields: Fields<'_>) -> Result<(), (usize, Problem)> {
        if !self.0.is_text() {
            fields.flatten().for_each(|field| self.0.see(field));
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        Ok(Arc::new(NullArray::new(0)))
    }

    fn data_type(&self) -> DataType {
        DataType::Utf8
    }

    fn guess(&self) -> Option<Guess> {
        Some(self.0)
    }
}

pub(super) fn unfit(error: arrow_schema::ArrowError) -> Error {
    Error::unexpected("a decoded column does not fit its type").caused_by(error)
}
