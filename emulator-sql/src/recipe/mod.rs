//! How the values of a column are made from the fact of a row: a small language used by the catalogue files.
//!
//! | recipe | value |
//! |---|---|
//! | `null` | NULL |
//! | `always v` | the literal v |
//! | `pick key a\|b\|c` | one of the literals or NULL, the same for the same key; `key:group` keeps columns in step |
//! | `range key low high [scale n]` | a whole number, or one with n digits after the point |
//! | `list key-kind key n` | n ids of `segment` or `group` |
//! | `words key a\|b\|c n` | n of the literals as an array |
//! | `name e`, `id e`, `text e` | name, number or textual id of an entity |
//! | `hex key prefix` | an opaque identifier of the key |
//! | `time moment zone part` | a moment of the fact, in `utc` or `local`, cut to a part |
//! | `user`, `user_type`, `asin promoted`, `asin converted`, `price`, `sales`, `units`, … | by name |
//!
//! `… if condition…` gives NULL and `… if condition… else v` the literal v where a condition does not hold.

mod column;
mod condition;
mod key;
mod moment;
mod value;

pub(crate) use column::column;
pub(crate) use value::Value;

use crate::world::{Ad, Channel, Conversion, Entity, Fact, World, ad_product, mix, mix_text, price};
use condition::Condition;
use key::Key;
use moment::Moment;

/// A column's recipe.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    base: Base,
    conditions: Vec<Condition>,
    otherwise: Option<String>,
}

#[derive(Debug, Clone)]
enum Base {
    Null,
    Always(String),
    Pick { key: Key, values: Vec<String> },
    Range { key: Key, low: i64, high: i64, scale: u32 },
    List { key: Key, first: i64, kinds: u64, count: u64 },
    Words { key: Key, values: Vec<String>, count: u64 },
    Name(Entity),
    Id(Entity),
    Text(Entity),
    Hex { key: Key, prefix: String },
    Time(Moment),
    Fact(Property),
}

/// What a recipe can take from a fact by name.
#[derive(Debug, Clone, Copy)]
enum Property {
    User,
    UserType,
    PromotedAsin,
    ConvertedAsin,
    ParentAsin,
    Title,
    Brand,
    Item,
    Price,
    Sales,
    Units,
    AdProduct,
    PriceType,
    SearchTerm,
    Targeting,
    Scope,
}

const PROPERTIES: [(&str, Property); 16] = [
    ("user", Property::User),
    ("user_type", Property::UserType),
    ("asin promoted", Property::PromotedAsin),
    ("asin converted", Property::ConvertedAsin),
    ("parent converted", Property::ParentAsin),
    ("title converted", Property::Title),
    ("brand converted", Property::Brand),
    ("item", Property::Item),
    ("price", Property::Price),
    ("sales", Property::Sales),
    ("units", Property::Units),
    ("ad_product", Property::AdProduct),
    ("price_type", Property::PriceType),
    ("search_term", Property::SearchTerm),
    ("targeting", Property::Targeting),
    ("scope", Property::Scope),
];

impl Recipe {
    /// Reads the recipe of the column `name`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let (base, rest) = text.split_once(" if ").map_or((text, None), |(base, rest)| (base, Some(rest)));
        let (conditions, otherwise) =
            rest.map(|rest| rest.split_once(" else ").unwrap_or((rest, ""))).unwrap_or_default();
        Ok(Self {
            base: Base::parse(name, base)?,
            conditions: conditions.split_whitespace().map(str::parse).collect::<Result<_, _>>()?,
            otherwise: (!otherwise.is_empty()).then(|| otherwise.to_owned()),
        })
    }

    /// The value for one row.
    pub(crate) fn value(&self, world: &World, fact: &Fact) -> Value {
        if self.conditions.iter().all(|condition| condition.holds(fact)) {
            self.base.value(world, fact)
        } else {
            self.otherwise.clone().map_or(Value::Null, Value::Text)
        }
    }
}

impl Base {
    fn parse(name: &str, text: &str) -> Result<Self, String> {
        if let Some((_, property)) = PROPERTIES.iter().find(|(word, _)| *word == text) {
            return Ok(Self::Fact(*property));
        }
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        let key = || Key::parse(first, name);
        Ok(match word {
            "null" => Self::Null,
            "always" => Self::Always(rest.to_owned()),
            "pick" => Self::Pick { key: key()?, values: literals(second) },
            "range" => Self::range(key()?, second)?,
            "list" => {
                Self::list(first, Key::parse(second.split(' ').next().unwrap_or_default(), name)?, second)?
            }
            "words" => Self::words(key()?, second)?,
            "name" => Self::Name(rest.parse()?),
            "id" => Self::Id(rest.parse()?),
            "text" => Self::Text(rest.parse()?),
            "hex" => Self::Hex { key: key()?, prefix: second.to_owned() },
            "time" => Self::Time(rest.parse()?),
            other => return Err(format!("{other} is no recipe")),
        })
    }

    fn range(key: Key, text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').collect();
        let scale = if let [_, _, "scale", digits] = words[..] { number(digits)? } else { 0 };
        let [low, high, ..] = words[..] else { return Err("a range has two ends".to_owned()) };
        Ok(Self::Range { key, low: number(low)?, high: number(high)?, scale })
    }

    fn list(kind: &str, key: Key, text: &str) -> Result<Self, String> {
        let count = number(text.split(' ').next_back().unwrap_or_default())?;
        let (first, kinds) = if kind == "segment" { (1001, 12) } else { (70_001, 4) };
        Ok(Self::List { key, first, kinds, count })
    }

