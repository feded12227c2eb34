//! Segments: they cover the range exactly, whatever the clocks of the zone do.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta};
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use crate::ErrorKind;
use crate::model::Zone;
use crate::scheduler::{Partial, Segment, SegmentType, segments};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn labels(segments: &[Segment]) -> Vec<String> {
    segments
        .iter()
        .map(|it| format!("{}{}", it.window.label(), if it.is_partial { " (partial)" } else { "" }))
        .collect()
}

#[test]
fn cut_ends_are_kept_or_dropped() {
    let cut = |partial| {
        segments(day("2026-01-15"), day("2026-07-02"), SegmentType::Quarterly, &Zone::utc(), partial).unwrap()
    };
    assert_eq!(
        labels(&cut(Partial::Keep)),
        ["15 Jan – 31 Mar 2026 (partial)", "1 Apr – 30 Jun 2026", "1 Jul 2026 (partial)"]
    );
    assert_eq!(labels(&cut(Partial::Drop)), ["1 Apr – 30 Jun 2026"]);
}

#[test]
fn months_are_whole() {
    let all =
        segments(day("2024-01-01"), day("2024-04-01"), SegmentType::Monthly, &Zone::utc(), Partial::Drop)
            .unwrap();
    assert_eq!(labels(&all), ["1–31 Jan 2024", "1–29 Feb 2024", "1–31 Mar 2024"]);
}

#[test]
fn a_day_that_the_zone_left_out_is_no_segment() {
    let apia = "Pacific/Apia".parse().unwrap();
    let all =
        segments(day("2011-12-29"), day("2012-01-01"), SegmentType::Daily, &apia, Partial::Keep).unwrap();
    assert_eq!(labels(&all), ["29 Dec 2011", "31 Dec 2011"]);
}

#[test]
fn ranges_without_days_or_end_are_refused() {
    let cut = |start, end| {
        segments(day(start), day(end), SegmentType::Daily, &Zone::utc(), Partial::Keep).unwrap_err()
    };
    assert_eq!(cut("2026-01-02", "2026-01-02").code(), "range_empty");
    assert_eq!(cut("2026-01-02", "2026-01-01").code(), "range_empty");
    let error = cut("1900-01-01", "2026-01-01");
    assert_eq!((error.kind(), error.code()), (ErrorKind::TooLarge, "range_too_long"));
    assert_eq!("hourly".parse::<SegmentType>().unwrap_err().code(), "segment_type_unknown");
}

fn zones() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
}

/// Bounds follow one another, durations add up, and each bound is a local midnight, or the first instant after a gap
/// that swallowed it.
fn cover_exactly(start: NaiveDate, end: NaiveDate, kind: SegmentType, zone: &Zone) {
    let all = segments(start, end, kind, zone, Partial::Keep).unwrap();
    for pair in all.windows(2) {
        assert_eq!(pair[0].window.end_utc(), pair[1].window.start_utc(), "{kind} from {start} in {zone}");
    }
    let (first, last) = (&all[0].window, &all[all.len() - 1].window);
    let spans = all.iter().map(|it| it.window.end_utc() - it.window.start_utc());
    assert_eq!(spans.sum::<TimeDelta>(), last.end_utc() - first.start_utc());
    assert_eq!((first.start(), last.end()), (start.into(), end.into()), "{kind} in {zone}");
    for segment in &all {
        let window = &segment.window;
        assert_eq!((window.start().time(), window.end().time()), (NaiveTime::MIN, NaiveTime::MIN));
        let shown = zone.local(window.start_utc());
        let before = zone.local(window.start_utc() - TimeDelta::seconds(1));
        let after_a_gap = before < window.start() && shown > window.start();
        assert!(shown == window.start() || after_a_gap, "{kind} at {shown} in {zone}");
    }
}

/// The days on which the clocks of a zone change.
fn changes(zone: &Zone, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let [from, to] = [from, to].map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp());
    let next = |at: &i64| zone.offset_span(*at).end.filter(|end| *end < to);
    let instants = std::iter::successors(next(&from), next);
    instants.filter_map(|at| Some(zone.local(DateTime::from_timestamp(at, 0)?).date())).collect()
}

/// Months and quarters of half a century, and the days and weeks about each change of clocks in it.
#[test]
fn segments_cover_exactly_in_every_zone() {
    let (from, to) = (day("1985-01-01"), day("2037-01-01"));
    let zones = zones();
    assert!(zones.len() > 500, "{} zones", zones.len());
    for name in zones {
        let zone: Zone = name.parse().unwrap();
        cover_exactly(from, to, SegmentType::Monthly, &zone);
        cover_exactly(from, to, SegmentType::Quarterly, &zone);
        for change in changes(&zone, from, to) {
            let (start, end) = (change - Days::new(3), change + Days::new(3));
            cover_exactly(start, end, SegmentType::Daily, &zone);
            cover_exactly(start - Days::new(7), end + Days::new(7), SegmentType::Weekly, &zone);
        }
    }
}

proptest! {
    #[test]
    fn segments_cover_exactly(
        name in prop::sample::select(zones()),
        start in 0..20_000_u64, days in 1..800_u64, kind in prop::sample::select(SegmentType::ALL.to_vec()),
    ) {
        let start = day("1985-01-01") + Days::new(start);
        cover_exactly(start, start + Days::new(days), kind, &name.parse().unwrap());
    }
}
