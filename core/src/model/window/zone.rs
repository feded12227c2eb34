//! Time zones by their IANA names, from the database compiled into the crate.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Every machine must come to the same instants, whatever database its system has.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// An existing time zone, for example `Europe/Berlin`.
///
/// It reads and prints as its IANA name; names are read in any case and kept in the canonical one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// The local time of an instant.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let offset = match Timestamp::from_second(instant.timestamp()) {
            Ok(timestamp) => self.rules.to_offset(timestamp).seconds(),
            Err(_) => 0,
        };
        let utc = instant.naive_utc();
        utc.checked_add_signed(TimeDelta::seconds(offset.into())).unwrap_or(utc)
    }

    /// The instant of a local time; a skipped one is the moment of the change, a doubled one its first occurrence.
    pub(super) fn to_utc(&self, local: NaiveDateTime) -> Result<DateTime<Utc>> {
        let civil = civil_of(local)?;
        let ambiguous = self.rules.to_ambiguous_timestamp(civil);
        let instant = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => self.end_of_gap(civil)?,
            _ => ambiguous.earlier().map_err(|error| out_of_range(local, error))?,
        };
        DateTime::from_timestamp(instant.as_second(), 0).ok_or_else(|| out_of_range(local, "no such instant"))
    }

    /// The change of clocks that skips `civil`.
    fn end_of_gap(&self, civil: civil::DateTime) -> Result<Timestamp> {
        let before = self.rules.to_ambiguous_timestamp(civil).earlier();
        let before =
            before.map_err(|error| Error::unexpected("a local time has no instant").caused_by(error))?;
        let change = self.rules.following(before).next();
        Ok(change.map_or(before, |change| change.timestamp()))
    }
}

fn civil_of(local: NaiveDateTime) -> Result<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).unwrap_or(i8::MAX);
    let year = i16::try_from(local.year()).map_err(|error| out_of_range(local, error))?;
    let (hour, minute, second) = (small(local.hour()), small(local.minute()), small(local.second()));
    civil::DateTime::new(year, small(local.month()), small(local.day()), hour, minute, second, 0)
        .map_err(|error| out_of_range(local, error))
}

fn out_of_range(local: NaiveDateTime, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::invalid("window_invalid", format!("{local} is outside the calendar")).caused_by(cause)
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let known = DATABASE.get(name.trim()).ok();
        let canonical = known.as_ref().and_then(|rules| rules.iana_name()).map(str::to_owned);
        match (canonical, known) {
            (Some(name), Some(rules)) if name != "Etc/Unknown" => Ok(Self { name, rules }),
            _ => Err(unknown(name)),
        }
    }
}

fn unknown(name: &str) -> Error {
    let city = name.trim().replace(' ', "_").to_lowercase();
    let ends_alike = |zone: &String| !city.is_empty() && zone.to_lowercase().ends_with(&format!("/{city}"));
    let alike = DATABASE.available().map(|zone| zone.to_string()).find(ends_alike);
    Error::invalid("zone_unknown", format!("{name:?} is no time zone")).hint(match alike {
        Some(zone) => format!("did you mean {zone}?"),
        None => "use an IANA name such as Europe/Berlin, America/New_York or UTC".to_owned(),
    })
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl TryFrom<String> for Zone {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        name.parse()
    }
}

/// The day it is in `zone` at `now`.
pub(super) fn today(zone: &Zone, now: DateTime<Utc>) -> NaiveDate {
    zone.local(now).date()
}
