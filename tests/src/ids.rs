//! Ids that tell which process minted them, so that whoever kills a process knows what it held.

use amc_fleet::clock::{IdSource, RandomIds};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Mints ids that end with this process's own.
#[derive(Debug)]
pub struct SignedIds;

impl IdSource for SignedIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = RandomIds.next(now).into_bytes();
        bytes[12..].copy_from_slice(&std::process::id().to_be_bytes());
        Uuid::from_bytes(bytes)
    }
}

/// The process that minted an id.
#[must_use]
pub fn signer(id: Uuid) -> u32 {
    let [.., a, b, c, d] = id.into_bytes();
    u32::from_be_bytes([a, b, c, d])
}
