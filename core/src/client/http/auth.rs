//! Tokens by credential: kept, refreshed ahead of expiry, asked for once however many wait.
//!
//! Nothing is repeated here: who needs a token repeats the whole call, or, for a submit, leaves that to its caller.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use secrecy::SecretString;

use super::lwa::{Grant, Lwa};
use crate::client::{AccessToken, Credential, Credentials};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// How long before its expiry a token is replaced.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// How long a failed replacement is left alone while the old token still works.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// From this age on a 403 may mean that the token is no longer good: half of what Login with Amazon gives.
const OLD: TimeDelta = TimeDelta::minutes(30);

/// A token in use.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) client_id: String,
    pub(super) secret: SecretString,
    round: u64,
    obtained_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Whether it is so old that a refusal may be its fault.
    pub(super) fn is_old(&self, now: DateTime<Utc>) -> bool {
        now - self.obtained_at >= OLD
    }

    /// Whether it needs no replacement yet. Tokens of a short life are kept for three quarters of it.
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| now < end - AHEAD.min((end - self.obtained_at) / 4))
    }

    fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// The tokens of all credentials.
#[derive(Debug)]
pub(super) struct Tokens {
    holders: BTreeMap<String, Holder>,
    lwa: Lwa,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Holder {
    credential: Credential,
    kept: Mutex<Option<Token>>,
    /// Held by the one caller that asks; keeps how the last round failed.
    asking: tokio::sync::Mutex<Option<Failure>>,
    /// How many rounds have ended.
    rounds: AtomicU64,
}

/// How a round failed, and when: for those who waited for it, and for those who need not ask again yet.
#[derive(Debug)]
struct Failure {
    error: Error,
    at: DateTime<Utc>,
}

impl Holder {
    fn new(credential: Credential) -> Self {
        Self {
            credential,
            kept: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            rounds: AtomicU64::default(),
        }
    }

    /// The kept token, unless it is the refused one or an older one.
    fn kept(&self, refused: Option<&Token>) -> Option<Token> {
        let kept = self.kept.lock().clone()?;
        refused.is_none_or(|refused| kept.round > refused.round).then_some(kept)
    }
}

impl Tokens {
    pub(super) fn new(credentials: &Credentials, lwa: Lwa, clock: Arc<dyn Clock>) -> Self {
        let holders = credentials.keys().filter_map(|key| {
            let credential = credentials.get(key)?.clone();
            Some((key.to_owned(), Holder::new(credential)))
        });
        Self { holders: holders.collect(), lwa, clock }
    }

    /// A token of a credential, but not `refused` nor any before it.
    ///
    /// A token that only nears its end is replaced by whoever comes first, at no risk: until the new one is there
    /// everybody else goes on with the old one.
    ///
    /// # Errors
    /// `InvalidInput` (`credential_unknown`); `Unauthorized` (`credential_revoked`, `credential_invalid`, or the
    /// host's own code) where only a person can help; otherwise what kept the token from coming.
    pub(super) async fn token(&self, key: &str, refused: Option<&Token>) -> Result<Token> {
        let holder = self.holders.get(key).ok_or_else(|| unknown(key))?;
        let now = self.clock.now();
        match holder.kept(refused).filter(|token| token.is_valid(now)) {
            Some(token) if token.is_fresh(now) => Ok(token),
            Some(token) => Ok(self.replaced(holder, token).await),
            None => self.awaited(holder, refused).await,
        }
    }

    /// A successor of a token that still works, or that token.
    async fn replaced(&self, holder: &Holder, valid: Token) -> Token {
        let Ok(mut failure) = holder.asking.try_lock() else { return valid };
        let now = self.clock.now();
        if failure.as_ref().is_some_and(|failure| now - failure.at < PAUSE) {
            return valid;
        }
        self.ask(holder, &mut failure).await.unwrap_or(valid)
    }

    /// A token where there is none: one caller asks, and all who waited meanwhile share what came of it.
    async fn awaited(&self, holder: &Holder, refused: Option<&Token>) -> Result<Token> {
        let seen = holder.rounds.load(Ordering::Acquire);
        let mut failure = holder.asking.lock().await;
        if let Some(token) = holder.kept(refused).filter(|token| token.is_valid(self.clock.now())) {
            return Ok(token);
        }
        match failure.as_ref() {
            Some(failure) if holder.rounds.load(Ordering::Acquire) > seen => Err(same(&failure.error)),
            _ => self.ask(holder, &mut failure).await,
        }
    }

    async fn ask(&self, holder: &Holder, failure: &mut Option<Failure>) -> Result<Token> {
        let answer = self.access_token(&holder.credential).await;
        let round = holder.rounds.fetch_add(1, Ordering::Release) + 1;
        let now = self.clock.now();
        *failure = answer.as_ref().err().map(|error| Failure { error: same(error), at: now });
        let AccessToken { secret, expires_at } = answer?;
        let client_id = holder.credential.client_id().to_owned();
        let token = Token { client_id, secret, round, obtained_at: now, expires_at };
        *holder.kept.lock() = Some(token.clone());
        Ok(token)
    }

    async fn access_token(&self, credential: &Credential) -> Result<AccessToken> {
        match credential {
            Credential::Lwa { client_id, client_secret, refresh_token, token_url } => {
                self.lwa.token(&Grant { token_url, client_id, client_secret, refresh_token }).await
            }
            Credential::Host { source, .. } => source.token(self.clock.now()).await,
        }
    }
}

fn unknown(key: &str) -> Error {
    Error::invalid("credential_unknown", format!("no credential is named `{key}`"))
        .hint("give a credential of this name, or correct the account's credential key")
}

/// The same error again, for everybody who waited for it.
fn same(error: &Error) -> Error {
    let mut copy = Error::new(error.kind(), error.code(), error.message())
        .request_id(error.remote_request_id().map(ToOwned::to_owned));
    if let Some(hint) = error.what_to_do() {
        copy = copy.hint(hint);
    }
    if let Some(raw) = error.raw_text() {
        copy = copy.raw(raw);
    }
    if error.is_retryable() { copy.retry_later(error.retry_after()) } else { copy }
}
