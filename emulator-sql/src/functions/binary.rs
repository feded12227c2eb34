//! `TO_VARBINARY(text, encoding)` and `FROM_VARBINARY(bytes, encoding)`, encoding `hex`, `base64` or `utf-8`.

use std::fmt::Write;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BinaryArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};

use super::scalar::Scalar;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![
        Scalar::new("to_varbinary", 2, |_| Ok(DataType::Binary), to_varbinary),
        Scalar::new("from_varbinary", 2, |_| Ok(DataType::Utf8), from_varbinary),
    ]
}

fn texts(column: &ArrayRef) -> Result<StringArray> {
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn to_varbinary(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, encodings) = (texts(&columns[0])?, texts(&columns[1])?);
    let decoded = values.iter().zip(&encodings).map(|pair| match pair {
        (Some(text), Some(encoding)) => decode(text, encoding).map(Some),
        _ => Ok(None),
    });
    let decoded: Vec<Option<Vec<u8>>> = decoded.collect::<Result<_>>()?;
    Ok(Arc::new(decoded.iter().map(Option::as_deref).collect::<BinaryArray>()))
}

fn from_varbinary(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let bytes = cast(&columns[0], &DataType::Binary)?;
    let encodings = texts(&columns[1])?;
    let encoded = bytes.as_binary::<i32>().iter().zip(&encodings).map(|pair| match pair {
        (Some(bytes), Some(encoding)) => encode(bytes, encoding).map(Some),
        _ => Ok(None),
    });
    Ok(Arc::new(encoded.collect::<Result<StringArray>>()?))
}

fn unknown(encoding: &str) -> DataFusionError {
    DataFusionError::Execution(format!("'{encoding}' is no encoding: use hex, base64 or utf-8"))
}

fn encode(bytes: &[u8], encoding: &str) -> Result<String> {
    match encoding.to_lowercase().as_str() {
        "hex" => Ok(bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        })),
        "base64" => Ok(bytes.chunks(3).flat_map(letters).collect()),
        "utf-8" | "utf8" => Ok(String::from_utf8_lossy(bytes).into_owned()),
        _ => Err(unknown(encoding)),
    }
}

fn decode(text: &str, encoding: &str) -> Result<Vec<u8>> {
    let decoded = match encoding.to_lowercase().as_str() {
        "hex" => from_hex(text),
        "base64" => from_base64(text),
        "utf-8" | "utf8" => Some(text.as_bytes().to_vec()),
        _ => return Err(unknown(encoding)),
    };
    decoded.ok_or_else(|| DataFusionError::Execution(format!("'{text}' is not {encoding}")))
}

fn letters(chunk: &[u8]) -> Vec<char> {
    let word =
        (0..3).fold(0_u32, |word, place| word << 8 | u32::from(chunk.get(place).copied().unwrap_or(0)));
    let letter = |place: usize| ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
    (0..4).map(|place| if place <= chunk.len() { char::from(letter(place)) } else { '=' }).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters = text.trim_end_matches('=').bytes();
    let sixes: Option<Vec<u32>> = letters
        .map(|letter| {
            ALPHABET.iter().position(|known| *known == letter).and_then(|place| u32::try_from(place).ok())
        })
        .collect();
    let bytes = sixes?
        .chunks(4)
        .flat_map(|four| {
            let word = (0..4).fold(0_u32, |word, place| word << 6 | four.get(place).copied().unwrap_or(0));
            word.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect();
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_round_trip() {
        for text in ["", "a", "ab", "abc", "abcd"] {
            for encoding in ["hex", "base64", "utf-8"] {
                let encoded = encode(text.as_bytes(), encoding).unwrap();
                assert_eq!(decode(&encoded, encoding).unwrap(), text.as_bytes());
            }
        }
        assert_eq!(encode(b"Man", "base64").unwrap(), "TWFu");
        assert_eq!(encode(b"Ma", "base64").unwrap(), "TWE=");
    }
}
