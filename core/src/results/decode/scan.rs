//! Finds bytes eight at a time.

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
    }
}
