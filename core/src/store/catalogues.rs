//! What queries may read at instances.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::error::Result;
use crate::model::{DataSourceSet, InstanceUuid, KnownDataSources, Scope};

/// The tables and columns of instances.
#[async_trait]
pub trait CatalogueStore {
    /// Keeps what an instance lists, over what it listed before.
    async fn save_catalogue(
        &self,
        instance: InstanceUuid,
        set: &DataSourceSet,
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// Says of the instances granted to the scope which list each gave last, where it gave one.
    async fn catalogues(&self, scope: &Scope) -> Result<Vec<KnownDataSources>>;

    /// Reads a list by its hash.
    async fn catalogue(&self, content_hash: &str) -> Result<Option<Value>>;
}
