//! One part of a result from its signed URL: whoever has the URL has the data, so it shows up nowhere.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, HeaderValue, RANGE};
use reqwest::{Method, Request, Response, StatusCode, Url};

use super::counts::CallCounter;
use super::failure;
use super::transport::{self, Answer, Transport};
use crate::client::PartStream;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::CallKind;

/// Opens parts. Sends no token: the download host is not AMC, and the URL itself is the permission.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) transport: Arc<Transport>,
    pub(super) counter: Arc<CallCounter>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Download {
    /// Opens a part once, from a byte on. Its stream ends in an error where the body is shorter than announced.
    pub(super) async fn open(&self, url: &str, offset: u64) -> Result<PartStream> {
        let url = parse(url)?;
        let host = transport::host_of(&url);
        self.counter.add(CallKind::File);
        let response = self.transport.open(request(url, offset)?).await?;
        match response.status() {
            StatusCode::OK if offset == 0 => Ok(body(response, host)),
            StatusCode::PARTIAL_CONTENT if begins_at(&response, offset) => Ok(body(response, host)),
            StatusCode::RANGE_NOT_SATISFIABLE if offset > 0 => Ok(stream::empty().boxed()),
            status if status.is_success() => Err(not_resumable(&host)),
            _ => Err(self.refusal(response, &host).await),
        }
    }

    async fn refusal(&self, response: Response, host: &str) -> Error {
        let status = response.status();
        let request_id = failure::request_id(response.headers());
        let (kind, code, message) = match status {
            StatusCode::FORBIDDEN => {
                (ErrorKind::Forbidden, "url_expired", "refused a download URL as expired")
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                (ErrorKind::NotFound, "part_gone", "no longer has this part of the result")
            }
            _ if status.is_redirection() => (
                ErrorKind::Unexpected,
                "download_redirected",
                "sends a download elsewhere, which is not followed",
            ),
            _ => return self.failure(response, host).await,
        };
        let error = Error::new(kind, code, format!("{host} {message}")).request_id(request_id);
        match code {
            "url_expired" => error.hint("ask for fresh download URLs").retry_later(None),
            _ => error,
        }
    }

    /// Of the host's words only its error code is kept: the rest may repeat the URL.
    async fn failure(&self, response: Response, host: &str) -> Error {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let body = failure::element(&text, "Code").unwrap_or_default().to_owned().into();
        failure::error(&Answer { status, headers, body }, host, "for a part of a result", self.clock.now())
    }
}

/// Bytes are counted as they are stored, so the rest of a part is asked for without compression.
fn request(url: Url, offset: u64) -> Result<Request> {
    let mut request = Request::new(Method::GET, url);
    if offset > 0 {
        let range = HeaderValue::try_from(format!("bytes={offset}-"));
        let range = range.map_err(|_| Error::unexpected("a byte range that is no header"))?;
        request.headers_mut().insert(RANGE, range);
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(request)
}

fn begins_at(response: &Response, offset: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {offset}-")))
}

fn body(response: Response, host: String) -> PartStream {
    response.bytes_stream().map_err(move |error| transport::lost(error, &host)).boxed()
}

fn not_resumable(host: &str) -> Error {
    let message = format!("{host} sends something else than the rest of the part that was asked for");
    Error::new(ErrorKind::Unexpected, "part_not_resumable", message)
        .hint("fetch the part from its beginning")
        .retry_later(None)
}

fn parse(url: &str) -> Result<Url> {
    let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    parsed.ok_or_else(|| Error::invalid("download_url_unusable", "a download URL is no web address"))
}
