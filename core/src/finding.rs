//! Something worth telling about a query, a value or a window, that stops nothing by itself.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Position;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// AMC will refuse this, or it cannot mean what was meant.
    Error,
    /// AMC may refuse this, or it may mean something else than was meant.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word, equal in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A remark on the caller's input: the caller decides what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: String,
    /// Where in the user's own text it is, as `line` and `column`.
    #[serde(flatten)]
    pub position: Option<Position>,
    /// What to do about it, or to write instead.
    pub fix: Option<String>,
}

impl Finding {
    /// Something AMC will refuse.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Something AMC may refuse or read in another way.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Something worth knowing.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, message)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self { code: Cow::from(code), severity, message: message.into(), position: None, fix: None }
    }

    /// Adds where it is.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self { position: Some(position), ..self }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }
}

/// Where and what, in one line: `2:8 error unknown_column: …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column} ")?;
        }
        write!(f, "{} {}: {}", self.severity, self.code, self.message)
    }
}
