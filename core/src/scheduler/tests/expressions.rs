//! Expressions: what is read, what is refused and where, what is said, and known days on which clocks change.

use chrono::{DateTime, Utc};

use crate::scheduler::{CronExpression, describe, next_runs};
use crate::{Error, ErrorKind};

fn runs(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let after: DateTime<Utc> = after.parse().unwrap();
    let zone = zone.parse::<crate::model::Zone>().unwrap();
    let shown = |run: &DateTime<Utc>| zone.local(*run).format("%a %m-%d %H:%M").to_string();
    next_runs(expression, &zone, after, count).unwrap().iter().map(shown).collect()
}

fn refused(expression: &str) -> Error {
    expression.parse::<CronExpression>().unwrap_err()
}

#[test]
fn fields_are_read_as_cron_reads_them() {
    let cases = [
        ("0 6 * * MON", ["Mon 01-05 06:00", "Mon 01-12 06:00", "Mon 01-19 06:00"]),
        ("30 4 1,15 * *", ["Thu 01-15 04:30", "Sun 02-01 04:30", "Sun 02-15 04:30"]),
        ("0 0 L * *", ["Sat 01-31 00:00", "Sat 02-28 00:00", "Tue 03-31 00:00"]),
        ("0 0 * * fri#l", ["Fri 01-30 00:00", "Fri 02-27 00:00", "Fri 03-27 00:00"]),
        ("0 0 * * mon#2", ["Mon 01-12 00:00", "Mon 02-09 00:00", "Mon 03-09 00:00"]),
        ("0 0 * * 0", ["Sun 01-04 00:00", "Sun 01-11 00:00", "Sun 01-18 00:00"]),
        ("0 0 * * 7", ["Sun 01-04 00:00", "Sun 01-11 00:00", "Sun 01-18 00:00"]),
        ("0 9-17/8 * * 1-5", ["Thu 01-01 17:00", "Fri 01-02 09:00", "Fri 01-02 17:00"]),
        ("0 0 13 * FRI", ["Fri 01-02 00:00", "Fri 01-09 00:00", "Tue 01-13 00:00"]),
        ("0 0 */2 * MON", ["Mon 01-05 00:00", "Mon 01-19 00:00", "Mon 02-09 00:00"]),
        ("@weekly", ["Sun 01-04 00:00", "Sun 01-11 00:00", "Sun 01-18 00:00"]),
        ("weekly", ["Mon 01-05 00:00", "Mon 01-12 00:00", "Mon 01-19 00:00"]),
        ("Weekly on Friday at 06:30", ["Fri 01-02 06:30", "Fri 01-09 06:30", "Fri 01-16 06:30"]),
        ("monthly on last at 23:59", ["Sat 01-31 23:59", "Sat 02-28 23:59", "Tue 03-31 23:59"]),
        ("quarterly at 5:00", ["Wed 04-01 05:00", "Wed 07-01 05:00", "Thu 10-01 05:00"]),
    ];
    for (expression, expected) in cases {
        assert_eq!(runs(expression, "UTC", "2026-01-01T12:00:00Z", 3), expected, "{expression}");
    }
}

#[test]
fn what_is_wrong_is_named_at_its_place() {
    let cases = [
        ("61 * * * *", 1, "\"61\" is no minute"),
        ("0 24 * * *", 3, "\"24\" is no hour"),
        ("0 6,x 1 * *", 5, "\"x\" is no hour"),
        ("0 6 32 * *", 5, "\"32\" is no day of month"),
        ("0 6  1 13 *", 8, "\"13\" is no month"),
        ("0 6 1 MON *", 7, "\"MON\" is no month"),
        ("MON 6 1 1 *", 1, "\"MON\" is no minute"),
        ("0 6 * * MON#6", 9, "\"MON#6\" is no day of week"),
        ("0 6 * * FUN", 9, "\"FUN\" is no day of week"),
        ("0 6 * * 8", 9, "\"8\" is no day of week"),
        ("0 1,,2 * * *", 5, "an item of the hour is empty"),
        ("0 6 * *", 8, "a schedule has five fields, this has 4"),
        ("0 0 6 * * MON", 11, "a schedule has five fields, this has 6"),
        ("*/0 * * * *", 1, "\"*/0\" is no minute"),
        ("0 5-1 * * *", 3, "\"5-1\" is no hour"),
        ("0 6 é * *", 5, "\"é\" is no day of month"),
        ("", 1, "a schedule is empty"),
        ("weekly on someday", 1, "\"weekly on someday\" is no schedule in words"),
        ("daily at 25:00", 1, "\"daily at 25:00\" is no schedule in words"),
    ];
    for (expression, column, message) in cases {
        let error = refused(expression);
        let place = error.position().map(|it| (it.line, it.column));
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "cron_invalid"), "{expression}");
        assert_eq!((error.message(), place), (message, Some((1, column))), "{expression}");
        assert!(error.what_to_do().is_some(), "{expression}");
    }
}

