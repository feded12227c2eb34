//! Ids that tell which process minted them, so that whoever kills a process knows what it held.

use amc_fleet::clock::{IdSource, RandomIds};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Mints ids that begin with this process's own. Their random end stays as it is: the names that people see are made of it.
#[derive(Debug)]
pub struct SignedIds;

impl IdSource for SignedIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = RandomIds.next(now).into_bytes();
        bytes[..4].copy_from_slice(&std::process::id().to_be_bytes());
        Uuid::from_bytes(bytes)
    }
}

/// The process that minted an id.
#[must_use]
pub fn signer(id: Uuid) -> u32 {
    let [a, b, c, d, ..] = id.into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use amc_fleet::model::BatchId;

    use super::*;

    #[test]
    fn many_ids_of_a_process_have_names_of_their_own() {
        let ids: Vec<Uuid> = (0..1000).map(|_| SignedIds.next(DateTime::UNIX_EPOCH)).collect();
        assert!(ids.iter().all(|id| signer(*id) == std::process::id()));
        let names: HashSet<String> = ids.iter().map(|id| BatchId(*id).public()).collect();
        assert_eq!(names.len(), ids.len());
    }
}
