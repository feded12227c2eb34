//! Who a fleet is at AMC.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use amc_fleet::client::{AccessToken, DEFAULT_CREDENTIAL, TokenSource};
use amc_fleet::{Credential, Error, ErrorKind, Result};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use napi::bindgen_prelude::{ClassInstance, Promise};
use napi::threadsafe_function::ThreadsafeFunction;
use napi::{Either, Status};
use napi_derive::napi;

use crate::error::host;

/// A client and a refresh token of Login with Amazon.
#[napi(object, object_to_js = false)]
pub struct LwaOptions {
    /// The client id, sent with every call.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
    /// The refresh token (`Atzr|…`).
    pub refresh_token: String,
    /// The token endpoint; Login with Amazon's own where absent.
    pub token_url: Option<String>,
}

/// A token as the host's callback gives it.
#[napi(object, object_to_js = false)]
pub struct Token {
    /// The access token, its `Atza|` prefix included.
    pub access_token: String,
    /// When it stops working; absent where the callback renews it by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Asks the host for a token; it does not keep Node alive.
type Callback = ThreadsafeFunction<(), Promise<Token>, (), Status, false, true>;

/// Who a fleet is at AMC. Secrets are in no message, log line or property.
#[napi]
#[derive(Debug, Clone)]
pub struct Credentials(amc_fleet::Credentials);

#[napi]
impl Credentials {
    /// Reads `AMC_CLIENT_ID`, `AMC_CLIENT_SECRET`, `AMC_REFRESH_TOKEN` and, where set, `AMC_TOKEN_URL`.
    ///
    /// Throws a `FleetError` (`credentials_missing`) that names every variable that is not set.
    ///
    /// ```js
    /// const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv() });
    /// ```
    #[napi(factory)]
    pub fn from_env() -> napi::Result<Self> {
        amc_fleet::Credentials::from_env().map(Self).map_err(host)
    }

    /// Login with Amazon by refresh token.
    ///
    /// ```js
    /// const credentials = Credentials.lwa({ clientId, clientSecret, refreshToken });
    /// ```
    #[napi(factory)]
    #[must_use]
    pub fn lwa(options: LwaOptions) -> Self {
        let LwaOptions { client_id, client_secret, refresh_token, token_url } = options;
        let credential = Credential::lwa(client_id, client_secret, refresh_token);
        Self(amc_fleet::Credentials::one(match token_url {
            Some(url) => credential.with_token_url(url),
            None => credential,
        }))
    }

    /// Tokens from a callback, so that refresh tokens stay out of this library. It is asked again shortly before a
    /// token expires and after AMC refused one.
    ///
    /// ```js
    /// const credentials = Credentials.fromCallback(clientId, async () => ({ accessToken: await vault.read("amc") }));
    /// ```
    #[napi(factory)]
    #[must_use]
    pub fn from_callback(
        client_id: String,
        #[napi(ts_arg_type = "() => Promise<Token>")] token: Callback,
    ) -> Self {
        let source = Arc::new(HostTokens(token));
        Self(amc_fleet::Credentials::one(Credential::Host { client_id, source }))
    }

    /// The names under which accounts remember these credentials.
    ///
    /// ```js
    /// console.log(credentials.keys); // ["default"]
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.keys().map(str::to_owned).collect()
    }
}

/// Credentials as `Fleet.open` takes them: one, or several by name.
pub(crate) type Given<'a> =
    Either<ClassInstance<'a, Credentials>, HashMap<String, ClassInstance<'a, Credentials>>>;

/// All of them under their names.
pub(crate) fn named(given: &Given<'_>) -> amc_fleet::Credentials {
    match given {
        Either::A(one) => one.0.clone(),
        Either::B(several) => several.iter().fold(amc_fleet::Credentials::default(), |all, (key, one)| {
            match one.0.get(DEFAULT_CREDENTIAL) {
                Some(credential) => all.with(key, credential.clone()),
                None => all,
            }
        }),
    }
}

struct HostTokens(Callback);

/// Secrets are in no debug text.
macro_rules! debug_nothing {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

debug_nothing!(LwaOptions, Token, HostTokens);

impl HostTokens {
    async fn ask(&self) -> napi::Result<Token> {
        self.0.call_async(()).await?.await
    }
}

#[async_trait]
impl TokenSource for HostTokens {
    async fn token(&self, _now: DateTime<Utc>) -> Result<AccessToken> {
        let Token { access_token, expires_at } = self.ask().await.map_err(no_token)?;
        Ok(AccessToken { secret: access_token.into(), expires_at })
    }
}

fn no_token(error: napi::Error) -> Error {
    Error::new(ErrorKind::Unauthorized, "no_token", "the host's callback gave no access token")
        .hint("see the cause; runs of this credential wait until the callback gives a token")
        .caused_by(error.reason.to_string())
}
