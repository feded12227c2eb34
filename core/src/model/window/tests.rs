use super::*;
use chrono::{Datelike, NaiveDate, TimeDelta};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

fn resolve(expression: &str, now: &str, zone_name: &str) -> Result<Window> {
    expression.parse::<WindowExpression>()?.resolve(at(now), &zone(zone_name))
}

fn bounds(expression: &str, now: &str, zone_name: &str) -> String {
    let window = resolve(expression, now, zone_name).unwrap();
    format!("{}..{}", window.amc_start(), window.amc_end()).replace("T00:00:00", "")
}

#[test]
fn expressions_mean_half_open_days() {
    let now = "2025-10-15T12:00:00Z";
    for (expression, expected) in [
        ("last 1 day", "2025-10-14..2025-10-15"),
        ("last 30 days", "2025-09-15..2025-10-15"),
        ("Last  7   Days", "2025-10-08..2025-10-15"),
        ("last 395 days", "2024-09-15..2025-10-15"),
        ("yesterday", "2025-10-14..2025-10-15"),
        ("month to date", "2025-10-01..2025-10-15"),
        ("year to date", "2025-01-01..2025-10-15"),
        ("last month", "2025-09-01..2025-10-01"),
        ("last quarter", "2025-07-01..2025-10-01"),
        ("last year", "2024-01-01..2025-01-01"),
        ("last week", "2025-10-06..2025-10-13"),
        ("last full week", "2025-10-06..2025-10-13"),
        ("last 2 full weeks", "2025-09-29..2025-10-13"),
        ("last 3 full months", "2025-07-01..2025-10-01"),
        ("last 4 weeks", "2025-09-17..2025-10-15"),
        ("last 2 months", "2025-08-15..2025-10-15"),
        ("last 1 month", "2025-09-15..2025-10-15"),
        ("week to date", "2025-10-13..2025-10-15"),
        ("quarter to date", "2025-10-01..2025-10-15"),
        ("today-14d..today-1d", "2025-10-01..2025-10-14"),
        ("2025-01-01..2025-01-31", "2025-01-01..2025-01-31"),
        ("2025-09-01..2025-10-01", "2025-09-01..2025-10-01"),
        ("2025-09-01T06:00:00..2025-09-01 18:30", "2025-09-01T06:00:00..2025-09-01T18:30:00"),
        ("today-30d..today", "2025-09-15..2025-10-15"),
        ("today - 2 weeks .. yesterday", "2025-10-01..2025-10-14"),
        ("first day of last month..first day of this month", "2025-09-01..2025-10-01"),
        ("first day of this week-1w..first day of this week", "2025-10-06..2025-10-13"),
        ("first day of last year..first day of last year+1q", "2024-01-01..2024-04-01"),
        ("2025-10-01..tomorrow+1d", "2025-10-01..2025-10-17"),
    ] {
        assert_eq!(bounds(expression, now, "UTC"), expected, "{expression}");
    }
}

#[test]
fn leap_days_and_short_months_are_days_like_others() {
    assert_eq!(bounds("last month", "2024-03-31T00:00:00Z", "UTC"), "2024-02-01..2024-03-01");
    assert_eq!(bounds("yesterday", "2024-03-01T00:00:00Z", "UTC"), "2024-02-29..2024-03-01");
    assert_eq!(bounds("today-1mo..today", "2025-03-31T00:00:00Z", "UTC"), "2025-02-28..2025-03-31");
    assert_eq!(bounds("last quarter", "2025-01-01T00:00:00Z", "UTC"), "2024-10-01..2025-01-01");
}

#[test]
fn today_is_the_day_of_the_zone() {
    let now = "2025-10-01T03:00:00Z";
    assert_eq!(bounds("yesterday", now, "UTC"), "2025-09-30..2025-10-01");
    assert_eq!(bounds("yesterday", now, "America/New_York"), "2025-09-29..2025-09-30");
    assert_eq!(bounds("last month", now, "America/New_York"), "2025-08-01..2025-09-01");
}

#[test]
fn wrong_expressions_say_what_is_allowed() {
    for wrong in [
        "",
        "last 0 days",
        "last 396 days",
        "last days",
        "last -1 days",
        "last day",
        "last full",
        "last 14 months",
        "day to date",
        "tomorrow",
        "2025-09-01",
        "2025-09-31..2025-10-01",
        "2025-09-01..",
        "2025-09-01T00:00:00Z..2025-10-01",
        "today-30..today",
        "today-99999999999d..today",
        "first day of that month..today",
        "today+1d-1d..today",
    ] {
        let error = wrong.parse::<WindowExpression>().unwrap_err();
        assert_eq!(error.code(), "window_invalid", "{wrong}");
        assert!(error.what_to_do().unwrap().contains("last 30 days"));
    }
}

