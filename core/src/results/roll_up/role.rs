//! What a column means when rows are added up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Field metadata: the role of a column in the roll-up it comes from.
pub const ROLE: &str = "amc.role";
/// Field metadata of a bound: `lower` or `upper`.
pub const BOUND: &str = "amc.bound";
/// Field metadata of a column without values: why it has none.
pub const REASON: &str = "amc.reason";

/// How the values of a column become one value for many rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case", deny_unknown_fields)]
pub enum Role {
    /// They are added up: impressions, clicks, cost.
    Additive {
        /// The column that names their currency; rows of several currencies are refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<String>,
    },
    /// A ratio of two columns, computed anew from their sums: `ctr` of `clicks` and `impressions`.
    Ratio {
        /// The column that is divided.
        numerator: String,
        /// The column it is divided by.
        denominator: String,
    },
    /// The mean, each value counting as much as another column says.
    Weighted {
        /// The column that says how much.
        weight: String,
    },
    /// The mean, each row counting the same.
    Mean,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// A count of distinct users: never added up, since one user may be in many rows. Bounds are given.
    Distinct,
}

impl Role {
    /// The role of what is added up.
    #[must_use]
    pub const fn additive() -> Self {
        Self::Additive { currency: None }
    }

    /// The role of money in the currency that a column names.
    pub fn money(currency: impl Into<String>) -> Self {
        Self::Additive { currency: Some(currency.into()) }
    }

    /// The role of a ratio of two columns.
    pub fn ratio(numerator: impl Into<String>, denominator: impl Into<String>) -> Self {
        Self::Ratio { numerator: numerator.into(), denominator: denominator.into() }
    }

    /// The role of a mean that another column weighs.
    pub fn weighted(weight: impl Into<String>) -> Self {
        Self::Weighted { weight: weight.into() }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Additive { currency: None } => f.write_str("additive"),
            Self::Additive { currency: Some(currency) } => write!(f, "additive, {currency}"),
            Self::Ratio { numerator, denominator } => write!(f, "{numerator} / {denominator}"),
            Self::Weighted { weight } => write!(f, "mean by {weight}"),
            Self::Mean => f.write_str("mean"),
            Self::Minimum => f.write_str("minimum"),
            Self::Maximum => f.write_str("maximum"),
            Self::Distinct => f.write_str("distinct"),
        }
    }
}

/// Columns and their roles as an object, in its order.
pub(super) mod by_name {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use serde_json::{Map, Value};

    use super::Role;

    pub(in super::super) fn serialize<S: Serializer>(
        columns: &[(String, Role)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(columns.iter().map(|(name, role)| (name, role)))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, Role)>, D::Error> {
        let columns = Option::<Map<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
        let read = |(name, role): (String, Value)| match Role::deserialize(role) {
            Ok(role) => Ok((name, role)),
            Err(error) => Err(de::Error::custom(format!("column {name:?}: {error}"))),
        };
        columns.into_iter().map(read).collect()
    }
}
