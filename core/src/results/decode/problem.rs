//! What can be wrong with the bytes of a result.

use crate::{Error, ErrorKind};

/// How much of an offending field an error shows, in characters.
const EXCERPT: usize = 60;

/// What is wrong with one record or one field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::results) enum Problem {
    #[error("text follows a closing quote")]
    TextAfterQuote,
    #[error("the file ends inside a quoted field")]
    OpenQuote,
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("it has {found} fields where the header has {expected}")]
    FieldCount { found: usize, expected: usize },
    #[error("{0:?} is not valid UTF-8")]
    NotUtf8(String),
    #[error("{text:?} is no {amc_type}")]
    NotA { amc_type: &'static str, text: String },
    #[error("{0:?} needs more than the 38 digits a DECIMAL can hold")]
    TooManyDigits(String),
    #[error("none of the columns AMC described is in the header ({0})")]
    ForeignHeader(String),
    #[error("a batch has more than 2 GiB of text")]
    TooMuchText,
    #[error("its gzip cannot be unpacked: {0}")]
    BrokenGzip(String),
    #[error("there is no header line")]
    NoHeader,
}

impl Problem {
    pub(super) fn not_a(amc_type: &'static str, field: &[u8]) -> Self {
        Self::NotA { amc_type, text: excerpt(field) }
    }

    /// Turns the problem into the crate's error, saying where it is, and in which column.
    pub(super) fn at(self, place: &Place, column: Option<&str>) -> Error {
        let Place { part, line, row } = place;
        let place = format!("part {part}, line {line} (row {row})");
        match column {
            Some(name) => self.found(&format!("{place}, column {name:?}")),
            None => self.found(&place),
        }
    }

    /// Turns the problem into the crate's error, saying where it is.
    pub(super) fn found(self, place: &str) -> Error {
        let message = format!("the result cannot be read: {place}: {self}");
        Error::new(ErrorKind::Unexpected, "result_unreadable", message)
            .hint("fetch the result again; if it stays, compare the raw part with the dialect and outputColumns")
            .caused_by(self)
    }
}

/// Where something stands in the parts of a run, all counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The part.
    pub(super) part: usize,
    /// The line of the part on which the record begins.
    pub(super) line: usize,
    /// The row of the run.
    pub(super) row: u64,
}

/// The beginning of a field, fit for a message.
pub(super) fn excerpt(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    let mut short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
