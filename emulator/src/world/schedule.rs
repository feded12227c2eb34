//! Schedules: a saved workflow that runs daily or weekly over the period that has just ended.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// A schedule as AMC answers it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Schedule {
    #[serde(rename = "scheduleId")]
    pub(crate) id: String,
    pub(crate) workflow_id: String,
    pub(crate) aggregation_period: Period,
    pub(crate) aggregation_start_day: Day,
    pub(crate) aggregation_hour_utc: u32,
    #[serde(rename = "scheduleEnabled")]
    pub(crate) enabled: bool,
    pub(crate) require_synthetic_data: bool,
    pub(crate) disable_aggregation_controls: bool,
    /// The run that is planned; a replaced schedule's old one is ignored.
    #[serde(skip)]
    pub(crate) due: DateTime<Utc>,
}

/// How long a scheduled run's window is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) enum Period {
    Daily,
    Weekly,
}

/// A day of the week in AMC's title case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}

impl Period {
    /// Gives the length of the window.
    pub(crate) fn length(self) -> TimeDelta {
        match self {
            Self::Daily => TimeDelta::days(1),
            Self::Weekly => TimeDelta::weeks(1),
        }
    }
}

impl Schedule {
    /// Gives the first instant after `now` at which a run is due.
    pub(crate) fn next_due(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = NaiveTime::from_hms_opt(self.aggregation_hour_utc, 0, 0).unwrap_or_default();
        (0..=8)
            .filter_map(|days| now.date_naive().checked_add_days(Days::new(days)))
            .filter(|date| self.aggregation_period == Period::Daily || self.starts_on(date.weekday()))
            .map(|date| date.and_time(hour).and_utc())
            .find(|due| *due > now)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn starts_on(&self, day: Weekday) -> bool {
        self.aggregation_start_day == Day::from(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(period: Period) -> Schedule {
        Schedule {
            id: "s".to_owned(),
            workflow_id: "w".to_owned(),
            aggregation_period: period,
            aggregation_start_day: Day::Monday,
            aggregation_hour_utc: 6,
            enabled: true,
            require_synthetic_data: false,
            disable_aggregation_controls: false,
            due: DateTime::<Utc>::MIN_UTC,
        }
    }

    #[test]
    fn next_due_is_after_now() {
        let wednesday_at_six = "2025-10-15T06:00:00Z".parse().unwrap();
        let due = |period| schedule(period).next_due(wednesday_at_six).to_rfc3339();
        assert_eq!(due(Period::Daily), "2025-10-16T06:00:00+00:00");
        assert_eq!(due(Period::Weekly), "2025-10-20T06:00:00+00:00");
    }
}
