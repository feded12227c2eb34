//! Whatever bytes come as a result, in whatever pieces: they are rows, or an error, and the pieces make no difference.

#![no_main]

use amc_fleet::results::{Dialect, RunDecoder};
use libfuzzer_sys::fuzz_target;

/// The rows of some bytes that come in pieces of a size, or the error's code.
fn rows(bytes: &[u8], piece: usize, dialect: Dialect) -> Result<u64, String> {
    let mut decoder = RunDecoder::new(dialect, None, 3);
    let read = |decoder: &mut RunDecoder| {
        bytes.chunks(piece).try_for_each(|piece| decoder.push(piece).map(|_| ()))?;
        decoder.end_part()
    };
    read(&mut decoder).map_err(|error| error.code().to_owned())?;
    Ok(decoder.rows())
}

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, bytes) = input;
    for dialect in [Dialect::default(), Dialect::RFC_4180] {
        let whole = rows(bytes, bytes.len().max(1), dialect);
        assert_eq!(rows(bytes, usize::from(piece).max(1), dialect), whole);
    }
});
