//! What a sync compares: what was known of an instance, and what AMC says now.

use super::SyncChanges;
use crate::model::{Access, SyncedInstance};

/// An instance as the store knows it while its account is synced.
#[derive(Debug)]
pub(crate) struct Known {
    /// What AMC said last.
    pub(crate) said: SyncedInstance,
    /// Whether it was in reach.
    pub(crate) access: Access,
    /// Whether the owner who syncs has it.
    pub(crate) is_granted: bool,
}

impl SyncChanges {
    /// Counts an instance that AMC lists.
    pub(crate) fn see(&mut self, instance: &SyncedInstance, known: Option<&Known>) {
        let id = || instance.instance_id.clone();
        match known.filter(|known| known.is_granted) {
            None => self.added.push(id()),
            Some(known) if known.said != *instance || known.access != Access::Ok => self.changed.push(id()),
            Some(_) => self.unchanged += 1,
        }
    }

    /// Counts an instance that AMC does not list, or refuses to.
    pub(crate) fn miss(&mut self, instance_id: &str, known: &Known) {
        if known.is_granted && known.access == Access::Ok {
            self.lost.push(instance_id.to_owned());
        }
    }

    pub(crate) fn in_order(mut self) -> Self {
        self.lost.sort();
        self
    }
}