#[test]
fn empty_windows_are_refused() {
    for (expression, now) in [
        ("month to date", "2025-10-01T12:00:00Z"),
        ("2025-10-01..2025-09-01", "2025-10-15T00:00:00Z"),
        ("today..today", "2025-10-15T00:00:00Z"),
    ] {
        assert_eq!(resolve(expression, now, "UTC").unwrap_err().code(), "window_empty");
    }
    let beyond = resolve("today-99999999d..today", "2025-10-15T00:00:00Z", "UTC").unwrap_err();
    assert_eq!(beyond.code(), "window_invalid");
}

#[test]
fn days_follow_the_changes_of_the_clocks() {
    let hours = |expression: &str, zone_name: &str| {
        let window = resolve(expression, "2025-12-01T00:00:00Z", zone_name).unwrap();
        (window.end_utc() - window.start_utc()).num_hours()
    };
    assert_eq!(hours("2025-03-30..2025-03-31", "Europe/Berlin"), 23);
    assert_eq!(hours("2025-10-26..2025-10-27", "Europe/Berlin"), 25);
    assert_eq!(hours("2025-10-26..2025-10-27", "UTC"), 24);
    // Midnight itself is skipped, and midnight itself occurs twice.
    assert_eq!(hours("2025-09-07..2025-09-08", "America/Santiago"), 23);
    assert_eq!(hours("2025-11-02..2025-11-03", "America/Havana"), 25);
}

#[test]
fn a_skipped_time_is_the_moment_of_the_change() {
    let window = resolve("2025-03-30T02:30:00..2025-03-31", "2025-12-01T00:00:00Z", "Europe/Berlin").unwrap();
    assert_eq!(window.start_utc(), at("2025-03-30T01:00:00Z"));
    let inside = resolve("2025-03-30T02:10:00..2025-03-30T02:50:00", "2025-12-01T00:00:00Z", "Europe/Berlin");
    assert_eq!(inside.unwrap_err().code(), "window_empty");
}

#[test]
fn a_doubled_time_is_its_first_occurrence() {
    let window = resolve("2025-10-26T02:30:00..2025-10-27", "2025-12-01T00:00:00Z", "Europe/Berlin").unwrap();
    assert_eq!(window.start_utc(), at("2025-10-26T00:30:00Z"));
}

#[test]
fn labels_are_for_people() {
    for (expression, label) in [
        ("2025-09-01..2025-10-01", "1–30 Sep 2025"),
        ("2025-08-15..2025-09-14", "15 Aug – 13 Sep 2025"),
        ("2024-12-15..2025-01-14", "15 Dec 2024 – 13 Jan 2025"),
        ("2025-09-07..2025-09-08", "7 Sep 2025"),
        ("2025-09-01T06:00..2025-09-02T18:00:30", "1 Sep 2025 06:00 – 2 Sep 2025 18:00:30"),
        ("2025-09-01T06:00..2025-09-02", "1 Sep 2025 06:00 – 2 Sep 2025 00:00"),
    ] {
        assert_eq!(resolve(expression, "2025-12-01T00:00:00Z", "UTC").unwrap().label(), label);
    }
}

#[test]
fn data_older_than_amc_keeps_is_found() {
    let now = "2025-10-15T18:00:00Z";
    let finding = |expression: &str| resolve(expression, now, "UTC").unwrap().beyond_retention(at(now));
    assert_eq!(finding("2024-09-15..2025-01-01"), None);
    let found = finding("2024-09-14..2025-01-01").unwrap();
    assert_eq!(found.code, "window_beyond_retention");
    assert!(found.message.contains("2024-09-14") && found.message.contains("since 2024-09-15"), "{found:?}");
    assert_eq!(finding("last 395 days"), None);
}

#[test]
fn zones_have_one_spelling() {
    assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
    assert_eq!(zone("UTC"), Zone::utc());
    let error = "Berlin".parse::<Zone>().unwrap_err();
    assert_eq!((error.code(), error.what_to_do()), ("zone_unknown", Some("did you mean Europe/Berlin?")));
    for wrong in ["", "Mars/Olympus", "Etc/Unknown", "+02:00"] {
        assert_eq!(wrong.parse::<Zone>().unwrap_err().code(), "zone_unknown", "{wrong}");
    }
}

#[test]
fn windows_survive_storage() {
    let window = resolve("2025-09-01..2025-10-01", "2025-12-01T00:00:00Z", "Europe/Berlin").unwrap();
    let json = serde_json::to_value(&window).unwrap();
    let expected = serde_json::json!(
        {"start": "2025-09-01T00:00:00", "end": "2025-10-01T00:00:00", "zone": "Europe/Berlin"}
    );
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<Window>(json).unwrap(), window);
}

