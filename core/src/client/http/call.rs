//! One call to AMC before it is signed.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use reqwest::{Method, Request, Url};
use serde_json::Value;

use super::headers;
use crate::client::{AccountTarget, Target};
use crate::error::{Error, Result};
use crate::model::CallKind;

/// A call: where to, in whose name, what for.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) kind: CallKind,
    /// What the call asks, as in "to list the runs of amc…".
    pub(super) what: String,
    pub(super) credential_key: String,
    /// The longest the whole call takes, its token included.
    pub(super) limit: Option<Duration>,
    /// The instant from which on it may not be sent.
    pub(super) leave_by: Option<DateTime<Utc>>,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Call {
    /// A read of `path` below an endpoint.
    pub(super) fn get(
        kind: CallKind,
        what: impl Into<String>,
        credential_key: &str,
        endpoint: &str,
        path: &[&str],
    ) -> Result<Self> {
        Ok(Self {
            kind,
            what: what.into(),
            credential_key: credential_key.to_owned(),
            limit: None,
            leave_by: None,
            method: Method::GET,
            url: url(endpoint, path)?,
            headers: HeaderMap::new(),
            body: None,
        })
    }

    /// A read that concerns an account.
    pub(super) fn of_account(
        kind: CallKind,
        what: impl Into<String>,
        account: &AccountTarget,
        path: &[&str],
    ) -> Result<Self> {
        let call = Self::get(kind, what, &account.credential_key, &account.endpoint, path)?;
        Ok(Self { headers: headers::of_account(account)?, ..call })
    }

    /// A read of an instance's runs, or of one of them.
    pub(super) fn of_runs(kind: CallKind, what: &str, target: &Target, rest: &[&str]) -> Result<Self> {
        Self::of_instance(kind, what, target, "workflowExecutions", rest)
    }

    /// A read of what an instance holds of one resource, or of one of them.
    pub(super) fn of_instance(
        kind: CallKind,
        what: &str,
        target: &Target,
        resource: &str,
        rest: &[&str],
    ) -> Result<Self> {
        let mut path = vec!["amc", "reporting", &target.instance_id, resource];
        path.extend_from_slice(rest);
        Self::of_account(kind, format!("{what} {}", target.instance_id), &target.account, &path)
    }

    /// The same call with a query parameter more.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// The same call as one that writes: a body, and a limit to how long it takes.
    pub(super) fn writing(mut self, method: Method, body: &Value, limit: Duration) -> Self {
        headers::json(&mut self.headers);
        Self { method, body: Some(body.to_string().into()), limit: Some(limit), ..self }
    }

    /// The request to send.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        request.headers_mut().clone_from(&self.headers);
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

fn url(endpoint: &str, path: &[&str]) -> Result<Url> {
    let unusable = || {
        let shown = endpoint.escape_debug();
        Error::invalid("endpoint_unusable", format!("the endpoint `{shown}` is no web address"))
            .hint("give the base URL of the API, as in https://advertising-api.amazon.com")
    };
    let parsed = Url::parse(endpoint).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let mut url = parsed.ok_or_else(unusable)?;
    // Segments that URLs give a meaning would turn one call into another.
    if let Some(id) = path.iter().find(|segment| matches!(**segment, "" | "." | "..")) {
        return Err(Error::invalid("id_unusable", format!("`{id}` is no id that AMC can know")));
    }
    url.path_segments_mut().map_err(|()| unusable())?.pop_if_empty().extend(path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_one_path_segment() {
        let url = url("http://amc:1/base/", &["amc", "reporting", "a/../b?c"]).unwrap();
        assert_eq!(url.as_str(), "http://amc:1/base/amc/reporting/a%2F..%2Fb%3Fc");
    }

    #[test]
    fn an_id_never_turns_one_call_into_another() {
        for id in ["", ".", ".."] {
            assert_eq!(url("http://amc", &["amc", id]).unwrap_err().code(), "id_unusable");
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for endpoint in ["", "amazon.com", "file:///etc", "mailto:a@b"] {
            assert_eq!(url(endpoint, &[]).unwrap_err().code(), "endpoint_unusable", "{endpoint}");
        }
    }
}
