//! Accounts and instances in SQL.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Transaction;
use sqlx::types::Json;
use uuid::Uuid;

use super::retry::retried;
use super::rows::{InstanceRow, KnownRow, nouns};
use super::{Backend, Db, database_error};
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{
    Access, Change, Failure, Instance, InstanceUuid, Lease, Profile, Scope, SyncedAccount, SyncedInstance,
};
use crate::store::{InstanceStore, Known, Step, StepOutcome, SyncChanges, WorkStore};

const SAVE_ACCOUNT: &str = "INSERT INTO amc_accounts
    (id, account_id, marketplace_id, account_name, region, api_endpoint, credential_key, extra_headers, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (account_id, marketplace_id) DO UPDATE SET account_name = excluded.account_name, region = excluded.region,
        api_endpoint = excluded.api_endpoint, credential_key = excluded.credential_key,
        extra_headers = excluded.extra_headers, updated_at = excluded.updated_at
    RETURNING id";

const KNOWN: &str = "SELECT i.instance_id, i.name, i.customer_name, i.instance_type, i.creation_status, i.access,
        g.id IS NOT NULL AS granted
    FROM amc_instances i LEFT JOIN instance_grants g ON g.instance = i.id AND g.owner_id = $2 WHERE i.account = $1";

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

const REVOKE: &str = "DELETE FROM instance_grants WHERE instance = $1 AND owner_id = $2";

const LOSE: &str = "UPDATE amc_instances SET access = $3, access_since = $4, updated_at = $4
    WHERE account = $1 AND instance_id = $2 AND access <> $3";

const LIST: &str =
    "SELECT i.*, a.account_id, a.marketplace_id, a.account_name, a.region, a.api_endpoint, a.extra_headers,
        a.credential_key AS account_credential_key, a.timezone AS account_timezone, g.label, g.tags, g.brands,
        g.timezone AS own_timezone, g.currency, g.parameters, s.ids AS data_sources, d.read_at AS data_sources_at
    FROM amc_instances i JOIN amc_accounts a ON a.id = i.account
    LEFT JOIN instance_grants g ON g.instance = i.id AND g.owner_id = $1
    LEFT JOIN instance_data_sources d ON d.instance = i.id
    LEFT JOIN data_source_sets s ON s.content_hash = d.content_hash
    WHERE $1 IS NULL OR g.id IS NOT NULL
    ORDER BY i.name, i.instance_id";

const SAVE_PROFILE: &str =
    "UPDATE instance_grants SET label = $3, tags = $4, brands = $5, timezone = $6, currency = $7,
        parameters = $8, updated_at = $9
    WHERE instance = $1 AND owner_id = $2";

const DENY: &str = "UPDATE amc_instances SET access = 'denied', access_since = $2, updated_at = $2
    WHERE account = (SELECT account FROM amc_instances WHERE id = $1) AND access <> 'denied'";

const WAITING_THERE: &str =
    "SELECT e.id, e.lease_token FROM executions e JOIN amc_instances i ON i.id = e.instance
    WHERE i.account = (SELECT account FROM amc_instances WHERE id = $1) AND e.status = 'pending'";

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
    ) -> Result<SyncChanges> {
        retried(|| sync(self, owner, account, ids, now)).await
    }

    async fn instances(&self, scope: &Scope) -> Result<Vec<Instance>> {
        let rows: Vec<InstanceRow> =
            sqlx::query_as(LIST).bind(scope.owner()).fetch_all(self.reads()).await.map_err(database_error)?;
        nouns(rows)
    }

    async fn save_profiles(
        &self,
        owner: &str,
        profiles: &[(InstanceUuid, Profile)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        retried(|| save_profiles(self, owner, profiles, now)).await
    }

    async fn grant(
        &self,
        owner: &str,
        instances: &[InstanceUuid],
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut transaction = self.begin().await?;
        for instance in instances {
            let grant = sqlx::query(GRANT).bind(ids.next(now)).bind(instance.0).bind(owner).bind(now);
            grant.execute(&mut *transaction).await.map_err(database_error)?;
        }
        transaction.commit().await.map_err(database_error)
    }

    async fn revoke(&self, owner: &str, instances: &[InstanceUuid]) -> Result<()> {
        let mut transaction = self.begin().await?;
        for instance in instances {
            let revoke = sqlx::query(REVOKE).bind(instance.0).bind(owner);
            revoke.execute(&mut *transaction).await.map_err(database_error)?;
        }
        transaction.commit().await.map_err(database_error)
    }

    async fn deny_account(
        &self,
        instance: InstanceUuid,
        failure: &Failure,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        let mut transaction = self.begin().await?;
        let deny = sqlx::query(DENY).bind(instance.0).bind(now);
        deny.execute(&mut *transaction).await.map_err(database_error)?;
        transaction.commit().await.map_err(database_error)?;
        let query = sqlx::query_as::<Db, (Uuid, i64)>(WAITING_THERE).bind(instance.0);
        let waiting = query.fetch_all(self.reads()).await.map_err(database_error)?;
        let step = |(id, token): (Uuid, i64)| {
            Step::new(Lease { execution: id.into(), token }, Change::Failed(failure.clone()))
        };
        let outcomes = self.apply(&waiting.into_iter().map(step).collect::<Vec<_>>(), now).await?;
        Ok(outcomes.iter().filter(|outcome| **outcome == StepOutcome::Applied).count())
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
) -> Result<SyncChanges> {
    let mut transaction = store.begin().await?;
    let account_uuid = save_account(&mut transaction, account, ids, now).await?;
    let mut known = known(&mut transaction, account_uuid, owner).await?;
    let mut changes = SyncChanges::default();
    for instance in account.instances.iter().flatten() {
        changes.see(instance, known.remove(&instance.instance_id).as_ref());
        let id = save_instance(&mut transaction, account_uuid, instance, ids, now).await?;
        let grant = sqlx::query(GRANT).bind(ids.next(now)).bind(id).bind(owner).bind(now);
        grant.execute(&mut *transaction).await.map_err(database_error)?;
    }
    let access = if account.instances.is_some() { Access::Unreachable } else { Access::Denied };
    for (instance_id, known) in known {
        changes.miss(&instance_id, &known);
        let lose = sqlx::query(LOSE).bind(account_uuid).bind(instance_id).bind(access.as_str()).bind(now);
        lose.execute(&mut *transaction).await.map_err(database_error)?;
    }
    transaction.commit().await.map_err(database_error)?;
    Ok(changes.in_order())
}

async fn save_profiles(
    store: &Backend,
    owner: &str,
    profiles: &[(InstanceUuid, Profile)],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut transaction = store.begin().await?;
    for (instance, profile) in profiles {
        sqlx::query(SAVE_PROFILE)
            .bind(instance.0)
            .bind(owner)
            .bind(&profile.label)
            .bind(Json(&profile.tags))
            .bind(Json(&profile.brands))
            .bind(&profile.timezone)
            .bind(&profile.currency)
            .bind(Json(&profile.parameters))
            .bind(now)
            .execute(&mut *transaction)
            .await
            .map_err(database_error)?;
    }
    transaction.commit().await.map_err(database_error)
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

async fn known(
    transaction: &mut Transaction<'static, Db>,
    account: Uuid,
    owner: &str,
) -> Result<HashMap<String, Known>> {
    let query = sqlx::query_as::<Db, KnownRow>(KNOWN).bind(account).bind(owner);
    let rows = query.fetch_all(&mut **transaction).await.map_err(database_error)?;
    rows.into_iter().map(|row| Ok((row.instance_id.clone(), row.try_into()?))).collect()
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
