//! Ads shown and clicked: a number of impressions and sponsored ads events a day.

use super::calendar::{DAY, rows_on};
use super::{Ad, Channel, Dice, Fact, Topic, World};

/// Campaigns of each channel.
pub(crate) const CAMPAIGNS: u64 = 8;
/// Line items and creatives of a campaign.
pub(crate) const PARTS: u64 = 3;
/// The longest time from an impression to its click, in milliseconds.
const CLICK_WITHIN: u64 = 900_000;

impl World {
    /// How many rows a base table has on a day.
    pub(crate) fn rows_on(&self, day: i64) -> u64 {
        rows_on(day, self.rows)
    }

    /// The DSP impression with that number of a day; every tenth is clicked within the day.
    pub(crate) fn impression(&self, day: i64, number: u64) -> Fact {
        let dice = self.dice(Topic::Impression, &[day.cast_unsigned(), number]);
        let at = moment(day, dice);
        let clicked_at = dice.chance(11, 100).then(|| later(at, dice.below(12, CLICK_WITHIN), day));
        self.shown(dice, Channel::Dsp, at, clicked_at)
    }

    /// The sponsored ads event with that number of a day: four impressions to a click.
    pub(crate) fn sponsored(&self, day: i64, number: u64) -> Fact {
        let dice = self.dice(Topic::Sponsored, &[day.cast_unsigned(), number]);
        let at = moment(day, dice);
        let clicked_at = dice.chance(11, 200).then_some(at);
        Fact { click: clicked_at.is_some(), ..self.shown(dice, Channel::Sponsored, at, clicked_at) }
    }

    fn shown(&self, dice: Dice, channel: Channel, at: i64, clicked_at: Option<i64>) -> Fact {
        let ad = Ad {
            channel,
            campaign: dice.below(13, CAMPAIGNS),
            line_item: dice.below(14, PARTS),
            creative: dice.below(15, PARTS),
            at,
            clicked_at,
            id: dice.0,
        };
        Fact { dice, at, user: self.user(dice, at), ad: Some(ad), conversion: None, click: false, slot: 0 }
    }
}

/// An instant of the day.
pub(super) fn moment(day: i64, dice: Dice) -> i64 {
    day * DAY + i64::try_from(dice.below(10, DAY.cast_unsigned())).unwrap_or_default()
}

/// An instant `wait` milliseconds after `at`, but within `day`.
pub(super) fn later(at: i64, wait: u64, day: i64) -> i64 {
    at.saturating_add_unsigned(wait).min((day + 1) * DAY - 1)
}
