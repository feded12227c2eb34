//! Where a table's rows come from.

use std::str::FromStr;

use super::calendar::{DAY, days, is_snapshot};
use super::names::SEGMENTS;
use super::traffic::{CAMPAIGNS, moment};
use super::{Ad, Channel, Fact, Topic, World};

/// Days after an ad up to which conversions are read for it.
const CONVERSIONS_READ_FOR: i64 = 30;
/// Marketplaces in which every segment exists.
const MARKETPLACES: u64 = 9;
/// Video events of an impression that was watched: start, creative view, impression, quartiles, complete, …
const VIDEO_EVENTS: u64 = 15;

/// A half-open span of instants, and the instant after which nothing is known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    /// The first instant inside.
    pub(crate) start: i64,
    /// The first instant after.
    pub(crate) end: i64,
    /// Conversions from here on have not been reported.
    pub(crate) known_until: i64,
}

impl Span {
    fn holds(&self, fact: &Fact) -> bool {
        (self.start..self.end).contains(&fact.at)
    }
}

/// The kinds of row sources, named as in the catalogue files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// DSP impressions.
    Impressions,
    /// DSP clicks.
    Clicks,
    /// Viewability events of DSP impressions.
    Views,
    /// DSP impressions times the segments of each.
    Segments,
    /// Video events of DSP impressions.
    Video,
    /// Sponsored ads events.
    Sponsored,
    /// Conversions by their own time.
    Conversions,
    /// Conversions by the time of the ad they are credited to.
    Traffic,
    /// Conversions times the campaigns they are relevant to.
    Relevance,
    /// Conversions with and without an ad.
    Everyone,
    /// Purchases with and without an ad.
    Orders,
    /// Other events of users.
    Visits,
    /// Users times their segments, whatever the window.
    People,
    /// The same as of each snapshot day.
    Snapshots,
    /// The segments themselves.
    SegmentList,
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "impressions" => Self::Impressions,
            "clicks" => Self::Clicks,
            "views" => Self::Views,
            "segments" => Self::Segments,
            "video" => Self::Video,
            "sponsored" => Self::Sponsored,
            "conversions" => Self::Conversions,
            "traffic" => Self::Traffic,
            "relevance" => Self::Relevance,
            "everyone" => Self::Everyone,
            "orders" => Self::Orders,
            "visits" => Self::Visits,
            "people" => Self::People,
            "snapshots" => Self::Snapshots,
            "segment_list" => Self::SegmentList,
            other => return Err(format!("{other} is no source of rows")),
        })
    }
}

impl World {
    /// The rows of a source whose time lies in the span, in order of day and number.
    pub(crate) fn facts(&self, source: Source, span: Span) -> Vec<Fact> {
        match source {
            Source::People => self.people(0, span.start, span.end),
            Source::SegmentList => self.segment_list(span.start),
            Source::Traffic => self.by_traffic_time(span),
            dated => {
                let all = days(span.start, span.end).flat_map(|day| self.on_day(dated, day));
                all.filter(|fact| span.holds(fact)).collect()
            }
        }
    }

    fn on_day(&self, source: Source, day: i64) -> Vec<Fact> {
        let numbers = 0..self.rows_on(day);
        match source {
            Source::Impressions => numbers.map(|n| self.impression(day, n)).collect(),
            Source::Clicks => numbers.filter_map(|n| click_of(self.impression(day, n))).collect(),
            Source::Views => numbers.flat_map(|n| views_of(self.impression(day, n))).collect(),
            Source::Segments => numbers.flat_map(|n| segments_of(self.impression(day, n))).collect(),
            Source::Video => numbers.flat_map(|n| video_of(self.impression(day, n))).collect(),
            Source::Sponsored => numbers.map(|n| self.sponsored(day, n)).collect(),
            Source::Conversions => numbers.map(|n| self.conversion(day, n)).collect(),
            Source::Relevance => numbers.flat_map(|n| relevant_of(self.conversion(day, n))).collect(),
            Source::Everyone => self.everyone(day),
            Source::Orders => self.everyone(day).into_iter().filter(is_order).collect(),
            Source::Visits => numbers.map(|n| self.visit(day, n)).collect(),
            Source::Snapshots if is_snapshot(day) => self.people(day.cast_unsigned(), day * DAY, day * DAY),
            Source::Snapshots | Source::People | Source::SegmentList | Source::Traffic => Vec::new(),
        }
    }

