//! When the result of one run is as good as that of another.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::plan::hash_of;
use crate::model::NewExecution;
use crate::model::window::Readiness;

/// What an execution asks AMC, as one hash: query, parameters, window, zone, AMC's options, instance, and how mature the
/// data are when it is asked. Who asks is no part of it: results never go from one owner to another.
pub(super) fn key(execution: &NewExecution, now: DateTime<Utc>) -> String {
    let asked_at = execution.not_before.map_or(now, |at| at.max(now));
    hash_of(&json!({
        "sql": execution.sql_hash,
        "parameters": execution.parameters,
        "window": [execution.window_start, execution.window_end],
        "timezone": execution.timezone,
        "amc": execution.amc,
        "instance": execution.instance,
        "maturity": maturity(execution.window_end, asked_at),
    }))
}

/// How mature the data of a window are: while events still arrive, another hour is another answer; while conversions are
/// still attributed, another day; after that nothing changes.
fn maturity(window_end: DateTime<Utc>, asked_at: DateTime<Utc>) -> String {
    let (age, readiness) = (asked_at - window_end, Readiness::default());
    if age.num_hours() < i64::from(readiness.freshness_hours) {
        return format!("hour {}", asked_at.timestamp().div_euclid(3600));
    }
    match age.num_days() {
        days if days < i64::from(readiness.maturity_days) => format!("day {days}"),
        _ => "final".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn data_that_still_change_are_worth_less_each_hour_then_each_day() {
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let at = |hours, minutes| maturity(end, end + TimeDelta::hours(hours) + TimeDelta::minutes(minutes));
        assert_eq!(at(-5, 1), at(-5, 59));
        assert_ne!(at(-5, 1), at(-4, 1));
        assert_ne!(at(47, 0), at(46, 59));
        assert_eq!(at(48, 0), at(71, 59));
        assert_ne!(at(48, 0), at(72, 0));
        assert_eq!(at(14 * 24, 0), at(4000, 0));
        assert_ne!(at(13 * 24, 0), at(14 * 24, 0));
    }
}
