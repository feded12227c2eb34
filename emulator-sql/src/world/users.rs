//! Who acts: places for users, some held for good, the others by one newcomer to the brand after another.

use super::calendar::DAY;
use super::{Dice, Topic, World};

/// How long a newcomer acts before another takes the place.
const STAY: i64 = 120 * DAY;
/// How long a newcomer's purchases count as new to the brand.
const NEW_FOR: i64 = 60 * DAY;
/// Places of 1000 that newcomers hold.
const CHANGING: u64 = 600;

impl World {
    /// Someone who acts at an instant: half of the events fall evenly on all places, half mostly on a few; 4 % on
    /// nobody addressable.
    pub(crate) fn user(&self, dice: Dice, at: i64) -> Option<u64> {
        let place = match dice.chance(101, 500) {
            true => dice.below(102, self.users),
            false => dice.skewed(102, self.users),
        };
        (!dice.chance(103, 40)).then(|| self.holder(place, at))
    }

    /// The user who holds a place at an instant; the numbers of newcomers lie above those of the places.
    pub(super) fn holder(&self, place: u64, at: i64) -> u64 {
        let dice = self.dice(Topic::Person, &[place, 0]);
        if !dice.chance(104, CHANGING) {
            return place;
        }
        let turns = (at + offset(dice)).max(0) / STAY;
        place + self.users * (1 + turns.cast_unsigned())
    }

    /// Whether a user's purchases at an instant are the first of the brand in a year.
    pub(super) fn is_new(&self, user: u64, at: i64) -> bool {
        let (turns, place) = (user / self.users, user % self.users);
        let Ok(turns) = i64::try_from(turns) else { return false };
        let arrived = (turns - 1) * STAY - offset(self.dice(Topic::Person, &[place, 0]));
        turns > 0 && at - arrived < NEW_FOR
    }
}

/// By how much a place changes hands before others do.
fn offset(dice: Dice) -> i64 {
    i64::try_from(dice.below(105, STAY.cast_unsigned())).unwrap_or_default()
}
