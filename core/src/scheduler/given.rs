//! Instants and days as callers of other languages give them: as text.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use jiff::civil;

use crate::{Error, Result};

/// An instant from text: ISO 8601 with its offset from UTC.
///
/// ```
/// use amc_fleet::scheduler::Instant;
///
/// let given: Instant = "2026-03-07T13:00:00+01:00".parse()?;
/// assert_eq!(given.0.to_rfc3339(), "2026-03-07T12:00:00+00:00");
/// assert_eq!("2026-03-07T13:00:00".parse::<Instant>().unwrap_err().code(), "instant_naive");
/// # Ok::<(), amc_fleet::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

impl FromStr for Instant {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let read = text.trim().parse::<jiff::Timestamp>();
        let instant = read.map_err(|error| unreadable(text).caused_by(error))?;
        let nanoseconds =
            u32::try_from(instant.as_nanosecond().rem_euclid(1_000_000_000)).unwrap_or_default();
        let seconds = i64::try_from(instant.as_nanosecond().div_euclid(1_000_000_000)).unwrap_or_default();
        DateTime::from_timestamp(seconds, nanoseconds).map(Self).ok_or_else(|| unreadable(text))
    }
}

fn unreadable(text: &str) -> Error {
    if text.trim().parse::<civil::DateTime>().is_ok() {
        let message = format!("{text:?} does not say in which zone it is, so it is no instant");
        return Error::invalid("instant_naive", message).hint(
            "give its offset: 2026-03-07T12:00:00Z or 2026-03-07T13:00:00+01:00; in Python, \
             datetime(…, tzinfo=timezone.utc)",
        );
    }
    Error::invalid("instant_invalid", format!("{text:?} is no instant"))
        .hint("write it like 2026-03-07T12:00:00Z or 2026-03-07T13:00:00+01:00")
}

/// A day of the calendar from text: a date, or the midnight it begins with.
///
/// ```
/// use amc_fleet::scheduler::Day;
///
/// assert_eq!("2026-01-07".parse::<Day>()?, "2026-01-07T00:00:00.000Z".parse::<Day>()?);
/// assert_eq!("2026-01-07T06:00:00".parse::<Day>().unwrap_err().code(), "date_invalid");
/// # Ok::<(), amc_fleet::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let invalid = || {
            Error::invalid("date_invalid", format!("{text:?} is no day"))
                .hint("write it like 2026-01-07; of a date with a time only midnight is taken")
        };
        let read = jiff::fmt::temporal::DateTimeParser::new();
        let plain = text.trim().replacen('Z', "", 1);
        let time = read.parse_datetime(&plain).map_err(|error| invalid().caused_by(error))?;
        if time.time() != civil::Time::midnight() {
            return Err(invalid());
        }
        let date = time.date();
        let [month, day] = [date.month(), date.day()].map(|it| u32::try_from(it).unwrap_or_default());
        NaiveDate::from_ymd_opt(date.year().into(), month, day).map(Self).ok_or_else(invalid)
    }
}
