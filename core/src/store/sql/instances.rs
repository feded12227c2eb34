//! Accounts and instances in SQL.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Transaction;
use sqlx::types::Json;
use uuid::Uuid;

use super::retry::retried;
use super::rows::{InstanceRow, nouns};
use super::{Backend, Db, database_error};
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{Access, Instance, Scope, SyncedAccount, SyncedInstance};
use crate::store::{InstanceStore, SyncCounts};

const SAVE_ACCOUNT: &str = "INSERT INTO amc_accounts
    (id, account_id, marketplace_id, account_name, region, api_endpoint, credential_key, extra_headers, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (account_id, marketplace_id) DO UPDATE SET account_name = excluded.account_name, region = excluded.region,
        api_endpoint = excluded.api_endpoint, credential_key = excluded.credential_key,
        extra_headers = excluded.extra_headers, updated_at = excluded.updated_at
    RETURNING id";

const KNOWN: &str = "SELECT instance_id FROM amc_instances WHERE account = $1";

const SAVE_INSTANCE: &str = "INSERT INTO amc_instances
    (id, account, instance_id, name, customer_name, instance_type, creation_status, access, access_since, synced_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'ok', $8, $8, $8, $8)
    ON CONFLICT (account, instance_id) DO UPDATE SET name = excluded.name, customer_name = excluded.customer_name,
        instance_type = excluded.instance_type, creation_status = excluded.creation_status,
        access_since = CASE WHEN amc_instances.access = 'ok' THEN amc_instances.access_since ELSE excluded.access_since END,
        access = 'ok', synced_at = excluded.synced_at, updated_at = excluded.updated_at
    RETURNING id";

const GRANT: &str = "INSERT INTO instance_grants (id, instance, owner_id, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $4) ON CONFLICT (instance, owner_id) DO NOTHING";

const LOSE: &str = "UPDATE amc_instances SET access = $3, access_since = $4, updated_at = $4
    WHERE account = $1 AND instance_id = $2 AND access <> $3";

const LIST: &str =
    "SELECT i.*, a.account_id, a.marketplace_id, a.account_name, a.region, a.api_endpoint, a.extra_headers,
        a.credential_key AS account_credential_key, a.timezone AS account_timezone
    FROM amc_instances i JOIN amc_accounts a ON a.id = i.account
    WHERE $1 IS NULL OR EXISTS (SELECT 1 FROM instance_grants g WHERE g.instance = i.id AND g.owner_id = $1)
    ORDER BY i.name, i.instance_id";

const REMEMBER: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

const REMEMBERED: &str = "SELECT value FROM settings WHERE name = $1";

#[async_trait]
impl InstanceStore for Backend {
    async fn sync_account(
        &self,
        owner: &str,
        account: &SyncedAccount,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<SyncCounts> {
        retried(|| sync(self, owner, account, ids, now)).await
    }

    async fn instances(&self, scope: &Scope) -> Result<Vec<Instance>> {
        let rows: Vec<InstanceRow> =
            sqlx::query_as(LIST).bind(scope.owner()).fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn remember(&self, setting: &str, value: &str) -> Result<String> {
        let mut transaction = self.begin().await?;
        let remember = sqlx::query(REMEMBER).bind(setting).bind(value);
        remember.execute(&mut *transaction).await.map_err(database_error)?;
        let remembered = sqlx::query_scalar(REMEMBERED).bind(setting);
        let value = remembered.fetch_one(&mut *transaction).await.map_err(database_error)?;
        transaction.commit().await.map_err(database_error)?;
        Ok(value)
    }
}

async fn sync(
    store: &Backend,
    owner: &str,
    account: &SyncedAccount,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<SyncCounts> {
    let mut transaction = store.begin().await?;
    let account_uuid = save_account(&mut transaction, account, ids, now).await?;
    let mut known = known(&mut transaction, account_uuid).await?;
    let mut counts = SyncCounts::default();
    for instance in account.instances.iter().flatten() {
        if known.remove(&instance.instance_id) {
            counts.updated += 1
        } else {
            counts.added += 1
        }
        let id = save_instance(&mut transaction, account_uuid, instance, ids, now).await?;
        let grant = sqlx::query(GRANT).bind(ids.next(now)).bind(id).bind(owner).bind(now);
        grant.execute(&mut *transaction).await.map_err(database_error)?;
    }
    let access = if account.instances.is_some() { Access::Unreachable } else { Access::Denied };
    counts.lost = known.len();
    for instance_id in known {
        let lose = sqlx::query(LOSE).bind(account_uuid).bind(instance_id).bind(access.as_str()).bind(now);
        lose.execute(&mut *transaction).await.map_err(database_error)?;
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(counts)
}

async fn save_account(
    transaction: &mut Transaction<'static, Db>,
    account: &SyncedAccount,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    sqlx::query_scalar(SAVE_ACCOUNT)
        .bind(ids.next(now))
        .bind(&account.key.account_id)
        .bind(&account.key.marketplace_id)
        .bind(&account.name)
        .bind(&account.region)
        .bind(&account.api_endpoint)
        .bind(&account.credential_key)
        .bind(Json(&account.extra_headers))
        .bind(now)
        .fetch_one(&mut **transaction)
        .await
        .map_err(database_error)
}

async fn known(transaction: &mut Transaction<'static, Db>, account: Uuid) -> Result<HashSet<String>> {
    let ids: Vec<String> = sqlx::query_scalar(KNOWN)
        .bind(account)
        .fetch_all(&mut **transaction)
        .await
        .map_err(database_error)?;
    Ok(ids.into_iter().collect())
}

async fn save_instance(
    transaction: &mut Transaction<'static, Db>,
    account: Uuid,
    instance: &SyncedInstance,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    sqlx::query_scalar(SAVE_INSTANCE)
        .bind(ids.next(now))
        .bind(account)
        .bind(&instance.instance_id)
        .bind(&instance.name)
        .bind(&instance.customer_name)
        .bind(&instance.instance_type)
        .bind(&instance.creation_status)
        .bind(now)
        .fetch_one(&mut **transaction)
        .await
        .map_err(database_error)
}
