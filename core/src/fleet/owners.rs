//! Owners: one host's fleet, seen by each of its tenants as if there were no other.

use std::sync::Arc;

use super::selection::resolve;
use super::{Fleet, Inner};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Instance, InstanceUuid};

impl Fleet {
    /// The same fleet as another owner sees it: nothing that one of them writes is read or changed by the other. It shares
    /// this fleet's database, client and worker, and closing it closes nothing.
    #[must_use]
    pub fn as_owner(&self, owner: impl Into<String>, actor: Option<String>) -> Self {
        Self(Arc::new(Inner {
            shared: Arc::clone(&self.0.shared),
            owner: owner.into(),
            actor,
            is_guest: true,
        }))
    }

    /// The person who acts, kept with what is written.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// Lets another owner run on instances of this one, by AMC's id or by ours. Returns how many.
    ///
    /// # Errors
    /// `NotFound` (`unknown_instance`); `Forbidden` (`host_only`) from a fleet that [`as_owner`](Self::as_owner) gave: who
    /// may run on what is the host's to say.
    pub async fn grant_instances(&self, owner: &str, ids: &[String]) -> Result<usize> {
        let instances = self.shared_by_host(ids).await?;
        let (now, source) = (self.0.surroundings.clock.now(), self.0.surroundings.ids.as_ref());
        self.0.store.grant(owner, &instances, source, now).await?;
        Ok(instances.len())
    }

    /// Takes back what [`grant_instances`](Self::grant_instances) gave, with what that owner said about the instances. What
    /// runs there already goes on. Returns how many.
    ///
    /// # Errors
    /// As for granting.
    pub async fn revoke_instances(&self, owner: &str, ids: &[String]) -> Result<usize> {
        let instances = self.shared_by_host(ids).await?;
        self.0.store.revoke(owner, &instances).await?;
        Ok(instances.len())
    }

    /// Refuses an owner what is the host's: what there is, who may run on it, and the work for everybody.
    pub(super) fn ensure_host(&self) -> Result<()> {
        if !self.0.is_guest {
            return Ok(());
        }
        let message = format!(
            "which instances there are, who may run on them, and work for everybody are not {}'s to say",
            self.0.owner
        );
        Err(Error::new(ErrorKind::Forbidden, "host_only", message)
            .hint("do this with the fleet that the host opened"))
    }

    async fn shared_by_host(&self, ids: &[String]) -> Result<Vec<InstanceUuid>> {
        self.ensure_host()?;
        let known: Vec<Instance> = self.all_instances().await?;
        Ok(resolve(&known, ids)?.into_iter().map(|instance| instance.id).collect())
    }
}
