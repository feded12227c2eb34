-- Templates, in versions that never change.

CREATE TABLE query_templates (
    id             UUID PRIMARY KEY,
    template_id    TEXT NOT NULL UNIQUE,
    owner_id       TEXT NOT NULL,
    name           TEXT NOT NULL,
    category       TEXT NOT NULL,
    tags           JSONB NOT NULL,
    description    TEXT NOT NULL,
    deprecated_at  TIMESTAMPTZ,
    deprecation    TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL,
    UNIQUE (owner_id, name)
);

CREATE TABLE query_template_versions (
    template          UUID NOT NULL REFERENCES query_templates (id) ON DELETE CASCADE,
    number            BIGINT NOT NULL,
    content_hash      TEXT NOT NULL,
    sql               TEXT NOT NULL,
    parameter_schema  JSONB NOT NULL,
    column_roles      JSONB NOT NULL,
    time_window       TEXT,
    note              TEXT,
    created_by        TEXT,
    created_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (template, number),
    UNIQUE (template, content_hash)
);
CREATE INDEX query_template_versions_by_hash ON query_template_versions (content_hash);
CREATE INDEX workflows_by_template ON workflows (template_hash);
