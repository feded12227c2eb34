//! What shoppers did after an ad, and what others did without one.

use super::calendar::DAY;
use super::names::PRODUCTS;
use super::traffic::{later, moment};
use super::{Act, Channel, Conversion, Dice, Fact, Topic, World};

/// Days after an ad within which a conversion is credited to it.
const ATTRIBUTION_DAYS: u64 = 14;
/// How many ads are looked through for a clicked one when a click is to be credited.
const CLICK_SEARCH: u64 = 12;

impl World {
    /// The conversion with that number of a day, with the ad that it is credited to.
    pub(crate) fn conversion(&self, day: i64, number: u64) -> Fact {
        let dice = self.dice(Topic::Conversion, &[day.cast_unsigned(), number]);
        let lag = dice.skewed(21, ATTRIBUTION_DAYS);
        let traffic = self.credited(dice, day.saturating_sub_unsigned(lag));
        let touched = traffic.ad.and_then(|ad| ad.clicked_at.or(Some(ad.at))).unwrap_or(day * DAY);
        let left = ((day + 1) * DAY - touched).cast_unsigned().max(1);
        let at = match lag {
            0 => later(touched, dice.below(22, left), day),
            _ => moment(day, dice),
        };
        let promoted = traffic.ad.map_or(0, |ad| ad.campaign % PRODUCTS);
        Fact { dice, at, conversion: Some(self.deed(dice, at, traffic.user, promoted)), ..traffic }
    }

    /// The conversion with that number of a day of a shopper who saw no ad.
    pub(crate) fn unexposed(&self, day: i64, number: u64) -> Fact {
        let dice = self.dice(Topic::Unexposed, &[day.cast_unsigned(), number]);
        let at = moment(day, dice);
        let user = self.user(dice, at);
        let conversion = Some(self.deed(dice, at, user, dice.below(23, PRODUCTS)));
        Fact { dice, at, user, ad: None, conversion, click: false, slot: 1 }
    }

    fn credited(&self, dice: Dice, day: i64) -> Fact {
        let channel = if dice.chance(24, 450) { Channel::Dsp } else { Channel::Sponsored };
        let wants_click = dice.chance(25, 600);
        let total = self.rows_on(day).max(1);
        let first = dice.below(26, total);
        let shown = |number: u64| match channel {
            Channel::Dsp => self.impression(day, number),
            Channel::Sponsored => self.sponsored(day, number),
        };
        let clicked = |fact: &Fact| fact.ad.is_some_and(|ad| ad.clicked_at.is_some()) == wants_click;
        let near = (first..first + CLICK_SEARCH).map(|number| shown(number % total));
        let fact = near.into_iter().find(clicked).unwrap_or_else(|| shown(first));
        Fact { click: fact.ad.is_some_and(|ad| ad.clicked_at.is_some()), ..fact }
    }

    fn deed(&self, dice: Dice, at: i64, user: Option<u64>, advertised: u64) -> Conversion {
        let promoted = dice.chance(27, 700);
        let other = (advertised + 1 + dice.below(28, PRODUCTS - 1)) % PRODUCTS;
        Conversion {
            at,
            act: Act::of_throw(dice.below(29, 100)),
            product: if promoted { advertised } else { other },
            promoted,
            new_to_brand: user.map_or_else(|| dice.chance(30, 300), |user| self.is_new(user, at)),
            units: 1 + i64::try_from(dice.skewed(31, 4)).unwrap_or_default(),
            id: dice.0,
        }
    }
}
