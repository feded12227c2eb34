//! The one text form of every value: exact digits, ISO dates and times, the shortest form of a double.

mod moment;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, BooleanArray, StringArray};
use arrow_buffer::NullBuffer;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use crate::{Error, Result};

/// Times are `2025-09-01T06:00:00Z`, with three or six digits of a fraction where there is one.
const OPTIONS: FormatOptions<'static> = FormatOptions::new();

/// The cells of one column as text.
pub(super) struct Cells<'a> {
    nulls: Option<&'a NullBuffer>,
    values: Values<'a>,
}

/// The values of a column; all but texts have a text form that never holds a separator, a quote or a line end.
enum Values<'a> {
    Text(&'a StringArray),
    Boolean(&'a BooleanArray),
    Int8(&'a [i8]),
    Int16(&'a [i16]),
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    Float32(&'a [f32]),
    Float64(&'a [f64]),
    Decimal(&'a [i128], usize),
    Date(&'a [i32]),
    Instant(&'a [i64]),
    Other(ArrayFormatter<'a>),
}

impl<'a> Cells<'a> {
    pub(super) fn new(array: &'a dyn Array) -> Result<Self> {
        let values = match array.data_type() {
            DataType::Utf8 => Values::Text(array.as_string()),
            DataType::Boolean => Values::Boolean(array.as_boolean()),
            DataType::Int8 => Values::Int8(array.as_primitive::<Int8Type>().values()),
            DataType::Int16 => Values::Int16(array.as_primitive::<Int16Type>().values()),
            DataType::Int32 => Values::Int32(array.as_primitive::<Int32Type>().values()),
            DataType::Int64 => Values::Int64(array.as_primitive::<Int64Type>().values()),
            DataType::Float32 => Values::Float32(array.as_primitive::<Float32Type>().values()),
            DataType::Float64 => Values::Float64(array.as_primitive::<Float64Type>().values()),
            DataType::Decimal128(_, scale) if *scale >= 0 => {
                Values::Decimal(array.as_primitive::<Decimal128Type>().values(), scale.unsigned_abs().into())
            }
            DataType::Date32 => Values::Date(array.as_primitive::<Date32Type>().values()),
            DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if zone.as_ref() == "UTC" => {
                Values::Instant(array.as_primitive::<TimestampMicrosecondType>().values())
            }
            _ => Values::Other(ArrayFormatter::try_new(array, &OPTIONS).map_err(unprintable)?),
        };
        Ok(Self { nulls: array.nulls(), values })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(row))
    }

    /// The texts, if that is what the cells are.
    pub(super) fn texts(&self) -> Option<&'a StringArray> {
        match self.values {
            Values::Text(texts) => Some(texts),
            _ => None,
        }
    }

    /// The text of a cell that is not NULL.
    pub(super) fn text(&self, row: usize) -> Result<String> {
        let mut text = Vec::new();
        self.write(row, &mut text)?;
        String::from_utf8(text).map_err(|error| Error::unexpected("a text is broken").caused_by(error))
    }

    /// Appends the text of a cell that is not NULL.
    pub(super) fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        match &self.values {
            Values::Text(texts) => write_text(texts, row, out),
            Values::Boolean(flags) => {
                out.extend_from_slice(if flags.value(row) { b"true" } else { b"false" })
            }
            Values::Int8(values) => write_whole(values[row], out),
            Values::Int16(values) => write_whole(values[row], out),
            Values::Int32(values) => write_whole(values[row], out),
            Values::Int64(values) => write_whole(values[row], out),
            Values::Float32(values) => write_float(values[row], out),
            Values::Float64(values) => write_float(values[row], out),
            Values::Decimal(values, scale) => write_decimal(values[row], *scale, out),
            Values::Date(values) => moment::write_date(values[row].into(), out),
            Values::Instant(values) => moment::write_instant(values[row], out),
            Values::Other(formatter) => {
                let text = formatter.value(row).try_to_string().map_err(unprintable)?;
                out.extend_from_slice(text.as_bytes());
            }
        }
        Ok(())
    }
}

/// Appends a text of the array.
pub(super) fn write_text(texts: &StringArray, row: usize, out: &mut Vec<u8>) {
    let [begin, end] =
        [row, row + 1].map(|at| usize::try_from(texts.value_offsets()[at]).unwrap_or_default());
    copy_short(texts.value_data(), begin, end - begin, out);
}

/// Appends `len` bytes of `source` from `begin` on. Where they are few, 16 are copied at once and what was too much is
/// taken back: that needs no loop and no call.
pub(super) fn copy_short(source: &[u8], begin: usize, len: usize, out: &mut Vec<u8>) {
    match source[begin..].first_chunk::<16>() {
        Some(chunk) if len <= chunk.len() => {
            out.extend_from_slice(chunk);
            out.truncate(out.len() - chunk.len() + len);
        }
        _ => out.extend_from_slice(&source[begin..begin + len]),
    }
}

fn write_whole(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn write_float(value: impl zmij::Float, out: &mut Vec<u8>) {
    out.extend_from_slice(zmij::Buffer::new().format(value).as_bytes());
}

fn write_decimal(value: i128, scale: usize, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let (mut short, mut long) = (itoa::Buffer::new(), itoa::Buffer::new());
    let digits = match u64::try_from(value.unsigned_abs()) {
        Ok(value) => short.format(value),
        Err(_) => long.format(value.unsigned_abs()),
    };
    match digits.len().checked_sub(scale) {
        Some(0) | None => {
            out.extend_from_slice(b"0.");
            out.extend(std::iter::repeat_n(b'0', scale - digits.len()));
            out.extend_from_slice(digits.as_bytes());
        }
        Some(_) if scale == 0 => out.extend_from_slice(digits.as_bytes()),
        Some(whole) => {
            let (whole, fraction) = digits.as_bytes().split_at(whole);
            out.extend_from_slice(whole);
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
    }
}

fn unprintable(error: ArrowError) -> Error {
    Error::unexpected("a value has no text form").caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Date32Array, Decimal128Array, TimestampMicrosecondArray};
    use proptest::prelude::*;

    use super::*;

    fn as_arrow_writes(array: &dyn Array) -> String {
        ArrayFormatter::try_new(array, &OPTIONS).unwrap().value(0).to_string()
    }

    fn arrays() -> impl Strategy<Value = ArrayRef> {
        let utc = || Some(Arc::from("UTC"));
        let instant = move |micros| TimestampMicrosecondArray::from(vec![micros]).with_timezone_opt(utc());
        prop_oneof![
            (any::<i64>(), 0_i8..=20).prop_map(|(value, scale)| {
                let array = Decimal128Array::from(vec![i128::from(value)]);
                Arc::new(array.with_precision_and_scale(38, scale).unwrap()) as ArrayRef
            }),
            (-4_000_000..4_000_000_i32).prop_map(|days| Arc::new(Date32Array::from(vec![days])) as ArrayRef),
            (-62_135_596_800_000_000..253_402_300_799_999_999_i64)
                .prop_map(move |micros| Arc::new(instant(micros)) as ArrayRef),
            (-62_135_596_800_000..253_402_300_799_i64)
                .prop_map(move |millis| Arc::new(instant(millis * 1000)) as ArrayRef),
        ]
    }

    proptest! {
        #[test]
        fn every_value_is_written_as_arrow_writes_it(array in arrays()) {
            prop_assert_eq!(Cells::new(&array).unwrap().text(0).unwrap(), as_arrow_writes(&array));
        }
    }
}
