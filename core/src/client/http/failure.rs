//! Turns an unsuccessful answer into an error: AMC's own words, our kind, code and hint (AMC-API, sections 4.1, 5).

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::meaning::{Meaning, meaning};
use super::transport::Answer;
use crate::error::{Error, ErrorKind};

/// How much of a body an error keeps.
const RAW_CHARS: usize = 2_000;

/// How much of a body that is no JSON an error's message quotes.
const QUOTED_CHARS: usize = 200;

/// Where AMC, its gateway and Login with Amazon put their words, most telling first.
const WORDS: [&str; 6] =
    ["details", "message", "statusReason", "messageSubject", "error_description", "error"];

const REQUEST_ID_HEADERS: [&str; 3] = ["x-amz-request-id", "x-amz-rid", "x-amzn-requestid"];

/// The error of an answer that is no success. `who` answered; `what` names the call, as in "to submit a run".
pub(super) fn error(answer: &Answer, who: &str, what: &str, now: DateTime<Utc>) -> Error {
    let text = String::from_utf8_lossy(&answer.body);
    let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or(Value::Null);
    let words = words(&body, &text);
    let Meaning { kind, code, hint } = meaning(answer.status, &words);
    let message = format!("{who}, asked {what}, answered {}: {words}", answer.status.as_u16());
    let mut error = Error::new(kind, code, message)
        .request_id(request_id(&answer.headers).or_else(|| request_id_in(&body)))
        .answered(answer.status.as_u16())
        .raw(text.chars().take(RAW_CHARS).collect::<String>());
    if let Some(hint) = hint {
        error = error.hint(hint);
    }
    let after = retry_after(&answer.headers, now);
    if error.is_retryable() || matches!(code, "result_not_ready" | "execution_limit") {
        error = error.retry_later(after);
    }
    error
}

/// A success whose body is of no use. `why` completes "answered …".
pub(super) fn unreadable(answer: &Answer, what: &str, why: &str) -> Error {
    let text = String::from_utf8_lossy(&answer.body);
    Error::new(ErrorKind::Unavailable, "amc_unreadable", format!("AMC, asked {what}, answered {why}"))
        .request_id(request_id(&answer.headers))
        .raw(text.chars().take(RAW_CHARS).collect::<String>())
}

/// AMC's id of the request, for a support case.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok()).map(ToOwned::to_owned)
}

fn request_id_in(body: &Value) -> Option<String> {
    ["requestId", "request_id"].iter().find_map(|key| body.get(key)?.as_str()).map(ToOwned::to_owned)
}

fn words(body: &Value, text: &str) -> String {
    let said = WORDS.iter().find_map(|key| body.get(key)?.as_str()).filter(|words| !words.trim().is_empty());
    match said {
        Some(words) => words.trim().to_owned(),
        None if text.trim().is_empty() => "no explanation".to_owned(),
        None if text.trim_start().starts_with('<') => html_title(text),
        None => text.trim().chars().take(QUOTED_CHARS).collect(),
    }
}

fn html_title(text: &str) -> String {
    match element(text, "title") {
        Some(title) => format!("an HTML page, \"{}\"", title.trim()),
        None => "an HTML page".to_owned(),
    }
}

/// The text of the first element of a name, in HTML or XML.
pub(super) fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inner, _)| inner)
}

/// `Retry-After`, in seconds or as an HTTP date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?;
    Some((at.with_timezone(&Utc) - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: &str = "2025-10-15T00:00:00Z";

    fn of(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Error {
        let headers = headers
            .iter()
            .map(|(name, value)| (reqwest::header::HeaderName::from_static(name), value.parse().unwrap()));
        let status = reqwest::StatusCode::from_u16(status).unwrap();
        let answer = Answer { status, headers: headers.collect(), body: body.into() };
        error(&answer, "AMC", "to submit a run", NOW.parse().unwrap())
    }

    #[test]
    fn every_body_shape_gives_its_words() {
        let shapes = [
            (r#"{"code":"400","details":"wrong"}"#, "wrong"),
            (r#"{"message":"wrong","requestId":"R"}"#, "wrong"),
            (r#"{"statusReason":"wrong"}"#, "wrong"),
            (r#"{"messageSubject":"wrong"}"#, "wrong"),
            (r#"{"details":null,"message":"wrong"}"#, "wrong"),
            ("<html><head><title>Bad Gateway</title></head></html>", "an HTML page, \"Bad Gateway\""),
            ("<html>", "an HTML page"),
            ("plain words\n", "plain words"),
            ("[1]", "[1]"),
            ("", "no explanation"),
        ];
        for (body, words) in shapes {
            let error = of(400, &[], body);
            assert_eq!(error.message(), format!("AMC, asked to submit a run, answered 400: {words}"));
            assert_eq!(error.raw_text(), Some(body));
        }
    }

    #[test]
    fn the_request_id_comes_from_the_headers_or_the_body() {
        let body = r#"{"message":"m","requestId":"BODY"}"#;
        assert_eq!(of(500, &[("x-amz-rid", "RID")], body).remote_request_id(), Some("RID"));
        assert_eq!(of(500, &[], body).remote_request_id(), Some("BODY"));
        assert_eq!(of(500, &[], "").remote_request_id(), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |value| of(429, &[("retry-after", value)], "").retry_after();
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Wed, 15 Oct 2025 00:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(after("Wed, 15 Oct 2025 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("Tue, 14 Oct 2025 00:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn a_refusal_is_final_and_a_throttle_is_not() {
        assert!(!of(400, &[("retry-after", "7")], "").is_retryable());
        assert!(of(429, &[], "").is_retryable());
        assert!(
            of(400, &[], r#"{"details":"Execution with ID 1 is unavailable for download."}"#).is_retryable()
        );
    }

    proptest! {
        #[test]
        fn any_body_survives(status in 300_u16..600, body in proptest::collection::vec(any::<u8>(), 0..4_000)) {
            let status = reqwest::StatusCode::from_u16(status).unwrap();
            let answer = Answer { status, headers: HeaderMap::new(), body: body.into() };
            let error = error(&answer, "AMC", "to submit a run", NOW.parse().unwrap());
            prop_assert!(error.message().starts_with("AMC, asked to submit a run, answered "));
            prop_assert!(error.raw_text().unwrap().chars().count() <= RAW_CHARS);
        }
    }
}
