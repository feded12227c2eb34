//! A first look at a whole file: what its columns seem to be, and where it can be entered.

use std::io::Read;

use arrow_schema::SchemaRef;

use super::RunDecoder;
use crate::results::Dialect;
use crate::{Error, ErrorKind, Result};

/// How many bytes are read at a time.
const READ_BYTES: usize = 128 << 10;
/// About how far apart the places are at which a file can be entered.
const STRIDE: u64 = 512 << 10;

/// A place in a file before a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The bytes before it.
    pub(crate) bytes: u64,
    /// The rows before it.
    pub(crate) rows: u64,
    /// The lines before it.
    pub(crate) lines: usize,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Survey {
    /// Its columns, each with a guess.
    pub(crate) schema: SchemaRef,
    /// Places to enter it, the first before its first row, the last behind its last.
    pub(crate) marks: Vec<Mark>,
}

impl Survey {
    /// Looks at all of a file that begins with a header line.
    pub(crate) fn of(dialect: Dialect, mut file: impl Read) -> Result<Self> {
        let mut decoder = RunDecoder::looking(dialect);
        let (mut buffer, mut marks) = (vec![0; READ_BYTES], Vec::<Mark>::new());
        loop {
            let read = file.read(&mut buffer).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            decoder.push(&buffer[..read])?;
            match (marks.last(), decoder.mark()) {
                (None, _) => marks.extend(decoder.body()),
                (Some(last), mark) if mark.bytes >= last.bytes + STRIDE => marks.push(mark),
                _ => {}
            }
        }
        decoder.read_carry(true)?;
        marks.push(decoder.mark());
        Ok(Self { schema: decoder.finish()?.0, marks })
    }

    /// Its rows.
    pub(crate) fn rows(&self) -> u64 {
        self.marks.last().map_or(0, |mark| mark.rows)
    }
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "file_not_readable", "the file cannot be read").caused_by(error)
}
