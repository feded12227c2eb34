//! `SECONDS_BETWEEN`, `CONVERT_TIME_ZONE_FROM_UTC`, `EPOCH_TO_UTC_TIMESTAMP`.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, StringArray, TimestampMillisecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMillisecondType};
use datafusion::error::{DataFusionError, Result};
use jiff::tz::TimeZone;

use super::scalar::Scalar;
use crate::world::local;

const INSTANT: DataType = DataType::Timestamp(TimeUnit::Millisecond, None);
/// Above it an epoch is in milliseconds: 5138-11-16 in seconds, 1973-03-03 in milliseconds.
const SECONDS_BELOW: i64 = 100_000_000_000;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![
        Scalar::new("seconds_between", 2, |_| Ok(DataType::Int64), seconds_between),
        Scalar::new("convert_time_zone_from_utc", 2, |kinds| Ok(converted(&kinds[0])), convert),
        Scalar::new("epoch_to_utc_timestamp", 1, |_| Ok(INSTANT), from_epoch),
    ]
}

fn seconds_between(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (first, second) = (instants(&columns[0])?, instants(&columns[1])?);
    let seconds = first.iter().zip(&second).map(|(first, second)| Some((second? - first?).div_euclid(1000)));
    Ok(Arc::new(seconds.collect::<Int64Array>()))
}

fn instants(column: &ArrayRef) -> Result<TimestampMillisecondArray> {
    Ok(cast(column, &INSTANT)?.as_primitive::<TimestampMillisecondType>().clone())
}

fn converted(kind: &DataType) -> DataType {
    if matches!(kind, DataType::Date32) { DataType::Date32 } else { INSTANT }
}

fn convert(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let times = instants(&columns[0])?;
    let zones = texts(&columns[1])?;
    let moved = times.iter().zip(&zones).map(|(at, zone)| match (at, zone) {
        (Some(at), Some(zone)) => named(zone).map(|zone| Some(local(at, &zone))),
        _ => Ok(None),
    });
    let moved: TimestampMillisecondArray = moved.collect::<Result<_>>()?;
    Ok(cast(&moved, &converted(columns[0].data_type()))?)
}

fn named(zone: &str) -> Result<TimeZone> {
    TimeZone::get(zone).map_err(|_| DataFusionError::Execution(format!("'{zone}' is no time zone")))
}

fn texts(column: &ArrayRef) -> Result<StringArray> {
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn from_epoch(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let numbers = cast(&columns[0], &DataType::Int64)?;
    let milliseconds = |number: i64| if number.abs() < SECONDS_BELOW { number * 1000 } else { number };
    let instants = numbers.as_primitive::<Int64Type>().iter().map(|number| number.map(milliseconds));
    Ok(Arc::new(instants.collect::<TimestampMillisecondArray>()))
}
