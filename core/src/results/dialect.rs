//! The CSV dialect of a result: what AMC's `outputFormat` says.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The three characters a CSV dialect is made of.
///
/// The default is AMC's own: comma, double quote, backslash. It serialises as AMC's `outputFormat` object
/// (`separatorCharacter`, `quoteCharacter`, `escapeCharacter`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Dialect {
    separator: u8,
    quote: u8,
    escape: u8,
}

impl Dialect {
    /// Comma, double quote, and a doubled quote for a quote: RFC 4180.
    pub const RFC_4180: Self = Self { separator: b',', quote: b'"', escape: b'"' };

    /// Creates a dialect of three ASCII characters; `escape` may equal `quote`.
    ///
    /// # Errors
    /// `InvalidInput` when a character is not ASCII, ends a line, or has two meanings.
    pub fn new(separator: char, quote: char, escape: char) -> Result<Self> {
        let dialect = Self { separator: ascii(separator)?, quote: ascii(quote)?, escape: ascii(escape)? };
        if separator == quote || separator == escape {
            return Err(unusable(separator, "it separates fields and has a second meaning"));
        }
        Ok(dialect)
    }

    /// The character between fields.
    #[must_use]
    pub const fn separator(self) -> u8 {
        self.separator
    }

    /// The character around fields that need it.
    #[must_use]
    pub const fn quote(self) -> u8 {
        self.quote
    }

    /// The character before a quote, or before itself, inside a quoted field.
    #[must_use]
    pub const fn escape(self) -> u8 {
        self.escape
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self { separator: b',', quote: b'"', escape: b'\\' }
    }
}

fn ascii(character: char) -> Result<u8> {
    u8::try_from(character)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0))
        .ok_or_else(|| unusable(character, "it is not a plain ASCII character"))
}

fn unusable(character: char, why: &str) -> Error {
    Error::invalid("dialect_invalid", format!("{character:?} cannot be used in a CSV dialect: {why}"))
        .hint("use three ASCII characters; AMC's own are comma, double quote and backslash")
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    separator_character: char,
    quote_character: char,
    escape_character: char,
}

impl From<Dialect> for Wire {
    fn from(dialect: Dialect) -> Self {
        Self {
            separator_character: dialect.separator.into(),
            quote_character: dialect.quote.into(),
            escape_character: dialect.escape.into(),
        }
    }
}

impl TryFrom<Wire> for Dialect {
    type Error = Error;

    fn try_from(wire: Wire) -> Result<Self> {
        Self::new(wire.separator_character, wire.quote_character, wire.escape_character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_as_amc_writes_it() {
        let json = serde_json::to_value(Dialect::default()).unwrap();
        let expected = serde_json::json!(
            {"separatorCharacter": ",", "quoteCharacter": "\"", "escapeCharacter": "\\"}
        );
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<Dialect>(expected).unwrap(), Dialect::default());
    }

    #[test]
    fn refuses_characters_that_cannot_work() {
        for (separator, quote, escape) in
            [('é', '"', '\\'), ('\n', '"', '\\'), ('"', '"', '\\'), (',', '"', ',')]
        {
            let error = Dialect::new(separator, quote, escape).unwrap_err();
            assert_eq!(error.code(), "dialect_invalid");
        }
    }
}
