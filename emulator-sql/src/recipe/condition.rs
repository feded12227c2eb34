//! When a recipe applies.

use std::str::FromStr;

use crate::world::{Act, Channel, Conversion, Fact};

/// Something that holds for a fact or not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Condition {
    Dsp,
    Sponsored,
    Deal,
    Click,
    Impression,
    Addressable,
    Purchase,
    Subscription,
    Cart,
    DetailPage,
    OffAmazon,
    OffAmazonPurchase,
    PurchaseOrOffAmazon,
    Promoted,
    Halo,
    NewToBrand,
    Slot(u64),
}

const WORDS: [(&str, Condition); 16] = [
    ("dsp", Condition::Dsp),
    ("sponsored", Condition::Sponsored),
    ("deal", Condition::Deal),
    ("click", Condition::Click),
    ("impression", Condition::Impression),
    ("addressable", Condition::Addressable),
    ("purchase", Condition::Purchase),
    ("subscription", Condition::Subscription),
    ("cart", Condition::Cart),
    ("detail_page", Condition::DetailPage),
    ("off_amazon", Condition::OffAmazon),
    ("off_amazon_purchase", Condition::OffAmazonPurchase),
    ("purchase_or_off_amazon", Condition::PurchaseOrOffAmazon),
    ("promoted", Condition::Promoted),
    ("halo", Condition::Halo),
    ("new_to_brand", Condition::NewToBrand),
];

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(number) = text.strip_prefix("slot-") {
            return number.parse().map(Self::Slot).map_err(|_| format!("{number} is no slot"));
        }
        let found = WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, condition)| *condition).ok_or_else(|| format!("{text} is no condition"))
    }
}

impl Condition {
    /// Whether it holds.
    pub(super) fn holds(self, fact: &Fact) -> bool {
        match self {
            Self::Dsp => fact.ad.is_some_and(|ad| ad.channel == Channel::Dsp),
            Self::Sponsored => fact.ad.is_some_and(|ad| ad.channel == Channel::Sponsored),
            Self::Deal => fact.has_deal(),
            Self::Click => fact.click,
            Self::Impression => !fact.click,
            Self::Addressable => fact.user.is_some(),
            Self::Slot(slot) => fact.slot == slot,
            of_conversion => fact.conversion.is_some_and(|deed| of_conversion.of(deed)),
        }
    }

    fn of(self, deed: Conversion) -> bool {
        match self {
            Self::Purchase => deed.act.is_purchase(),
            Self::Subscription => deed.act == Act::SnsSubscription,
            Self::Cart => deed.act == Act::ShoppingCart,
            Self::DetailPage => deed.act == Act::DetailPageView,
            Self::OffAmazon => deed.act.is_off_amazon(),
            Self::OffAmazonPurchase => deed.act == Act::PixelPurchase,
            Self::PurchaseOrOffAmazon => deed.act.is_purchase() || deed.act == Act::PixelPurchase,
            Self::Promoted => deed.promoted,
            Self::Halo => !deed.promoted,
            Self::NewToBrand => deed.new_to_brand,
            _ => false,
        }
    }
}
