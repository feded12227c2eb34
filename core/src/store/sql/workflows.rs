//! Workflows in SQL.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::pages::{page, pattern};
use super::rows::WorkflowRow;
use super::{Backend, Db, database_error};
use crate::error::Result;
use crate::model::{IdRef, NewWorkflow, Page, PageRequest, Scope, Workflow, WorkflowId};
use crate::store::{WorkflowFilter, WorkflowSort, WorkflowStore};

const SAVE: &str = "INSERT INTO workflows
    (id, workflow_id, owner_id, created_by, name, description, sql, defaults, time_window, amc_options, parameter_schema,
     template_hash, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
    ON CONFLICT (owner_id, name) DO UPDATE SET description = excluded.description, sql = excluded.sql,
        defaults = excluded.defaults, time_window = excluded.time_window, amc_options = excluded.amc_options,
        parameter_schema = excluded.parameter_schema, template_hash = excluded.template_hash,
        archived_at = NULL, updated_at = excluded.updated_at
    RETURNING *";

const BY_UUID: &str = "SELECT * FROM workflows WHERE id = $1 AND ($2 IS NULL OR owner_id = $2)
    AND archived_at IS NULL";

const BY_NAME: &str =
    "SELECT * FROM workflows WHERE (workflow_id = $1 OR name = $1) AND ($2 IS NULL OR owner_id = $2)
        AND archived_at IS NULL
    ORDER BY CASE WHEN workflow_id = $1 THEN 0 ELSE 1 END LIMIT 1";

macro_rules! found {
    ($select:literal, $tail:literal) => {
        concat!(
            $select,
            " FROM workflows WHERE ($1 IS NULL OR owner_id = $1) AND archived_at IS NULL
              AND ($2 IS NULL OR lower(name) LIKE $2 ESCAPE '\\' OR lower(description) LIKE $2 ESCAPE '\\'
                OR lower(sql) LIKE $2 ESCAPE '\\')
              AND ($3 IS NULL OR EXISTS (SELECT 1 FROM executions e JOIN amc_instances i ON i.id = e.instance
                WHERE e.workflow = workflows.id AND i.instance_id = $3))
              AND ($4 IS NULL OR updated_at >= $4) AND ($5 IS NULL OR updated_at < $5)",
            $tail
        )
    };
}

const BY_TITLE: &str = found!("SELECT *", " ORDER BY name, id LIMIT $6 OFFSET $7");

const NEWEST: &str = found!("SELECT *", " ORDER BY updated_at DESC, id DESC LIMIT $6 OFFSET $7");

const OLDEST: &str = found!("SELECT *", " ORDER BY updated_at, id LIMIT $6 OFFSET $7");

const COUNT: &str = found!("SELECT count(*)", "");

const ARCHIVE: &str = "UPDATE workflows SET archived_at = $3, updated_at = $3
    WHERE id = $1 AND ($2 IS NULL OR owner_id = $2) AND archived_at IS NULL";

#[async_trait]
impl WorkflowStore for Backend {
    async fn save_workflow(&self, workflow: &NewWorkflow, now: DateTime<Utc>) -> Result<Workflow> {
        let mut transaction = self.begin().await?;
        let row: WorkflowRow = sqlx::query_as(SAVE)
            .bind(workflow.id.0)
            .bind(workflow.id.public())
            .bind(&workflow.owner_id)
            .bind(&workflow.created_by)
            .bind(&workflow.name)
            .bind(&workflow.description)
            .bind(&workflow.sql)
            .bind(Json(&workflow.defaults))
            .bind(&workflow.window)
            .bind(Json(&workflow.amc_options))
            .bind(Json(&workflow.declarations))
            .bind(&workflow.template)
            .bind(now)
            .fetch_one(&mut *transaction)
            .await
            .map_err(database_error)?;
        transaction.commit().await.map_err(database_error)?;
        Ok(row.into())
    }

    async fn workflow(&self, scope: &Scope, id: &IdRef) -> Result<Option<Workflow>> {
        let query = match id {
            IdRef::Uuid(uuid) => sqlx::query_as::<Db, WorkflowRow>(BY_UUID).bind(*uuid),
            IdRef::Public(name) => sqlx::query_as(BY_NAME).bind(name),
        };
        let row = query.bind(scope.owner()).fetch_optional(self.reads()).await.map_err(database_error)?;
        Ok(row.map(Into::into))
    }

    async fn archive_workflow(&self, scope: &Scope, id: WorkflowId, now: DateTime<Utc>) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let archive = sqlx::query(ARCHIVE).bind(id.0).bind(scope.owner()).bind(now);
        let written = archive.execute(&mut *transaction).await.map_err(database_error)?.rows_affected();
        transaction.commit().await.map_err(database_error)?;
        Ok(written == 1)
    }

    async fn workflows(
        &self,
        scope: &Scope,
        filter: &WorkflowFilter,
        page: PageRequest,
    ) -> Result<Page<Workflow>> {
        let list = match filter.sort {
            WorkflowSort::Name => BY_TITLE,
            WorkflowSort::Newest => NEWEST,
            WorkflowSort::Oldest => OLDEST,
        };
        let text = filter.text.as_deref().map(pattern);
        page!(self, WorkflowRow, [list, COUNT], page;
            scope.owner(), &text, &filter.instance, filter.updated_from, filter.updated_before)
        .await
    }
}
