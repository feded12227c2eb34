//! The headers of an AMC call (AMC-API, section 2).

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::client::AccountTarget;
use crate::error::{Error, Result};

const CLIENT_ID: HeaderName = HeaderName::from_static("amazon-advertising-api-clientid");
const ACCOUNT_ID: HeaderName = HeaderName::from_static("amazon-advertising-api-advertiserid");
const MARKETPLACE_ID: HeaderName = HeaderName::from_static("amazon-advertising-api-marketplaceid");

/// What addresses a call to an account: its own extra headers first, so that they replace none of ours.
pub(super) fn of_account(account: &AccountTarget) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, text) in &account.extra_headers {
        let known = HeaderName::try_from(name.as_str()).map_err(|_| unusable(name))?;
        headers.insert(known, value(name, text)?);
    }
    headers.insert(ACCOUNT_ID, value(ACCOUNT_ID.as_str(), &account.account_id)?);
    headers.insert(MARKETPLACE_ID, value(MARKETPLACE_ID.as_str(), &account.marketplace_id)?);
    Ok(headers)
}

/// Adds who calls.
pub(super) fn sign(headers: &mut HeaderMap, client_id: &str, token: &SecretString) -> Result<()> {
    let mut bearer = value("Authorization", &format!("Bearer {}", token.expose_secret()))?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(CLIENT_ID, value(CLIENT_ID.as_str(), client_id)?);
    Ok(())
}

/// Says that the body is JSON: what Amazon's own samples send, beside the vendor types of the specification.
pub(super) fn json(headers: &mut HeaderMap) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
}

fn value(name: &str, text: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(text).map_err(|_| unusable(name))
}

fn unusable(name: &str) -> Error {
    Error::invalid("header_unusable", format!("the header `{}` cannot be sent", name.escape_debug())).hint(
        "look for line breaks and control characters in the account's ids, extra headers and credential",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn account(extra: &[(&str, &str)]) -> AccountTarget {
        AccountTarget {
            credential_key: "default".into(),
            endpoint: "https://amc".into(),
            account_id: "ENTITY1".into(),
            marketplace_id: "ATVPDKIKX0DER".into(),
            extra_headers: extra.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn extra_headers_replace_none_of_ours() {
        let account =
            account(&[("Amazon-Advertising-API-AdvertiserId", "other"), ("Amazon-Ads-AccountId", "x")]);
        let headers = of_account(&account).unwrap();
        assert_eq!(headers[ACCOUNT_ID], "ENTITY1");
        assert_eq!(headers["amazon-ads-accountid"], "x");
    }

    #[test]
    fn the_token_shows_neither_in_debug_nor_in_errors() {
        let mut headers = HeaderMap::new();
        sign(&mut headers, "client", &SecretString::from("Atza|secret")).unwrap();
        assert!(!format!("{headers:?}").contains("Atza"));
        let error = sign(&mut headers, "client", &SecretString::from("Atza|line\nbreak")).unwrap_err();
        assert_eq!(error.message(), "the header `Authorization` cannot be sent");
    }
}
