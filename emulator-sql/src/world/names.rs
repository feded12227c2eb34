//! Names and ids of what an instance advertises.

use std::str::FromStr;

use super::traffic::PARTS;
use super::{Ad, Channel, Dice, Fact, Topic, World};

/// Products of a brand.
pub(crate) const PRODUCTS: u64 = 12;
/// Behaviour segments.
pub(crate) const SEGMENTS: u64 = SEGMENT_NAMES.len() as u64;

const BRANDS: [&str; 12] = [
    "Kitchora",
    "Northpeak",
    "Lumio",
    "Petwell",
    "Brewly",
    "Verdana",
    "Sonora",
    "Trailmark",
    "Babbly",
    "Cleanora",
    "Fitlane",
    "Glowette",
];
const DSP_CAMPAIGNS: [&str; 8] = [
    "Prospecting Display",
    "Retargeting Display",
    "STV Streaming TV Awareness",
    "OLV Online Video Reach",
    "Prime Video Reach",
    "Loyalty Display",
    "Audio Awareness",
    "Fire TV Launch",
];
/// Name and `ad_product_type` of the sponsored ads campaigns.
const SPONSORED_CAMPAIGNS: [(&str, &str); 8] = [
    ("SP Auto", "sponsored_products"),
    ("SB Video Category", "sponsored_brands"),
    ("SP Branded Keywords", "sponsored_products"),
    ("SD Retargeting", "sponsored_display"),
    ("SP Category Keywords", "sponsored_products"),
    ("SB Branded", "sponsored_brands"),
    ("SD Contextual", "sponsored_display"),
    ("STV Launch", "sponsored_television"),
];
const PRODUCT_NAMES: [&str; 12] = [
    "Starter Set",
    "Family Pack",
    "Travel Size",
    "Classic",
    "Pro",
    "Mini",
    "Deluxe",
    "Refill",
    "Organic",
    "Duo",
    "Max",
    "Gift Box",
];
const PRICES: [i64; 12] = [1999, 3499, 899, 2499, 5999, 1299, 7999, 999, 2199, 3299, 8999, 4499];
/// Name and id of the supplies that the line items of the DSP campaigns buy from, campaign by campaign.
const SUPPLIES: [(&str, u64); 24] = [
    ("AMAZON.COM", 201),
    ("M.IMDB.COM", 202),
    ("Amazon Publisher Services", 203),
    ("AMAZON_US MSHOP WEBVIEW", 204),
    ("MOBILEAPP_IMDB_APPS", 205),
    ("TWITCH MOBILE DISPLAY", 206),
    ("STREAMING TV - OTT", 207),
    ("Freevee", 208),
    ("AMAZON LIVE STREAM", 209),
    ("TWITCH WEB VIDEO", 210),
    ("IMDbTV", 211),
    ("THIRD PARTY EXCHANGE", 212),
    ("Prime Video ads", 213),
    ("TWITCH MOBILEAPP VIDEO", 214),
    ("AMAZON LIVE STREAM", 209),
    ("ALEXA_DEVICES", 215),
    ("MOBILEAPP_AMAZON_FIRE_TABLET", 216),
    ("Digital out-of-home (DOOH)", 702),
    ("AMAZON AUDIO", 217),
    ("AMAZON AUDIO", 217),
    ("TWITCH AUDIO", 218),
    ("MOBILEAPP_AMAZON_FIRE_TV", 219),
    ("MOBILEAPP_AMAZON_FIRE_TV", 219),
    ("MOBILEAPP_AMAZON_FIRE_TV", 219),
];
const SEGMENT_NAMES: [&str; 12] = [
    "IM - Coffee",
    "IM - Small Appliances",
    "LS - Home Cooks",
    "IM - Pet Food",
    "LS - Outdoor Enthusiasts",
    "IM - Headphones",
    "LS - New Parents",
    "IM - Skin Care",
    "LS - Fitness",
    "IM - Snacks",
    "LS - Twitch Gamers",
    "IM - Kitchen Storage",
];
const SEARCHES: [&str; 6] =
    ["starter set", "gift ideas", "best seller", "organic", "travel size", "family pack"];

/// What a recipe can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entity {
    /// The advertiser, which is the brand.
    Advertiser,
    /// The ad's campaign.
    Campaign,
    /// The ad's line item (the target, for sponsored ads).
    LineItem,
    /// The ad's creative.
    Creative,
    /// The ad group of sponsored ads.
    AdGroup,
    /// The portfolio of sponsored ads.
    Portfolio,
    /// The flight of a DSP campaign.
    Flight,
    /// Where a DSP ad was bought.
    Supply,
    /// The behaviour segment of the row.
    Segment,
    /// The advertiser's account.
    Account,
}

impl FromStr for Entity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "advertiser" => Self::Advertiser,
            "campaign" => Self::Campaign,
            "line_item" => Self::LineItem,
            "creative" => Self::Creative,
            "ad_group" => Self::AdGroup,
            "portfolio" => Self::Portfolio,
            "flight" => Self::Flight,
            "supply" => Self::Supply,
            "segment" => Self::Segment,
            "entity" => Self::Account,
            other => return Err(format!("{other} is nothing that has a name")),
        })
    }
}

impl Channel {
    fn code(self) -> u64 {
        match self {
            Self::Dsp => 5,
            Self::Sponsored => 3,
        }
    }
}

