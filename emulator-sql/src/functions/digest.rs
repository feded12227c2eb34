//! `SHA1(text)` in hexadecimal and `HASH64(value…)`, a stable 64-bit number.

use std::fmt::Write;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;

use super::scalar::Scalar;
use crate::world::{mix, mix_text};

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![
        Scalar::new("sha1", 1, |_| Ok(DataType::Utf8), sha1_all),
        Scalar::variadic("hash64", |_| Ok(DataType::Int64), hash_all),
    ]
}

fn texts(column: &ArrayRef) -> Result<StringArray> {
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn sha1_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let digests = texts(&columns[0])?;
    Ok(Arc::new(
        digests.iter().map(|text| text.map(|text| hex(&sha1(text.as_bytes())))).collect::<StringArray>(),
    ))
}

fn hash_all(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let columns = columns.iter().map(texts).collect::<Result<Vec<_>>>()?;
    let part = |column: &StringArray, row| if column.is_valid(row) { mix_text(column.value(row)) } else { 0 };
    let row = |row| mix(&columns.iter().map(|column| part(column, row)).collect::<Vec<_>>()).cast_signed();
    Ok(Arc::new((0..columns[0].len()).map(row).collect::<Int64Array>()))
}

fn hex(words: &[u32; 5]) -> String {
    words.iter().fold(String::with_capacity(40), |mut text, word| {
        let _ = write!(text, "{word:08x}");
        text
    })
}

/// SHA-1 of FIPS 180-4; for identifiers, not for secrets.
fn sha1(message: &[u8]) -> [u32; 5] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64) + if padded.len() % 64 > 56 { 64 } else { 0 }, 0);
    let length = (message.len() as u64 * 8).to_be_bytes();
    let end = padded.len();
    padded[end - 8..].copy_from_slice(&length);
    let start = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    padded.chunks_exact(64).fold(start, block)
}

fn block(state: [u32; 5], chunk: &[u8]) -> [u32; 5] {
    let mut words = [0_u32; 80];
    for (word, bytes) in words.iter_mut().zip(chunk.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for n in 16..80 {
        words[n] = (words[n - 3] ^ words[n - 8] ^ words[n - 14] ^ words[n - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = state;
    for (n, word) in words.iter().enumerate() {
        let (f, k) = match n {
            0..20 => ((b & c) | (!b & d), 0x5a82_7999),
            20..40 => (b ^ c ^ d, 0x6ed9_eba1),
            40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
    }
    let mut sum = state;
    for (total, part) in sum.iter_mut().zip([a, b, c, d, e]) {
        *total = total.wrapping_add(part);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha1_of_the_standard_examples() {
        assert_eq!(hex(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(hex(&sha1(long)), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        assert_eq!(hex(&sha1(b"")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    }
}
