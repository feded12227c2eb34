//! What standing work is asked for with, as Python gives it.

use amc_fleet::model::{BackfillOptions, ScheduleOptions};
use amc_fleet::scheduler::{Day, Instant};
use amc_fleet::{BackfillSpec, Definitions, Error};
use chrono::{DateTime, NaiveDate, Utc};
use pyo3::prelude::*;

use crate::arguments::{Chosen, Span, Values, word};
use crate::errors::python;
use crate::json::Json;
use crate::records::{Backfill, Report, Schedule};
use crate::schedules::text;

/// A thing by itself or by its id.
macro_rules! reference {
    ($(#[$doc:meta])* $name:ident of $record:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) String);

        impl<'py> FromPyObject<'_, 'py> for $name {
            type Error = PyErr;

            fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
                match given.cast::<$record>() {
                    Ok(record) => Ok(Self(record.get().id.clone())),
                    Err(_) => given.extract().map(Self),
                }
            }
        }
    };
}

reference!(
    /// A report, by itself, by its id or by its name.
    ReportRef of Report
);
reference!(
    /// A schedule, by itself or by its id.
    ScheduleRef of Schedule
);
reference!(
    /// A backfill, by itself or by its id.
    BackfillRef of Backfill
);

/// A day: a date, or a text.
pub(crate) struct DayGiven(String);

impl<'py> FromPyObject<'_, 'py> for DayGiven {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        text(&given).map(Self)
    }
}

impl DayGiven {
    pub(crate) fn day(&self) -> PyResult<NaiveDate> {
        word::<Day>(&self.0).map(|day| day.0)
    }
}

/// An instant: an aware datetime, or a text.
pub(crate) struct InstantGiven(String);

impl<'py> FromPyObject<'_, 'py> for InstantGiven {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        text(&given).map(Self)
    }
}

impl InstantGiven {
    pub(crate) fn instant(&self) -> PyResult<DateTime<Utc>> {
        word::<Instant>(&self.0).map(|instant| instant.0)
    }
}

/// A batch, by itself, by its id or by its key.
pub(crate) struct BatchRef(String);

impl AsRef<str> for BatchRef {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'py> FromPyObject<'_, 'py> for BatchRef {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.extract() {
            Ok(id) => Ok(Self(id)),
            Err(_) => given.getattr("id")?.extract().map(Self),
        }
    }
}

/// What the core tells as a document, as Python's own dicts and lists.
pub(crate) fn document_of<T: serde::Serialize>(told: T) -> PyResult<Json> {
    let unwritable = |error| python(Error::unexpected("this cannot be written as JSON").caused_by(error));
    serde_json::to_value(told).map(Json).map_err(unwritable)
}

/// Reads a document of definitions.
pub(crate) fn definitions(document: Values) -> PyResult<Definitions> {
    Definitions::from_json(document.0.into()).map_err(python)
}

/// How a schedule behaves.
pub(crate) struct Policies {
    pub(crate) window_timezone: Option<String>,
    pub(crate) parameters: Option<Values>,
    pub(crate) catch_up: Option<String>,
    pub(crate) catch_up_window: Option<Span>,
    pub(crate) overlap: Option<String>,
    pub(crate) freshness: Option<String>,
    pub(crate) jitter: Option<Span>,
    pub(crate) pause_after_failures: Option<u32>,
    pub(crate) reuse: bool,
}

impl Policies {
    /// The core's own where something is not given.
    pub(crate) fn options(self) -> PyResult<ScheduleOptions> {
        let own = ScheduleOptions::default();
        let seconds = |span: Option<Span>, own: u32| span.map_or(Ok(own), |span| whole_seconds(&span));
        Ok(ScheduleOptions {
            window_timezone: self.window_timezone,
            parameters: self.parameters.unwrap_or_default().0,
            catch_up: given(self.catch_up, own.catch_up)?,
            catch_up_seconds: seconds(self.catch_up_window, own.catch_up_seconds)?,
            overlap: given(self.overlap, own.overlap)?,
            freshness: given(self.freshness, own.freshness)?,
            jitter_seconds: seconds(self.jitter, own.jitter_seconds)?,
            pause_after_failures: self.pause_after_failures,
            reuse: self.reuse,
        })
    }
}

/// The days of a backfill and how it goes about them.
pub(crate) struct Range<'a> {
    pub(crate) start: DayGiven,
    pub(crate) segment_type: String,
    pub(crate) end: Option<DayGiven>,
    pub(crate) instances: Option<Chosen>,
    pub(crate) timezone: Option<String>,
    pub(crate) partial: &'a str,
    pub(crate) order: &'a str,
    pub(crate) parallelism: Option<u32>,
    pub(crate) retries: Option<u32>,
    pub(crate) max_days: Option<u32>,
}

impl Range<'_> {
    /// The core's own where something is not given.
    pub(crate) fn spec(self) -> PyResult<BackfillSpec> {
        let own = BackfillSpec::new(self.start.day()?, word(&self.segment_type)?);
        let BackfillOptions { parallelism, retries, .. } = own.options;
        Ok(BackfillSpec {
            end: self.end.map(|end| end.day()).transpose()?,
            instances: self.instances.map(|chosen| chosen.0),
            timezone: self.timezone,
            partial: word(self.partial)?,
            options: BackfillOptions {
                order: word(self.order)?,
                parallelism: self.parallelism.unwrap_or(parallelism),
                retries: self.retries.unwrap_or(retries),
            },
            max_days: self.max_days.unwrap_or(own.max_days),
            ..own
        })
    }
}

fn given<T: std::str::FromStr<Err = Error>>(text: Option<String>, own: T) -> PyResult<T> {
    text.map_or(Ok(own), |text| word(&text))
}

fn whole_seconds(span: &Span) -> PyResult<u32> {
    u32::try_from(span.0.as_secs())
        .map_err(|error| python(Error::invalid("span_too_long", "a span is too long").caused_by(error)))
}
