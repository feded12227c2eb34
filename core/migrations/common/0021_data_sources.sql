-- The tables and columns that queries may read, as AMC listed them: instances whose lists are equal share one.

CREATE TABLE data_source_sets (
    content_hash  TEXT PRIMARY KEY,
    data_sources  JSONB NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE instance_data_sources (
    instance      UUID PRIMARY KEY REFERENCES amc_instances (id) ON DELETE CASCADE,
    content_hash  TEXT NOT NULL REFERENCES data_source_sets (content_hash) ON DELETE RESTRICT,
    read_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX instance_data_sources_by_set ON instance_data_sources (content_hash);
