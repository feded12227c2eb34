//! Login with Amazon: a refresh token for an access token (AMC-API, section 1.2).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::counts::CallCounter;
use super::failure;
use super::transport::{Answer, Transport};
use crate::client::AccessToken;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::CallKind;

const WHO: &str = "Login with Amazon";
const WHAT: &str = "for an access token";

/// How long a token lives where Login with Amazon does not say.
const USUAL_LIFE: i64 = 3_600;

/// OAuth's words for a refresh token that no longer works.
const REVOKED: &str = "invalid_grant";

/// Asks Login with Amazon for tokens.
#[derive(Debug)]
pub(super) struct Lwa {
    pub(super) transport: Arc<Transport>,
    pub(super) counter: Arc<CallCounter>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timeout: Duration,
}

/// What is exchanged for a token.
pub(super) struct Grant<'a> {
    pub(super) token_url: &'a str,
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a SecretString,
    pub(super) refresh_token: &'a SecretString,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: String,
    expires_in: Option<Value>,
}

impl Lwa {
    /// Exchanges a grant.
    ///
    /// # Errors
    /// `Unauthorized` (`credential_revoked`, `credential_invalid`) where only a person can help; `RateLimited`,
    /// `Unavailable` or `Timeout` where Login with Amazon may answer better later.
    pub(super) async fn token(&self, grant: &Grant<'_>) -> Result<AccessToken> {
        let request = self.request(grant)?;
        self.counter.add(CallKind::Token);
        let answer = self.transport.send(request).await?;
        let now = self.clock.now();
        if answer.status.is_success() { token(&answer, now) } else { Err(refusal(&answer, now)) }
    }

    fn request(&self, grant: &Grant<'_>) -> Result<Request> {
        let url = Url::parse(grant.token_url).map_err(|_| {
            Error::invalid("token_url_unusable", "the credential's token URL is no web address")
                .hint("give the token endpoint, as in https://api.amazon.com/auth/o2/token")
        })?;
        let mut request = Request::new(Method::POST, url);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.timeout_mut() = Some(self.timeout);
        *request.body_mut() = Some(form_of(grant).into());
        Ok(request)
    }
}

/// The grant as a form: the query part of a URL has the same encoding.
fn form_of(grant: &Grant<'_>) -> String {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", grant.refresh_token.expose_secret()),
        ("client_id", grant.client_id),
        ("client_secret", grant.client_secret.expose_secret()),
    ];
    let url = Url::parse_with_params("form:", fields);
    url.ok().and_then(|url| url.query().map(ToOwned::to_owned)).unwrap_or_default()
}

fn token(answer: &Answer, now: DateTime<Utc>) -> Result<AccessToken> {
    // The parser's own words could quote the token: they are dropped.
    let body: TokenBody = serde_json::from_slice(&answer.body).map_err(|_| {
        Error::new(ErrorKind::Unavailable, "token_unreadable", "Login with Amazon's answer holds no token")
            .request_id(failure::request_id(&answer.headers))
    })?;
    let life = TimeDelta::try_seconds(seconds(body.expires_in.as_ref())).unwrap_or_default();
    Ok(AccessToken { secret: body.access_token.into(), expires_at: Some(now + life) })
}

fn seconds(expires_in: Option<&Value>) -> i64 {
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    expires_in.and_then(number).unwrap_or(USUAL_LIFE)
}

/// Says why there is no token: final where Login with Amazon refuses, retryable where it is out of order.
fn refusal(answer: &Answer, now: DateTime<Utc>) -> Error {
    let error = failure::error(answer, WHO, WHAT, now);
    if error.is_retryable() || !answer.status.is_client_error() {
        return error;
    }
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let (code, hint) = match body.get("error").and_then(Value::as_str) {
        Some(REVOKED) => {
            ("credential_revoked", "let the user grant access again and store the new refresh token")
        }
        _ => (
            "credential_invalid",
            "check client id, client secret, refresh token and token URL of the credential",
        ),
    };
    let refused = Error::new(ErrorKind::Unauthorized, code, error.message()).hint(hint);
    refused.request_id(error.remote_request_id().map(ToOwned::to_owned))
}
