//! Where AMC answers: one host a region, and the region of a marketplace.

use std::fmt;

/// A region of the Amazon Ads API.
///
/// Any region's host serves every AMC account; the nearest is the fastest. AMC's terms are accepted once a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// North and South America.
    Na,
    /// Europe and the Middle East.
    Eu,
    /// Asia and the Pacific.
    Fe,
}

/// The marketplaces AMC lists, each with its region.
const MARKETPLACES: [(&str, Region); 17] = [
    ("A2Q3Y263D00KWC", Region::Na),
    ("A2EUQ1WTGCTBG2", Region::Na),
    ("A1AM78C64UM0Y8", Region::Na),
    ("ATVPDKIKX0DER", Region::Na),
    ("A1PA6795UKMFR9", Region::Eu),
    ("A1RKKUPIHCS9HS", Region::Eu),
    ("A13V1IB3VIYZZH", Region::Eu),
    ("APJ6JRA9NG5V4", Region::Eu),
    ("A1805IZSGTT6HS", Region::Eu),
    ("A2NODRKZP88ZB9", Region::Eu),
    ("A33AVAJ2PDY3EV", Region::Eu),
    ("A1F83G8C2ARO7P", Region::Eu),
    ("A17E79C6D8DWNP", Region::Eu),
    ("A2VIGQ35RCS4UG", Region::Eu),
    ("A39IBJ37TRP1C6", Region::Fe),
    ("A1VC38T7YXB528", Region::Fe),
    ("A21TJRUUN4KGV", Region::Fe),
];

impl Region {
    /// The region of a marketplace id, where AMC lists it.
    #[must_use]
    pub fn of_marketplace(marketplace_id: &str) -> Option<Self> {
        MARKETPLACES.iter().find(|(id, _)| *id == marketplace_id).map(|(_, region)| *region)
    }

    /// The base URL of the API, without a trailing slash.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::Na => "https://advertising-api.amazon.com",
            Self::Eu => "https://advertising-api-eu.amazon.com",
            Self::Fe => "https://advertising-api-fe.amazon.com",
        }
    }

    /// The token endpoint of Login with Amazon. A token of any region is valid in all.
    #[must_use]
    pub const fn token_url(self) -> &'static str {
        match self {
            Self::Na => super::LWA_TOKEN_URL,
            Self::Eu => "https://api.amazon.co.uk/auth/o2/token",
            Self::Fe => "https://api.amazon.co.jp/auth/o2/token",
        }
    }

    /// The region's usual short name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Na => "NA",
            Self::Eu => "EU",
            Self::Fe => "FE",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marketplaces_tell_their_region() {
        assert_eq!(Region::of_marketplace("ATVPDKIKX0DER"), Some(Region::Na));
        assert_eq!(Region::of_marketplace("A1PA6795UKMFR9"), Some(Region::Eu));
        assert_eq!(Region::of_marketplace("A1VC38T7YXB528"), Some(Region::Fe));
        assert_eq!(Region::of_marketplace("nowhere"), None);
    }

    #[test]
    fn no_marketplace_is_listed_twice() {
        let ids: std::collections::HashSet<_> = MARKETPLACES.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), MARKETPLACES.len());
    }
}
