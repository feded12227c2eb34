-- Accounts, instances, workflows, batches, executions and the rows workers coordinate by.
-- Same text on every database: `$n` types differ, names and meaning do not.

CREATE TABLE settings (
    name        TEXT PRIMARY KEY,
    value       TEXT NOT NULL
);

CREATE TABLE amc_accounts (
    id              UUID PRIMARY KEY,
    account_id      TEXT NOT NULL,
    marketplace_id  TEXT NOT NULL,
    account_name    TEXT NOT NULL,
    region          TEXT NOT NULL,
    api_endpoint    TEXT NOT NULL,
    credential_key  TEXT NOT NULL,
    timezone        TEXT NOT NULL DEFAULT 'UTC',
    extra_headers   JSONB NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (account_id, marketplace_id)
);

CREATE TABLE amc_instances (
    id               UUID PRIMARY KEY,
    account          UUID NOT NULL REFERENCES amc_accounts (id) ON DELETE RESTRICT,
    instance_id      TEXT NOT NULL,
    name             TEXT NOT NULL,
    customer_name    TEXT NOT NULL,
    instance_type    TEXT NOT NULL,
    creation_status  TEXT NOT NULL,
    access           TEXT NOT NULL,
    access_since     TIMESTAMPTZ NOT NULL,
    timezone         TEXT,
    synced_at        TIMESTAMPTZ NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    UNIQUE (account, instance_id)
);
CREATE INDEX amc_instances_by_amc_id ON amc_instances (instance_id);

CREATE TABLE instance_grants (
    id          UUID PRIMARY KEY,
    instance    UUID NOT NULL REFERENCES amc_instances (id) ON DELETE CASCADE,
    owner_id    TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (instance, owner_id)
);
CREATE INDEX instance_grants_by_owner ON instance_grants (owner_id);

CREATE TABLE workflows (
    id           UUID PRIMARY KEY,
    workflow_id  TEXT NOT NULL UNIQUE,
    owner_id     TEXT NOT NULL,
    created_by   TEXT,
    name         TEXT NOT NULL,
    description  TEXT,
    sql          TEXT NOT NULL,
    defaults     JSONB NOT NULL,
    time_window  TEXT,
    amc_options  JSONB NOT NULL,
    archived_at  TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    UNIQUE (owner_id, name)
);

CREATE TABLE batch_executions (
    id                   UUID PRIMARY KEY,
    batch_id             TEXT NOT NULL UNIQUE,
    owner_id             TEXT NOT NULL,
    created_by           TEXT,
    workflow             UUID REFERENCES workflows (id) ON DELETE RESTRICT,
    name                 TEXT NOT NULL,
    description          TEXT,
    idempotency_key      TEXT,
    request_hash         TEXT NOT NULL,
    instance_ids         JSONB NOT NULL,
    skipped              JSONB NOT NULL,
    base_parameters      JSONB NOT NULL,
    instance_parameters  JSONB NOT NULL,
    options              JSONB NOT NULL,
    status               TEXT NOT NULL DEFAULT 'pending',
    total_instances      BIGINT NOT NULL DEFAULT 0,
    pending_instances    BIGINT NOT NULL DEFAULT 0,
    running_instances    BIGINT NOT NULL DEFAULT 0,
    completed_instances  BIGINT NOT NULL DEFAULT 0,
    failed_instances     BIGINT NOT NULL DEFAULT 0,
    cancelled_instances  BIGINT NOT NULL DEFAULT 0,
    event_sequence       BIGINT NOT NULL DEFAULT 0,
    cancel_requested_at  TIMESTAMPTZ,
    started_at           TIMESTAMPTZ,
    completed_at         TIMESTAMPTZ,
    created_at           TIMESTAMPTZ NOT NULL,
    updated_at           TIMESTAMPTZ NOT NULL,
    UNIQUE (owner_id, idempotency_key)
);
CREATE INDEX batch_executions_by_owner ON batch_executions (owner_id, created_at, id);
CREATE INDEX batch_executions_by_workflow ON batch_executions (workflow, created_at);

CREATE TABLE execution_sql (
    owner_id  TEXT NOT NULL,
    sql_hash  TEXT NOT NULL,
    sql       TEXT NOT NULL,
    PRIMARY KEY (owner_id, sql_hash)
);

