//! What a choice hangs on: rows that agree in the key agree in the value.

use crate::world::{DAY, Fact, SEGMENTS, mix, mix_text, supply};

/// A key, and the salt that keeps columns apart that choose by the same key.
#[derive(Debug, Clone)]
pub(super) struct Key {
    by: By,
    salt: u64,
}

#[derive(Debug, Clone, Copy)]
enum By {
    Row,
    User,
    Visit,
    Ad,
    Conversion,
    LineItem,
    Creative,
    /// The keys from here on count, so that a list is gone through in order.
    Campaign,
    Product,
    Supply,
    Slot,
    Segment,
    Market,
    Act,
    Page,
    Title,
    ChannelBrand,
}

const WORDS: [(&str, By); 17] = [
    ("row", By::Row),
    ("user", By::User),
    ("visit", By::Visit),
    ("ad", By::Ad),
    ("conversion", By::Conversion),
    ("line_item", By::LineItem),
    ("creative", By::Creative),
    ("campaign", By::Campaign),
    ("product", By::Product),
    ("supply", By::Supply),
    ("slot", By::Slot),
    ("segment", By::Segment),
    ("market", By::Market),
    ("kind", By::Act),
    ("page", By::Page),
    ("title", By::Title),
    ("channel_brand", By::ChannelBrand),
];

impl Key {
    /// Reads `word` or `word:group`; without a group the column's own name keeps it apart.
    pub(super) fn parse(text: &str, column: &str) -> Result<Self, String> {
        let (word, group) = text.split_once(':').unwrap_or((text, column));
        let (_, by) = WORDS.iter().find(|(name, _)| *name == word).ok_or(format!("{word} is no key"))?;
        Ok(Self { by: *by, salt: mix_text(group) })
    }

    /// The key's own number in this row.
    pub(super) fn number(&self, fact: &Fact) -> u64 {
        let ad = |part: fn(crate::world::Ad) -> u64| fact.ad.map_or(fact.dice.0, part);
        let user = fact.user.unwrap_or(fact.dice.0);
        match self.by {
            By::Row => mix(&[fact.dice.0, fact.slot]),
            By::User => mix(&[user, 1]),
            By::Visit => mix(&[user, (fact.at / DAY).cast_unsigned()]),
            By::Ad => ad(|ad| ad.id),
            By::Conversion => fact.conversion.map_or(fact.dice.0, |deed| deed.id),
            By::LineItem => ad(|ad| mix(&[ad.campaign, ad.line_item])),
            By::Creative => ad(|ad| mix(&[ad.campaign, ad.creative])),
            By::Campaign => ad(|ad| ad.campaign),
            By::Product => fact.conversion.map_or(fact.dice.0, |deed| deed.product),
            By::Supply => ad(supply),
            By::Slot | By::Segment => fact.slot,
            By::Market => fact.slot / SEGMENTS,
            By::Act => fact.conversion.map_or(0, |deed| deed.act as u64),
            By::Page => fact.dice.below(81, 4),
            By::Title => fact.dice.below(82, 4),
            By::ChannelBrand => fact.user.unwrap_or_default() % 4,
        }
    }

    /// One of the values.
    pub(super) fn choose<'a>(&self, fact: &Fact, values: &'a [String]) -> &'a String {
        let number = self.drawn(fact) % (values.len() as u64);
        &values[usize::try_from(number).unwrap_or_default()]
    }

    /// A number from `low` to `high`, both possible.
    pub(super) fn between(&self, fact: &Fact, low: i64, high: i64) -> i64 {
        let sides = (high - low).cast_unsigned() + 1;
        low.saturating_add_unsigned(mix(&[self.number(fact), self.salt]) % sides)
    }

    fn drawn(&self, fact: &Fact) -> u64 {
        let number = self.number(fact);
        if (self.by as u8) < By::Campaign as u8 { mix(&[number, self.salt]) } else { number }
    }
}
