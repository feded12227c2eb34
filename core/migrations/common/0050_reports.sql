-- Standing work: what is asked for again and again, when, and what became of each time.

CREATE TABLE report_definitions (
    id                   UUID PRIMARY KEY,
    report_id            TEXT NOT NULL UNIQUE,
    owner_id             TEXT NOT NULL,
    created_by           TEXT,
    name                 TEXT NOT NULL,
    description          TEXT,
    workflow             UUID REFERENCES workflows (id) ON DELETE RESTRICT,
    sql                  TEXT,
    instances            JSONB NOT NULL,
    parameters           JSONB NOT NULL,
    instance_parameters  JSONB NOT NULL,
    time_window          TEXT NOT NULL,
    timezone             TEXT NOT NULL,
    is_active            BOOLEAN NOT NULL,
    archived_at          TIMESTAMPTZ,
    created_at           TIMESTAMPTZ NOT NULL,
    updated_at           TIMESTAMPTZ NOT NULL,
    UNIQUE (owner_id, name)
);
CREATE INDEX report_definitions_by_workflow ON report_definitions (workflow);

CREATE TABLE report_schedules (
    id               UUID PRIMARY KEY,
    schedule_id      TEXT NOT NULL UNIQUE,
    owner_id         TEXT NOT NULL,
    created_by       TEXT,
    report           UUID NOT NULL REFERENCES report_definitions (id) ON DELETE CASCADE,
    cron_expression  TEXT NOT NULL,
    timezone         TEXT NOT NULL,
    options          JSONB NOT NULL,
    paused_at        TIMESTAMPTZ,
    pause_note       TEXT,
    next_run_at      TIMESTAMPTZ,
    due_at           TIMESTAMPTZ,
    archived_at      TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX report_schedules_by_report ON report_schedules (report, created_at);
CREATE INDEX report_schedules_by_owner ON report_schedules (owner_id, created_at);
CREATE INDEX report_schedules_due ON report_schedules (due_at, id) WHERE paused_at IS NULL AND archived_at IS NULL;

-- A run of a report is a batch; this says of which report, and what asked for it.
CREATE TABLE report_runs (
    batch         UUID PRIMARY KEY REFERENCES batch_executions (id) ON DELETE CASCADE,
    owner_id      TEXT NOT NULL,
    report        UUID NOT NULL REFERENCES report_definitions (id) ON DELETE CASCADE,
    triggered_by  TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX report_runs_by_report ON report_runs (report, created_at);

-- The database itself forbids that a tick fires twice.
CREATE TABLE schedule_ticks (
    id          UUID PRIMARY KEY,
    owner_id    TEXT NOT NULL,
    schedule    UUID NOT NULL REFERENCES report_schedules (id) ON DELETE CASCADE,
    nominal_at  TIMESTAMPTZ NOT NULL,
    fired_at    TIMESTAMPTZ NOT NULL,
    outcome     TEXT NOT NULL,
    reason      TEXT,
    batch       UUID REFERENCES batch_executions (id) ON DELETE SET NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (schedule, nominal_at)
);
CREATE INDEX schedule_ticks_by_batch ON schedule_ticks (batch);

CREATE VIEW report_runs_overview AS
SELECT r.id, r.report_id, r.owner_id, r.name, r.is_active,
    (SELECT count(*) FROM report_runs u WHERE u.report = r.id) AS run_count,
    (SELECT count(*) FROM report_runs u JOIN batch_executions b ON b.id = u.batch
        WHERE u.report = r.id AND b.status = 'completed') AS completed_count,
    (SELECT count(*) FROM report_runs u JOIN batch_executions b ON b.id = u.batch
        WHERE u.report = r.id AND b.status IN ('failed', 'partial')) AS failed_count,
    (SELECT max(u.created_at) FROM report_runs u WHERE u.report = r.id) AS last_run_at,
    (SELECT b.status FROM report_runs u JOIN batch_executions b ON b.id = u.batch
        WHERE u.report = r.id ORDER BY u.created_at DESC, u.batch DESC LIMIT 1) AS last_status,
    (SELECT min(s.next_run_at) FROM report_schedules s
        WHERE s.report = r.id AND s.paused_at IS NULL AND s.archived_at IS NULL) AS next_run_at
FROM report_definitions r
WHERE r.archived_at IS NULL;