    fn by_traffic_time(&self, span: Span) -> Vec<Fact> {
        let until = span.known_until.min(span.end + CONVERSIONS_READ_FOR * DAY);
        let read = Span { start: span.start, end: until.max(span.start), known_until: until };
        let credited = |fact: Fact| {
            let ad = fact.ad?;
            Some(Fact { at: ad.clicked_at.unwrap_or(ad.at), ..fact })
        };
        let conversions = self.facts(Source::Conversions, read).into_iter();
        conversions.filter_map(credited).filter(|fact| span.holds(fact)).collect()
    }

    /// Exposed conversions and half as many others.
    fn everyone(&self, day: i64) -> Vec<Fact> {
        let exposed = (0..self.rows_on(day)).map(|n| self.conversion(day, n));
        let others = (0..self.rows_on(day) / 2).map(|n| self.unexposed(day, n));
        exposed.chain(others).map(with_exposure).collect()
    }

    fn visit(&self, day: i64, number: u64) -> Fact {
        let dice = self.dice(Topic::Visit, &[day.cast_unsigned(), number]);
        let at = moment(day, dice);
        Fact { dice, at, user: self.user(dice, at), ad: None, conversion: None, click: false, slot: 0 }
    }

    /// The segments of those who hold the places at `latest`.
    fn people(&self, snapshot: u64, at: i64, latest: i64) -> Vec<Fact> {
        let users = (0..self.users).map(|place| self.holder(place, latest));
        users.flat_map(|user| self.memberships(user, snapshot, at)).collect()
    }

    fn memberships(&self, user: u64, snapshot: u64, at: i64) -> impl Iterator<Item = Fact> {
        let dice = self.dice(Topic::Person, &[user, snapshot]);
        let count = 1 + dice.below(41, 3);
        let first = self.dice(Topic::Person, &[user]).below(42, SEGMENTS);
        let slot = move |n: u64| (first + n * 5) % SEGMENTS;
        (0..count).map(move |n| Fact {
            dice: super::Dice(super::mix(&[dice.0, n])),
            at,
            user: Some(user),
            ad: None,
            conversion: None,
            click: false,
            slot: slot(n),
        })
    }

    fn segment_list(&self, at: i64) -> Vec<Fact> {
        let dice = |slot: u64| self.dice(Topic::Name, &[slot]);
        let of =
            |slot| Fact { dice: dice(slot), at, user: None, ad: None, conversion: None, click: false, slot };
        (0..SEGMENTS * MARKETPLACES).map(of).collect()
    }
}

fn click_of(fact: Fact) -> Option<Fact> {
    let at = fact.ad?.clicked_at?;
    Some(Fact { at, click: true, ..fact })
}

/// Nine of ten impressions are measurable, six of ten viewable too; the others are judged by a model.
fn views_of(fact: Fact) -> Vec<Fact> {
    let slots: &[u64] = match fact.dice.below(51, 10) {
        0..=5 => &[0, 1],
        6..=8 => &[0],
        _ => &[2, 3],
    };
    slots.iter().map(|slot| Fact { slot: *slot, ..fact }).collect()
}

fn segments_of(fact: Fact) -> Vec<Fact> {
    let count = 1 + fact.dice.below(52, 2);
    let first = fact.user.map_or(fact.dice.below(53, SEGMENTS), |user| user % SEGMENTS);
    (0..count).map(|n| Fact { slot: (first + n * 3) % SEGMENTS, ..fact }).collect()
}

/// A third of the impressions are videos; a video goes on for some of its events.
fn video_of(fact: Fact) -> Vec<Fact> {
    let events = if fact.dice.chance(54, 333) { 1 + fact.dice.below(55, VIDEO_EVENTS) } else { 0 };
    (0..events).map(|slot| Fact { slot, ..fact }).collect()
}

fn relevant_of(fact: Fact) -> Vec<Fact> {
    let other = fact.ad.map(|ad| Ad { campaign: (ad.campaign + 1) % CAMPAIGNS, ..ad });
    let second = fact.dice.chance(56, 300).then_some(Fact { ad: other, ..fact });
    std::iter::once(fact).chain(second).collect()
}

fn with_exposure(fact: Fact) -> Fact {
    let pixel = fact.conversion.is_some_and(|conversion| conversion.act.is_off_amazon());
    let slot = match (pixel, fact.ad) {
        (true, _) => 2,
        (false, Some(Ad { channel: Channel::Dsp | Channel::Sponsored, .. })) => 0,
        (false, None) => 1,
    };
    Fact { slot, ..fact }
}

fn is_order(fact: &Fact) -> bool {
    fact.conversion.is_some_and(|conversion| conversion.act.is_purchase())
}
