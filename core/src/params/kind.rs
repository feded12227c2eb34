//! The types of parameters.

use serde::{Deserialize, Serialize};

/// The type of a parameter's value, or of each element of its list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// Whatever the value itself says it is: a text, a number, a truth.
    Any,
    /// Any text.
    #[default]
    String,
    /// A whole number; as a text of digits where JSON would lose some.
    Integer,
    /// A number with a fraction; as a text of digits where JSON would lose some.
    Decimal,
    /// True or false.
    Boolean,
    /// `yyyy-MM-dd`.
    Date,
    /// `yyyy-MM-ddTHH:mm:ss`.
    Timestamp,
    /// A pattern of LIKE or SIMILAR TO, written as it is.
    Pattern,
    /// The name of a table, a column or a function, one of the allowed ones.
    Identifier,
    /// An Amazon product id: ten capital letters and digits.
    Asin,
    /// A campaign id: digits, as a number or a text; `A0…` in sponsored ads' own form.
    CampaignId,
}

/// Other words for the types, as they are met in the field.
const WORDS: [(&str, ParameterType); 28] = [
    ("any", ParameterType::Any),
    ("enum", ParameterType::Any),
    ("string", ParameterType::String),
    ("text", ParameterType::String),
    ("str", ParameterType::String),
    ("brand", ParameterType::String),
    ("integer", ParameterType::Integer),
    ("int", ParameterType::Integer),
    ("long", ParameterType::Integer),
    ("decimal", ParameterType::Decimal),
    ("number", ParameterType::Decimal),
    ("double", ParameterType::Decimal),
    ("float", ParameterType::Decimal),
    ("boolean", ParameterType::Boolean),
    ("bool", ParameterType::Boolean),
    ("date", ParameterType::Date),
    ("timestamp", ParameterType::Timestamp),
    ("datetime", ParameterType::Timestamp),
    ("pattern", ParameterType::Pattern),
    ("like", ParameterType::Pattern),
    ("identifier", ParameterType::Identifier),
    ("column", ParameterType::Identifier),
    ("table", ParameterType::Identifier),
    ("asin", ParameterType::Asin),
    ("campaign_id", ParameterType::CampaignId),
    ("campaign", ParameterType::CampaignId),
    ("campaignid", ParameterType::CampaignId),
    ("value", ParameterType::Any),
];

impl ParameterType {
    /// Reads a type as people write it; the flag says whether it is a list of it: `asin_list`, `asins`, `list`.
    #[must_use]
    pub fn read(word: &str) -> Option<(Self, bool)> {
        let word = word.trim().to_lowercase().replace(['-', ' '], "_");
        let known = |word: &str| WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        if matches!(word.as_str(), "list" | "array") {
            return Some((Self::Any, true));
        }
        if let Some(kind) = known(&word) {
            return Some((kind, false));
        }
        let element = word.strip_suffix("_list").or_else(|| word.strip_suffix("_array"));
        let element = element.or_else(|| word.strip_suffix("[]")).or_else(|| word.strip_suffix('s'))?;
        known(element).or_else(|| known(element.strip_suffix('s')?)).map(|kind| (kind, true))
    }

    /// The name, equal in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Pattern => "pattern",
            Self::Identifier => "identifier",
            Self::Asin => "asin",
            Self::CampaignId => "campaign_id",
        }
    }

    /// The name of the type in AMC's `inputParameters`; none where the value decides.
    #[must_use]
    pub const fn amc_type(self) -> Option<&'static str> {
        Some(match self {
            Self::Any => return None,
            Self::Integer => "LONG",
            Self::Decimal => "DECIMAL",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
            Self::String | Self::Pattern | Self::Identifier | Self::Asin | Self::CampaignId => "STRING",
        })
    }

    /// What a value must look like, for messages.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Any => "a text, a number or a truth",
            Self::String => "a text",
            Self::Integer => "a whole number",
            Self::Decimal => "a number",
            Self::Boolean => "true or false",
            Self::Date => "a date like \"2025-09-01\"",
            Self::Timestamp => "a time like \"2025-09-01T06:00:00\"",
            Self::Pattern => "a pattern",
            Self::Identifier => "one of the allowed names",
            Self::Asin => "an ASIN: ten capital letters and digits",
            Self::CampaignId => "a campaign id: digits",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_people_write_them() {
        for (word, kind, list) in [
            ("string", ParameterType::String, false),
            ("ASIN list", ParameterType::Asin, true),
            ("asins", ParameterType::Asin, true),
            ("campaign_ids", ParameterType::CampaignId, true),
            ("campaign_id_list", ParameterType::CampaignId, true),
            ("brands", ParameterType::String, true),
            ("list", ParameterType::Any, true),
            ("integer[]", ParameterType::Integer, true),
            ("enum", ParameterType::Any, false),
            ("datetime", ParameterType::Timestamp, false),
        ] {
            assert_eq!(ParameterType::read(word), Some((kind, list)), "{word}");
        }
        assert_eq!(ParameterType::read("blob"), None);
        assert_eq!(ParameterType::read(""), None);
    }
}