CREATE TABLE executions (
    id                   UUID PRIMARY KEY,
    execution_id         TEXT NOT NULL UNIQUE,
    owner_id             TEXT NOT NULL,
    created_by           TEXT,
    batch                UUID NOT NULL REFERENCES batch_executions (id) ON DELETE CASCADE,
    instance             UUID NOT NULL REFERENCES amc_instances (id) ON DELETE RESTRICT,
    workflow             UUID REFERENCES workflows (id) ON DELETE RESTRICT,
    triggered_by         TEXT NOT NULL,
    priority             BIGINT NOT NULL,
    status               TEXT NOT NULL,
    superseded_by        UUID REFERENCES executions (id),
    sql_hash             TEXT NOT NULL,
    parameters_snapshot  JSONB NOT NULL,
    time_window_start    TIMESTAMPTZ NOT NULL,
    time_window_end      TIMESTAMPTZ NOT NULL,
    timezone             TEXT NOT NULL,
    amc_options          JSONB NOT NULL,
    attempt              BIGINT NOT NULL DEFAULT 1,
    deferrals            BIGINT NOT NULL DEFAULT 0,
    unknown_answers      BIGINT NOT NULL DEFAULT 0,
    amc_workflow_id      TEXT,
    amc_execution_id     TEXT,
    amc_status           TEXT,
    credential_key       TEXT NOT NULL,
    row_count            BIGINT,
    size_bytes           BIGINT,
    error_code           TEXT,
    error_message        TEXT,
    error_detail         JSONB,
    blocked_reason       TEXT,
    not_before           TIMESTAMPTZ,
    deadline_at          TIMESTAMPTZ,
    cancel_requested_at  TIMESTAMPTZ,
    worker               UUID,
    lease_token          BIGINT NOT NULL DEFAULT 0,
    started_at           TIMESTAMPTZ,
    submitting_at        TIMESTAMPTZ,
    submitted_at         TIMESTAMPTZ,
    completed_at         TIMESTAMPTZ,
    created_at           TIMESTAMPTZ NOT NULL,
    updated_at           TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX executions_current ON executions (batch, instance) WHERE superseded_by IS NULL;
CREATE INDEX executions_pending ON executions (credential_key, priority, created_at, id) WHERE status = 'pending';
CREATE INDEX executions_held ON executions (status, not_before) WHERE status IN ('submitting', 'collecting');
CREATE INDEX executions_running ON executions (instance) WHERE status = 'running';
CREATE INDEX executions_unfinished ON executions (owner_id)
    WHERE status IN ('pending', 'submitting', 'running', 'collecting');
CREATE INDEX executions_by_instance ON executions (instance, created_at);
CREATE INDEX executions_by_workflow ON executions (workflow, created_at);

CREATE TABLE execution_attempts (
    id                UUID PRIMARY KEY,
    execution         UUID NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
    owner_id          TEXT NOT NULL,
    number            BIGINT NOT NULL,
    posts             BIGINT NOT NULL,
    outcome           TEXT NOT NULL,
    amc_workflow_id   TEXT,
    amc_execution_id  TEXT,
    request_id        TEXT,
    error_code        TEXT,
    started_at        TIMESTAMPTZ NOT NULL,
    ended_at          TIMESTAMPTZ,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    UNIQUE (execution, number)
);

-- The database itself forbids an eleventh run of an instance: a slot is a row, and its number is unique.
CREATE TABLE execution_slots (
    scope      TEXT NOT NULL,
    scope_id   UUID NOT NULL,
    slot       BIGINT NOT NULL,
    execution  UUID NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
    PRIMARY KEY (scope, scope_id, slot),
    UNIQUE (execution, scope)
);

CREATE TABLE workers (
    id                UUID PRIMARY KEY,
    credential_keys   JSONB NOT NULL,
    lease_expires_at  TIMESTAMPTZ NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL
);

CREATE TABLE instance_watches (
    instance      UUID PRIMARY KEY REFERENCES amc_instances (id) ON DELETE CASCADE,
    next_poll_at  TIMESTAMPTZ NOT NULL,
    worker        UUID,
    lease_token   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX instance_watches_due ON instance_watches (next_poll_at);

CREATE TABLE events (
    id         UUID PRIMARY KEY,
    batch      UUID NOT NULL REFERENCES batch_executions (id) ON DELETE CASCADE,
    execution  UUID REFERENCES executions (id) ON DELETE CASCADE,
    owner_id   TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    detail     JSONB NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    UNIQUE (batch, sequence)
);
