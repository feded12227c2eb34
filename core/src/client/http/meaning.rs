//! What AMC's answers mean: known texts first, then the status (AMC-API, sections 4.1 and 5).

use reqwest::StatusCode;

use crate::error::ErrorKind;

const PAIR_HINT: &str = "check that the account id and marketplace id are those of the AMC account that owns the \
                         instance, and that the credential's user has access to it";
const QUERY_HINT: &str = "correct the query; AMC's words name the place";

/// Kind, code and hint of a failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    pub(super) kind: ErrorKind,
    pub(super) code: &'static str,
    pub(super) hint: Option<&'static str>,
}

impl Meaning {
    const fn new(kind: ErrorKind, code: &'static str, hint: Option<&'static str>) -> Self {
        Self { kind, code, hint }
    }
}

/// What AMC's known texts mean. The first text whose parts all occur wins, whatever the status: AMC answers 400 where
/// its specification promises 404.
const TEXTS: [(&[&str], Meaning); 15] = [
    (
        &["Workflow execution with ID", "does not exist"],
        Meaning::new(ErrorKind::NotFound, "run_unknown", Some("check the run's id and its instance")),
    ),
    (&["Workflow with ID", "does not exist"], Meaning::new(ErrorKind::NotFound, "workflow_unknown", None)),
    (&["Workflow with ID", "already exists"], Meaning::new(ErrorKind::Conflict, "workflow_exists", None)),
    (
        &["is unavailable for download"],
        Meaning::new(ErrorKind::Conflict, "result_not_ready", Some("wait until the run has succeeded")),
    ),
    (
        &["Must provide either workflowId or minCreationTime"],
        Meaning::new(ErrorKind::InvalidInput, "list_filter_missing", None),
    ),
    (&["Unauthorized request"], Meaning::new(ErrorKind::Forbidden, "amc_forbidden", Some(PAIR_HINT))),
    (
        &["Terms and conditions must be accepted"],
        Meaning::new(
            ErrorKind::Forbidden,
            "terms_not_accepted",
            Some("log in to the AMC console once in each region and accept the terms"),
        ),
    ),
    (&["Endpoint request timed out"], Meaning::new(ErrorKind::Timeout, "amc_gateway_timeout", None)),
    (
        &["reached your execution limit"],
        Meaning::new(
            ErrorKind::LimitExceeded,
            "execution_limit",
            Some("wait until a run of the instance has ended"),
        ),
    ),
    (
        &["referenced an undeclared parameter"],
        Meaning::new(
            ErrorKind::InvalidInput,
            "parameter_undeclared",
            Some("declare the parameter in inputParameters"),
        ),
    ),
    (
        &["The workflow parameter", "is defined multiple times"],
        Meaning::new(ErrorKind::InvalidInput, "parameter_duplicate", Some("declare the parameter once")),
    ),
    (
        &["too many workflows have already been run against the same input"],
        Meaning::new(
            ErrorKind::LimitExceeded,
            "overlap_limit",
            Some("choose another window, or run fewer nearly identical queries over it"),
        ),
    ),
    (
        &["Was unable to compile workflow"],
        Meaning::new(ErrorKind::InvalidInput, "query_invalid", Some(QUERY_HINT)),
    ),
    (&["SQL query was invalid"], Meaning::new(ErrorKind::InvalidInput, "query_invalid", Some(QUERY_HINT))),
    (&["From line", "to line"], Meaning::new(ErrorKind::InvalidInput, "query_invalid", Some(QUERY_HINT))),
];

/// Reads the meaning of an unsuccessful answer.
///
/// A text that explains a refusal never explains away a throttle or a failure of the server. It does explain a 401: a
/// token just given is rarely wrong, a wrong account often answered so.
pub(super) fn meaning(status: StatusCode, words: &str) -> Meaning {
    let fixed = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    let known = TEXTS.iter().find(|(parts, _)| parts.iter().all(|part| words.contains(part)));
    match known {
        Some((_, meaning)) if !fixed || meaning.kind == ErrorKind::Timeout => *meaning,
        _ => by_status(status),
    }
}

fn by_status(status: StatusCode) -> Meaning {
    match status.as_u16() {
        401 => Meaning::new(
            ErrorKind::Unauthorized,
            "amc_unauthorized",
            Some("AMC refuses the credential's token; renew the refresh token of a user with AMC access"),
        ),
        403 => Meaning::new(ErrorKind::Forbidden, "amc_forbidden", Some(PAIR_HINT)),
        404 => Meaning::new(ErrorKind::NotFound, "amc_not_found", Some(PAIR_HINT)),
        408 | 504 => Meaning::new(ErrorKind::Timeout, "amc_gateway_timeout", None),
        413 => Meaning::new(ErrorKind::TooLarge, "amc_request_too_large", None),
        422 => Meaning::new(ErrorKind::InvalidInput, "amc_unprocessable", None),
        429 => Meaning::new(ErrorKind::RateLimited, "amc_throttled", None),
        400..=499 => Meaning::new(ErrorKind::InvalidInput, "amc_refused", None),
        500..=599 => Meaning::new(ErrorKind::Unavailable, "amc_unavailable", None),
        _ => Meaning::new(ErrorKind::Unexpected, "amc_unexpected", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, words: &str) -> (ErrorKind, &'static str) {
        let Meaning { kind, code, .. } = meaning(StatusCode::from_u16(status).unwrap(), words);
        (kind, code)
    }

    #[test]
    fn texts_win_over_the_status() {
        let unknown_run = "Workflow execution with ID 1 does not exist.";
        assert_eq!(read(400, unknown_run), (ErrorKind::NotFound, "run_unknown"));
        assert_eq!(read(404, unknown_run), (ErrorKind::NotFound, "run_unknown"));
        assert_eq!(
            read(422, "You have reached your execution limit of 5 workflowExecutions"),
            (ErrorKind::LimitExceeded, "execution_limit")
        );
        assert_eq!(read(401, "Unauthorized request"), (ErrorKind::Forbidden, "amc_forbidden"));
        assert_eq!(read(504, "Endpoint request timed out"), (ErrorKind::Timeout, "amc_gateway_timeout"));
    }

    #[test]
    fn texts_never_explain_away_a_throttle_or_a_broken_server() {
        assert_eq!(read(429, "Unauthorized request"), (ErrorKind::RateLimited, "amc_throttled"));
        assert_eq!(read(500, "Unauthorized request"), (ErrorKind::Unavailable, "amc_unavailable"));
    }

    #[test]
    fn statuses_have_their_kinds() {
        let kinds = [
            (400, ErrorKind::InvalidInput),
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (408, ErrorKind::Timeout),
            (410, ErrorKind::InvalidInput),
            (422, ErrorKind::InvalidInput),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
            (502, ErrorKind::Unavailable),
            (504, ErrorKind::Timeout),
            (302, ErrorKind::Unexpected),
        ];
        for (status, kind) in kinds {
            assert_eq!(read(status, "").0, kind, "{status}");
        }
    }
}
