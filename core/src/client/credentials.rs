//! Who we are at AMC: credentials by name, secrets that show nowhere.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::DEFAULT_CREDENTIAL;
use crate::error::{Error, Result};

/// The token endpoint of Login with Amazon; tokens are global, so any region's does.
pub const LWA_TOKEN_URL: &str = "https://api.amazon.com/auth/o2/token";

/// A token for the API and the instant it stops working.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token, its `Atza|` prefix included.
    pub secret: SecretString,
    /// When it expires; `None` means the source renews it by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Gives access tokens: implement it to keep refresh tokens out of this process.
///
/// # Contract
/// - `token` gives a token that is valid at `now`; it is called again shortly before `expires_at`, and after AMC
///   refused a token with 401.
/// - An error of kind `Unauthorized` says that no token will come until a person acts: runs of this credential wait.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Returns a token.
    async fn token(&self, now: DateTime<Utc>) -> Result<AccessToken>;
}

/// One way to be somebody at AMC.
#[derive(Clone)]
pub enum Credential {
    /// Login with Amazon by refresh token.
    Lwa {
        /// The client id, sent with every call.
        client_id: String,
        /// The client secret.
        client_secret: SecretString,
        /// The refresh token (`Atzr|…`).
        refresh_token: SecretString,
        /// The token endpoint.
        token_url: String,
    },
    /// The host gives the tokens.
    Host {
        /// The client id, sent with every call.
        client_id: String,
        /// Where tokens come from.
        source: Arc<dyn TokenSource>,
    },
}

impl Credential {
    /// A refresh-token credential at Login with Amazon's own endpoint.
    pub fn lwa(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        refresh_token: impl Into<String>,
    ) -> Self {
        Self::Lwa {
            client_id: client_id.into(),
            client_secret: SecretString::from(client_secret.into()),
            refresh_token: SecretString::from(refresh_token.into()),
            token_url: LWA_TOKEN_URL.to_owned(),
        }
    }

    /// The client id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        match self {
            Self::Lwa { client_id, .. } | Self::Host { client_id, .. } => client_id,
        }
    }

    /// The same credential at another token endpoint.
    #[must_use]
    pub fn with_token_url(mut self, url: impl Into<String>) -> Self {
        if let Self::Lwa { token_url, .. } = &mut self {
            *token_url = url.into();
        }
        self
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("client_id", &self.client_id()).finish_non_exhaustive()
    }
}

/// Credentials by key. An account row names a key; the secret itself stays here.
#[derive(Debug, Clone, Default)]
pub struct Credentials(BTreeMap<String, Credential>);

impl Credentials {
    /// One credential under the key `default`.
    #[must_use]
    pub fn one(credential: Credential) -> Self {
        Self::default().with(DEFAULT_CREDENTIAL, credential)
    }

    /// Adds a credential.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, credential: Credential) -> Self {
        self.0.insert(key.into(), credential);
        self
    }

    /// Reads `AMC_CLIENT_ID`, `AMC_CLIENT_SECRET`, `AMC_REFRESH_TOKEN` and, where set, `AMC_TOKEN_URL`.
    ///
    /// # Errors
    /// `InvalidInput` (`credentials_missing`) names every variable that is not set.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        const NAMES: [&str; 3] = ["AMC_CLIENT_ID", "AMC_CLIENT_SECRET", "AMC_REFRESH_TOKEN"];
        let found = NAMES.map(|name| lookup(name).filter(|value| !value.is_empty()));
        let missing: Vec<&str> =
            NAMES.iter().zip(&found).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        let [Some(client_id), Some(client_secret), Some(refresh_token)] = found else {
            return Err(Error::invalid("credentials_missing", format!("{} not set", missing.join(", ")))
                .hint(
                    "set them to a Login with Amazon client and a refresh token of a user with AMC access",
                ));
        };
        let credential = Credential::lwa(client_id, client_secret, refresh_token);
        let url = lookup("AMC_TOKEN_URL").filter(|url| !url.is_empty());
        Ok(Self::one(match url {
            Some(url) => credential.with_token_url(url),
            None => credential,
        }))
    }

    /// The credential of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Credential> {
        self.0.get(key)
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_env_names_what_is_missing() {
        let error =
            Credentials::from_lookup(|name| (name == "AMC_CLIENT_ID").then(|| "id".into())).unwrap_err();
        assert_eq!(error.code(), "credentials_missing");
        assert_eq!(error.message(), "AMC_CLIENT_SECRET, AMC_REFRESH_TOKEN not set");
    }

    #[test]
    fn secrets_never_appear_in_debug() {
        let credentials = Credentials::one(Credential::lwa("id", "s3cret", "Atzr|token"));
        let shown = format!("{credentials:?}");
        assert!(shown.contains("id") && !shown.contains("s3cret") && !shown.contains("Atzr"));
    }
}