#[test]
fn a_day_that_never_comes_is_refused() {
    assert_eq!(refused("0 0 31 2 *").code(), "cron_never");
    assert_eq!(runs("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 1), ["Tue 02-29 00:00"]);
}

#[test]
fn too_many_runs_are_refused() {
    let after = "2026-01-01T00:00:00Z".parse().unwrap();
    let error = next_runs("* * * * *", &crate::model::Zone::utc(), after, 10_001).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::TooLarge, "too_many_runs"));
}

#[test]
fn a_schedule_is_said_in_words() {
    assert_eq!(describe("0 6 * * MON").unwrap(), "At 06:00, on Monday.");
    assert_eq!(describe("weekly at 06:00").unwrap(), describe("0 6 * * 1").unwrap());
}

#[test]
fn an_expression_survives_its_text() {
    let expression: CronExpression = "weekly on tue at 7:05".parse().unwrap();
    assert_eq!(expression.fields(), "5 7 * * TUE");
    assert_eq!(expression.to_string().parse::<CronExpression>().unwrap(), expression);
}

#[test]
fn runs_come_strictly_after() {
    assert_eq!(runs("0 6 * * *", "UTC", "2026-01-05T06:00:00Z", 1), ["Tue 01-06 06:00"]);
    assert_eq!(runs("0 6 * * *", "UTC", "2026-01-05T05:59:59Z", 1), ["Mon 01-05 06:00"]);
}

#[test]
fn a_skipped_time_fires_when_clocks_have_gone_forward() {
    let after = "2026-03-08T06:00:00Z";
    assert_eq!(runs("30 2 * * *", "America/New_York", after, 2), ["Sun 03-08 03:00", "Mon 03-09 02:30"]);
    assert_eq!(
        runs("0,30 2,3 * * *", "America/New_York", after, 3),
        ["Sun 03-08 03:00", "Sun 03-08 03:30", "Mon 03-09 02:00"]
    );
    assert_eq!(runs("*/30 2 * * *", "America/New_York", after, 1), ["Mon 03-09 02:00"]);
    assert_eq!(
        runs("*/30 * * * *", "America/New_York", after, 3),
        ["Sun 03-08 01:30", "Sun 03-08 03:00", "Sun 03-08 03:30"]
    );
    assert_eq!(
        runs("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2),
        ["Fri 04-24 01:00", "Sat 04-25 00:00"]
    );
}

#[test]
fn a_time_that_comes_twice_fires_the_first_time() {
    let after = "2026-11-01T04:30:00Z";
    assert_eq!(runs("30 1 * * *", "America/New_York", after, 2), ["Sun 11-01 01:30", "Mon 11-02 01:30"]);
    assert_eq!(runs("30 1 * * *", "America/New_York", "2026-11-01T05:30:00Z", 1), ["Mon 11-02 01:30"]);
    assert_eq!(
        runs("*/30 * * * *", "America/New_York", after, 6),
        [
            "Sun 11-01 01:00",
            "Sun 11-01 01:30",
            "Sun 11-01 01:00",
            "Sun 11-01 01:30",
            "Sun 11-01 02:00",
            "Sun 11-01 02:30"
        ]
    );
}

#[test]
fn a_day_that_a_zone_left_out_is_not_made_up() {
    assert_eq!(
        runs("0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", 2),
        ["Thu 12-29 12:00", "Sat 12-31 12:00"]
    );
}
