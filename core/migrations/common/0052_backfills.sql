-- History: a range of days cut into segments, each run once for each instance.

CREATE TABLE report_data_collections (
    id             UUID PRIMARY KEY,
    collection_id  TEXT NOT NULL UNIQUE,
    owner_id       TEXT NOT NULL,
    created_by     TEXT,
    report         UUID NOT NULL REFERENCES report_definitions (id) ON DELETE CASCADE,
    request_hash   TEXT NOT NULL,
    segment_type   TEXT NOT NULL,
    start_date     TEXT NOT NULL,
    end_date       TEXT NOT NULL,
    timezone       TEXT NOT NULL,
    options        JSONB NOT NULL,
    status         TEXT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX report_data_collections_by_report ON report_data_collections (report, created_at);
CREATE INDEX report_data_collections_by_owner ON report_data_collections (owner_id, created_at);
CREATE UNIQUE INDEX report_data_collections_asked ON report_data_collections (owner_id, request_hash)
    WHERE status <> 'cancelled';

CREATE TABLE report_data_segments (
    id                UUID PRIMARY KEY,
    owner_id          TEXT NOT NULL,
    collection        UUID NOT NULL REFERENCES report_data_collections (id) ON DELETE CASCADE,
    instance          UUID NOT NULL REFERENCES amc_instances (id) ON DELETE RESTRICT,
    first_day         TEXT NOT NULL,
    last_day          TEXT NOT NULL,
    segment_start     TIMESTAMPTZ NOT NULL,
    segment_end       TIMESTAMPTZ NOT NULL,
    mature_at         TIMESTAMPTZ NOT NULL,
    status            TEXT NOT NULL,
    is_provisional    BOOLEAN NOT NULL,
    attempt           BIGINT NOT NULL,
    batch             UUID REFERENCES batch_executions (id) ON DELETE SET NULL,
    execution         UUID REFERENCES executions (id) ON DELETE SET NULL,
    amc_execution_id  TEXT,
    record_count      BIGINT,
    reason            TEXT,
    started_at        TIMESTAMPTZ,
    completed_at      TIMESTAMPTZ,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    UNIQUE (collection, instance, segment_start)
);
CREATE INDEX report_data_segments_by_execution ON report_data_segments (execution);
CREATE INDEX report_data_segments_by_batch ON report_data_segments (batch);
