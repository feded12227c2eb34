//! Kept templates in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{IdRef, NewTemplate, Scope, TemplateId, TemplateUsage, TemplateVersion};
use crate::params::Declaration;
use crate::store::TemplateStore;
use crate::templates::Template;

const FILE_UNDER: &str = "INSERT INTO query_templates
    (id, template_id, owner_id, name, category, tags, description, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    ON CONFLICT (owner_id, name) DO UPDATE SET category = excluded.category, tags = excluded.tags,
        description = excluded.description, updated_at = excluded.updated_at
    RETURNING id";

/// Whoever wrote the template first holds its row until the version is there, so that numbers have no gaps.
const INSERT: &str = "INSERT INTO query_template_versions
    (template, number, content_hash, sql, parameter_schema, column_roles, time_window, note, created_by, created_at)
    SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9
    FROM query_template_versions WHERE template = $1
    ON CONFLICT (template, content_hash) DO NOTHING";

macro_rules! versions {
    ($tail:literal) => {
        concat!(
            "SELECT t.id, t.owner_id, t.name, t.category, t.tags, t.description, t.deprecated_at, t.deprecation,
                v.number, v.content_hash, v.sql, v.parameter_schema, v.column_roles, v.time_window, v.note, v.created_by,
                v.created_at
            FROM query_template_versions v JOIN query_templates t ON t.id = v.template
            WHERE ($1 IS NULL OR t.owner_id = $1) ",
            $tail
        )
    };
}

const SAVED: &str = versions!("AND t.id = $2 AND v.content_hash = $3");

const BY_UUID: &str = versions!("AND t.id = $2 ORDER BY v.number DESC");

const BY_NAME: &str = versions!("AND (t.template_id = $2 OR t.name = $2) ORDER BY v.number DESC");

const BY_HASH: &str = versions!("AND v.content_hash = $2 ORDER BY v.created_at, t.id LIMIT 1");

const NEWEST: &str = versions!(
    "AND v.number = (SELECT MAX(w.number) FROM query_template_versions w WHERE w.template = t.id) ORDER BY t.name, t.id"
);

const DEPRECATE: &str = "UPDATE query_templates SET deprecated_at = $3, deprecation = $4, updated_at = $5
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2)";

const USAGE: &str = "SELECT COUNT(DISTINCT w.id) AS workflows, COUNT(b.id) AS batches,
        CAST(COALESCE(SUM(b.total_instances), 0) AS BIGINT) AS executions,
        CAST(COALESCE(SUM(b.completed_instances), 0) AS BIGINT) AS completed,
        CAST(COALESCE(SUM(b.failed_instances), 0) AS BIGINT) AS failed, MAX(b.created_at) AS last_used_at
    FROM workflows w LEFT JOIN batch_executions b ON b.workflow = w.id
    WHERE ($1 IS NULL OR w.owner_id = $1) AND w.template_hash = $2";

#[derive(FromRow)]
struct Row {
    id: Uuid,
    owner_id: String,
    name: String,
    category: String,
    tags: Json<Vec<String>>,
    description: String,
    deprecated_at: Option<DateTime<Utc>>,
    deprecation: Option<String>,
    number: i64,
    content_hash: String,
    sql: String,
    parameter_schema: Json<Vec<Declaration>>,
    column_roles: Json<Map<String, Value>>,
    time_window: Option<String>,
    note: Option<String>,
    created_by: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<Row> for TemplateVersion {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            number: row.number,
            content_hash: row.content_hash,
            template: Template {
                name: row.name,
                category: row.category,
                tags: row.tags.0,
                description: row.description,
                window: row.time_window,
                parameters: row.parameter_schema.0,
                columns: row.column_roles.0,
                sql: row.sql,
            },
            note: row.note,
            created_by: row.created_by,
            created_at: row.created_at,
            deprecated_at: row.deprecated_at,
            deprecation: row.deprecation,
        }
    }
}

#[derive(FromRow)]
struct UsageRow {
    workflows: i64,
    batches: i64,
    executions: i64,
    completed: i64,
    failed: i64,
    last_used_at: Option<DateTime<Utc>>,
}

fn versions(rows: Vec<Row>) -> Vec<TemplateVersion> {
    rows.into_iter().map(Into::into).collect()
}

#[async_trait]
impl TemplateStore for Backend {
    async fn save_template(&self, new: &NewTemplate, now: DateTime<Utc>) -> Result<TemplateVersion> {
        let (template, hash) = (&new.template, new.template.content_hash());
        let mut transaction = self.begin().await?;
        let id: Uuid = sqlx::query_scalar(FILE_UNDER)
            .bind(new.id.0)
            .bind(new.id.public())
            .bind(&new.owner_id)
            .bind(&template.name)
            .bind(&template.category)
            .bind(Json(&template.tags))
            .bind(&template.description)
            .bind(now)
            .fetch_one(&mut *transaction)
            .await
            .map_err(database_error)?;
        let insert = sqlx::query(INSERT)
            .bind(id)
            .bind(&hash)
            .bind(&template.sql)
            .bind(Json(&template.parameters))
            .bind(Json(&template.columns))
            .bind(&template.window)
            .bind(&new.note)
            .bind(&new.created_by)
            .bind(now);
        insert.execute(&mut *transaction).await.map_err(database_error)?;
        let saved = sqlx::query_as::<Db, Row>(SAVED).bind(&new.owner_id).bind(id).bind(&hash);
        let row = saved.fetch_one(&mut *transaction).await.map_err(database_error)?;
        transaction.commit().await.map_err(database_error)?;
        Ok(row.into())
    }

    async fn template_versions(&self, scope: &Scope, id: &IdRef) -> Result<Vec<TemplateVersion>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, Row>(BY_UUID).bind(scope.owner()).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(scope.owner()).bind(name),
        };
        query.fetch_all(self.reads()).await.map(versions).map_err(database_error)
    }

    async fn template_of(&self, scope: &Scope, content_hash: &str) -> Result<Option<TemplateVersion>> {
        let query = sqlx::query_as::<Db, Row>(BY_HASH).bind(scope.owner()).bind(content_hash);
        Ok(query.fetch_optional(self.reads()).await.map_err(database_error)?.map(Into::into))
    }

    async fn templates(&self, scope: &Scope) -> Result<Vec<TemplateVersion>> {
        let query = sqlx::query_as::<Db, Row>(NEWEST).bind(scope.owner());
        query.fetch_all(self.reads()).await.map(versions).map_err(database_error)
    }

    async fn deprecate_template(
        &self,
        scope: &Scope,
        id: TemplateId,
        since: Option<DateTime<Utc>>,
        why: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        let change = sqlx::query(DEPRECATE).bind(id.0).bind(scope.owner()).bind(since).bind(why).bind(now);
        change.execute(&mut *transaction).await.map_err(database_error)?;
        transaction.commit().await.map_err(database_error)
    }

    async fn template_usage(&self, scope: &Scope, content_hash: &str) -> Result<TemplateUsage> {
        let query = sqlx::query_as::<Db, UsageRow>(USAGE).bind(scope.owner()).bind(content_hash);
        let UsageRow { workflows, batches, executions, completed, failed, last_used_at } =
            query.fetch_one(self.reads()).await.map_err(database_error)?;
        Ok(TemplateUsage { workflows, batches, executions, completed, failed, last_used_at })
    }
}
