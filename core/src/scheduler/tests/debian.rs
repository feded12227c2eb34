//! The rule against a walk, minute by minute, of the loop that Debian's cron(8) documents: "local time changes of less than
//! three hours […] are handled specially".

use std::collections::BTreeSet;

use chrono::DateTime;
use proptest::prelude::*;

use crate::model::Zone;
use crate::scheduler::{CronExpression, next_runs};

const ZONES: [&str; 12] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Asia/Pyongyang",
    "Europe/Dublin",
    "Antarctica/Troll",
    "UTC",
];

/// A day as minutes.
const DAY: i64 = 24 * 60;
const CORRECTION: i64 = 3 * 60;

fn clock(zone: &Zone, minute: i64) -> i64 {
    zone.local(DateTime::from_timestamp(minute * 60, 0).unwrap()).and_utc().timestamp() / 60
}

fn matches(expression: &CronExpression, minute: i64) -> bool {
    let at = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0) + jiff::SignedDuration::from_mins(minute);
    expression.first_match(at) == Some(at)
}

/// The minutes at which cron would start the job, from its main loop: `virtual` lags behind or runs ahead of the clock
/// after a change, and decides what is made up and what is not done again.
fn walk(expression: &CronExpression, zone: &Zone, from: i64, to: i64) -> BTreeSet<i64> {
    let mut runs = BTreeSet::new();
    let mut virtual_time = clock(zone, from);
    for minute in from + 1..to {
        let running = clock(zone, minute);
        let behind = running - virtual_time;
        let due: bool = match behind {
            1 => matches(expression, running),
            behind if behind > 1 && behind <= CORRECTION => {
                let intervals = !expression.is_fixed() && matches(expression, running);
                let missed = virtual_time + 1..=running;
                intervals || (expression.is_fixed() && missed.into_iter().any(|it| matches(expression, it)))
            }
            behind if behind <= 0 && behind > -CORRECTION => {
                !expression.is_fixed() && matches(expression, running)
            }
            _ => matches(expression, running),
        };
        if behind > 0 || behind <= -CORRECTION {
            virtual_time = running;
        }
        if due {
            runs.insert(minute);
        }
    }
    runs
}

fn field(limit: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (0..limit).prop_map(|it| it.to_string()),
        2 => prop::collection::btree_set(0..limit, 1..4).prop_map(|all| {
            all.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
        }),
        1 => Just("*".to_owned()),
        1 => (2..limit).prop_map(|step| format!("*/{step}")),
        1 => (0..limit - 1).prop_map(move |first| format!("{first}-{}", limit - 1)),
    ]
}

/// Minutes, and hours near the changes as often as others.
fn expression() -> impl Strategy<Value = String> {
    let hour = prop_oneof![field(24), field(4), Just("23".to_owned())];
    (field(60), hour).prop_map(|(minute, hour)| format!("{minute} {hour} * * *"))
}

/// A moment within a day before a change of clocks, where the zone has one.
fn moment(zone: &Zone, year_fraction: i64) -> i64 {
    let somewhere =
        DateTime::parse_from_rfc3339("2005-01-01T00:00:00Z").unwrap().timestamp() + year_fraction * 3600;
    let change = zone.offset_span(somewhere).end.unwrap_or(somewhere);
    change / 60 - DAY
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn changes_of_clocks_are_handled_as_debian_does(
        text in expression(), name in prop::sample::select(ZONES.to_vec()), hours in 0..200_000_i64,
    ) {
        let zone: Zone = name.parse().unwrap();
        let expression: CronExpression = text.parse().unwrap();
        let from = moment(&zone, hours);
        let to = from + 3 * DAY;
        let expected = walk(&expression, &zone, from, to);
        let after = DateTime::from_timestamp(from * 60, 0).unwrap();
        let runs = next_runs(&text, &zone, after, expected.len() + 1).unwrap();
        let mut minutes: Vec<i64> = runs.iter().map(|run| run.timestamp() / 60).collect();
        prop_assert!(minutes.is_sorted_by(|one, next| one < next), "{minutes:?}");
        minutes.retain(|minute| *minute < to);
        prop_assert_eq!(minutes, expected.into_iter().collect::<Vec<_>>(), "{} in {}", text, name);
    }
}
