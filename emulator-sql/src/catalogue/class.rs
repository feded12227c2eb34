//! The sensitivity of a column: who may see it and how many users a row needs.

use std::str::FromStr;

/// A threshold class, from harmless to hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Any row.
    None,
    /// Rows of at least 2 distinct users.
    Low,
    /// Rows of at least 100 distinct users.
    Medium,
    /// As `Medium`, and no comparison with a literal.
    High,
    /// Never in an output, no comparison with a literal; may be counted.
    VeryHigh,
    /// Never in an output.
    Internal,
}

impl Class {
    /// The name in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::VeryHigh => "VERY_HIGH",
            Self::Internal => "INTERNAL",
        }
    }

    /// The distinct users a row needs; `None` when no number suffices.
    pub(crate) fn required_users(self) -> Option<u64> {
        match self {
            Self::None => Some(1),
            Self::Low => Some(2),
            Self::Medium | Self::High => Some(100),
            Self::VeryHigh | Self::Internal => None,
        }
    }
}

impl Class {
    /// The users that must contribute to a total of the column, and how many of them, were all as weighty as the
    /// weightiest: `(effective, equivalent)`. Amazon shows such numbers but not how they follow from the class.
    pub(crate) fn required_weight(self) -> (u64, u64) {
        let users = self.required_users().unwrap_or(u64::MAX);
        (users.min(10), users.min(2))
    }
}

impl FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::None, Self::Low, Self::Medium, Self::High, Self::VeryHigh, Self::Internal]
            .into_iter()
            .find(|class| class.name() == text)
            .ok_or_else(|| format!("{text} is no threshold class"))
    }
}
