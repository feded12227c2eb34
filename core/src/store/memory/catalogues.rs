//! What queries may read at instances, in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::MemoryStore;
use crate::error::Result;
use crate::model::{DataSourceSet, InstanceUuid, KnownDataSources, Scope};
use crate::store::CatalogueStore;

#[async_trait]
impl CatalogueStore for MemoryStore {
    async fn save_catalogue(
        &self,
        instance: InstanceUuid,
        set: &DataSourceSet,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.state.lock().catalogues.insert(instance, (set.clone(), now));
        Ok(())
    }

    async fn catalogues(&self, scope: &Scope) -> Result<Vec<KnownDataSources>> {
        let state = self.state.lock();
        let granted = |id: &InstanceUuid| {
            scope.owner().is_none_or(|owner| state.grants.contains(&(*id, owner.to_owned())))
        };
        let known = state.catalogues.iter().filter(|(id, _)| granted(id));
        let shown = |(id, (set, read_at)): (&InstanceUuid, &(DataSourceSet, DateTime<Utc>))| {
            KnownDataSources { instance: *id, content_hash: set.content_hash.clone(), read_at: *read_at }
        };
        Ok(known.map(shown).collect())
    }

    async fn catalogue(&self, content_hash: &str) -> Result<Option<Value>> {
        let state = self.state.lock();
        let found = state.catalogues.values().find(|(set, _)| set.content_hash == content_hash);
        Ok(found.map(|(set, _)| set.data_sources.clone()))
    }
}
