//! One instance's synthetic world: who advertises what to whom, as a function of (seed, instance).
//!
//! Nothing here is stored. An event of a calendar day is a function of (seed, instance, day, number), so two
//! windows that share a day see the same rows of that day.

mod calendar;
mod conversions;
mod fact;
mod names;
mod random;
mod source;
mod traffic;
mod users;

use jiff::tz::TimeZone;

pub(crate) use calendar::{DAY, HOUR, day_of, day_of_month, local, month, month_later, week_end};
pub(crate) use fact::{Act, Ad, Channel, Conversion, Fact};
pub(crate) use names::{Entity, SEGMENTS, ad_product, price, supply};
pub(crate) use random::{Dice, mix, mix_text};
pub(crate) use source::{Source, Span};

/// The zone of every synthetic advertiser.
const ADVERTISER_ZONE: &str = "America/New_York";

/// The synthetic world of one instance.
#[derive(Debug, Clone)]
pub(crate) struct World {
    root: u64,
    rows: u64,
    users: u64,
    zone: TimeZone,
}

impl World {
    /// The world of `instance` under `seed`, with `rows` rows of a base table in any 30 days.
    pub(crate) fn new(seed: u64, instance: &str, rows: u64) -> Self {
        Self {
            root: mix(&[seed, mix_text(instance)]),
            rows,
            users: (rows / 4).max(40),
            zone: TimeZone::get(ADVERTISER_ZONE).unwrap_or(TimeZone::UTC),
        }
    }

    /// Moves an instant to the advertiser's wall clock.
    pub(crate) fn local(&self, at: i64) -> i64 {
        local(at, &self.zone)
    }

    /// The draws of something numbered within this world.
    pub(crate) fn dice(&self, what: Topic, parts: &[u64]) -> Dice {
        Dice(mix(&[self.root, what as u64, mix(parts)]))
    }
}

/// What a draw is for; keeps draws of different things apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Topic {
    /// DSP impressions.
    Impression,
    /// Sponsored ads events.
    Sponsored,
    /// Conversions.
    Conversion,
    /// Conversions without an ad.
    Unexposed,
    /// Anything else that happens at a time.
    Visit,
    /// Users as such.
    Person,
    /// Names and ids.
    Name,
}
