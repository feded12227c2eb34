//! What queries may read at instances, in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Backend, database_error};
use crate::error::Result;
use crate::model::{DataSourceSet, InstanceUuid, KnownDataSources, Scope};
use crate::store::CatalogueStore;

const SAVE_SET: &str =
    "INSERT INTO data_source_sets (content_hash, data_sources, ids, created_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (content_hash) DO NOTHING";

const SAVE: &str = "INSERT INTO instance_data_sources (instance, content_hash, read_at) VALUES ($1, $2, $3)
    ON CONFLICT (instance) DO UPDATE SET content_hash = excluded.content_hash, read_at = excluded.read_at";

const LIST: &str = "SELECT d.instance, d.content_hash, d.read_at FROM instance_data_sources d
    WHERE $1 IS NULL OR EXISTS (SELECT 1 FROM instance_grants g WHERE g.instance = d.instance AND g.owner_id = $1)
    ORDER BY d.instance";

const READ: &str = "SELECT data_sources FROM data_source_sets WHERE content_hash = $1";

#[async_trait]
impl CatalogueStore for Backend {
    async fn save_catalogue(
        &self,
        instance: InstanceUuid,
        set: &DataSourceSet,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let kept = sqlx::query(SAVE_SET)
            .bind(&set.content_hash)
            .bind(Json(&set.data_sources))
            .bind(Json(set.ids()))
            .bind(now);
        kept.execute(&mut *transaction).await.map_err(database_error)?;
        let save = sqlx::query(SAVE).bind(instance.0).bind(&set.content_hash).bind(now);
        save.execute(&mut *transaction).await.map_err(database_error)?;
        transaction.commit().await.map_err(database_error)
    }

    async fn catalogues(&self, scope: &Scope) -> Result<Vec<KnownDataSources>> {
        let list = sqlx::query_as(LIST).bind(scope.owner());
        let rows: Vec<(Uuid, String, DateTime<Utc>)> =
            list.fetch_all(self.reads()).await.map_err(database_error)?;
        let known = |(instance, content_hash, read_at): (Uuid, _, _)| KnownDataSources {
            instance: instance.into(),
            content_hash,
            read_at,
        };
        Ok(rows.into_iter().map(known).collect())
    }

    async fn catalogue(&self, content_hash: &str) -> Result<Option<Value>> {
        let read = sqlx::query_scalar(READ).bind(content_hash);
        let found: Option<Json<Value>> = read.fetch_optional(self.reads()).await.map_err(database_error)?;
        Ok(found.map(|found| found.0))
    }
}
