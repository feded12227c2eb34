//! Collects the fields of one column into an Arrow array.

use std::fmt;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_schema::DataType;

use super::decimal::DecimalColumn;
use super::problem::{Problem, excerpt};
use super::values;

/// One column under construction.
pub(super) trait Column: fmt::Debug + Send {
    /// Appends a field; an empty quoted field is an empty text, or NULL where the type has no empty value.
    fn push(&mut self, field: &[u8]) -> Result<(), Problem>;
    /// Appends NULL.
    fn push_null(&mut self);
    /// Takes what was appended since the last call.
    fn finish(&mut self) -> ArrayRef;
    /// The type of the next array; only a decimal's may change.
    fn data_type(&self) -> DataType;
    /// The most digits before the point so far, where that is a question.
    fn integer_digits(&self) -> Option<u32> {
        None
    }
}

/// A column for values of `data_type`.
pub(super) fn column(data_type: &DataType) -> Box<dyn Column> {
    match data_type {
        DataType::Int64 => numbers::<Int64Type>("LONG", values::number),
        DataType::Int32 => numbers::<Int32Type>("INTEGER", values::number),
        DataType::Int16 => numbers::<Int16Type>("SHORT", values::number),
        DataType::Int8 => numbers::<Int8Type>("BYTE", values::number),
        DataType::Float64 => numbers::<Float64Type>("DOUBLE", values::number),
        DataType::Float32 => numbers::<Float32Type>("FLOAT", values::number),
        DataType::Date32 => numbers::<Date32Type>("DATE (yyyy-MM-dd)", values::date),
        DataType::Timestamp(..) => Box::new(Primitive::<TimestampMicrosecondType> {
            amc_type: "TIMESTAMP (yyyy-MM-dd'T'HH:mm:ss.SSS)",
            read: values::timestamp,
            builder: PrimitiveBuilder::new().with_data_type(data_type.clone()),
            data_type: data_type.clone(),
        }),
        DataType::Boolean => Box::<Flags>::default(),
        DataType::Decimal128(_, scale) => Box::new(DecimalColumn::new(*scale)),
        _ => Box::<Text>::default(),
    }
}

fn numbers<T>(amc_type: &'static str, read: Read<T>) -> Box<dyn Column>
where
    T: ArrowPrimitiveType + fmt::Debug + Send,
{
    Box::new(Primitive::<T> { amc_type, read, builder: PrimitiveBuilder::new(), data_type: T::DATA_TYPE })
}

type Read<T> = fn(&[u8]) -> Option<<T as ArrowPrimitiveType>::Native>;

/// A column of fixed-width values.
struct Primitive<T: ArrowPrimitiveType> {
    amc_type: &'static str,
    read: Read<T>,
    builder: PrimitiveBuilder<T>,
    data_type: DataType,
}

impl<T: ArrowPrimitiveType> fmt::Debug for Primitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.amc_type)
    }
}

impl<T: ArrowPrimitiveType + Send> Column for Primitive<T> {
    fn push(&mut self, field: &[u8]) -> Result<(), Problem> {
        if field.is_empty() {
            self.builder.append_null();
            return Ok(());
        }
        let value = (self.read)(field).ok_or_else(|| Problem::not_a(self.amc_type, field))?;
        self.builder.append_value(value);
        Ok(())
    }

    fn push_null(&mut self) {
        self.builder.append_null();
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.builder.finish())
    }

    fn data_type(&self) -> DataType {
        self.data_type.clone()
    }
}

/// A column of booleans.
#[derive(Debug, Default)]
struct Flags(BooleanBuilder);

impl Column for Flags {
    fn push(&mut self, field: &[u8]) -> Result<(), Problem> {
        let flag = match field {
            [] => None,
            _ => Some(values::boolean(field).ok_or_else(|| Problem::not_a("BOOLEAN", field))?),
        };
        self.0.append_option(flag);
        Ok(())
    }

    fn push_null(&mut self) {
        self.0.append_null();
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }

    fn data_type(&self) -> DataType {
        DataType::Boolean
    }
}

/// A column of texts.
#[derive(Debug, Default)]
struct Text(StringBuilder);

impl Column for Text {
    fn push(&mut self, field: &[u8]) -> Result<(), Problem> {
        let text = std::str::from_utf8(field).map_err(|_| Problem::NotUtf8(excerpt(field)))?;
        self.0.append_value(text);
        Ok(())
    }

    fn push_null(&mut self) {
        self.0.append_null();
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }

    fn data_type(&self) -> DataType {
        DataType::Utf8
    }
}
