//! Selecting instances by what is known of them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::Instance;
use crate::error::{Error, Result};

/// Selects instances: those of which every field given is true. A field takes a text or a list of texts.
///
/// ```
/// # use amc_fleet::model::Selector;
/// let selector = Selector::from_json(serde_json::json!({"tags": ["dach"], "region": "EU"}))?;
/// assert_eq!(selector.region, ["EU"]);
/// # Ok::<(), amc_fleet::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selector {
    /// One of these, by AMC's id or by ours.
    #[serde(deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Has all of these tags.
    #[serde(deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Is about one of these brands.
    #[serde(deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub brand: Vec<String>,
    /// Is in one of these regions (`NA`, `EU`, `FE`).
    #[serde(deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub region: Vec<String>,
    /// Belongs to one of these accounts, by id or by name.
    #[serde(deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub account: Vec<String>,
    /// Is of one of these types (`STANDARD`, `SANDBOX`).
    #[serde(rename = "type", deserialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub instance_type: Vec<String>,
}

impl Selector {
    /// Reads a selector as other languages write it.
    ///
    /// # Errors
    /// `InvalidInput` (`selector_unreadable`) for a field that does not exist or holds no text; `selector_empty` where
    /// nothing is asked for.
    pub fn from_json(value: Value) -> Result<Self> {
        let selector: Self = serde_json::from_value(value).map_err(|error| {
            Error::invalid("selector_unreadable", format!("the selector cannot be read: {error}")).hint(
                "its fields are ids, tags, brand, region, account, type, each a text or a list of texts",
            )
        })?;
        if selector == Self::default() {
            return Err(Error::invalid("selector_empty", "the selector asks for nothing")
                .hint("give at least one field, or the word all"));
        }
        Ok(selector)
    }

    /// It as other languages write it.
    #[must_use]
    pub fn to_fields(&self) -> Map<String, Value> {
        let fields = serde_json::to_value(self).ok().and_then(|value| value.as_object().cloned());
        fields.unwrap_or_default()
    }

    /// Whether it asks for this instance.
    #[must_use]
    pub fn admits(&self, instance: &Instance) -> bool {
        let id = instance.id.0.to_string();
        one_of(&self.ids, [instance.instance_id.as_str(), id.as_str()])
            && self.tags.iter().all(|tag| instance.profile.tags.contains(tag))
            && one_of(&self.brand, instance.profile.brands.iter().map(String::as_str))
            && one_of(&self.region, [instance.account.region.as_str()])
            && one_of(
                &self.account,
                [instance.account.key.account_id.as_str(), instance.account.name.as_str()],
            )
            && one_of(&self.instance_type, [instance.instance_type.as_str()])
    }
}

/// Whether one of the words wanted is there; nothing wanted admits all.
fn one_of<'a>(wanted: &[String], there: impl IntoIterator<Item = &'a str>) -> bool {
    wanted.is_empty()
        || there.into_iter().any(|word| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(word)))
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text or a list of texts belongs here")]
    enum Texts {
        One(String),
        Several(Vec<String>),
    }
    Texts::deserialize(deserializer).map(|texts| match texts {
        Texts::One(text) => vec![text],
        Texts::Several(texts) => texts,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_takes_one_text_or_several() {
        let selector = Selector::from_json(json!({"brand": "Nova", "type": ["STANDARD"]})).unwrap();
        assert_eq!(
            (selector.brand.as_slice(), selector.instance_type.as_slice()),
            (&["Nova".to_owned()][..], &["STANDARD".to_owned()][..])
        );
        assert_eq!(
            serde_json::to_value(&selector).unwrap(),
            json!({"brand": ["Nova"], "type": ["STANDARD"]})
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (value, code) in [
            (json!({"tag": "a"}), "selector_unreadable"),
            (json!({"tags": 3}), "selector_unreadable"),
            (json!({}), "selector_empty"),
        ] {
            assert_eq!(Selector::from_json(value.clone()).unwrap_err().code(), code, "{value}");
        }
    }
}
