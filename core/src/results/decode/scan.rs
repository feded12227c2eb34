//! Finds bytes many at a time.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// One or two bytes to look for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stops {
    bytes: [u8; 2],
    words: [u64; 2],
}

impl Stops {
    pub(super) fn new(first: u8, second: u8) -> Self {
        Self { bytes: [first, second], words: [LOW * u64::from(first), LOW * u64::from(second)] }
    }

    /// Where the first of them is, at or after `at`; the end of the block where there is none.
    pub(super) fn find(self, block: &[u8], mut at: usize) -> usize {
        while let Some(chunk) = block[at..].first_chunk::<8>() {
            let word = u64::from_le_bytes(*chunk);
            let found = zero_bytes(word ^ self.words[0]) | zero_bytes(word ^ self.words[1]);
            if found != 0 {
                return at + found.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        let rest = block[at..].iter().position(|byte| self.bytes.contains(byte));
        rest.map_or(block.len(), |run| at + run)
    }
}

/// Which of 64 bytes are wanted: the lowest bit stands for the first of them.
pub(super) fn places(chunk: &[u8; 64], is_wanted: impl Fn(u8) -> bool) -> u64 {
    /// Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut marks = [0_u8; 64];
    for (mark, byte) in marks.iter_mut().zip(chunk) {
        *mark = u8::from(is_wanted(*byte));
    }
    let (words, _) = marks.as_chunks::<8>();
    let bits = |word: &[u8; 8]| u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56;
    words.iter().rev().fold(0, |found, word| (found << 8) | bits(word))
}

/// How many decimal digits a text begins with.
pub(super) fn digits(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = text[at..].first_chunk::<8>() {
        let others = no_digits(u64::from_le_bytes(*chunk));
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The number that digits spell; nothing where something else is among them. What more than 18 of them spell may be wrong.
pub(super) fn value_of(digits: &[u8]) -> Option<i64> {
    let (eights, rest) = digits.as_chunks::<8>();
    let mut value = 0_i64;
    for eight in eights {
        value = value.wrapping_mul(100_000_000).wrapping_add(value_of_eight(u64::from_le_bytes(*eight))?);
    }
    for digit in rest {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    Some(value)
}

/// Digits become pairs, pairs fours, fours eight, in each step all at once.
fn value_of_eight(digits: u64) -> Option<i64> {
    if no_digits(digits) != 0 {
        return None;
    }
    let ones = digits & (LOW * 0x0F);
    let pairs = (ones.wrapping_mul((10 << 8) + 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some((fours.wrapping_mul((10_000 << 32) + 1) >> 32).cast_signed())
}

/// Marks the bytes of a word that are no decimal digits.
fn no_digits(word: u64) -> u64 {
    let shifted = word ^ (LOW * 0x30);
    (((shifted & !HIGH) + LOW * 0x76) | shifted) & HIGH
}

/// Marks the bytes of a word that are zero; above the lowest mark there may be false ones.
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(
            block in proptest::collection::vec(prop::sample::select(b",\n-\x00\x01\xff\x8c\x0b".to_vec()), 0..40),
            at in 0_usize..40,
        ) {
            let at = at.min(block.len());
            let plain = block[at..].iter().position(|byte| b",\n".contains(byte)).map_or(block.len(), |run| at + run);
            prop_assert_eq!(Stops::new(b',', b'\n').find(&block, at), plain);
        }

        #[test]
        fn places_are_those_of_a_plain_search(
            block in proptest::collection::vec(prop::sample::select(b",\n-\x00\x01\xff\x80\xac".to_vec()), 64),
        ) {
            let chunk: &[u8; 64] = block.first_chunk().unwrap();
            let plain = (0..64).filter(|at| chunk[*at] == b',').fold(0_u64, |found, at| found | 1 << at);
            prop_assert_eq!(places(chunk, |byte| byte == b','), plain);
        }

        #[test]
        fn digits_have_the_value_they_spell(digits in "[0-9]{1,18}") {
            prop_assert_eq!(value_of(digits.as_bytes()), digits.parse::<i64>().ok());
            prop_assert_eq!(value_of(format!("{digits}:").as_bytes()), None);
            prop_assert_eq!(value_of(format!("-{digits}").as_bytes()), None);
        }

        #[test]
        fn digits_are_counted_as_one_by_one(text in "[0-9]{0,20}[ -~\u{80}-\u{100}]{0,12}") {
            let plain = text.bytes().take_while(u8::is_ascii_digit).count();
            prop_assert_eq!(digits(text.as_bytes()), plain);
        }
    }
}