#[test]
fn windows_are_of_whole_seconds() {
    let moment =
        |hour| NaiveDate::from_ymd_opt(2025, 9, 1).unwrap().and_hms_milli_opt(hour, 0, 0, 500).unwrap();
    let window = Window::new(moment(0), moment(1), &Zone::utc()).unwrap();
    assert_eq!(window.to_string(), "2025-09-01T00:00:00..2025-09-01T01:00:00 UTC");
}

#[test]
fn every_preset_is_an_expression_in_its_one_spelling() {
    for preset in WindowExpression::PRESETS {
        let expression: WindowExpression = preset.parse().unwrap();
        assert_eq!(serde_json::to_value(&expression).unwrap(), preset);
    }
}

/// Every zone of the database that is compiled in, but the one that stands for none.
fn zones() -> Vec<Zone> {
    TimeZoneDatabase::bundled().available().filter_map(|name| name.to_string().parse().ok()).collect()
}

/// The moments at which a zone's clocks change, in two years.
fn changes(zone: &Zone) -> Vec<DateTime<Utc>> {
    let [from, until] = ["2024-12-31T00:00:00Z", "2027-01-01T00:00:00Z"].map(at);
    let start = Timestamp::from_second(from.timestamp()).unwrap();
    let instants = zone.rules().following(start).map(|change| change.timestamp().as_second());
    let instants = instants.map(|second| DateTime::from_timestamp(second, 0).unwrap());
    instants.take_while(|instant| *instant < until).collect()
}

#[test]
fn the_days_around_every_change_of_clocks_meet_in_every_zone() {
    let (mut found, mut longest, mut shortest) = (0, 0, i64::MAX);
    for zone in zones() {
        for change in changes(&zone) {
            let day = |offset: i64| {
                let first = zone.local(change).date() + TimeDelta::days(offset);
                let window = format!("{first}..{}", first + TimeDelta::days(1));
                window.parse::<WindowExpression>().unwrap().resolve(change, &zone).unwrap()
            };
            let days = [-2, -1, 0, 1].map(day);
            for pair in days.windows(2) {
                assert_eq!(pair[0].end_utc(), pair[1].start_utc(), "{zone} {change}");
            }
            let hours = days.each_ref().map(|day| (day.end_utc() - day.start_utc()).num_minutes());
            let change_of =
                zone.local(change) - zone.local(change - TimeDelta::seconds(1)) - TimeDelta::seconds(1);
            assert_eq!(hours.iter().sum::<i64>(), 4 * 24 * 60 - change_of.num_minutes(), "{zone} {change}");
            found += 1;
            (longest, shortest) =
                (hours.into_iter().fold(longest, i64::max), hours.into_iter().fold(shortest, i64::min));
        }
    }
    assert!(
        found > 300 && longest > 24 * 60 && shortest < 24 * 60,
        "{found} changes, {shortest} to {longest} minutes"
    );
}

fn sides() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("today".to_owned()),
        "today[+-][1-9][0-9]?(d|w|mo|q|y)",
        "first day of (last|this|next) (week|month|quarter|year)",
        "first day of (last|this|next) (week|month|quarter|year)[+-][1-9](d|w|mo|q|y)",
        "yesterday[+-][1-9](w|mo)",
        "20[0-9]{2}-0[1-9]-1[0-9]",
        "20[0-9]{2}-0[1-9]-1[0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9]",
    ]
}

proptest! {
    #[test]
    fn one_spelling_reads_back_as_itself(start in sides(), end in sides()) {
        let expression: WindowExpression = format!("{start}..{end}").parse().unwrap();
        let again: WindowExpression = expression.to_string().parse().unwrap();
        prop_assert_eq!(again, expression);
    }

    #[test]
    fn windows_that_meet_leave_no_gap(
        seconds in 1_400_000_000_i64..2_000_000_000,
        zone in prop::sample::select(zones()),
        days in 1_u32..=394,
    ) {
        let now = DateTime::from_timestamp(seconds, 0).unwrap();
        let resolve = |text: String| text.parse::<WindowExpression>().unwrap().resolve(now, &zone).unwrap();
        let late = resolve(format!("last {days} days"));
        let early = resolve(format!("today-395d..today-{days}d"));
        let whole = resolve("last 395 days".to_owned());
        prop_assert_eq!(early.end_utc(), late.start_utc());
        prop_assert_eq!((early.start_utc(), late.end_utc()), (whole.start_utc(), whole.end_utc()));
        prop_assert!(late.end_utc() <= now);
        prop_assert_eq!((late.end().date() - late.start().date()).num_days(), i64::from(days));
        prop_assert_eq!(late.end().date().day(), zone.local(now).day());
    }

    #[test]
    fn reading_anything_never_panics(text in "\\PC{0,40}") {
        if let Ok(expression) = text.parse::<WindowExpression>() {
            let _ = expression.resolve(at("2025-10-15T00:00:00Z"), &Zone::utc());
        }
    }
}
