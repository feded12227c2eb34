//! The columns of ours: where the rows of one result come from.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, StringArray, TimestampMicrosecondArray};
use arrow_buffer::{Buffer, OffsetBuffer};
use arrow_schema::{DataType, Field};
use chrono::{DateTime, Utc};

use super::options::{
    EXECUTION_ID, INSTANCE_ID, INSTANCE_NAME, PROVISIONAL, REGION, SEGMENT, SEGMENT_END, SEGMENT_START,
};
use crate::results::column::timestamp;
use crate::{Error, Result};

/// Where the rows of one result come from: the values of the columns of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// AMC's id of the instance.
    pub instance_id: String,
    /// Its name.
    pub instance_name: String,
    /// The region of its account.
    pub region: String,
    /// The window of the execution: its first day and the day after its last.
    pub segment: String,
    /// Our id of the execution.
    pub execution_id: String,
    /// The first instant of the window.
    pub segment_start: DateTime<Utc>,
    /// The first instant after it.
    pub segment_end: DateTime<Utc>,
    /// Whether it was asked for before AMC's data of the window were complete.
    pub is_provisional: bool,
}

impl Origin {
    /// One of our columns, so many rows of it; none where it is not one of ours.
    pub(super) fn column(&self, name: &str, rows: usize) -> Option<Result<ArrayRef>> {
        Some(match name {
            INSTANCE_ID => repeated(&self.instance_id, rows),
            INSTANCE_NAME => repeated(&self.instance_name, rows),
            REGION => repeated(&self.region, rows),
            SEGMENT => repeated(&self.segment, rows),
            EXECUTION_ID => repeated(&self.execution_id, rows),
            SEGMENT_START => Ok(instants(self.segment_start, rows)),
            SEGMENT_END => Ok(instants(self.segment_end, rows)),
            PROVISIONAL => Ok(Arc::new(BooleanArray::from(vec![self.is_provisional; rows]))),
            _ => return None,
        })
    }
}

/// What one of our columns is.
pub(super) fn field(name: &str) -> Field {
    let data_type = match name {
        SEGMENT_START | SEGMENT_END => timestamp(),
        PROVISIONAL => DataType::Boolean,
        _ => DataType::Utf8,
    };
    Field::new(name, data_type, false)
}

fn instants(at: DateTime<Utc>, rows: usize) -> ArrayRef {
    let instants = TimestampMicrosecondArray::from_value(at.timestamp_micros(), rows);
    Arc::new(instants.with_data_type(timestamp()))
}

fn repeated(text: &str, rows: usize) -> Result<ArrayRef> {
    let offsets = OffsetBuffer::from_repeated_length(text.len(), rows);
    let texts = StringArray::try_new(offsets, Buffer::from(text.repeat(rows).into_bytes()), None);
    Ok(Arc::new(texts.map_err(|error| Error::unexpected("a merged batch is too large").caused_by(error))?))
}
