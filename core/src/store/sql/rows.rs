//! How rows become nouns.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::model::{
    Account, AccountKey, AmcOptions, Attempt, Batch, BatchOptions, CallCounts, Counts, DataSources, Event,
    Execution, Failure, Instance, Profile, Skipped, SyncedInstance, TriggeredBy, Workflow,
};
use crate::params::Declaration;
use crate::store::{Claim, Known};

type Object = Json<Map<String, Value>>;

#[derive(FromRow)]
pub(super) struct InstanceRow {
    id: Uuid,
    instance_id: String,
    name: String,
    customer_name: String,
    instance_type: String,
    creation_status: String,
    access: String,
    synced_at: DateTime<Utc>,
    // A watch looks at no tables and at no owner's profile.
    #[sqlx(default)]
    data_sources: Option<Json<Vec<String>>>,
    #[sqlx(default)]
    data_sources_at: Option<DateTime<Utc>>,
    #[sqlx(default)]
    label: Option<String>,
    #[sqlx(default)]
    tags: Option<Json<Vec<String>>>,
    #[sqlx(default)]
    brands: Option<Json<Vec<String>>>,
    #[sqlx(default)]
    own_timezone: Option<String>,
    #[sqlx(default)]
    currency: Option<String>,
    #[sqlx(default)]
    parameters: Option<Object>,
    #[sqlx(flatten)]
    account: AccountRow,
}

/// What a sync compares with what AMC says now.
#[derive(FromRow)]
pub(super) struct KnownRow {
    pub(super) instance_id: String,
    name: String,
    customer_name: String,
    instance_type: String,
    creation_status: String,
    access: String,
    granted: bool,
}

impl TryFrom<KnownRow> for Known {
    type Error = Error;

    fn try_from(row: KnownRow) -> Result<Self> {
        let said = SyncedInstance {
            instance_id: row.instance_id,
            name: row.name,
            customer_name: row.customer_name,
            instance_type: row.instance_type,
            creation_status: row.creation_status,
        };
        Ok(Self { said, access: row.access.parse()?, is_granted: row.granted })
    }
}

/// The columns of an account beside those of one of its instances.
#[derive(FromRow)]
pub(super) struct AccountRow {
    account: Uuid,
    account_id: String,
    marketplace_id: String,
    account_name: String,
    region: String,
    api_endpoint: String,
    account_credential_key: String,
    account_timezone: String,
    extra_headers: Json<BTreeMap<String, String>>,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.account.into(),
            key: AccountKey { account_id: row.account_id, marketplace_id: row.marketplace_id },
            name: row.account_name,
            region: row.region,
            api_endpoint: row.api_endpoint,
            credential_key: row.account_credential_key,
            timezone: row.account_timezone,
            extra_headers: row.extra_headers.0,
        }
    }
}

impl TryFrom<InstanceRow> for Instance {
    type Error = Error;

