//! A bound of a window: a date, a date with a time, or a day told from today.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};

/// The units of an offset and of a calendar period, by the words people use for them.
const UNITS: [(Unit, &[&str]); 5] = [
    (Unit::Day, &["d", "day", "days"]),
    (Unit::Week, &["w", "week", "weeks"]),
    (Unit::Month, &["mo", "month", "months"]),
    (Unit::Quarter, &["q", "quarter", "quarters"]),
    (Unit::Year, &["y", "year", "years"]),
];

/// Which period a `first day of …` means, counted from the current one.
const PERIODS: [(i32, &str); 3] = [(-1, "last"), (0, "this"), (1, "next")];

/// Days with a name of their own, counted from today.
const DAYS: [(i32, &str); 3] = [(-1, "yesterday"), (0, "today"), (1, "tomorrow")];

const DATE: &str = "%Y-%m-%d";
const TIMES: [&str; 4] = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];

/// A span of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A bound of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A local time.
    At(NaiveDateTime),
    /// The first day of the period `periods` away from the current one, and `amount` units from there.
    Relative { period: Unit, periods: i32, amount: i32, unit: Unit },
}

impl Moment {
    /// `days` days from today.
    pub(super) const fn days(days: i32) -> Self {
        Self::Relative { period: Unit::Day, periods: days, amount: 0, unit: Unit::Day }
    }

    /// `amount` units before today.
    pub(super) fn before_today(amount: i32, unit: Unit) -> Self {
        Self::relative(Unit::Day, 0, -amount, unit)
    }

    /// The first day of the period `periods` away from the current one.
    pub(super) const fn first_day(period: Unit, periods: i32) -> Self {
        Self::Relative { period, periods, amount: 0, unit: Unit::Day }
    }

    /// The local time it means on the day `today`; `None` beyond the calendar.
    pub(super) fn on(self, today: NaiveDate) -> Option<NaiveDateTime> {
        match self {
            Self::At(time) => Some(time),
            Self::Relative { period, periods, amount, unit } => {
                let first = shift(first_of(period, today)?, period, periods)?;
                Some(shift(first, unit, amount)?.and_time(NaiveTime::MIN))
            }
        }
    }
}

fn first_of(period: Unit, day: NaiveDate) -> Option<NaiveDate> {
    let first_of_month = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1);
    match period {
        Unit::Day => Some(day),
        Unit::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
        Unit::Month => first_of_month(day.month()),
        Unit::Quarter => first_of_month(day.month0() / 3 * 3 + 1),
        Unit::Year => first_of_month(1),
    }
}

fn shift(day: NaiveDate, unit: Unit, amount: i32) -> Option<NaiveDate> {
    let by = |factor: u32| amount.unsigned_abs().checked_mul(factor);
    let days = |count: u32| {
        let days = Days::new(count.into());
        if amount < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }
    };
    let months = |count: u32| {
        let months = Months::new(count);
        if amount < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
    };
    match unit {
        Unit::Day => days(by(1)?),
        Unit::Week => days(by(7)?),
        Unit::Month => months(by(1)?),
        Unit::Quarter => months(by(3)?),
        Unit::Year => months(by(12)?),
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return absolute(text).map(Self::At);
        }
        let (anchor, offset) = match text.find(['+', '-']) {
            Some(at) => (text[..at].trim_end(), Some(&text[at..])),
            None => (text, None),
        };
        let (period, periods) =
            self::anchor(anchor).ok_or("a bound is neither a date nor a day told from today")?;
        let (amount, unit) =
            offset.map_or(Some((0, Unit::Day)), self::offset).ok_or("an offset is not like +7d")?;
        Ok(Self::relative(period, periods, amount, unit))
    }
}

impl Moment {
    // `today-7d` and `yesterday` are one thing with one spelling.
    fn relative(period: Unit, periods: i32, amount: i32, unit: Unit) -> Self {
        match (period, unit) {
            (Unit::Day, Unit::Day) => Self::days(periods.saturating_add(amount)),
            _ => Self::Relative { period, periods, amount, unit },
        }
    }
}

fn absolute(text: &str) -> Result<NaiveDateTime, &'static str> {
    let text = text.to_ascii_uppercase();
    let day = || NaiveDate::parse_from_str(&text, DATE).ok().map(|day| day.and_time(NaiveTime::MIN));
    let time = || TIMES.iter().find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
    day().or_else(time).ok_or("a date is not like 2025-09-01 or 2025-09-01T06:00:00, in the zone's own time")
}

fn anchor(text: &str) -> Option<(Unit, i32)> {
    if let Some((days, _)) = DAYS.iter().find(|(_, name)| *name == text) {
        return Some((Unit::Day, *days));
    }
    let (which, unit) = text.strip_prefix("first day of ")?.split_once(' ')?;
    let (periods, _) = PERIODS.iter().find(|(_, name)| *name == which)?;
    self::unit(unit).map(|unit| (unit, *periods))
}

fn offset(text: &str) -> Option<(i32, Unit)> {
    let (sign, rest) = text.split_at_checked(1)?;
    let rest = rest.trim_start();
    let digits = rest.find(|character: char| !character.is_ascii_digit())?;
    let amount: i32 = rest[..digits].parse().ok()?;
    let unit = unit(rest[digits..].trim_start())?;
    Some((if sign == "-" { -amount } else { amount }, unit))
}

fn unit(word: &str) -> Option<Unit> {
    UNITS.iter().find(|(_, words)| words.contains(&word)).map(|(unit, _)| *unit)
}

impl Unit {
    fn words(self) -> &'static [&'static str] {
        UNITS.iter().find(|(unit, _)| *unit == self).map_or(&[], |(_, words)| words)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::At(time) if time.time() == NaiveTime::MIN => write!(f, "{}", time.format(DATE)),
            Self::At(time) => write!(f, "{}", time.format(TIMES[0])),
            Self::Relative { period: Unit::Day, periods, amount: 0, .. } => {
                f.write_str("today")?;
                write_offset(f, periods, Unit::Day)
            }
            Self::Relative { period, periods, amount, unit } => {
                write_anchor(f, period, periods)?;
                write_offset(f, amount, unit)
            }
        }
    }
}

fn write_anchor(f: &mut fmt::Formatter<'_>, period: Unit, periods: i32) -> fmt::Result {
    let named = |names: &[(i32, &'static str)]| {
        names.iter().find(|(away, _)| *away == periods).map(|(_, name)| *name)
    };
    match period {
        Unit::Day => f.write_str(named(&DAYS).unwrap_or("today")),
        _ => {
            let word = period.words().get(1).unwrap_or(&"");
            write!(f, "first day of {} {word}", named(&PERIODS).unwrap_or("this"))
        }
    }
}

fn write_offset(f: &mut fmt::Formatter<'_>, amount: i32, unit: Unit) -> fmt::Result {
    match amount {
        0 => Ok(()),
        _ => write!(f, "{amount:+}{}", unit.words().first().unwrap_or(&"")),
    }
}
