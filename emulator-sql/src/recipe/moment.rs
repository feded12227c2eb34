//! The times of a fact, in UTC or on the advertiser's clock, whole or cut to an hour or a day.

use std::str::FromStr;

use super::Value;
use crate::world::{DAY, Fact, HOUR, World, day_of, day_of_month, month, month_later, week_end};

/// Start of every campaign's flight before the epoch shift: 2024-01-01T00:00:00Z.
const FIRST_CAMPAIGN: i64 = 1_704_067_200_000;
/// Days from one campaign's start to the next one's.
const CAMPAIGN_STEP: i64 = 17;
/// Days that a campaign runs: four years.
const CAMPAIGN_DAYS: i64 = 1461;

/// `moment zone part`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    which: Which,
    local: bool,
    part: Part,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Event,
    Ad,
    Click,
    Conversion,
    Traffic,
    CampaignStart,
    CampaignEnd,
    MonthLater,
    WeekEnd,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Instant,
    StartOfHour,
    Date,
    Hour,
    DayOfMonth,
    Month,
}

const MOMENTS: [(&str, Which); 9] = [
    ("event", Which::Event),
    ("ad", Which::Ad),
    ("click", Which::Click),
    ("conversion", Which::Conversion),
    ("traffic", Which::Traffic),
    ("campaign_start", Which::CampaignStart),
    ("campaign_end", Which::CampaignEnd),
    ("month_later", Which::MonthLater),
    ("week_end", Which::WeekEnd),
];

const PARTS: [(&str, Part); 6] = [
    ("dt", Part::Instant),
    ("dt_hour", Part::StartOfHour),
    ("date", Part::Date),
    ("hour", Part::Hour),
    ("day", Part::DayOfMonth),
    ("month", Part::Month),
];

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(' ');
        let mut next = || words.next().unwrap_or_default();
        Ok(Self { which: find(&MOMENTS, next())?, local: next() == "local", part: find(&PARTS, next())? })
    }
}

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Result<T, String> {
    let found = table.iter().find(|(name, _)| *name == word);
    found.map(|(_, value)| *value).ok_or_else(|| format!("{word} is no time"))
}

impl Moment {
    /// Milliseconds for an instant, days for a date, else a small number.
    pub(super) fn value(self, world: &World, fact: &Fact) -> Value {
        let Some(at) = self.which.of(fact) else { return Value::Null };
        let at = if self.local { world.local(at) } else { at };
        let number = match self.part {
            Part::Instant => at,
            Part::StartOfHour => at - at.rem_euclid(HOUR),
            Part::Date => day_of(at),
            Part::Hour => at.rem_euclid(DAY) / HOUR,
            Part::DayOfMonth => day_of_month(at),
            Part::Month => month(at),
        };
        Value::Number(number, 0)
    }
}

impl Which {
    fn of(self, fact: &Fact) -> Option<i64> {
        let campaign = |ad: crate::world::Ad| i64::try_from(ad.campaign).unwrap_or_default();
        let start = |ad| FIRST_CAMPAIGN + campaign(ad) * CAMPAIGN_STEP * DAY;
        match self {
            Self::Event => Some(fact.at),
            Self::Ad => fact.ad.map(|ad| ad.at),
            Self::Click => fact.ad.and_then(|ad| ad.clicked_at).filter(|_| fact.click),
            Self::Conversion => fact.conversion.map(|deed| deed.at),
            Self::Traffic => fact.ad.map(|ad| ad.clicked_at.unwrap_or(ad.at)),
            Self::CampaignStart => fact.ad.map(start),
            Self::CampaignEnd => fact.ad.map(|ad| start(ad) + CAMPAIGN_DAYS * DAY),
            Self::MonthLater => Some(month_later(fact.at)),
            Self::WeekEnd => Some(week_end(fact.at)),
        }
    }
}