    fn try_from(row: InstanceRow) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            instance_id: row.instance_id,
            name: row.name,
            customer_name: row.customer_name,
            instance_type: row.instance_type,
            creation_status: row.creation_status,
            access: row.access.parse()?,
            profile: Profile {
                label: row.label,
                tags: row.tags.map(|tags| tags.0).unwrap_or_default(),
                brands: row.brands.map(|brands| brands.0).unwrap_or_default(),
                timezone: row.own_timezone,
                currency: row.currency,
                parameters: row.parameters.map(|parameters| parameters.0).unwrap_or_default(),
            },
            data_sources: row
                .data_sources
                .zip(row.data_sources_at)
                .map(|(ids, read_at)| DataSources { ids: ids.0, read_at }),
            account: row.account.into(),
            synced_at: row.synced_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct WorkflowRow {
    id: Uuid,
    owner_id: String,
    name: String,
    description: Option<String>,
    sql: String,
    defaults: Object,
    time_window: Option<String>,
    amc_options: Object,
    parameter_schema: Json<Vec<Declaration>>,
    template_hash: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<WorkflowRow> for Workflow {
    fn from(row: WorkflowRow) -> Self {
        Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            name: row.name,
            description: row.description,
            sql: row.sql,
            defaults: row.defaults.0,
            window: row.time_window,
            amc_options: row.amc_options.0,
            declarations: row.parameter_schema.0,
            template: row.template_hash,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(FromRow)]
pub(super) struct BatchRow {
    id: Uuid,
    owner_id: String,
    workflow: Option<Uuid>,
    name: String,
    description: Option<String>,
    idempotency_key: Option<String>,
    request_hash: String,
    instance_ids: Json<Vec<String>>,
    skipped: Json<Vec<Skipped>>,
    options: Json<BatchOptions>,
    status: String,
    total_instances: i64,
    pending_instances: i64,
    running_instances: i64,
    completed_instances: i64,
    failed_instances: i64,
    cancelled_instances: i64,
    event_sequence: i64,
    cancel_requested_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl TryFrom<BatchRow> for Batch {
    type Error = Error;

    fn try_from(row: BatchRow) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            owner_id: row.owner_id,
            workflow: row.workflow.map(Into::into),
            name: row.name,
            description: row.description,
            idempotency_key: row.idempotency_key,
            request_hash: row.request_hash,
            instance_ids: row.instance_ids.0,
            skipped: row.skipped.0,
            options: row.options.0,
            status: row.status.parse()?,
            counts: Counts {
                total: row.total_instances,
                pending: row.pending_instances,
                running: row.running_instances,
                completed: row.completed_instances,
                failed: row.failed_instances,
                cancelled: row.cancelled_instances,
            },
            event_sequence: row.event_sequence,
            cancel_requested_at: row.cancel_requested_at,
            created_at: row.created_at,
            started_at: row.started_at,
            completed_at: row.completed_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct ExecutionRow {
    id: Uuid,
    owner_id: String,
    batch: Uuid,
    superseded_by: Option<Uuid>,
    instance: Uuid,
    instance_id: String,
    instance_name: String,
    region: String,
    workflow: Option<Uuid>,
    reuse_key: Option<String>,
    reuse_of: Option<Uuid>,
    triggered_by: String,
    status: String,
    sql_hash: String,
    parameters_snapshot: Object,
    time_window_start: DateTime<Utc>,
    time_window_end: DateTime<Utc>,
    timezone: String,
    amc_options: Json<AmcOptions>,
    attempt: i64,
    deferrals: i64,
    unknown_answers: i64,
    amc_workflow_id: Option<String>,
    amc_execution_id: Option<String>,
    amc_status: Option<String>,
    calls: Json<CallCounts>,
    credential_key: String,
    row_count: Option<i64>,
    size_bytes: Option<i64>,
    error_code: Option<String>,
    error_message: Option<String>,
    error_detail: Option<Object>,
    blocked_reason: Option<String>,
    not_before: Option<DateTime<Utc>>,
    deadline_at: Option<DateTime<Utc>>,
    cancel_requested_at: Option<DateTime<Utc>>,
    worker: Option<Uuid>,
    lease_token: i64,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    submitting_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl ExecutionRow {
    fn failure(&mut self) -> Option<Failure> {
        Some(Failure {
            code: self.error_code.take()?,
            message: self.error_message.take().unwrap_or_default(),
            detail: self.error_detail.take().map(|detail| detail.0).unwrap_or_default(),
        })
    }
}

impl TryFrom<ExecutionRow> for Execution {
    type Error = Error;

    #[expect(clippy::too_many_lines, reason = "one field a line")]
    fn try_from(mut row: ExecutionRow) -> Result<Self> {
        Ok(Self {
            failure: row.failure(),
            id: row.id.into(),
            owner_id: row.owner_id,
            batch: row.batch.into(),
            superseded_by: row.superseded_by.map(Into::into),
            instance: row.instance.into(),
            instance_id: row.instance_id,
            instance_name: row.instance_name,
            region: row.region,
            workflow: row.workflow.map(Into::into),
            reuse_key: row.reuse_key.unwrap_or_default(),
            reuse_of: row.reuse_of.map(Into::into),
            triggered_by: trigger(&row.triggered_by)?,
            status: row.status.parse()?,
            sql_hash: row.sql_hash,
            parameters: row.parameters_snapshot.0,
            window_start: row.time_window_start,
            window_end: row.time_window_end,
            timezone: row.timezone,
            amc: row.amc_options.0,
            attempt: row.attempt,
            deferrals: row.deferrals,
            unknown_answers: row.unknown_answers,
            amc_workflow_id: row.amc_workflow_id,
            amc_execution_id: row.amc_execution_id,
            amc_status: row.amc_status,
            calls: row.calls.0,
            credential_key: row.credential_key,
            row_count: row.row_count,
            size_bytes: row.size_bytes,
            blocked_reason: row.blocked_reason,
            not_before: row.not_before,
            deadline_at: row.deadline_at,
            cancel_requested_at: row.cancel_requested_at,
            worker: row.worker.map(Into::into),
            lease_token: row.lease_token,
            created_at: row.created_at,
            started_at: row.started_at,
            submitting_at: row.submitting_at,
            submitted_at: row.submitted_at,
            completed_at: row.completed_at,
        })
    }
}

pub(super) fn trigger(word: &str) -> Result<TriggeredBy> {
    serde_json::from_value(Value::from(word))
        .map_err(|_| Error::unexpected(format!("unknown trigger '{word}' in the database")))
}

#[derive(FromRow)]
pub(super) struct AttemptRow {
    number: i64,
    posts: i64,
    outcome: String,
    amc_workflow_id: Option<String>,
    amc_execution_id: Option<String>,
    http_status: Option<i64>,
    request_id: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
    started_at: DateTime<Utc>,
    posted_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<AttemptRow> for Attempt {
    fn from(row: AttemptRow) -> Self {
        Self {
            number: row.number,
            posts: row.posts,
            outcome: row.outcome,
            amc_workflow_id: row.amc_workflow_id,
            amc_execution_id: row.amc_execution_id,
            http_status: row.http_status,
            request_id: row.request_id,
            error_code: row.error_code,
            error_message: row.error_message,
            started_at: row.started_at,
            posted_at: row.posted_at,
            answered_at: row.answered_at,
            ended_at: row.ended_at,
        }
    }
}

/// An execution beside all a worker needs to act on it.
#[derive(FromRow)]
pub(super) struct ClaimRow {
    #[sqlx(flatten)]
    execution: ExecutionRow,
    #[sqlx(flatten)]
    account: AccountRow,
    sql: String,
}

impl ClaimRow {
    pub(super) fn account_uuid(&self) -> Uuid {
        self.account.account
    }
}

impl TryFrom<ClaimRow> for Claim {
    type Error = Error;

    fn try_from(row: ClaimRow) -> Result<Self> {
        let execution = Execution::try_from(row.execution)?;
        let account = Account::from(row.account).target();
        let target = crate::client::Target { account, instance_id: execution.instance_id.clone() };
        Ok(Self { execution, target, sql: row.sql })
    }
}

#[derive(FromRow)]
pub(super) struct EventRow {
    sequence: i64,
    batch: Uuid,
    execution: Option<Uuid>,
    instance_id: Option<String>,
    kind: String,
    detail: Object,
    at: DateTime<Utc>,
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self> {
        Ok(Self {
            sequence: row.sequence,
            batch: row.batch.into(),
            execution: row.execution.map(Into::into),
            instance_id: row.instance_id,
            kind: row.kind.parse()?,
            detail: row.detail.0,
            at: row.at,
        })
    }
}

/// Reads executions with what is said of their instances, of an owner, `$2`.
macro_rules! executions {
    ($where:literal) => {
        concat!(
            "SELECT e.*, i.instance_id, i.name AS instance_name, a.region FROM executions e
                JOIN amc_instances i ON i.id = e.instance JOIN amc_accounts a ON a.id = i.account
            WHERE ($2 IS NULL OR e.owner_id = $2) AND ",
            $where
        )
    };
}
pub(super) use executions;

/// Turns rows into nouns.
pub(super) fn nouns<R, N: TryFrom<R, Error = Error>>(rows: Vec<R>) -> Result<Vec<N>> {
    rows.into_iter().map(N::try_from).collect()
}
