//! AMC instances and whether a query can run on them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::Target;
use crate::error::Error;

use super::{Account, InstanceUuid, Profile};

/// Whether the credential reached the instance when it was last synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Listed and reachable.
    Ok,
    /// AMC refused the account.
    Denied,
    /// It was listed once and is not any more.
    Unreachable,
}

impl Access {
    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
        }
    }
}

impl FromStr for Access {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Ok, Self::Denied, Self::Unreachable]
            .into_iter()
            .find(|access| access.as_str() == word)
            .ok_or_else(|| Error::unexpected(format!("unknown access '{word}'")))
    }
}

/// Why a query cannot run on an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unavailability {
    /// A sandbox: its data are synthetic and never mix with real ones. Sandboxes run in a batch of their own.
    Sandbox,
    /// AMC has not finished creating it.
    Unfinished(String),
    /// The credential does not reach it.
    Unreachable(Access),
}

impl fmt::Display for Unavailability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox => f.write_str("is a sandbox, whose synthetic data never mix with real ones"),
            Self::Unfinished(status) => write!(f, "is not ready (creation status {status})"),
            Self::Unreachable(access) => write!(f, "is {} to this credential", access.as_str()),
        }
    }
}

/// The tables a query may read at an instance, by AMC's ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSources {
    /// Their ids, in order.
    pub ids: Vec<String>,
    /// When AMC listed them.
    pub read_at: DateTime<Utc>,
}

/// An AMC instance as we know it, its account included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Our own id.
    pub id: InstanceUuid,
    /// AMC's id (`amc…`), the one people use.
    pub instance_id: String,
    /// Its name at AMC.
    pub name: String,
    /// The customer's name at AMC.
    pub customer_name: String,
    /// `STANDARD` or `SANDBOX`.
    pub instance_type: String,
    /// AMC's creation status.
    pub creation_status: String,
    /// Whether the credential reaches it.
    pub access: Access,
    /// What its owner says about it.
    pub profile: Profile,
    /// The tables a query may read there, as AMC listed them last; none where it was never asked.
    pub data_sources: Option<DataSources>,
    /// The account it belongs to.
    pub account: Account,
    /// When it was last seen at AMC.
    pub synced_at: DateTime<Utc>,
}

impl Instance {
    /// How calls for this instance are addressed.
    #[must_use]
    pub fn target(&self) -> Target {
        Target { account: self.account.target(), instance_id: self.instance_id.clone() }
    }

    /// The zone in which its days begin: its own, else its account's.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.profile.timezone.as_deref().unwrap_or(&self.account.timezone)
    }

    /// Whether its data are synthetic.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.instance_type == "SANDBOX"
    }

    /// Why a query cannot run here together with others, if so. `SUCCEEDED` is AMC's deprecated word for `COMPLETED`.
    #[must_use]
    pub fn unavailability(&self) -> Option<Unavailability> {
        if self.access != Access::Ok {
            return Some(Unavailability::Unreachable(self.access));
        }
        if !matches!(self.creation_status.as_str(), "COMPLETED" | "SUCCEEDED") {
            return Some(Unavailability::Unfinished(self.creation_status.clone()));
        }
        self.is_sandbox().then_some(Unavailability::Sandbox)
    }
}
