//! How AMC reads a backslash in a string, and in the pattern of a LIKE.
//!
//! Nobody has written down what it does. So it is one switch, and values it matters for are remarked.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::place::Matching;
use crate::{Error, Result};

/// What a backslash in a literal is taken for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiteralDialect {
    /// In a string it is an ordinary character; in the pattern of a LIKE it takes the meaning of a wildcard away.
    #[default]
    Standard,
    /// In a string it is an escape as well, and so written twice.
    BackslashEscapes,
    /// Not known: a value whose string would end in two different places is refused.
    Refuse,
}

impl LiteralDialect {
    /// The word, equal in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::BackslashEscapes => "backslash_escapes",
            Self::Refuse => "refuse",
        }
    }

    /// A text inside the quotes of a string.
    pub(super) fn inside_quotes(self, text: &str) -> String {
        let text = text.replace('\'', "''");
        if self == Self::BackslashEscapes { text.replace('\\', "\\\\") } else { text }
    }
}

impl FromStr for LiteralDialect {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let all = [Self::Standard, Self::BackslashEscapes, Self::Refuse];
        all.into_iter().find(|dialect| dialect.as_str() == word).ok_or_else(|| {
            Error::invalid("unknown_literal_dialect", format!("literal_dialect = '{word}' means nothing"))
                .hint("one of standard, backslash_escapes, refuse")
        })
    }
}

/// A text that a pattern takes for itself.
pub(super) fn escaped(text: &str, matching: Matching) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match matching {
            Matching::Like(escape) if character == escape || matches!(character, '%' | '_') => {
                written.extend([escape, character]);
            }
            Matching::Regex if matches!(character, '\\' | '^') => written.extend(['\\', character]),
            // In brackets a character is itself, and no backslash is needed, whose reading is not known.
            Matching::Regex if "$.|?*+()[]{}".contains(character) => written.extend(['[', character, ']']),
            _ => written.push(character),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_an_escaped_text_for_itself() {
        assert_eq!(escaped("50%_\\", Matching::Like('\\')), "50\\%\\_\\\\");
        assert_eq!(escaped("50%!", Matching::Like('!')), "50!%!!");
        assert_eq!(escaped("M&M's (US)^\\", Matching::Regex), "M&M's [(]US[)]\\^\\\\");
    }

    #[test]
    fn dialects_have_one_word_each() {
        for dialect in [LiteralDialect::Standard, LiteralDialect::BackslashEscapes, LiteralDialect::Refuse] {
            assert_eq!(dialect.as_str().parse::<LiteralDialect>().unwrap(), dialect);
        }
        assert_eq!("c".parse::<LiteralDialect>().unwrap_err().code(), "unknown_literal_dialect");
    }
}
