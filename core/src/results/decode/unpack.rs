//! Parts that come compressed, though nobody asked for that.

use std::fmt;
use std::io::Write;

use flate2::write::MultiGzDecoder;

/// The first byte of gzip, which no text begins with.
const GZIP: u8 = 0x1F;
/// How many packed bytes are unpacked at a time, so that what comes of them is bounded.
const STEP_BYTES: usize = 16 << 10;

/// The bytes of one part as text: those of gzip are unpacked, others are what they are.
#[derive(Default)]
pub(super) struct Unpacker {
    form: Form,
}

#[derive(Default)]
enum Form {
    #[default]
    Unknown,
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if let Form::Gzip(_) = self.form { "Gzip" } else { "Plain" })
    }
}

impl Unpacker {
    /// Whether bytes that follow are packed.
    pub(super) fn is_packed(&mut self, bytes: &[u8]) -> bool {
        if let (Form::Unknown, Some(first)) = (&self.form, bytes.first()) {
            let gzip = || Form::Gzip(Box::new(MultiGzDecoder::new(Vec::new())));
            self.form = if *first == GZIP { gzip() } else { Form::Plain };
        }
        matches!(self.form, Form::Gzip(_))
    }

    /// Unpacks some of the bytes: what comes of them, and the rest.
    pub(super) fn unpack<'a>(&mut self, bytes: &'a [u8]) -> std::io::Result<(Vec<u8>, &'a [u8])> {
        let Form::Gzip(gzip) = &mut self.form else { return Ok((Vec::new(), bytes)) };
        let (step, rest) = bytes.split_at(bytes.len().min(STEP_BYTES));
        gzip.write_all(step)?;
        gzip.flush()?;
        Ok((std::mem::take(gzip.get_mut()), rest))
    }

    /// Ends the part: what is left of it.
    pub(super) fn end(&mut self) -> std::io::Result<Vec<u8>> {
        match std::mem::take(&mut self.form) {
            Form::Gzip(gzip) => gzip.finish(),
            Form::Unknown | Form::Plain => Ok(Vec::new()),
        }
    }
}
