//! The formats in which a result leaves as a file, a writer's bytes or a stream.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::csv::{CsvEncoder, CsvOptions};
use super::ipc::{IpcEncoder, IpcFileEncoder};
use super::json_lines::JsonLines;
use crate::{Error, ErrorKind, Result};

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv(CsvOptions),
    /// One JSON object a line; numbers keep every digit.
    JsonLines,
    /// Parquet, compressed with zstd.
    Parquet,
    /// The Arrow IPC file format, which can be read at any place.
    ArrowFile,
    /// The Arrow IPC stream format.
    ArrowStream,
    /// A workbook with the rows and a sheet of their provenance.
    Xlsx,
}

/// Each format by its word, and the endings of the files that have it.
const FORMATS: [(Format, &str, &[&str]); 6] = [
    (Format::Csv(CsvOptions { byte_order_mark: false, spreadsheet_safe: false }), "csv", &["csv"]),
    (Format::JsonLines, "json_lines", &["jsonl", "ndjson"]),
    (Format::Parquet, "parquet", &["parquet"]),
    (Format::ArrowFile, "arrow", &["arrow", "feather"]),
    (Format::ArrowStream, "arrow_stream", &["arrows"]),
    (Format::Xlsx, "xlsx", &["xlsx"]),
];

impl Format {
    /// The format that the ending of a file's name says.
    ///
    /// # Errors
    /// `InvalidInput`, code `unknown_format`.
    pub fn of_path(path: &Path) -> Result<Self> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let found = FORMATS.iter().find(|(.., endings)| endings.contains(&ending.as_str()));
        found.map(|(format, ..)| *format).ok_or_else(|| {
            unknown(format!("the name of {} does not say in which format it is to be", path.display()))
        })
    }

    /// The format that is asked for by its word, or by the ending of a file's name, with options of CSV.
    ///
    /// # Errors
    /// `InvalidInput`: `unknown_format`; `csv_only` when options of CSV are given for another format.
    pub fn asked(path: &Path, word: Option<&str>, csv: CsvOptions) -> Result<Self> {
        match word.map_or_else(|| Self::of_path(path), str::parse)? {
            Self::Csv(_) => Ok(Self::Csv(csv)),
            other if csv == CsvOptions::default() => Ok(other),
            other => {
                let message =
                    format!("a byte order mark and safety from formulas are for CSV, not {}", other.as_str());
                Err(Error::invalid("csv_only", message))
            }
        }
    }

    /// The word shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let same = |other: &Self| std::mem::discriminant(other) == std::mem::discriminant(&self);
        FORMATS.iter().find(|(format, ..)| same(format)).map_or("csv", |(_, word, _)| word)
    }

    /// Starts a file of the columns of `schema`.
    pub(crate) fn encoder(self, schema: &Schema) -> Result<Encoder> {
        match self {
            Self::Csv(options) => {
                let encoder = CsvEncoder::new(options);
                Ok(Encoder::each(encoder.header(schema), move |batch| encoder.encode(batch)))
            }
            Self::JsonLines => {
                let lines = JsonLines::new(schema)?;
                Ok(Encoder::each(Vec::new(), move |batch| lines.encode(batch)))
            }
            Self::ArrowStream => Ok(Encoder::InTurn(Box::new(IpcEncoder::new(schema)?))),
            Self::ArrowFile => Ok(Encoder::InTurn(Box::new(IpcFileEncoder::new(schema)?))),
            #[cfg(feature = "parquet")]
            Self::Parquet => Ok(Encoder::InTurn(Box::new(super::parquet::FileEncoder::new(schema)?))),
            #[cfg(feature = "xlsx")]
            Self::Xlsx => Ok(Encoder::InTurn(Box::new(super::xlsx::XlsxEncoder::new(schema)?))),
            #[allow(unreachable_patterns, reason = "every format is there with all features")]
            other => {
                let message = format!("this build cannot write {}", other.as_str());
                let error = Error::new(ErrorKind::Unsupported, "format_missing", message);
                Err(error.hint("build amc-fleet with the feature of that name"))
            }
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = FORMATS.iter().find(|(_, known, _)| *known == word);
        found.map(|(format, ..)| *format).ok_or_else(|| unknown(format!("format = '{word}' means nothing")))
    }
}

fn unknown(message: String) -> Error {
    let words: Vec<&str> = FORMATS.iter().map(|(_, word, _)| *word).collect();
    Error::invalid("unknown_format", message).hint(format!("say format = one of {}", words.join(", ")))
}

/// What turns batches into the bytes of a file.
pub(crate) enum Encoder {
    /// Batch by batch, in any order: what comes first, and what is made of each.
    Each(Vec<u8>, EncodeBatch),
    /// One batch after the other.
    InTurn(Box<dyn EncodeFile>),
}

/// Makes bytes of a batch.
pub(crate) type EncodeBatch = Arc<dyn Fn(&RecordBatch) -> Result<Vec<u8>> + Send + Sync>;

impl Encoder {
    fn each(
        first: Vec<u8>,
        encode: impl Fn(&RecordBatch) -> Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self::Each(first, Arc::new(encode))
    }
}

/// Makes the bytes of a file, batch by batch.
pub(crate) trait EncodeFile: fmt::Debug + Send {
    /// Takes a batch: the bytes that are ready.
    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>>;
    /// Ends the file: its last bytes.
    fn finish(self: Box<Self>) -> Result<Vec<u8>>;
}
