//! The advertisers whose data an instance holds, and the updates of that list.

use serde::{Deserialize, Serialize};

/// An advertiser of an instance.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Advertiser {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) marketplace_id: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: AdvertiserType,
    pub(crate) configured_advertiser_types: &'static [&'static str],
}

/// What kind of account an advertiser has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AdvertiserType {
    Display,
    Sas,
    SponsoredAds,
}

impl AdvertiserType {
    /// Gives the kinds of ads that such an account runs.
    pub(crate) fn configured(self) -> &'static [&'static str] {
        match self {
            Self::Display => &["DISPLAY"],
            Self::Sas => &["SAS"],
            Self::SponsoredAds => &["SPONSORED_BRANDS", "SPONSORED_PRODUCTS"],
        }
    }
}

/// Names an advertiser in an update.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdvertiserId {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: AdvertiserType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marketplace_id: Option<String>,
}

/// A change of an instance's advertisers under way; its place in the list is its id.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Update {
    pub(crate) update_id: usize,
    pub(crate) status: UpdateStatus,
    pub(crate) advertisers_to_add: Vec<AdvertiserId>,
    pub(crate) advertisers_to_remove: Vec<AdvertiserId>,
}

/// Where an update stands.
#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UpdateStatus {
    Pending,
    Updating,
    Completed,
}

impl Update {
    /// Tells whether the update bars another one.
    pub(crate) fn is_open(&self) -> bool {
        self.status != UpdateStatus::Completed
    }

    /// Moves the update on and, at its end, changes `advertisers`.
    pub(crate) fn proceed(&mut self, advertisers: &mut Vec<Advertiser>) {
        self.status = match self.status {
            UpdateStatus::Pending => UpdateStatus::Updating,
            UpdateStatus::Updating | UpdateStatus::Completed => UpdateStatus::Completed,
        };
        if self.status == UpdateStatus::Completed {
            advertisers.retain(|known| !self.advertisers_to_remove.iter().any(|gone| gone.names(known)));
            advertisers.extend(self.advertisers_to_add.iter().map(AdvertiserId::advertiser));
        }
    }
}

impl AdvertiserId {
    fn names(&self, advertiser: &Advertiser) -> bool {
        (&self.id, self.kind) == (&advertiser.id, advertiser.kind)
    }

    fn advertiser(&self) -> Advertiser {
        Advertiser {
            id: self.id.clone(),
            name: format!("Advertiser {}", self.id),
            marketplace_id: self.marketplace_id.clone(),
            kind: self.kind,
            configured_advertiser_types: self.kind.configured(),
        }
    }
}
