//! Randomness without state: a number is a function of what it is drawn for.

/// Hashes a sequence of numbers into one, evenly over 64 bits (splitmix64 over a running state).
pub(crate) fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x243f_6a88_85a3_08d3, |state, part| scramble(state ^ scramble(*part)))
}

/// Hashes a text (FNV-1a, then scrambled).
pub(crate) fn mix_text(text: &str) -> u64 {
    scramble(text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }))
}

fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Draws for one row: each `salt` is an independent throw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`, which is at least 1.
    pub(crate) fn below(self, salt: u64, sides: u64) -> u64 {
        below(mix(&[self.0, salt]), sides)
    }

    /// True in `per_mille` of 1000 throws.
    pub(crate) fn chance(self, salt: u64, per_mille: u64) -> bool {
        self.below(salt, 1000) < per_mille
    }

    /// A number below `sides`, small ones likelier: half of the throws fall below a quarter.
    pub(crate) fn skewed(self, salt: u64, sides: u64) -> u64 {
        let throw = mix(&[self.0, salt]) >> 32;
        below((throw * throw) & !0xffff, sides)
    }
}

fn below(hash: u64, sides: u64) -> u64 {
    let product = u128::from(hash) * u128::from(sides);
    u64::try_from(product >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_stay_below_their_sides() {
        assert!((0..1000).all(|n| Dice(n).below(1, 7) < 7 && Dice(n).skewed(2, 7) < 7));
    }

    #[test]
    fn skewed_prefers_small_numbers() {
        let small = (0..1000).filter(|n| Dice(*n).skewed(3, 100) < 25).count();
        assert!((400..600).contains(&small), "{small}");
    }
}
