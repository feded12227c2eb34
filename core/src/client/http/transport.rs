//! Sends one request and says what became of it.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Client, Request, Response, StatusCode, Url, redirect, retry};

use super::settings::HttpSettings;
use super::tls;
use crate::error::{Error, ErrorKind, Result};

/// How long an idle connection is used again. A request on a connection that the other side has just closed is lost
/// without an answer, and a submit lost so has to be looked for: hosts close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(20);

/// What came back, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why a request did not succeed, and whether the remote side may have acted on it.
#[derive(Debug)]
pub(super) enum Loss {
    /// It is proved that the remote side did not act.
    NotTaken(Error),
    /// It may have acted.
    Unknown(Error),
}

impl From<Loss> for Error {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::NotTaken(error) | Loss::Unknown(error) => error,
        }
    }
}

/// Connections: by the environment's proxies to the world, directly to this machine.
#[derive(Debug)]
pub(super) struct Transport {
    proxied: Client,
    direct: Client,
    trusts: bool,
}

impl Transport {
    pub(super) fn new(settings: &HttpSettings) -> Result<Self> {
        let (tls, trusts) = tls::config()?;
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(&settings.user_agent)
                .connect_timeout(settings.connect_timeout)
                .read_timeout(settings.read_timeout)
                .pool_idle_timeout(IDLE)
                // A lost connection then leaves one call in doubt, not all of them.
                .http1_only()
                .redirect(redirect::Policy::none())
                .retry(retry::never())
        };
        let built = |client: reqwest::Result<Client>| {
            client.map_err(|error| {
                Error::invalid("http_settings_unusable", "the HTTP client cannot be built from its settings")
                    .caused_by(error)
            })
        };
        Ok(Self { proxied: built(builder().build())?, direct: built(builder().no_proxy().build())?, trusts })
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, Loss> {
        let host = host_of(request.url());
        let response = self.open(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match response.bytes().await {
            Ok(body) => body,
            // The status of a failure says enough; only a success is worth nothing without its body.
            Err(_) if !status.is_success() => Bytes::new(),
            Err(error) => return Err(Loss::Unknown(lost(error, &host))),
        };
        Ok(Answer { status, headers, body })
    }

    /// Sends a request and returns as soon as the head of the answer is there.
    pub(super) async fn open(&self, request: Request) -> Result<Response, Loss> {
        let host = host_of(request.url());
        if request.url().scheme() == "https" && !self.trusts {
            return Err(Loss::NotTaken(untrusting(&host)));
        }
        let client = if is_local(request.url()) { &self.direct } else { &self.proxied };
        client.execute(request).await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                Loss::NotTaken(unreachable(error, &host))
            } else {
                Loss::Unknown(lost(error, &host))
            }
        })
    }
}

/// The host and port of a URL: the most of it that may be shown.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("no host");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || host == "localhost" || host.ends_with(".localhost")
}

fn untrusting(host: &str) -> Error {
    Error::new(ErrorKind::Unsupported, "tls_untrusting", format!("no certificates to check {host} with"))
        .hint("install the system's CA certificates (package ca-certificates) or set SSL_CERT_FILE")
}

fn unreachable(error: reqwest::Error, host: &str) -> Error {
    Error::new(ErrorKind::Unavailable, "amc_unreachable", format!("{host} cannot be reached"))
        .hint("check the address, the network and proxy settings; for an emulator, that it is running")
        .caused_by(error.without_url())
}

/// A request that left, and an answer that did not arrive whole.
pub(super) fn lost(error: reqwest::Error, host: &str) -> Error {
    let (kind, code, message) = if error.is_timeout() {
        (ErrorKind::Timeout, "amc_timeout", format!("{host} did not answer in time"))
    } else if error.is_decode() || error.is_body() {
        (ErrorKind::Unavailable, "amc_answer_broken", format!("the answer of {host} broke off"))
    } else {
        (ErrorKind::Unavailable, "amc_connection_lost", format!("the connection to {host} was lost"))
    };
    Error::new(kind, code, message).caused_by(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_a_proxy() {
        let local = |url: &str| is_local(&Url::parse(url).unwrap());
        assert!(local("http://localhost:8080/x") && local("http://127.0.0.9/") && local("http://[::1]:1/"));
        assert!(!local("https://advertising-api.amazon.com/") && !local("http://10.0.0.1/"));
    }
}