impl World {
    /// The brand that the instance advertises.
    pub(crate) fn brand(&self) -> &'static str {
        pick(&BRANDS, self.root % 12)
    }

    /// The name of an entity; nothing when the row has no such thing.
    pub(crate) fn name(&self, entity: Entity, fact: &Fact) -> Option<String> {
        match entity {
            Entity::Advertiser => return Some(self.brand().to_owned()),
            Entity::Segment => return Some(pick(&SEGMENT_NAMES, fact.slot).to_owned()),
            _ => {}
        }
        let ad = fact.ad?;
        let campaign = self.campaign_name(ad);
        Some(match entity {
            Entity::LineItem => format!("{campaign} - Line {}", ad.line_item + 1),
            Entity::Creative => format!("{campaign} - Creative {}", ad.creative + 1),
            Entity::AdGroup => format!("{campaign} - Group {}", ad.line_item % 2 + 1),
            Entity::Portfolio => format!("{} Portfolio {}", self.brand(), ad.campaign % 2 + 1),
            Entity::Supply => pick(&SUPPLIES, supply(ad)).0.to_owned(),
            _ => campaign,
        })
    }

    fn campaign_name(&self, ad: Ad) -> String {
        let name = match ad.channel {
            Channel::Dsp => pick(&DSP_CAMPAIGNS, ad.campaign),
            Channel::Sponsored => pick(&SPONSORED_CAMPAIGNS, ad.campaign).0,
        };
        format!("{} - {name}", self.brand())
    }

    /// The numeric id of an entity, of 15 to 18 digits but for segments and supplies.
    pub(crate) fn id(&self, entity: Entity, fact: &Fact) -> Option<i64> {
        let base = 100_000_000_000 + self.root % 899_999_999_999;
        match entity {
            Entity::Segment => return i64::try_from(1001 + fact.slot % SEGMENTS).ok(),
            Entity::Advertiser => return i64::try_from(base).ok(),
            _ => {}
        }
        let ad = fact.ad?;
        let campaign = base * 1000 + ad.channel.code() * 100 + ad.campaign;
        i64::try_from(match entity {
            Entity::Supply => pick(&SUPPLIES, supply(ad)).1,
            Entity::Account => base,
            Entity::LineItem => campaign * 100 + ad.line_item + 10,
            Entity::Creative => campaign * 100 + ad.creative + 50,
            Entity::AdGroup => campaign * 100 + ad.line_item % 2 + 80,
            Entity::Flight => campaign * 100 + 90,
            Entity::Portfolio => base * 10 + ad.campaign % 2,
            Entity::Campaign | Entity::Advertiser | Entity::Segment => campaign,
        })
        .ok()
    }

    /// The id of an entity as text: the console's form, `A0…` for campaigns of sponsored ads.
    pub(crate) fn id_text(&self, entity: Entity, fact: &Fact) -> Option<String> {
        match (entity, fact.ad) {
            (Entity::Account, _) => Some(format!("ENTITY{}", base36(self.root, 10))),
            (Entity::Campaign, Some(ad)) if ad.channel == Channel::Sponsored => {
                Some(format!("A0{}", base36(self.dice(Topic::Name, &[1, ad.campaign]).0, 12)))
            }
            _ => self.id(entity, fact).map(|id| id.to_string()),
        }
    }

    /// The ASIN of a product.
    pub(crate) fn asin(&self, product: u64) -> String {
        format!("B0{}", base36(self.dice(Topic::Name, &[2, product % PRODUCTS]).0, 8))
    }

    /// The name of a product.
    pub(crate) fn product_name(&self, product: u64) -> String {
        format!("{} {}", self.brand(), pick(&PRODUCT_NAMES, product))
    }

    /// What the shopper of a sponsored ad searched for; every third search names the brand.
    pub(crate) fn search(&self, fact: &Fact) -> String {
        let dice = fact.ad.map_or(fact.dice, |ad| Dice(ad.id));
        let words = pick(&SEARCHES, dice.below(61, 6));
        match dice.chance(62, 333) {
            true => format!("{} {words}", self.brand().to_lowercase()),
            false => words.to_owned(),
        }
    }

    /// What a sponsored ad was aimed at.
    pub(crate) fn targeting(&self, ad: Ad) -> String {
        match ad.line_item {
            0 => "close-match".to_owned(),
            1 => format!("{} {}", self.brand().to_lowercase(), pick(&SEARCHES, ad.campaign)),
            _ => format!("asin=\"{}\"", self.asin(ad.campaign + 6)),
        }
    }
}

/// The price of a product in hundredths of the currency.
pub(crate) fn price(product: u64) -> i64 {
    PRICES[usize::try_from(product % PRODUCTS).unwrap_or_default()]
}

/// The `ad_product_type` of an ad; DSP ads have none.
pub(crate) fn ad_product(ad: Ad) -> Option<&'static str> {
    (ad.channel == Channel::Sponsored).then(|| pick(&SPONSORED_CAMPAIGNS, ad.campaign).1)
}

/// Place of the supply that an ad was bought from: each line item buys from one.
pub(crate) fn supply(ad: Ad) -> u64 {
    ad.campaign * PARTS + ad.line_item
}

fn pick<T: Copy>(list: &[T], number: u64) -> T {
    let length = list.len() as u64;
    list[usize::try_from(number % length).unwrap_or_default()]
}

fn base36(number: u64, digits: u32) -> String {
    const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (0..digits).map(|place| char::from(pick(ALPHABET, number / 36_u64.pow(place)))).collect()
}
