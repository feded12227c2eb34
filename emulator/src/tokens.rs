//! Login with Amazon: the credentials that are accepted and the access tokens given out.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;

use crate::ids;

/// How long an access token is valid.
pub(crate) const LIFETIME: TimeDelta = TimeDelta::seconds(3600);

/// The credentials and what has been given out for them.
pub(crate) struct Tokens {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) refresh_token: String,
    given: Mutex<Given>,
}

#[derive(Default)]
struct Given {
    /// When each access token ends.
    ends: HashMap<String, DateTime<Utc>>,
    refresh_revoked: bool,
}

/// What an access token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Valid,
    Expired,
    Unknown,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            client_id: format!("amzn1.application-oa2-client.{}", &ids::secret(seed, "client")[..32]),
            client_secret: format!("amzn1.oa2-cs.v1.{}", ids::secret(seed, "client-secret")),
            refresh_token: format!("Atzr|{}", ids::secret(seed, "refresh-token")),
            given: Mutex::default(),
        }
    }

    /// Remembers an access token given out at `now`.
    pub(crate) fn give(&self, token: String, now: DateTime<Utc>) {
        let mut given = self.given.lock();
        given.ends.retain(|_, end| *end + LIFETIME > now);
        given.ends.insert(token, now + LIFETIME);
    }

    /// Tells what an access token is worth at `now`.
    pub(crate) fn standing(&self, token: &str, now: DateTime<Utc>) -> Standing {
        match self.given.lock().ends.get(token) {
            Some(end) if now < *end => Standing::Valid,
            Some(_) => Standing::Expired,
            None => Standing::Unknown,
        }
    }

    /// Ends every access token given out.
    pub(crate) fn expire_all(&self) {
        self.given.lock().ends.values_mut().for_each(|end| *end = DateTime::<Utc>::MIN_UTC);
    }

    /// Revokes the refresh token, or grants it again.
    pub(crate) fn revoke(&self, revoked: bool) {
        self.given.lock().refresh_revoked = revoked;
    }

    /// Tells whether a refresh token is the one that was granted.
    pub(crate) fn grants(&self, refresh_token: &str) -> bool {
        refresh_token == self.refresh_token && !self.given.lock().refresh_revoked
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
