//! The one error type of this crate.
//!
//! Callers match [`Error::kind`], ask [`Error::is_retryable`] and [`Error::retry_after`], show [`Error::hint`] to a
//! person and print `{error}`; `source()` carries the cause. Nothing else is promised.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the caller's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call itself is wrong; nothing was started.
    InvalidInput,
    /// The thing named does not exist, or is not visible to this owner.
    NotFound,
    /// The credential may not do this.
    Forbidden,
    /// The thing exists already with other content, or somebody else changed it first.
    Conflict,
    /// The input or result is larger than a setting allows.
    TooLarge,
    /// A limit on the number of things is reached.
    LimitExceeded,
    /// The credential is wrong, expired or revoked.
    Unauthorized,
    /// The remote side asked to slow down.
    RateLimited,
    /// The remote side or the database cannot be reached.
    Unavailable,
    /// No answer within the time allowed.
    Timeout,
    /// AMC ran the query and failed, or rejected it.
    RemoteFailed,
    /// Somebody cancelled it.
    Cancelled,
    /// A result lacks instances that were asked for.
    Incomplete,
    /// This build or this database cannot do it.
    Unsupported,
    /// None of the above: a defect here, or an answer nobody foresaw.
    Unexpected,
}

impl ErrorKind {
    /// Every kind, so that each edge can test that it maps them all.
    pub const ALL: [Self; 15] = [
        Self::InvalidInput,
        Self::NotFound,
        Self::Forbidden,
        Self::Conflict,
        Self::TooLarge,
        Self::LimitExceeded,
        Self::Unauthorized,
        Self::RateLimited,
        Self::Unavailable,
        Self::Timeout,
        Self::RemoteFailed,
        Self::Cancelled,
        Self::Incomplete,
        Self::Unsupported,
        Self::Unexpected,
    ];

    /// The stable name of the kind, equal in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::LimitExceeded => "limit_exceeded",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::RemoteFailed => "remote_failed",
            Self::Cancelled => "cancelled",
            Self::Incomplete => "incomplete",
            Self::Unsupported => "unsupported",
            Self::Unexpected => "unexpected",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a text the user wrote, counted from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retry {
    Never,
    Later(Option<Duration>),
}

/// Every error this crate returns: one word wide, cheap to pass on.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    code: &'static str,
    message: String,
    hint: Option<String>,
    position: Option<Position>,
    excerpt: Option<String>,
    instances: Vec<String>,
    request_id: Option<String>,
    http_status: Option<u16>,
    raw: Option<String>,
    retry: Retry,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error of `kind` with a stable `code` that may be finer than the kind's own name.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        let retry = match kind {
            ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Timeout => Retry::Later(None),
            _ => Retry::Never,
        };
        Self(Box::new(Inner {
            kind,
            code,
            message: message.into(),
            hint: None,
            position: None,
            excerpt: None,
            instances: Vec::new(),
            request_id: None,
            http_status: None,
            raw: None,
            retry,
            source: None,
        }))
    }

    /// An error about the caller's input.
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, code, message)
    }

    /// An error about a thing that does not exist for this owner.
    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// An error nobody foresaw.
    pub fn unexpected(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unexpected, "unexpected", message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Says first where the words belong.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.0.message = format!("{place}: {}", self.0.message);
        self
    }

    /// Adds where in the user's text it is.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.0.position = Some(position);
        self
    }

    /// Adds the line of its place in `text`, with a caret under the column; nothing where it has no place.
    #[must_use]
    pub fn shown_in(self, text: &str) -> Self {
        let position = self.0.position;
        self.placed(position, position.and_then(|position| crate::sql::excerpt(text, position)))
    }

    pub(crate) fn placed(mut self, position: Option<Position>, excerpt: Option<String>) -> Self {
        self.0.position = position;
        self.0.excerpt = excerpt;
        self
    }

    /// Adds the instances it concerns, by AMC id.
    #[must_use]
    pub fn instances<S: Into<String>>(mut self, instances: impl IntoIterator<Item = S>) -> Self {
        self.0.instances.extend(instances.into_iter().map(Into::into));
        self
    }

    /// Adds the remote side's request id.
    #[must_use]
    pub fn request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    /// Adds the HTTP status of the remote side's answer.
    #[must_use]
    pub fn answered(mut self, http_status: u16) -> Self {
        self.0.http_status = Some(http_status);
        self
    }

    /// Adds the remote side's own words.
    #[must_use]
    pub fn raw(mut self, raw: impl Into<String>) -> Self {
        self.0.raw = Some(raw.into());
        self
    }

    /// Says that trying again can help, at the earliest after `after` where that is known.
    #[must_use]
    pub fn retry_later(mut self, after: Option<Duration>) -> Self {
        self.0.retry = Retry::Later(after);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What went wrong, in the caller's terms.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// A stable code, at least as fine as the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What was wrong, in one sentence: the same text as `Display`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
    #[must_use]
    pub fn what_to_do(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Where in the user's own text it is.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.0.position
    }

    /// The line of that place and, below it, a caret under the column.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// The AMC ids of the instances it concerns.
    #[must_use]
    pub fn concerned_instances(&self) -> &[String] {
        &self.0.instances
    }

    /// Returns the HTTP status of the remote side's answer, where there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The remote side's request id, for a support case.
    #[must_use]
    pub fn remote_request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The remote side's own words.
    #[must_use]
    pub fn raw_text(&self) -> Option<&str> {
        self.0.raw.as_deref()
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.retry, Retry::Later(_))
    }

    /// How long the remote side asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.0.retry {
            Retry::Later(after) => after,
            Retry::Never => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind).field("code", &self.0.code).field("message", &self.0.message);
        if let Some(hint) = &self.0.hint {
            out.field("hint", hint);
        }
        if let Some(position) = self.0.position {
            out.field("position", &position);
        }
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kinds_are_unique() {
        let names: std::collections::HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn display_says_only_its_own_words() {
        let error = Error::unexpected("outer").caused_by("inner");
        assert_eq!(error.to_string(), "outer");
        assert_eq!(error.source().map(ToString::to_string), Some("inner".to_owned()));
    }
}