    fn words(key: Key, text: &str) -> Result<Self, String> {
        let (values, count) = text.rsplit_once(' ').ok_or("expected a count")?;
        Ok(Self::Words { key, values: literals(values), count: number(count)? })
    }

    fn value(&self, world: &World, fact: &Fact) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Always(text) => Value::Text(text.clone()),
            Self::Pick { key, values } => literal(key.choose(fact, values)),
            Self::Range { key, low, high, scale } => Value::Number(key.between(fact, *low, *high), *scale),
            Self::List { key, first, kinds, count } => Value::Numbers(
                several(key.number(fact), *kinds, *count)
                    .map(|number| first + i64::try_from(number).unwrap_or_default())
                    .collect(),
            ),
            Self::Words { key, values, count } => Value::Texts(
                several(key.number(fact), values.len() as u64, *count)
                    .map(|number| values[usize::try_from(number).unwrap_or_default()].clone())
                    .collect(),
            ),
            Self::Name(entity) => world.name(*entity, fact).into(),
            Self::Id(entity) => world.id(*entity, fact).into(),
            Self::Text(entity) => world.id_text(*entity, fact).into(),
            Self::Hex { key, prefix } => {
                Value::Text(format!("{prefix}{:016x}", mix(&[key.number(fact), mix_text(prefix)])))
            }
            Self::Time(moment) => moment.value(world, fact),
            Self::Fact(property) => property.value(world, fact),
        }
    }
}

/// `count` different numbers below `kinds`, starting where `key` points.
fn several(key: u64, kinds: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |n| (key + n) % kinds)
}

fn literals(text: &str) -> Vec<String> {
    text.split('|').map(str::to_owned).collect()
}

fn literal(text: &str) -> Value {
    if text == "NULL" { Value::Null } else { Value::Text(text.to_owned()) }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

impl Property {
    fn value(self, world: &World, fact: &Fact) -> Value {
        match self {
            Self::User => {
                fact.user.map(|user| format!("{:032x}", u128::from(user_number(world, user)))).into()
            }
            Self::UserType => fact.user.map(|user| user_type(user).to_owned()).into(),
            Self::SearchTerm => {
                fact.ad.filter(|ad| ad.channel == Channel::Sponsored).map(|_| world.search(fact)).into()
            }
            Self::PromotedAsin | Self::AdProduct | Self::PriceType | Self::Targeting => {
                fact.ad.map_or(Value::Null, |ad| self.of_ad(world, ad))
            }
            Self::Price | Self::Sales | Self::Units | Self::Item | Self::Scope => {
                fact.conversion.map_or(Value::Null, |deed| self.of_conversion(world, deed))
            }
            Self::ConvertedAsin | Self::ParentAsin | Self::Title | Self::Brand => {
                Value::Text(self.of_product(world, product(fact)))
            }
        }
    }

    fn of_ad(self, world: &World, ad: Ad) -> Value {
        let sponsored = ad.channel == Channel::Sponsored;
        match self {
            Self::PromotedAsin => sponsored.then(|| world.asin(ad.campaign)).into(),
            Self::AdProduct => ad_product(ad).map(str::to_owned).into(),
            Self::Targeting => sponsored.then(|| world.targeting(ad)).into(),
            _ => Value::Text(if sponsored { "CPC" } else { "CPM" }.to_owned()),
        }
    }

    fn of_conversion(self, world: &World, deed: Conversion) -> Value {
        let cents = price(deed.product);
        match self {
            Self::Price => Value::Number(cents, 2),
            Self::Sales => Value::Number(cents * deed.units, 2),
            Self::Units => Value::Number(deed.units, 0),
            Self::Scope => scope(deed).map(str::to_owned).into(),
            _ => Value::Text(item(world, deed)),
        }
    }

    fn of_product(self, world: &World, product: u64) -> String {
        match self {
            Self::ParentAsin => world.asin(product - product % 2),
            Self::Title => world.product_name(product),
            Self::Brand => world.brand().to_owned(),
            _ => world.asin(product),
        }
    }
}

/// Only what is done to a product has to do with the promoted ones.
fn scope(deed: Conversion) -> Option<&'static str> {
    use crate::world::Act;
    let of_product = !deed.act.is_off_amazon()
        && !matches!(deed.act, Act::SearchConversion | Act::BrandStorePageView | Act::AlexaSkillEnable);
    of_product.then_some(if deed.promoted { "PROMOTED" } else { "BRAND_HALO" })
}

fn user_number(world: &World, user: u64) -> u64 {
    world.dice(crate::world::Topic::Person, &[user]).0
}

fn user_type(user: u64) -> &'static str {
    match user % 20 {
        0 => "sisDeviceId",
        1 => "adBrowserId",
        _ => "adUserId",
    }
}

fn product(fact: &Fact) -> u64 {
    fact.conversion.map_or_else(|| fact.dice.below(71, 12), |deed| deed.product)
}

/// What was looked at or bought: an ASIN, or the words of a branded search, or a pixel.
fn item(world: &World, deed: Conversion) -> String {
    use crate::world::Act;
    match deed.act {
        Act::SearchConversion => format!("keyword {}", world.brand().to_lowercase()),
        Act::BrandStorePageView => format!("page {}", world.brand()),
        act if act.is_off_amazon() => format!("pixel {}", world.brand()),
        _ => world.asin(deed.product),
    }
}
