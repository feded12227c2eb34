//! Ids that follow from the seed: the same seed gives the same ids in the same order.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use uuid::Uuid;

const LOWER: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Hands out ids.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    given: AtomicU64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, given: AtomicU64::new(0) }
    }

    /// Gives the next UUID.
    pub(crate) fn uuid(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, &self.next("uuid"))
    }

    /// Gives the next `x-amz-request-id`: 20 upper-case alphanumerics.
    pub(crate) fn request_id(&self) -> String {
        letters(&self.next("request"), UPPER, 20)
    }

    /// Gives the next access token.
    pub(crate) fn access_token(&self) -> String {
        format!("Atza|{}", hex(&self.next("token")))
    }

    /// Gives the next id of an instance created while the emulator runs.
    pub(crate) fn instance_id(&self) -> String {
        format!("amc{}", letters(&self.next("created"), LOWER, 8))
    }

    fn next(&self, kind: &str) -> [u8; 32] {
        digest(self.seed, kind, self.given.fetch_add(1, Ordering::Relaxed))
    }
}

/// Gives the id of the `number`th instance of a kind: `amc` and 8 lower-case alphanumerics.
pub(crate) fn instance_id(seed: u64, kind: &str, number: u64) -> String {
    format!("amc{}", letters(&digest(seed, kind, number), LOWER, 8))
}

/// Gives the entity id of the `number`th account.
pub(crate) fn entity_id(seed: u64, number: u64) -> String {
    format!("ENTITY{}", letters(&digest(seed, "entity", number), UPPER, 14))
}

/// Gives a secret by its name.
pub(crate) fn secret(seed: u64, name: &str) -> String {
    hex(&digest(seed, name, 0))
}

/// Gives a number that follows from a name.
pub(crate) fn number(seed: u64, name: &str, index: u64) -> u64 {
    digest(seed, name, index).iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Writes bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(seed: u64, kind: &str, number: u64) -> [u8; 32] {
    Sha256::digest(format!("{seed}/{kind}/{number}")).into()
}

fn letters(bytes: &[u8], alphabet: &[u8; 36], length: usize) -> String {
    bytes.iter().take(length).map(|byte| char::from(alphabet[usize::from(*byte) % 36])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_gives_same_ids() {
        assert_eq!(instance_id(7, "standard", 3), instance_id(7, "standard", 3));
        assert_ne!(instance_id(7, "standard", 3), instance_id(8, "standard", 3));
        assert_eq!(Ids::new(7).uuid(), Ids::new(7).uuid());
    }

    #[test]
    fn ids_look_like_amazons() {
        let id = instance_id(7, "standard", 0);
        assert!(id.len() == 11 && id.starts_with("amc"));
        let request_id = Ids::new(7).request_id();
        assert!(
            request_id.len() == 20
                && request_id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        );
    }
}
