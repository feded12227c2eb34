//! What an owner says about an instance; AMC knows nothing of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Zone;
use crate::error::{Error, Result};

/// What an owner says about an instance. A sync never changes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What people call it.
    pub label: Option<String>,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// The brands its data are about.
    pub brands: Vec<String>,
    /// The zone in which its days begin; its account's where absent.
    pub timezone: Option<String>,
    /// The currency of its amounts, by its ISO 4217 code.
    pub currency: Option<String>,
    /// Values of parameters that differ by instance: under those that a batch gives, over a workflow's defaults, and only
    /// where the query has such a parameter.
    pub parameters: Map<String, Value>,
}

/// A change of a profile: what is absent stays, what is empty is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileChange {
    /// What people call it.
    pub label: Option<String>,
    /// Words to select it by.
    pub tags: Option<Vec<String>>,
    /// The brands its data are about.
    pub brands: Option<Vec<String>>,
    /// The zone in which its days begin.
    pub timezone: Option<String>,
    /// The currency of its amounts, by its ISO 4217 code.
    pub currency: Option<String>,
    /// Values of parameters that differ by instance.
    pub parameters: Option<Map<String, Value>>,
}

impl Profile {
    /// The profile after a change.
    ///
    /// # Errors
    /// `InvalidInput`: `zone_unknown`, `currency_unknown`.
    pub fn changed(mut self, change: ProfileChange) -> Result<Self> {
        let ProfileChange { label, tags, brands, timezone, currency, parameters } = change;
        set(&mut self.label, label);
        set(&mut self.timezone, timezone);
        set(&mut self.currency, currency.map(|code| code.trim().to_ascii_uppercase()));
        self.tags = tags.map_or(self.tags, distinct);
        self.brands = brands.map_or(self.brands, distinct);
        self.parameters = parameters.unwrap_or(self.parameters);
        if let Some(zone) = &self.timezone {
            zone.parse::<Zone>()?;
        }
        match &self.currency {
            Some(code) if !is_currency(code) => Err(currency_unknown(code)),
            _ => Ok(self),
        }
    }
}

fn set(field: &mut Option<String>, given: Option<String>) {
    if let Some(text) = given {
        let text = text.trim();
        *field = (!text.is_empty()).then(|| text.to_owned());
    }
}

/// The words in their order, each once, none empty.
fn distinct(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        if !kept.iter().any(|known| known == word) {
            kept.push(word.to_owned());
        }
    }
    kept
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn currency_unknown(code: &str) -> Error {
    Error::invalid("currency_unknown", format!("'{code}' is no currency"))
        .hint("write its three letters of ISO 4217, for example EUR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn what_is_absent_stays_and_what_is_empty_is_cleared() {
        let words = Some(vec!["dach".to_owned(), " dach".to_owned(), String::new(), "toys".to_owned()]);
        let first = ProfileChange {
            label: text(" Nova "),
            tags: words,
            currency: text("eur"),
            ..ProfileChange::default()
        };
        let profile = Profile::default().changed(first).unwrap();
        assert_eq!((profile.label.as_deref(), profile.currency.as_deref()), (Some("Nova"), Some("EUR")));
        assert_eq!(profile.tags, ["dach", "toys"]);
        let second = ProfileChange { label: text(""), tags: Some(Vec::new()), ..ProfileChange::default() };
        let profile = profile.changed(second).unwrap();
        assert_eq!((profile.label, profile.tags.len(), profile.currency.as_deref()), (None, 0, Some("EUR")));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let zone = ProfileChange { timezone: text("Mars/Olympus"), ..ProfileChange::default() };
        assert_eq!(Profile::default().changed(zone).unwrap_err().code(), "zone_unknown");
        let currency = ProfileChange { currency: text("euro"), ..ProfileChange::default() };
        assert_eq!(Profile::default().changed(currency).unwrap_err().code(), "currency_unknown");
    }
}
